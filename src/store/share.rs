//! Shares of the budgets of requests: the processes that are alive have equal ones, and all of them together at most one.
//!
//! A process has an entry with its share, which ends like a lease. A new process gets what the others leave: nothing at
//! first, and its part once each of them has renewed its entry and reads that there is one more. All times are those of the
//! database's clock.

use super::lease::{agreed_time, end_of_lease};
use super::{Database, LeaseRequest, Store, StoreError};

/// The whole of a budget, in millionths.
const WHOLE: i64 = 1_000_000;

/// The share of one process in the budget of requests of every account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BudgetShare {
    millionths: i64,
    /// The number of processes that are alive, with this one.
    pub processes: usize,
}

impl BudgetShare {
    /// Returns the share as a fraction, from 0 to 1. At 0, the others have not yet left anything.
    #[must_use]
    pub fn fraction(self) -> f64 {
        let millionths = u32::try_from(self.millionths).unwrap_or_default();
        f64::from(millionths) / 1e6
    }
}

impl Store {
    /// Renews the entry of a process, and returns its share. A share that is smaller than the one before applies at once.
    ///
    /// # Errors
    ///
    /// [`StoreError`], and [`StoreError::ClockSkew`] if the clocks differ by more than a minute.
    pub fn renew_share(&mut self, request: &LeaseRequest<'_>) -> Result<BudgetShare, StoreError> {
        self.refuse_newer_schema()?;
        self.transact(|database| renew(database, request))
    }

    /// Removes the entry of a process, which ends.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub fn release_share(&mut self, holder: &str) -> Result<(), StoreError> {
        self.refuse_newer_schema()?;
        self.transact(|database| {
            let sql = "DELETE FROM crdrift_process WHERE holder = ?1";
            database.execute(sql, &[holder.into()])?;
            Ok(())
        })
    }
}

fn renew(
    database: &mut dyn Database,
    request: &LeaseRequest<'_>,
) -> Result<BudgetShare, StoreError> {
    // One process at a time divides: the lock of the only row that every store has.
    database.execute("UPDATE crdrift_store SET created_ms = created_ms", &[])?;
    let now_ms = agreed_time(database, request)?;
    database.execute(
        "DELETE FROM crdrift_process WHERE until_ms <= ?1",
        &[now_ms.into()],
    )?;
    let rows = database.query(
        "SELECT COUNT(*), CAST(COALESCE(SUM(millionths), 0) AS BIGINT) FROM crdrift_process WHERE holder <> ?1",
        &[request.holder.into()],
    )?;
    let (mut others, mut taken) = (0, 0);
    for row in rows {
        let mut row = row.reader();
        (others, taken) = (row.count()?, row.integer()?);
    }
    let processes = others.saturating_add(1);
    let part = WHOLE / i64::try_from(processes).unwrap_or(WHOLE);
    let millionths = part.min(WHOLE.saturating_sub(taken)).max(0);
    database.execute(
        "INSERT INTO crdrift_process (holder, millionths, until_ms) VALUES (?1, ?2, ?3) \
         ON CONFLICT (holder) DO UPDATE SET millionths = excluded.millionths, until_ms = excluded.until_ms",
        &[
            request.holder.into(),
            millionths.into(),
            end_of_lease(now_ms, request.duration).into(),
        ],
    )?;
    Ok(BudgetShare {
        millionths,
        processes,
    })
}
