//! The rows of estates.

use super::StoreError;
use super::database::{Database, RowReader, SqlValue};
use crate::history::EstateKey;
use crate::report::{Digest, Outcome, Report};

/// The place of a run in the order of an estate: by time, then by id.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct RunKey {
    pub(super) started_ms: i64,
    pub(super) id: String,
}

/// An estate up to a run of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct EstateHead {
    /// The newest run that was applied.
    pub(super) newest: Option<RunKey>,
    /// Its outcome.
    pub(super) outcome: Option<Outcome>,
    /// The number of complete runs.
    pub(super) complete_runs: i64,
    /// The newest complete run.
    pub(super) last_complete: Option<RunKey>,
}

/// The row of an estate, locked for this transaction.
#[derive(Debug)]
pub(super) struct LockedEstate {
    pub(super) id: String,
    /// The number of runs that are recorded and not applied.
    pub(super) pending: i64,
    pub(super) head: EstateHead,
    /// The state that pruning kept: documents up to its newest run are gone.
    pub(super) kept: EstateHead,
}

/// Returns the id of an estate, of its whole key.
pub(super) fn id_of(key: &EstateKey) -> String {
    let mut text = format!("{}\0{}\0{}", key.is_declared(), key.name(), key.selection());
    for instance in key.instances() {
        text.push('\0');
        text.push_str(instance);
    }
    let mut digest = Digest::hash(text.as_bytes()).to_string();
    digest.truncate(32);
    digest
}

/// Locks the estate of a result until the end of the transaction; a new one is inserted.
pub(super) fn lock_estate_of(
    database: &mut dyn Database,
    report: &Report,
) -> Result<LockedEstate, StoreError> {
    let key = EstateKey::new(report);
    let id = match only_alike(database, &key)? {
        Some(id) => id,
        None => id_of(&key),
    };
    let instances: Vec<&str> = key.instances().collect();
    database.execute(
        "INSERT INTO crdrift_estate (id, name, is_declared, selection, instances, generation, pending, complete_runs) \
         VALUES (?1, ?2, ?3, ?4, ?5, 0, 0, 0) ON CONFLICT (id) DO NOTHING",
        &[
            id.as_str().into(),
            key.name().into(),
            key.is_declared().into(),
            key.selection().into(),
            instances.join(" ").into(),
        ],
    )?;
    lock_estate(database, &id)
}

/// Returns the only estate that a run belongs to which failed before it knew any instance.
fn only_alike(database: &mut dyn Database, key: &EstateKey) -> Result<Option<String>, StoreError> {
    if key.is_declared() || key.instances().next().is_some() {
        return Ok(None);
    }
    let mut rows = database.query(
        "SELECT id FROM crdrift_estate \
         WHERE is_declared = 0 AND name = ?1 AND selection = ?2 AND instances <> ''",
        &[key.name().into(), key.selection().into()],
    )?;
    match (rows.pop(), rows.pop()) {
        (Some(only), None) => only.reader().text().map(Some),
        _ => Ok(None),
    }
}

/// Locks an estate until the end of the transaction.
pub(super) fn lock_estate(
    database: &mut dyn Database,
    id: &str,
) -> Result<LockedEstate, StoreError> {
    let mut rows = database.query(
        "UPDATE crdrift_estate SET generation = generation + 1 WHERE id = ?1 RETURNING pending, \
         newest_ms, newest_run, newest_outcome, complete_runs, last_complete_ms, last_complete_run, \
         kept_ms, kept_run, kept_outcome, kept_complete_runs, kept_last_complete_ms, kept_last_complete_run",
        &[id.into()],
    )?;
    let Some(row) = rows.pop() else {
        return Err(StoreError::Damaged {
            reason: format!("there is no estate {id}"),
        });
    };
    let mut row = row.reader();
    Ok(LockedEstate {
        id: id.to_owned(),
        pending: row.integer()?,
        head: read_head(&mut row)?,
        kept: read_head(&mut row)?,
    })
}

fn read_head(row: &mut RowReader) -> Result<EstateHead, StoreError> {
    let newest = read_key(row)?;
    let outcome = row.optional_text()?;
    Ok(EstateHead {
        newest,
        outcome: outcome.as_deref().map(read_outcome).transpose()?,
        complete_runs: row.optional_integer()?.unwrap_or_default(),
        last_complete: read_key(row)?,
    })
}

/// Reads a time and an id, or neither.
pub(super) fn read_key(row: &mut RowReader) -> Result<Option<RunKey>, StoreError> {
    let (started_ms, id) = (row.optional_integer()?, row.optional_text()?);
    Ok(started_ms
        .zip(id)
        .map(|(started_ms, id)| RunKey { started_ms, id }))
}

pub(super) fn read_outcome(word: &str) -> Result<Outcome, StoreError> {
    Outcome::from_word(word).ok_or_else(|| StoreError::Damaged {
        reason: format!("unknown outcome {word:?}"),
    })
}

/// Writes the head of an estate, and the number of its runs that are not applied.
pub(super) fn write_head(
    database: &mut dyn Database,
    id: &str,
    head: &EstateHead,
    pending: i64,
) -> Result<(), StoreError> {
    let mut values = head_values(head);
    values.extend([pending.into(), id.into()]);
    database.execute(
        "UPDATE crdrift_estate SET newest_ms = ?1, newest_run = ?2, newest_outcome = ?3, complete_runs = ?4, \
         last_complete_ms = ?5, last_complete_run = ?6, pending = ?7 WHERE id = ?8",
        &values,
    )?;
    Ok(())
}

/// Writes the state that pruning keeps.
pub(super) fn write_kept(
    database: &mut dyn Database,
    id: &str,
    kept: &EstateHead,
) -> Result<(), StoreError> {
    let mut values = head_values(kept);
    values.push(id.into());
    database.execute(
        "UPDATE crdrift_estate SET kept_ms = ?1, kept_run = ?2, kept_outcome = ?3, kept_complete_runs = ?4, \
         kept_last_complete_ms = ?5, kept_last_complete_run = ?6 WHERE id = ?7",
        &values,
    )?;
    Ok(())
}

fn head_values(head: &EstateHead) -> Vec<SqlValue> {
    let key = |key: &Option<RunKey>| {
        [
            key.as_ref().map(|it| it.started_ms).into(),
            key.as_ref().map(|it| it.id.as_str()).into(),
        ]
    };
    let mut values = Vec::new();
    values.extend(key(&head.newest));
    values.push(head.outcome.map(Outcome::as_str).into());
    values.push(head.complete_runs.into());
    values.extend(key(&head.last_complete));
    values
}
