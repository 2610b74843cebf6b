//! Runs: their numbers and their documents.

use super::estate::read_outcome;
use super::replay::read_text;
use super::{SqlValue, Store, StoreError};
use crate::i18n::Message;
use crate::report::Outcome;

/// The id of a run: the SHA-256 of its result document, lower-case hex.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct RunId(pub String);

impl RunId {
    /// Returns the first digits, which people type.
    #[must_use]
    pub fn short(&self) -> &str {
        self.0.get(..12).unwrap_or(&self.0)
    }
}

/// The numbers of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunSummary {
    /// The id.
    pub id: RunId,
    /// The name of the estate.
    pub estate: String,
    /// The selection, as command line options; empty where everything was compared.
    pub selection: String,
    /// The start, epoch milliseconds.
    pub started_ms: i64,
    /// The outcome.
    pub outcome: Outcome,
    /// The exit code.
    pub exit_code: i64,
    /// The reason for the exit code. One that an older version recorded has no other language than English.
    pub reason: Message,
    /// The number of rules to compare.
    pub declared: usize,
    /// The number of them in sync.
    pub in_sync: usize,
    /// Open findings: errors, warnings and notes.
    pub open: [usize; 3],
    /// The number of accepted findings.
    pub accepted_findings: usize,
    /// The findings opened since the complete run before; `None` without one, and in an incomplete run.
    pub opened: Option<usize>,
    /// The findings resolved since then.
    pub resolved: Option<usize>,
    /// The open findings that were accepted since then.
    pub accepted: Option<usize>,
    /// The findings about what is no longer compared.
    pub left_scope: Option<usize>,
    /// True if the store has the result document.
    pub has_document: bool,
}

/// A result document of a store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptResult {
    /// The id of the run.
    pub id: RunId,
    /// The name that it was recorded with.
    pub name: String,
    /// The start, epoch milliseconds.
    pub started_ms: i64,
    /// The document; `None` where pruning removed it.
    pub text: Option<String>,
}

impl Store {
    /// Returns the runs of the estates of a name, or of all, the newest first. With an owner, the deltas count only the
    /// findings of that owner, and runs without any are left out.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub fn runs(
        &mut self,
        estate: Option<&str>,
        owner: Option<&str>,
        since_ms: Option<i64>,
    ) -> Result<Vec<RunSummary>, StoreError> {
        self.settle()?;
        let rows = self.database.query(
            "SELECT r.id, e.name, e.selection, r.started_ms, r.outcome, r.exit_code, r.reason, r.reason_template, r.declared, r.in_sync, \
             r.open_errors, r.open_warnings, r.open_infos, r.accepted_findings, r.opened, r.resolved, r.accepted, \
             r.left_scope, CAST(CASE WHEN r.substance IS NULL THEN 0 ELSE 1 END AS BIGINT) \
             FROM crdrift_run r JOIN crdrift_estate e ON e.id = r.estate_id \
             WHERE (?1 IS NULL OR e.name = ?1) AND r.started_ms >= ?2",
            &[estate.into(), since_ms.unwrap_or(i64::MIN).into()],
        )?;
        let mut runs = Vec::with_capacity(rows.len());
        for row in rows {
            let mut row = row.reader();
            runs.push(RunSummary {
                id: RunId(row.text()?),
                estate: row.text()?,
                selection: row.text()?,
                started_ms: row.integer()?,
                outcome: read_outcome(&row.text()?)?,
                exit_code: row.integer()?,
                reason: Message::from_template_json(row.text()?, row.optional_text()?.as_deref()),
                declared: row.count()?,
                in_sync: row.count()?,
                open: [row.count()?, row.count()?, row.count()?],
                accepted_findings: row.count()?,
                opened: optional_count(row.optional_integer()?),
                resolved: optional_count(row.optional_integer()?),
                accepted: optional_count(row.optional_integer()?),
                left_scope: optional_count(row.optional_integer()?),
                has_document: row.is_true()?,
            });
        }
        if let Some(owner) = owner {
            self.count_only(owner, &mut runs)?;
        }
        runs.sort_by(|one, other| (other.started_ms, &other.id).cmp(&(one.started_ms, &one.id)));
        Ok(runs)
    }

    /// Replaces the deltas of runs by those of one owner, and drops the runs without any.
    fn count_only(&mut self, owner: &str, runs: &mut Vec<RunSummary>) -> Result<(), StoreError> {
        let rows = self.database.query(
            "SELECT t.run_id, t.kind, COUNT(*) FROM crdrift_transition t WHERE t.fingerprint <> '' AND EXISTS \
             (SELECT 1 FROM crdrift_episode p WHERE p.estate_id = t.estate_id AND p.fingerprint = t.fingerprint \
             AND p.owner = ?1) GROUP BY t.run_id, t.kind",
            &[owner.into()],
        )?;
        let mut counts = std::collections::BTreeMap::<String, [usize; 4]>::new();
        for row in rows {
            let mut row = row.reader();
            let (run, kind, count) = (row.text()?, row.text()?, row.count()?);
            let [opened, resolved, accepted, left_scope] = counts.entry(run).or_default();
            match kind.as_str() {
                "opened" | "reopened" => *opened += count,
                "resolved" => *resolved += count,
                "accepted" => *accepted += count,
                "left_scope" => *left_scope += count,
                _ => {}
            }
        }
        runs.retain_mut(|run| {
            let Some([opened, resolved, accepted, left_scope]) = counts.get(&run.id.0) else {
                return false;
            };
            run.opened = Some(*opened);
            run.resolved = Some(*resolved);
            run.accepted = Some(*accepted);
            run.left_scope = Some(*left_scope);
            true
        });
        Ok(())
    }

    /// Returns the run whose id begins with these digits.
    ///
    /// # Errors
    ///
    /// [`StoreError::Run`] if there is none, or more than one.
    pub fn find_run(&mut self, prefix: &str) -> Result<KeptResult, StoreError> {
        let is_hex = |text: &str| {
            text.bytes()
                .all(|it| matches!(it, b'0'..=b'9' | b'a'..=b'f'))
        };
        if prefix.len() < 4 || prefix.len() > 64 || !is_hex(prefix) {
            return Err(StoreError::Run {
                reason: format!(
                    "expected 4 to 64 hex digits of a run, or `latest`, found {prefix:?}"
                ),
                help: "list the runs: crdrift history runs".to_owned(),
            });
        }
        let rows = self.database.query(
            "SELECT id FROM crdrift_run WHERE id >= ?1 AND id < ?2 ORDER BY id LIMIT 3",
            &[prefix.into(), format!("{prefix}g").into()],
        )?;
        let ids = rows
            .into_iter()
            .map(|row| row.reader().text())
            .collect::<Result<Vec<_>, _>>()?;
        match ids.as_slice() {
            [only] => self.kept_result(only),
            [] => Err(StoreError::Run {
                reason: format!("no run {prefix}"),
                help: "list the runs: crdrift history runs".to_owned(),
            }),
            [first, second, ..] => Err(StoreError::Run {
                reason: format!("{prefix} is the beginning of several runs"),
                help: format!("write more digits: {first} or {second}"),
            }),
        }
    }

    /// Returns the newest run of the estates of a name, or of the only one.
    ///
    /// # Errors
    ///
    /// [`StoreError::Run`] if there is none, or if there are several estates and no name.
    pub fn latest_run(&mut self, estate: Option<&str>) -> Result<KeptResult, StoreError> {
        let rows = self.database.query(
            "SELECT DISTINCT name FROM crdrift_estate WHERE ?1 IS NULL OR name = ?1",
            &[estate.into()],
        )?;
        let mut names = rows
            .into_iter()
            .map(|row| row.reader().text())
            .collect::<Result<Vec<_>, _>>()?;
        names.sort();
        if let [first, second, ..] = names.as_slice() {
            return Err(StoreError::Run {
                reason: format!("the store has {} estates", names.len()),
                help: format!("name one: --estate {first:?} or --estate {second:?}"),
            });
        }
        let rows = self.database.query(
            "SELECT r.id FROM crdrift_run r JOIN crdrift_estate e ON e.id = r.estate_id \
             WHERE ?1 IS NULL OR e.name = ?1 ORDER BY r.started_ms DESC, r.id DESC LIMIT 1",
            &[estate.into()],
        )?;
        match rows.into_iter().next() {
            Some(row) => {
                let id = row.reader().text()?;
                self.kept_result(&id)
            }
            None => Err(StoreError::Run {
                reason: match estate {
                    Some(name) => format!("no run of the estate {name:?}"),
                    None => "no run in the store".to_owned(),
                },
                help: "list the estates: crdrift history status".to_owned(),
            }),
        }
    }

    /// Returns the ids of the runs of the estates of a name, or of all, in the order of their time.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub fn run_ids(
        &mut self,
        estate: Option<&str>,
        since_ms: Option<i64>,
    ) -> Result<Vec<RunId>, StoreError> {
        let rows = self.database.query(
            "SELECT r.id FROM crdrift_run r JOIN crdrift_estate e ON e.id = r.estate_id \
             WHERE (?1 IS NULL OR e.name = ?1) AND r.started_ms >= ?2 ORDER BY r.started_ms, r.id",
            &[estate.into(), since_ms.unwrap_or(i64::MIN).into()],
        )?;
        rows.into_iter()
            .map(|row| row.reader().text().map(RunId))
            .collect()
    }

    /// Returns a run with its document.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub fn result(&mut self, id: &RunId) -> Result<KeptResult, StoreError> {
        self.kept_result(&id.0)
    }

    /// Returns the newest complete result of an estate.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub fn newest_complete(
        &mut self,
        like: &crate::report::Report,
    ) -> Result<Option<KeptResult>, StoreError> {
        let id = super::estate::id_of(&crate::history::EstateKey::new(like));
        let rows = self.database.query(
            "SELECT id FROM crdrift_run WHERE estate_id = ?1 AND is_complete = 1 AND substance IS NOT NULL \
             ORDER BY started_ms DESC, id DESC LIMIT 1",
            &[id.into()],
        )?;
        match rows.into_iter().next() {
            Some(row) => {
                let id = row.reader().text()?;
                self.kept_result(&id).map(Some)
            }
            None => Ok(None),
        }
    }

    fn kept_result(&mut self, id: &str) -> Result<KeptResult, StoreError> {
        let sql = "SELECT name, started_ms FROM crdrift_run WHERE id = ?1";
        let values: [SqlValue; 1] = [id.into()];
        let Some(row) = self.database.query(sql, &values)?.pop() else {
            return Err(StoreError::Run {
                reason: format!("no run {id}"),
                help: "list the runs: crdrift history runs".to_owned(),
            });
        };
        let mut row = row.reader();
        Ok(KeptResult {
            id: RunId(id.to_owned()),
            name: row.text()?,
            started_ms: row.integer()?,
            text: read_text(&mut *self.database, id)?,
        })
    }
}

fn optional_count(count: Option<i64>) -> Option<usize> {
    usize::try_from(count?).ok()
}
