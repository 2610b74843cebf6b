//! The state of every estate.

use std::collections::BTreeMap;

use super::estate::read_outcome;
use super::{Store, StoreError};
use crate::report::Outcome;

/// The state of an estate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EstateStatus {
    /// The name.
    pub name: String,
    /// The selection, as command line options; empty where everything is compared.
    pub selection: String,
    /// The ids of the instances that tell estates of one name apart; empty for a declared name.
    pub instances: String,
    /// The start of the newest run, epoch milliseconds.
    pub newest_ms: i64,
    /// Its outcome.
    pub outcome: Outcome,
    /// The reason for its exit code.
    pub reason: String,
    /// The start of the newest complete run, epoch milliseconds.
    pub last_complete_ms: Option<i64>,
    /// The number of rules to compare in the newest complete run.
    pub declared: Option<usize>,
    /// The number of them in sync.
    pub in_sync: Option<usize>,
    /// Open findings: errors, warnings and notes.
    pub open: [usize; 3],
    /// The number of accepted findings.
    pub accepted: usize,
    /// The time since when the oldest open finding is open, epoch milliseconds.
    pub oldest_ms: Option<i64>,
    /// The instances that are not complete: alias, status, and since when.
    pub incomplete: Vec<(String, String, i64)>,
}

impl EstateStatus {
    /// Returns whether it is the state of an estate with a declared name of which everything is compared.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.selection.is_empty() && self.instances.is_empty()
    }
}

impl Store {
    /// Returns the state of the estates with a run at a time or later, by name. With an owner, only the findings of that
    /// owner count, and estates without any are left out.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub fn status(
        &mut self,
        estate: Option<&str>,
        owner: Option<&str>,
        since_ms: Option<i64>,
    ) -> Result<Vec<EstateStatus>, StoreError> {
        self.settle()?;
        let mut counts = self.open_counts(owner)?;
        let mut incomplete = self.incomplete_instances()?;
        let rows = self.database.query(
            "SELECT e.id, e.name, e.selection, e.instances, n.started_ms, n.outcome, n.reason, e.last_complete_ms, \
             c.declared, c.in_sync FROM crdrift_estate e JOIN crdrift_run n ON n.id = e.newest_run \
             LEFT JOIN crdrift_run c ON c.id = e.last_complete_run \
             WHERE (?1 IS NULL OR e.name = ?1) AND n.started_ms >= ?2",
            &[estate.into(), since_ms.unwrap_or(i64::MIN).into()],
        )?;
        let mut estates = Vec::with_capacity(rows.len());
        for row in rows {
            let mut row = row.reader();
            let id = row.text()?;
            let found = counts.remove(&id);
            if owner.is_some() && found.is_none() {
                continue;
            }
            let counts = found.unwrap_or_default();
            estates.push(EstateStatus {
                name: row.text()?,
                selection: row.text()?,
                instances: row.text()?,
                newest_ms: row.integer()?,
                outcome: read_outcome(&row.text()?)?,
                reason: row.text()?,
                last_complete_ms: row.optional_integer()?,
                declared: row
                    .optional_integer()?
                    .and_then(|it| usize::try_from(it).ok()),
                in_sync: row
                    .optional_integer()?
                    .and_then(|it| usize::try_from(it).ok()),
                open: counts.open,
                accepted: counts.accepted,
                oldest_ms: counts.oldest_ms,
                incomplete: incomplete.remove(&id).unwrap_or_default(),
            });
        }
        estates.sort_by(|one, other| {
            (&one.name, &one.selection, &one.instances).cmp(&(
                &other.name,
                &other.selection,
                &other.instances,
            ))
        });
        Ok(estates)
    }

    fn open_counts(
        &mut self,
        owner: Option<&str>,
    ) -> Result<BTreeMap<String, OpenCounts>, StoreError> {
        let rows = self.database.query(
            "SELECT estate_id, \
             COUNT(*) FILTER (WHERE status = 'open' AND severity = 'error'), \
             COUNT(*) FILTER (WHERE status = 'open' AND severity = 'warning'), \
             COUNT(*) FILTER (WHERE status = 'open' AND severity = 'info'), \
             COUNT(*) FILTER (WHERE status <> 'open'), \
             MIN(CASE WHEN status = 'open' THEN opened_ms END) \
             FROM crdrift_episode WHERE closed_ms IS NULL AND (?1 IS NULL OR owner = ?1) GROUP BY estate_id",
            &[owner.into()],
        )?;
        let mut counts = BTreeMap::new();
        for row in rows {
            let mut row = row.reader();
            let id = row.text()?;
            let found = OpenCounts {
                open: [row.count()?, row.count()?, row.count()?],
                accepted: row.count()?,
                oldest_ms: row.optional_integer()?,
            };
            counts.insert(id, found);
        }
        Ok(counts)
    }

    /// Returns the instances that the newest run could not read: alias, status, and since when; by estate.
    fn incomplete_instances(&mut self) -> Result<IncompleteInstances, StoreError> {
        let rows = self.database.query(
            "SELECT estate_id, alias, status, since_ms FROM crdrift_reading \
             WHERE status <> 'complete' AND status <> 'skipped'",
            &[],
        )?;
        let mut instances = IncompleteInstances::new();
        for row in rows {
            let mut row = row.reader();
            let id = row.text()?;
            let instance = (row.text()?, row.text()?, row.integer()?);
            instances.entry(id).or_default().push(instance);
        }
        for of_estate in instances.values_mut() {
            of_estate.sort();
        }
        Ok(instances)
    }
}

type IncompleteInstances = BTreeMap<String, Vec<(String, String, i64)>>;

/// The findings of an estate that are open or accepted, counted.
#[derive(Debug, Default)]
struct OpenCounts {
    open: [usize; 3],
    accepted: usize,
    oldest_ms: Option<i64>,
}
