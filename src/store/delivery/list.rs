//! The deliveries for pages and metrics, and the findings and estates for alerts.

use std::collections::BTreeMap;

use crate::report::Outcome;
use crate::store::database::SqlRow;
use crate::store::delivery::DeliveryState;
use crate::store::estate::read_outcome;
use crate::store::persist::read_facts;
use crate::store::{FindingFacts, Store, StoreError};

/// A delivery as a page lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveryRecord {
    /// The id.
    pub id: String,
    /// The name of the estate.
    pub estate: String,
    /// The id of the run.
    pub run: String,
    /// The target.
    pub target: String,
    /// The words of the events.
    pub events: Vec<String>,
    /// The state.
    pub state: DeliveryState,
    /// The number of attempts.
    pub tries: usize,
    /// The time when it was written, epoch milliseconds.
    pub created_ms: i64,
    /// The time of the last change, epoch milliseconds.
    pub changed_ms: i64,
    /// The earliest time of the next attempt, epoch milliseconds; `None` where no other one follows.
    pub next_ms: Option<i64>,
    /// The proof of the delivery, or the reason of its state, without secrets; empty before the first attempt.
    pub reason: String,
}

/// The deliveries of a target that wait.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PendingCount {
    /// Their number.
    pub deliveries: usize,
    /// The time when the oldest one was written, epoch milliseconds.
    pub oldest_ms: Option<i64>,
}

/// A finding that is no longer open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClosedFinding {
    /// The name of the estate.
    pub estate: String,
    /// The fingerprint, lower-case hex.
    pub fingerprint: String,
    /// Its last values.
    pub facts: FindingFacts,
    /// The time since when it was open, epoch milliseconds.
    pub opened_ms: i64,
    /// The time when its end was recorded, epoch milliseconds.
    pub closed_ms: i64,
}

/// An estate whose newest run is incomplete or failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnreadEstate {
    /// The name of the estate.
    pub estate: String,
    /// The outcome of its newest run.
    pub outcome: Outcome,
    /// The reason for it.
    pub reason: String,
    /// The number of runs since the last complete one.
    pub runs: usize,
    /// The start of the first one, epoch milliseconds.
    pub since_ms: i64,
}

impl Store {
    /// Returns the newest deliveries of a target, or of all.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub fn newest_deliveries(
        &mut self,
        target: Option<&str>,
        most: usize,
    ) -> Result<Vec<DeliveryRecord>, StoreError> {
        let rows = self.database.query(
            "SELECT id, estate, run_id, target, events, state, tries, created_ms, changed_ms, next_ms, reason \
             FROM crdrift_delivery WHERE ?1 IS NULL OR target = ?1 \
             ORDER BY created_ms DESC, run_ms DESC, id LIMIT ?2",
            &[target.into(), most.into()],
        )?;
        rows.into_iter().map(read_delivery).collect()
    }

    /// Returns the deliveries of a run, by target.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub fn deliveries_of_run(&mut self, run: &str) -> Result<Vec<DeliveryRecord>, StoreError> {
        let rows = self.database.query(
            "SELECT id, estate, run_id, target, events, state, tries, created_ms, changed_ms, next_ms, reason \
             FROM crdrift_delivery WHERE run_id = ?1",
            &[run.into()],
        )?;
        let mut records = rows
            .into_iter()
            .map(read_delivery)
            .collect::<Result<Vec<_>, _>>()?;
        records.sort_by(|one, other| one.target.cmp(&other.target));
        Ok(records)
    }

    /// Returns the deliveries that wait, by target.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub fn pending_deliveries(&mut self) -> Result<BTreeMap<String, PendingCount>, StoreError> {
        let rows = self.database.query(
            "SELECT target, COUNT(*), MIN(created_ms) FROM crdrift_delivery WHERE state = 'pending' GROUP BY target",
            &[],
        )?;
        let mut counts = BTreeMap::new();
        for row in rows {
            let mut row = row.reader();
            let target = row.text()?;
            let count = PendingCount {
                deliveries: row.count()?,
                oldest_ms: row.optional_integer()?,
            };
            counts.insert(target, count);
        }
        Ok(counts)
    }

    /// Returns the findings that were open and whose end was recorded at a time or later.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub fn closed_findings(
        &mut self,
        estate: Option<&str>,
        since_ms: i64,
    ) -> Result<Vec<ClosedFinding>, StoreError> {
        let rows = self.database.query(
            "SELECT e.name, p.fingerprint, p.status, p.code, p.severity, p.instance, p.rule, p.field, p.owner, \
             p.message, p.accepted_by, p.accepted_reason, p.accepted_until, p.opened_ms, r.recorded_ms \
             FROM crdrift_episode p JOIN crdrift_estate e ON e.id = p.estate_id \
             JOIN crdrift_run r ON r.id = p.closed_run \
             WHERE p.status = 'open' AND r.recorded_ms >= ?2 AND (?1 IS NULL OR e.name = ?1) AND e.selection = ''",
            &[estate.into(), since_ms.into()],
        )?;
        let mut findings = Vec::with_capacity(rows.len());
        for row in rows {
            let mut row = row.reader();
            findings.push(ClosedFinding {
                estate: row.text()?,
                fingerprint: row.text()?,
                facts: read_facts(&mut row)?,
                opened_ms: row.integer()?,
                closed_ms: row.integer()?,
            });
        }
        findings.sort_by(|one, other| {
            (&one.estate, &one.fingerprint).cmp(&(&other.estate, &other.fingerprint))
        });
        Ok(findings)
    }

    /// Returns the estates whose newest run is incomplete or failed, without those of a selection.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub fn unread_estates(&mut self) -> Result<Vec<UnreadEstate>, StoreError> {
        let rows = self.database.query(
            "SELECT e.name, n.outcome, n.reason, COUNT(*), MIN(r.started_ms) FROM crdrift_estate e \
             JOIN crdrift_run n ON n.id = e.newest_run \
             JOIN crdrift_run r ON r.estate_id = e.id AND r.is_complete = 0 \
             AND r.started_ms > COALESCE(e.last_complete_ms, -1) \
             WHERE n.is_complete = 0 AND e.selection = '' GROUP BY e.id, e.name, n.outcome, n.reason",
            &[],
        )?;
        let mut estates = Vec::with_capacity(rows.len());
        for row in rows {
            let mut row = row.reader();
            estates.push(UnreadEstate {
                estate: row.text()?,
                outcome: read_outcome(&row.text()?)?,
                reason: row.text()?,
                runs: row.count()?,
                since_ms: row.integer()?,
            });
        }
        estates.sort_by(|one, other| one.estate.cmp(&other.estate));
        Ok(estates)
    }
}

fn read_delivery(row: SqlRow) -> Result<DeliveryRecord, StoreError> {
    let mut row = row.reader();
    let (id, estate, run) = (row.text()?, row.text()?, row.text()?);
    let (target, events) = (row.text()?, row.text()?);
    let word = row.text()?;
    let state = DeliveryState::from_word(&word).ok_or_else(|| StoreError::Damaged {
        reason: format!("unknown state {word:?}"),
    })?;
    let (tries, created_ms, changed_ms) = (row.count()?, row.integer()?, row.integer()?);
    let next_ms = row.integer()?;
    Ok(DeliveryRecord {
        id,
        estate,
        run,
        target,
        events: events.split(',').map(str::to_owned).collect(),
        state,
        tries,
        created_ms,
        changed_ms,
        next_ms: (state == DeliveryState::Pending).then_some(next_ms),
        reason: row.text()?,
    })
}
