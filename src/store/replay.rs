//! The runs of an estate applied again in the order of their time, for results that arrived late.

use std::collections::BTreeMap;

use super::delivery::AppliedRun;
use super::document::{SplitDocument, decompress};
use super::episode::{Episode, EstateState};
use super::estate::{EstateHead, LockedEstate, RunKey, lock_estate, write_head};
use super::persist::{
    insert_episodes, insert_transitions, mark_applied, read_state, write_readings,
};
use super::{Database, SqlValue, Store, StoreError, persist};
use crate::report::{self, Report};

impl Store {
    /// Applies the results that arrived late. A store of a newer version stays as it is.
    ///
    /// # Errors
    ///
    /// [`StoreError`]; then the store is as it was.
    pub fn settle(&mut self) -> Result<(), StoreError> {
        if self.refuse_newer_schema().is_err() {
            return Ok(());
        }
        let sql = "SELECT id FROM crdrift_estate WHERE pending > 0";
        for row in self.database.query(sql, &[])? {
            let id = row.reader().text()?;
            let settled = self.transact(|database| {
                let mut estate = lock_estate(database, &id)?;
                settle(database, &mut estate, None).map(|_| ())
            });
            settled.map_err(|error| match error {
                StoreError::Statement { reason, .. } => StoreError::LateResult { reason },
                other => other,
            })?;
        }
        Ok(())
    }
}

/// Applies every run of an estate that is newer than what pruning removed. Returns the run that is `wanted`, with the state
/// behind the newest run; `None` where nothing waited.
pub(super) fn settle(
    database: &mut dyn Database,
    estate: &mut LockedEstate,
    wanted: Option<&RunKey>,
) -> Result<Option<AppliedRun>, StoreError> {
    if estate.pending == 0 {
        return Ok(None);
    }
    let mut state = rewind(database, estate)?;
    let before = state.episodes.clone();
    let mut closed: Vec<(String, Episode)> = Vec::new();
    let mut found = None;
    for run in runs_behind(database, &estate.id, estate.kept.newest.as_ref())? {
        let report = read_report(database, &run)?;
        let last_complete = state.head.last_complete.clone();
        let effect = state.apply(&run, &report);
        insert_transitions(database, &estate.id, &run, &effect.transitions)?;
        mark_applied(database, &run, &effect)?;
        closed.extend(effect.closed.iter().cloned());
        if wanted == Some(&run) {
            found = Some((last_complete, effect));
        }
    }
    let closed = closed
        .iter()
        .map(|(fingerprint, episode)| (fingerprint, episode));
    replace_episodes(database, &estate.id, &before, closed.chain(&state.episodes))?;
    write_readings(database, &estate.id, &state.readings)?;
    write_head(database, &estate.id, &state.head, 0)?;
    estate.head = state.head.clone();
    estate.pending = 0;
    Ok(found.map(|(last_complete, effect)| AppliedRun {
        last_complete,
        state,
        effect,
    }))
}

/// Removes everything behind the state that pruning kept, and returns that state.
fn rewind(database: &mut dyn Database, estate: &LockedEstate) -> Result<EstateState, StoreError> {
    let key = estate.kept.newest.as_ref();
    let values: [SqlValue; 3] = [
        estate.id.as_str().into(),
        key.map_or(i64::MIN, |it| it.started_ms).into(),
        key.map_or("", |it| it.id.as_str()).into(),
    ];
    for sql in [
        "DELETE FROM crdrift_transition WHERE estate_id = ?1 AND (at_ms > ?2 OR (at_ms = ?2 AND run_id > ?3))",
        "DELETE FROM crdrift_episode \
         WHERE estate_id = ?1 AND (opened_run_ms > ?2 OR (opened_run_ms = ?2 AND opened_run > ?3))",
        "UPDATE crdrift_episode SET closing = NULL, closed_ms = NULL, closed_run = NULL, last_number = NULL \
         WHERE estate_id = ?1 AND (closed_ms > ?2 OR (closed_ms = ?2 AND closed_run > ?3))",
    ] {
        database.execute(sql, &values)?;
    }
    database.execute(
        "UPDATE crdrift_episode SET opened_ms = COALESCE(kept_opened_ms, opened_ms) \
         WHERE estate_id = ?1 AND closed_ms IS NULL",
        &values[..1],
    )?;
    let kept = LockedEstate {
        id: estate.id.clone(),
        pending: 0,
        head: estate.kept.clone(),
        kept: EstateHead::default(),
    };
    let mut state = read_state(database, &kept)?;
    if key.is_none() {
        database.execute(
            "DELETE FROM crdrift_reading WHERE estate_id = ?1",
            &values[..1],
        )?;
        state.readings.clear();
    }
    Ok(state)
}

/// Writes the episodes of `after`, closed or open after a replay; those of `before` are in the database.
fn replace_episodes<'a>(
    database: &mut dyn Database,
    estate: &str,
    before: &BTreeMap<String, Episode>,
    after: impl Iterator<Item = (&'a String, &'a Episode)> + Clone,
) -> Result<(), StoreError> {
    let is_new = |fingerprint: &String, episode: &Episode| {
        before
            .get(fingerprint)
            .is_none_or(|it| it.opened != episode.opened)
    };
    let known = after
        .clone()
        .filter(|(fingerprint, episode)| !is_new(fingerprint, episode));
    for (fingerprint, episode) in known {
        persist::rewrite_episode(database, estate, fingerprint, episode)?;
    }
    let new = after.filter(|(fingerprint, episode)| is_new(fingerprint, episode));
    insert_episodes(database, estate, new)
}

/// Returns the runs of an estate behind a run, the oldest first.
pub(super) fn runs_behind(
    database: &mut dyn Database,
    estate: &str,
    after: Option<&RunKey>,
) -> Result<Vec<RunKey>, StoreError> {
    let rows = database.query(
        "SELECT started_ms, id FROM crdrift_run \
         WHERE estate_id = ?1 AND (started_ms > ?2 OR (started_ms = ?2 AND id > ?3)) ORDER BY started_ms, id",
        &[
            estate.into(),
            after.map_or(i64::MIN, |it| it.started_ms).into(),
            after.map_or("", |it| it.id.as_str()).into(),
        ],
    )?;
    rows.into_iter()
        .map(|row| {
            let mut row = row.reader();
            Ok(RunKey {
                started_ms: row.integer()?,
                id: row.text()?,
            })
        })
        .collect()
}

/// Returns the result document of a run; `None` where pruning removed it.
pub(super) fn read_text(
    database: &mut dyn Database,
    run: &str,
) -> Result<Option<String>, StoreError> {
    let mut rows = database.query(
        "SELECT d.body, r.varying FROM crdrift_run r JOIN crdrift_document d ON d.substance = r.substance \
         WHERE r.id = ?1",
        &[run.into()],
    )?;
    let Some(row) = rows.pop() else {
        return Ok(None);
    };
    let mut row = row.reader();
    let (body, varying) = (row.optional_bytes()?, row.optional_bytes()?);
    let text = || {
        let split = SplitDocument {
            substance: decompress(&body?)?,
            varying: decompress(&varying?)?,
        };
        split.join()
    };
    let text = text().ok_or_else(|| damaged(run, "cannot be put together"))?;
    if report::Digest::hash(text.as_bytes()).to_string() != run {
        return Err(damaged(run, "is not the one that was recorded"));
    }
    Ok(Some(text))
}

/// Returns the result of a run, whose document must be there.
pub(super) fn read_report(database: &mut dyn Database, run: &RunKey) -> Result<Report, StoreError> {
    let text = read_text(database, &run.id)?.ok_or_else(|| damaged(&run.id, "is missing"))?;
    report::read(text.as_bytes()).map_err(|error| damaged(&run.id, &error.to_string()))
}

fn damaged(run: &str, reason: &str) -> StoreError {
    let short = run.get(..12).unwrap_or(run);
    StoreError::Damaged {
        reason: format!("the document of run {short} {reason}"),
    }
}
