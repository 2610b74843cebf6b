//! Leases: one process at a time checks an estate, and one that has lost its lease records nothing.
//!
//! A lease is a row with a holder, a time and a number. The number grows with every change of the holder, and a recording
//! verifies holder and number in its own transaction: a process that was paused, or cut off, for longer than its lease
//! cannot write over what the next holder found. All times are those of the database's clock.

use std::collections::BTreeSet;
use std::time::Duration;

use super::database::{Database, RowReader};
use super::{Store, StoreError};

/// The most that the clocks of a host and of the database may differ.
const MAX_SKEW_MS: i64 = 60_000;

/// The time of a lease that was released.
const RELEASED_MS: i64 = 0;

/// The right of one process to check an estate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lease {
    /// The name of the estate.
    pub estate: String,
    /// The name of the process.
    pub holder: String,
    /// The number of changes of the holder.
    pub number: i64,
    /// The end of the lease by the clock of the database, epoch milliseconds.
    pub until_ms: i64,
    /// The start of the newest check that a holder recorded, epoch milliseconds. After a lease was taken, it tells whether
    /// the estate is still due.
    pub checked_ms: Option<i64>,
}

/// A request of a process for leases, or for its share of the budgets of requests.
#[derive(Debug, Clone, Copy)]
pub struct LeaseRequest<'a> {
    /// The name of the process. No other process may have it, now or later.
    pub holder: &'a str,
    /// The time until another process may take the lease, unless it is renewed.
    pub duration: Duration,
    /// The time of this host's clock, epoch milliseconds.
    pub now_ms: i64,
}

/// An estate and the time of its next check.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DueEstate<'a> {
    /// The name of the estate.
    pub estate: &'a str,
    /// The time at which it is due, epoch milliseconds.
    pub due_ms: i64,
}

/// The newest lease of an estate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeaseStatus {
    /// The lease.
    pub lease: Lease,
    /// True if it has neither ended nor been released.
    pub is_active: bool,
}

impl Store {
    /// Takes or renews the lease of an estate. `None`: another process has it.
    ///
    /// # Errors
    ///
    /// [`StoreError`], and [`StoreError::ClockSkew`] if the clocks differ by more than a minute.
    pub fn take_lease(
        &mut self,
        estate: &str,
        request: &LeaseRequest<'_>,
    ) -> Result<Option<Lease>, StoreError> {
        self.refuse_newer_schema()?;
        self.transact(|database| take(database, estate, request))
    }

    /// Takes the lease of the most overdue estate that no other process has.
    ///
    /// # Errors
    ///
    /// Those of [`Store::take_lease`].
    pub fn take_most_overdue(
        &mut self,
        estates: &[DueEstate<'_>],
        request: &LeaseRequest<'_>,
    ) -> Result<Option<Lease>, StoreError> {
        let mut overdue: Vec<_> = estates
            .iter()
            .filter(|estate| estate.due_ms <= request.now_ms)
            .collect();
        overdue.sort_by_key(|estate| (estate.due_ms, estate.estate));
        let taken: BTreeSet<String> = self
            .leases()?
            .into_iter()
            .filter(|status| status.is_active && status.lease.holder != request.holder)
            .map(|status| status.lease.estate)
            .collect();
        for estate in overdue {
            if taken.contains(estate.estate) {
                continue;
            }
            // Without a lease, another process was faster: the next estate is as good.
            if let Some(lease) = self.take_lease(estate.estate, request)? {
                return Ok(Some(lease));
            }
        }
        Ok(None)
    }

    /// Renews every lease that a process has, and returns them. A lease that is missing is lost: the process stops its
    /// check, and sends nothing.
    ///
    /// # Errors
    ///
    /// Those of [`Store::take_lease`].
    pub fn renew_leases(&mut self, request: &LeaseRequest<'_>) -> Result<Vec<Lease>, StoreError> {
        self.refuse_newer_schema()?;
        self.transact(|database| {
            let until_ms = end_of_lease(agreed_time(database, request)?, request.duration);
            let rows = database.query(
                "UPDATE crdrift_lease SET until_ms = ?1 WHERE holder = ?2 AND until_ms <> ?3 \
                 RETURNING estate, holder, number, until_ms, checked_ms",
                &[until_ms.into(), request.holder.into(), RELEASED_MS.into()],
            )?;
            let mut leases = Vec::with_capacity(rows.len());
            for row in rows {
                leases.push(read_lease(&mut row.reader())?);
            }
            leases.sort_by(|one, other| one.estate.cmp(&other.estate));
            Ok(leases)
        })
    }

    /// Releases a lease, so that another process need not wait for its end. A lease that is lost stays with its holder.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub fn release_lease(&mut self, lease: &Lease) -> Result<(), StoreError> {
        self.refuse_newer_schema()?;
        self.transact(|database| {
            database.execute(
                "UPDATE crdrift_lease SET until_ms = ?1 WHERE holder = ?2 AND estate = ?3 AND number = ?4",
                &[
                    RELEASED_MS.into(),
                    lease.holder.as_str().into(),
                    lease.estate.as_str().into(),
                    lease.number.into(),
                ],
            )?;
            Ok(())
        })
    }

    /// Releases every lease of a process, which ends.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub fn release_leases(&mut self, holder: &str) -> Result<(), StoreError> {
        self.refuse_newer_schema()?;
        self.transact(|database| {
            database.execute(
                "UPDATE crdrift_lease SET until_ms = ?1 WHERE holder = ?2",
                &[RELEASED_MS.into(), holder.into()],
            )?;
            Ok(())
        })
    }

    /// Returns the newest lease of every estate that had one, by estate.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub fn leases(&mut self) -> Result<Vec<LeaseStatus>, StoreError> {
        let now_ms = self.database.now_ms()?;
        let rows = self.database.query(
            "SELECT estate, holder, number, until_ms, checked_ms FROM crdrift_lease",
            &[],
        )?;
        let mut leases = Vec::with_capacity(rows.len());
        for row in rows {
            let lease = read_lease(&mut row.reader())?;
            let is_active = lease.until_ms > now_ms;
            leases.push(LeaseStatus { lease, is_active });
        }
        leases.sort_by(|one, other| one.lease.estate.cmp(&other.lease.estate));
        Ok(leases)
    }
}

/// Takes a lease that is free, ended or the holder's own, in one statement: of several processes, one gets a row.
fn take(
    database: &mut dyn Database,
    estate: &str,
    request: &LeaseRequest<'_>,
) -> Result<Option<Lease>, StoreError> {
    let now_ms = agreed_time(database, request)?;
    let mut rows = database.query(
        "INSERT INTO crdrift_lease (estate, holder, number, until_ms) VALUES (?1, ?2, 1, ?3) \
         ON CONFLICT (estate) DO UPDATE SET holder = excluded.holder, until_ms = excluded.until_ms, \
         number = crdrift_lease.number + CASE WHEN crdrift_lease.holder = excluded.holder THEN 0 ELSE 1 END \
         WHERE crdrift_lease.until_ms <= ?4 OR crdrift_lease.holder = excluded.holder \
         RETURNING estate, holder, number, until_ms, checked_ms",
        &[
            estate.into(),
            request.holder.into(),
            end_of_lease(now_ms, request.duration).into(),
            now_ms.into(),
        ],
    )?;
    rows.pop()
        .map(|row| read_lease(&mut row.reader()))
        .transpose()
}

/// Fails unless the process still has the lease, and keeps it from others until the end of the transaction. The check is
/// noted in the row.
pub(super) fn verify_lease(
    database: &mut dyn Database,
    lease: &Lease,
    checked_ms: i64,
) -> Result<(), StoreError> {
    let noted = database.execute(
        "UPDATE crdrift_lease SET checked_ms = CASE WHEN checked_ms > ?1 THEN checked_ms ELSE ?1 END \
         WHERE estate = ?2 AND holder = ?3 AND number = ?4",
        &[
            checked_ms.into(),
            lease.estate.as_str().into(),
            lease.holder.as_str().into(),
            lease.number.into(),
        ],
    )?;
    if noted == 1 {
        return Ok(());
    }
    let mut rows = database.query(
        "SELECT holder FROM crdrift_lease WHERE estate = ?1",
        &[lease.estate.as_str().into()],
    )?;
    let holder = match rows.pop() {
        Some(row) => row.reader().text()?,
        None => String::new(),
    };
    Err(StoreError::LeaseLost {
        estate: lease.estate.clone(),
        holder,
    })
}

/// Returns the time of the database's clock, if that of this host agrees.
pub(super) fn agreed_time(
    database: &mut dyn Database,
    request: &LeaseRequest<'_>,
) -> Result<i64, StoreError> {
    let now_ms = database.now_ms()?;
    let difference_ms = now_ms.saturating_sub(request.now_ms);
    if difference_ms.saturating_abs() > MAX_SKEW_MS {
        return Err(StoreError::ClockSkew { difference_ms });
    }
    Ok(now_ms)
}

pub(super) fn end_of_lease(now_ms: i64, duration: Duration) -> i64 {
    let duration_ms = i64::try_from(duration.as_millis()).unwrap_or(i64::MAX);
    now_ms.saturating_add(duration_ms)
}

fn read_lease(row: &mut RowReader) -> Result<Lease, StoreError> {
    Ok(Lease {
        estate: row.text()?,
        holder: row.text()?,
        number: row.integer()?,
        until_ms: row.integer()?,
        checked_ms: row.optional_integer()?,
    })
}
