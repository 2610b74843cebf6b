//! Retention: what a store forgets.

use super::episode::EstateState;
use super::estate::{EstateHead, LockedEstate, RunKey, lock_estate, write_kept};
use super::persist::read_kept_episodes;
use super::replay::{read_report, runs_behind, settle};
use super::{Database, SqlValue, Store, StoreError};

/// What to keep.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retention {
    /// Runs that started before this time go, epoch milliseconds; and findings that were closed before it.
    pub runs_from_ms: i64,
    /// The documents of runs that started before this time go; their numbers stay.
    pub documents_from_ms: i64,
}

/// What was removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Pruned {
    /// The number of runs.
    pub runs: u64,
    /// The number of runs that lost their documents.
    pub documents: u64,
    /// The number of closed findings.
    pub findings: u64,
}

impl Store {
    /// Removes old runs, documents and closed findings of the estates of a name, or of all. The newest run and the newest
    /// complete run of each estate stay, and every finding that is open.
    ///
    /// # Errors
    ///
    /// [`StoreError`]; estates before the one that failed are pruned.
    pub fn prune(
        &mut self,
        estate: Option<&str>,
        retention: Retention,
        is_dry_run: bool,
    ) -> Result<Pruned, StoreError> {
        self.refuse_newer_schema()?;
        let rows = self.database.query(
            "SELECT id FROM crdrift_estate WHERE ?1 IS NULL OR name = ?1",
            &[estate.into()],
        )?;
        let mut ids = rows
            .into_iter()
            .map(|row| row.reader().text())
            .collect::<Result<Vec<_>, _>>()?;
        ids.sort();
        let mut pruned = Pruned::default();
        for id in ids {
            self.database.begin()?;
            let done = prune_estate(&mut *self.database, &id, retention);
            match &done {
                Ok(_) if !is_dry_run => self.database.commit()?,
                _ => self.database.roll_back(),
            }
            let done = done?;
            pruned.runs += done.runs;
            pruned.documents += done.documents;
            pruned.findings += done.findings;
        }
        if !is_dry_run && pruned != Pruned::default() {
            self.database.compact()?;
        }
        Ok(pruned)
    }
}

fn prune_estate(
    database: &mut dyn Database,
    id: &str,
    retention: Retention,
) -> Result<Pruned, StoreError> {
    let mut estate = lock_estate(database, id)?;
    settle(database, &mut estate, None)?;
    let from_ms = retention.documents_from_ms.max(retention.runs_from_ms);
    keep_state(database, &estate, from_ms)?;
    let documents = remove_documents(database, &estate, from_ms)?;
    let values: [SqlValue; 4] = [
        id.into(),
        retention.runs_from_ms.into(),
        id_of(estate.head.newest.as_ref()).into(),
        id_of(estate.head.last_complete.as_ref()).into(),
    ];
    let runs = database.execute(
        "DELETE FROM crdrift_run WHERE estate_id = ?1 AND started_ms < ?2 AND id <> ?3 AND id <> ?4",
        &values,
    )?;
    let findings = database.execute(
        "DELETE FROM crdrift_episode WHERE estate_id = ?1 AND closed_ms < ?2",
        &values[..2],
    )?;
    database.execute(
        "DELETE FROM crdrift_transition WHERE estate_id = ?1 AND at_ms < ?2 AND NOT EXISTS \
         (SELECT 1 FROM crdrift_episode p WHERE p.estate_id = crdrift_transition.estate_id \
         AND p.fingerprint = crdrift_transition.fingerprint)",
        &values[..2],
    )?;
    database.execute(
        "DELETE FROM crdrift_delivery WHERE estate_id = ?1 AND created_ms < ?2 AND state <> 'pending'",
        &values[..2],
    )?;
    Ok(Pruned {
        runs,
        documents,
        findings,
    })
}

fn id_of(run: Option<&RunKey>) -> &str {
    run.map_or("", |it| it.id.as_str())
}

/// Keeps the state after the newest run whose document goes: a result that arrives later is applied from there.
fn keep_state(
    database: &mut dyn Database,
    estate: &LockedEstate,
    from_ms: i64,
) -> Result<(), StoreError> {
    let runs = runs_behind(database, &estate.id, estate.kept.newest.as_ref())?;
    let is_kept = |run: &&RunKey| {
        let is_last = |key: &Option<RunKey>| key.as_ref() == Some(*run);
        is_last(&estate.head.newest) || is_last(&estate.head.last_complete)
    };
    let gone: Vec<&RunKey> = runs
        .iter()
        .filter(|run| run.started_ms < from_ms && !is_kept(run))
        .collect();
    if gone.is_empty() {
        return Ok(());
    }
    let mut state = EstateState {
        head: estate.kept.clone(),
        episodes: read_kept_episodes(database, estate)?,
        ..EstateState::default()
    };
    let last = gone.last().copied();
    for run in &runs {
        if last.is_some_and(|last| run > last) {
            break;
        }
        let report = read_report(database, run)?;
        state.apply(run, &report);
    }
    for (fingerprint, episode) in &state.episodes {
        database.execute(
            "UPDATE crdrift_episode SET kept_opened_ms = ?1 WHERE estate_id = ?2 AND fingerprint = ?3 AND opened_run = ?4",
            &[
                episode.opened_ms.into(),
                estate.id.as_str().into(),
                fingerprint.into(),
                episode.opened.id.as_str().into(),
            ],
        )?;
    }
    let kept: EstateHead = state.head;
    write_kept(database, &estate.id, &kept)
}

/// Removes the documents of old runs, and returns the number of the runs.
fn remove_documents(
    database: &mut dyn Database,
    estate: &LockedEstate,
    from_ms: i64,
) -> Result<u64, StoreError> {
    let values: [SqlValue; 4] = [
        estate.id.as_str().into(),
        from_ms.into(),
        id_of(estate.head.newest.as_ref()).into(),
        id_of(estate.head.last_complete.as_ref()).into(),
    ];
    let rows = database.query(
        "SELECT substance, COUNT(*) FROM crdrift_run WHERE estate_id = ?1 AND started_ms < ?2 AND id <> ?3 AND id <> ?4 \
         AND substance IS NOT NULL GROUP BY substance ORDER BY substance",
        &values,
    )?;
    for row in rows {
        let mut row = row.reader();
        let (substance, count) = (row.text()?, row.integer()?);
        database.execute(
            "UPDATE crdrift_document SET uses = uses - ?1 WHERE substance = ?2",
            &[count.into(), substance.as_str().into()],
        )?;
        database.execute(
            "DELETE FROM crdrift_document WHERE substance = ?1 AND uses <= 0",
            &[substance.into()],
        )?;
    }
    database.execute(
        "UPDATE crdrift_run SET substance = NULL, varying = NULL WHERE estate_id = ?1 AND started_ms < ?2 \
         AND id <> ?3 AND id <> ?4 AND substance IS NOT NULL",
        &values,
    )
}
