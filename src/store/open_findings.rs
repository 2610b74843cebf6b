//! The findings that are open or accepted now.

use super::persist::read_facts;
use super::{EpisodeStatus, FindingFacts, SqlValue, Store, StoreError};

/// A finding that is open or accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenFinding {
    /// The name of the estate.
    pub estate: String,
    /// The selection of the estate, as command line options; empty where everything is compared.
    pub selection: String,
    /// The fingerprint, lower-case hex.
    pub fingerprint: String,
    /// Its values.
    pub facts: FindingFacts,
    /// The time since when it is open or accepted, epoch milliseconds.
    pub since_ms: i64,
    /// The number of complete runs that had it.
    pub times_seen: usize,
}

impl Store {
    /// Returns the findings that are open or accepted, the oldest first, of all estates or of those of a name.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub fn open_findings(
        &mut self,
        estate: Option<&str>,
        owner: Option<&str>,
        since_ms: Option<i64>,
    ) -> Result<Vec<OpenFinding>, StoreError> {
        self.settle()?;
        let values: [SqlValue; 3] = [
            estate.into(),
            owner.into(),
            since_ms.unwrap_or(i64::MIN).into(),
        ];
        let rows = self.database.query(
            "SELECT e.name, e.selection, p.fingerprint, p.status, p.code, p.severity, p.instance, p.rule, p.field, \
             p.owner, p.message, p.accepted_by, p.accepted_reason, p.accepted_until, p.opened_ms, \
             e.complete_runs - p.first_number + 1 \
             FROM crdrift_episode p JOIN crdrift_estate e ON e.id = p.estate_id \
             WHERE p.closed_ms IS NULL AND (?1 IS NULL OR e.name = ?1) AND (?2 IS NULL OR p.owner = ?2) \
             AND p.opened_ms >= ?3",
            &values,
        )?;
        let mut findings = Vec::with_capacity(rows.len());
        for row in rows {
            let mut row = row.reader();
            findings.push(OpenFinding {
                estate: row.text()?,
                selection: row.text()?,
                fingerprint: row.text()?,
                facts: read_facts(&mut row)?,
                since_ms: row.integer()?,
                times_seen: row.count()?,
            });
        }
        findings.sort_by(|one, other| one.sort_key().cmp(&other.sort_key()));
        Ok(findings)
    }
}

impl OpenFinding {
    /// Open ones before accepted ones, then the oldest first.
    fn sort_key(&self) -> impl Ord + '_ {
        (
            self.facts.status != EpisodeStatus::Open,
            self.since_ms,
            &self.estate,
            &self.selection,
            &self.facts.instance,
            &self.facts.rule,
            &self.facts.code,
            &self.fingerprint,
        )
    }
}
