//! The rows of episodes, readings, transitions and deltas.

use std::collections::BTreeMap;

use super::StoreError;
use super::database::{Database, RowReader, SqlValue, insert_rows, placeholder_list};
use super::delivery::AppliedRun;
use super::episode::{
    ClosingKind, Episode, EpisodeStatus, EstateState, FindingFacts, InstanceReading, RunEffect,
};
use super::estate::{LockedEstate, RunKey};

/// The columns of an episode that is read back.
const EPISODE: &str = "fingerprint, opened_run_ms, opened_run, opened_ms, first_number, status, code, severity, \
     instance, rule, field, owner, message, accepted_by, accepted_reason, accepted_until";

/// The most fingerprints of a statement.
const CHUNK: usize = 5_000;

/// Reads the state of an estate after its newest applied run.
pub(super) fn read_state(
    database: &mut dyn Database,
    estate: &LockedEstate,
) -> Result<EstateState, StoreError> {
    let sql =
        format!("SELECT {EPISODE} FROM crdrift_episode WHERE estate_id = ?1 AND closed_ms IS NULL");
    let rows = database.query(&sql, &[estate.id.as_str().into()])?;
    let mut episodes = BTreeMap::new();
    for row in rows {
        let (fingerprint, episode) = read_episode(&mut row.reader())?;
        episodes.insert(fingerprint, episode);
    }
    Ok(EstateState {
        head: estate.head.clone(),
        episodes,
        readings: read_readings(database, &estate.id)?,
    })
}

/// Reads the episodes that were open after the newest run whose document is gone.
pub(super) fn read_kept_episodes(
    database: &mut dyn Database,
    estate: &LockedEstate,
) -> Result<BTreeMap<String, Episode>, StoreError> {
    let Some(kept) = &estate.kept.newest else {
        return Ok(BTreeMap::new());
    };
    let columns = EPISODE.replacen("opened_ms,", "COALESCE(kept_opened_ms, opened_ms),", 1);
    let sql = format!(
        "SELECT {columns} FROM crdrift_episode WHERE estate_id = ?1 \
         AND (opened_run_ms < ?2 OR (opened_run_ms = ?2 AND opened_run <= ?3)) \
         AND (closed_ms IS NULL OR closed_ms > ?2 OR (closed_ms = ?2 AND closed_run > ?3))"
    );
    let values = [
        estate.id.as_str().into(),
        kept.started_ms.into(),
        kept.id.as_str().into(),
    ];
    let rows = database.query(&sql, &values)?;
    rows.into_iter()
        .map(|row| read_episode(&mut row.reader()))
        .collect()
}

fn read_episode(row: &mut RowReader) -> Result<(String, Episode), StoreError> {
    let fingerprint = row.text()?;
    let opened = RunKey {
        started_ms: row.integer()?,
        id: row.text()?,
    };
    let (opened_ms, first_number) = (row.integer()?, row.integer()?);
    let facts = read_facts(row)?;
    let episode = Episode {
        opened,
        opened_ms,
        first_number,
        facts,
        closing: None,
    };
    Ok((fingerprint, episode))
}

/// Reads the next columns of a row as the facts of a finding.
pub(super) fn read_facts(row: &mut RowReader) -> Result<FindingFacts, StoreError> {
    Ok(FindingFacts {
        status: read_status(&row.text()?)?,
        code: row.text()?,
        severity: row.text()?,
        instance: row.optional_text()?,
        rule: row.optional_text()?,
        field: row.optional_text()?,
        owner: row.optional_text()?,
        message: row.text()?,
        accepted_by: row.optional_text()?,
        accepted_reason: row.optional_text()?,
        accepted_until: row.optional_text()?,
    })
}

fn read_status(word: &str) -> Result<EpisodeStatus, StoreError> {
    EpisodeStatus::from_word(word).ok_or_else(|| StoreError::Damaged {
        reason: format!("unknown status {word:?}"),
    })
}

fn read_readings(
    database: &mut dyn Database,
    estate: &str,
) -> Result<BTreeMap<String, InstanceReading>, StoreError> {
    let rows = database.query(
        "SELECT instance_id, alias, status, since_ms, last_complete_ms FROM crdrift_reading WHERE estate_id = ?1",
        &[estate.into()],
    )?;
    let mut readings = BTreeMap::new();
    for row in rows {
        let mut row = row.reader();
        let id = row.text()?;
        let reading = InstanceReading {
            alias: row.text()?,
            status: row.text()?,
            since_ms: row.integer()?,
            last_complete_ms: row.optional_integer()?,
        };
        readings.insert(id, reading);
    }
    Ok(readings)
}

/// Writes the effect of one run on its estate.
pub(super) fn write_effect(
    database: &mut dyn Database,
    estate: &str,
    run: &RunKey,
    applied: &AppliedRun,
) -> Result<(), StoreError> {
    let AppliedRun { state, effect, .. } = applied;
    close_episodes(database, estate, &effect.closed)?;
    for fingerprint in &effect.changed {
        if let Some(episode) = state.episodes.get(fingerprint) {
            update_episode(database, estate, fingerprint, episode)?;
        }
    }
    let opened = effect
        .opened
        .iter()
        .filter_map(|it| state.episodes.get_key_value(it));
    insert_episodes(database, estate, opened)?;
    insert_transitions(database, estate, run, &effect.transitions)?;
    mark_applied(database, run, effect)?;
    write_readings(database, estate, &state.readings)
}

/// Marks the episodes as closed, all of one kind in a statement.
fn close_episodes(
    database: &mut dyn Database,
    estate: &str,
    closed: &[(String, Episode)],
) -> Result<(), StoreError> {
    let mut by_kind = BTreeMap::<ClosingKind, Vec<&str>>::new();
    let mut last = None;
    for (fingerprint, episode) in closed {
        if let Some(closing) = &episode.closing {
            by_kind.entry(closing.kind).or_default().push(fingerprint);
            last = Some(closing);
        }
    }
    let Some(closing) = last else {
        return Ok(());
    };
    for (kind, fingerprints) in by_kind {
        for chunk in fingerprints.chunks(CHUNK) {
            let sql = format!(
                "UPDATE crdrift_episode SET closing = ?1, closed_ms = ?2, closed_run = ?3, last_number = ?4 \
                 WHERE estate_id = ?5 AND closed_ms IS NULL AND fingerprint IN ({})",
                placeholder_list(6, chunk.len())
            );
            let mut values: Vec<SqlValue> = vec![
                kind.as_str().into(),
                closing.run.started_ms.into(),
                closing.run.id.as_str().into(),
                closing.last_number.into(),
                estate.into(),
            ];
            values.extend(chunk.iter().map(|it| SqlValue::from(*it)));
            database.execute(&sql, &values)?;
        }
    }
    Ok(())
}

fn update_episode(
    database: &mut dyn Database,
    estate: &str,
    fingerprint: &str,
    episode: &Episode,
) -> Result<(), StoreError> {
    let mut values = vec![
        estate.into(),
        fingerprint.into(),
        episode.opened.id.as_str().into(),
        episode.opened_ms.into(),
    ];
    values.extend(fact_values(&episode.facts));
    database.execute(
        "UPDATE crdrift_episode SET opened_ms = ?4, status = ?5, code = ?6, severity = ?7, instance = ?8, rule = ?9, \
         field = ?10, owner = ?11, message = ?12, accepted_by = ?13, accepted_reason = ?14, accepted_until = ?15 \
         WHERE estate_id = ?1 AND fingerprint = ?2 AND opened_run = ?3",
        &values,
    )?;
    Ok(())
}

fn fact_values(facts: &FindingFacts) -> [SqlValue; 11] {
    [
        facts.status.as_str().into(),
        facts.code.as_str().into(),
        facts.severity.as_str().into(),
        facts.instance.as_deref().into(),
        facts.rule.as_deref().into(),
        facts.field.as_deref().into(),
        facts.owner.as_deref().into(),
        facts.message.as_str().into(),
        facts.accepted_by.as_deref().into(),
        facts.accepted_reason.as_deref().into(),
        facts.accepted_until.as_deref().into(),
    ]
}

/// Inserts episodes, open or closed.
pub(super) fn insert_episodes<'a>(
    database: &mut dyn Database,
    estate: &str,
    episodes: impl Iterator<Item = (&'a String, &'a Episode)>,
) -> Result<(), StoreError> {
    let rows = episodes.map(|(fingerprint, episode)| {
        let mut row: Vec<SqlValue> = vec![
            estate.into(),
            fingerprint.into(),
            episode.opened.started_ms.into(),
            episode.opened.id.as_str().into(),
            episode.opened_ms.into(),
            episode.first_number.into(),
        ];
        row.extend(fact_values(&episode.facts));
        let closing = episode.closing.as_ref();
        row.push(closing.map(|it| it.kind.as_str()).into());
        row.push(closing.map(|it| it.run.started_ms).into());
        row.push(closing.map(|it| it.run.id.as_str()).into());
        row.push(closing.map(|it| it.last_number).into());
        row
    });
    insert_rows(
        database,
        (
            "INSERT INTO crdrift_episode (estate_id, fingerprint, opened_run_ms, opened_run, opened_ms, first_number, \
             status, code, severity, instance, rule, field, owner, message, accepted_by, accepted_reason, \
             accepted_until, closing, closed_ms, closed_run, last_number) VALUES",
            "",
        ),
        21,
        rows.collect(),
    )
}

pub(super) fn insert_transitions(
    database: &mut dyn Database,
    estate: &str,
    run: &RunKey,
    transitions: &[(&'static str, String)],
) -> Result<(), StoreError> {
    let rows = transitions.iter().map(|(kind, fingerprint)| {
        vec![
            estate.into(),
            run.id.as_str().into(),
            run.started_ms.into(),
            (*kind).into(),
            fingerprint.into(),
        ]
    });
    insert_rows(
        database,
        (
            "INSERT INTO crdrift_transition (estate_id, run_id, at_ms, kind, fingerprint) VALUES",
            "",
        ),
        5,
        rows.collect(),
    )
}

/// Writes the delta of a run, which is applied from now on.
pub(super) fn mark_applied(
    database: &mut dyn Database,
    run: &RunKey,
    effect: &RunEffect,
) -> Result<(), StoreError> {
    let delta = effect.delta.as_ref();
    let count = |count: Option<usize>| match count {
        Some(count) => count.into(),
        None => SqlValue::Integer(None),
    };
    database.execute(
        "UPDATE crdrift_run SET is_applied = 1, opened = ?1, resolved = ?2, accepted = ?3, left_scope = ?4 WHERE id = ?5",
        &[
            count(delta.map(|it| it.opened)),
            count(delta.map(|it| it.resolved)),
            count(delta.map(|it| it.accepted)),
            count(delta.map(|it| it.left_scope)),
            run.id.as_str().into(),
        ],
    )?;
    Ok(())
}

pub(super) fn write_readings(
    database: &mut dyn Database,
    estate: &str,
    readings: &BTreeMap<String, InstanceReading>,
) -> Result<(), StoreError> {
    let rows = readings.iter().map(|(id, reading)| {
        vec![
            estate.into(),
            id.into(),
            reading.alias.as_str().into(),
            reading.status.as_str().into(),
            reading.since_ms.into(),
            reading.last_complete_ms.into(),
        ]
    });
    insert_rows(
        database,
        (
            "INSERT INTO crdrift_reading (estate_id, instance_id, alias, status, since_ms, last_complete_ms) VALUES",
            "ON CONFLICT (estate_id, instance_id) DO UPDATE SET alias = excluded.alias, status = excluded.status, \
             since_ms = excluded.since_ms, last_complete_ms = excluded.last_complete_ms",
        ),
        6,
        rows.collect(),
    )
}

/// Writes every value of an episode that is in the database.
pub(super) fn rewrite_episode(
    database: &mut dyn Database,
    estate: &str,
    fingerprint: &str,
    episode: &Episode,
) -> Result<(), StoreError> {
    update_episode(database, estate, fingerprint, episode)?;
    match &episode.closing {
        None => Ok(()),
        Some(_) => close_episodes(
            database,
            estate,
            &[(fingerprint.to_owned(), episode.clone())],
        ),
    }
}
