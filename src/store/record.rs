//! The recording of one result. The order of its steps is what makes a store exact under many writers.

use super::delivery::{AppliedRun, DeliveryRouter, queue_deliveries};
use super::document::{SplitDocument, compress};
use super::estate::{LockedEstate, RunKey, lock_estate_of, write_head};
use super::lease::verify_lease;
use super::persist::{read_state, write_effect};
use super::{Database, Lease, SqlValue, Store, StoreError, replay};
use crate::finding::Severity;
use crate::report::{Digest, FindingStatus, Report};

/// A result to record.
#[derive(Debug, Clone, Copy)]
pub struct NewResult<'a> {
    /// The name, usually its path.
    pub name: &'a str,
    /// The result document.
    pub text: &'a str,
    /// The same, read.
    pub report: &'a Report,
    /// The time of the recording, epoch milliseconds.
    pub recorded_ms: i64,
    /// The lease that the process has to have still; `None` where several processes may record results of an estate.
    pub lease: Option<&'a Lease>,
    /// Decides which targets are notified; `None` notifies none.
    pub router: Option<&'a dyn DeliveryRouter>,
}

/// The outcome of a recording.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RecordOutcome {
    /// The result is the newest of its estate.
    Recorded,
    /// The result is older than the newest of its estate.
    RecordedLate,
    /// The same bytes are recorded already.
    Known,
}

impl Store {
    /// Records a result.
    ///
    /// # Errors
    ///
    /// [`StoreError`]; then the result is not recorded, or the store is away and the same call will tell.
    pub fn record(&mut self, result: &NewResult<'_>) -> Result<RecordOutcome, StoreError> {
        self.refuse_newer_schema()?;
        let id = Digest::hash(result.text.as_bytes()).to_string();
        // Most duplicates need no lock.
        if is_known(&mut *self.database, &id)? {
            return Ok(RecordOutcome::Known);
        }
        let run = NewRun::new(result, id);
        self.transact(|database| record(database, run))
    }

    /// Records a result in a transaction that is open.
    pub(super) fn record_in_transaction(
        &mut self,
        result: &NewResult<'_>,
    ) -> Result<RecordOutcome, StoreError> {
        let id = Digest::hash(result.text.as_bytes()).to_string();
        record(&mut *self.database, NewRun::new(result, id))
    }
}

/// A result with its parts.
struct NewRun<'a> {
    key: RunKey,
    result: &'a NewResult<'a>,
    substance: String,
    body: Vec<u8>,
    varying: Vec<u8>,
}

impl<'a> NewRun<'a> {
    fn new(result: &'a NewResult<'a>, id: String) -> Self {
        let split = SplitDocument::new(result.text);
        Self {
            key: RunKey {
                started_ms: result.report.started_ms,
                id,
            },
            result,
            substance: split.substance_id(),
            body: compress(&split.substance),
            varying: compress(&split.varying),
        }
    }
}

fn record(database: &mut dyn Database, run: NewRun<'_>) -> Result<RecordOutcome, StoreError> {
    // 1. The lease: until the end of the transaction, no other process can take it.
    if let Some(lease) = run.result.lease {
        verify_lease(database, lease, run.key.started_ms)?;
    }
    // 2. The lock of the estate: from here on, other writers of this estate wait.
    let mut estate = lock_estate_of(database, run.result.report)?;
    // 3. The run, once.
    let values = run_values(&run, &estate.id);
    if !insert_run(database, &values)? {
        return Ok(RecordOutcome::Known);
    }
    let NewRun {
        key,
        result,
        substance,
        body,
        ..
    } = run;
    database.execute(
        "INSERT INTO crdrift_document (substance, uses, body) VALUES (?1, 1, ?2) \
         ON CONFLICT (substance) DO UPDATE SET uses = crdrift_document.uses + 1",
        &[substance.into(), body.into()],
    )?;
    // 4. A late run is kept, and applied later: with it, every newer run has another predecessor. One that is the newest
    // complete run is applied now: the runs behind it prove nothing, so that nothing else would notify of its changes.
    let head = &estate.head;
    let is_late = head.newest.as_ref().is_some_and(|newest| key < *newest);
    if is_late {
        estate.pending += 1;
        let is_complete = result.report.verdict.outcome.is_complete();
        if !is_complete || head.last_complete.as_ref() > Some(&key) {
            write_head(database, &estate.id, &estate.head, estate.pending)?;
            return Ok(RecordOutcome::RecordedLate);
        }
    }
    // 5. The findings, and the transitions: behind those of the late runs, if there are any.
    let applied = match replay::settle(database, &mut estate, Some(&key))? {
        Some(applied) => applied,
        None => apply(database, &estate, &key, result.report)?,
    };
    // 6. The deliveries: a run is recorded with those of its transitions, or not at all.
    queue_deliveries(database, &estate.id, (&key, result), &applied)?;
    Ok(if is_late {
        RecordOutcome::RecordedLate
    } else {
        RecordOutcome::Recorded
    })
}

/// Applies a run that is newer than every run before.
fn apply(
    database: &mut dyn Database,
    estate: &LockedEstate,
    key: &RunKey,
    report: &Report,
) -> Result<AppliedRun, StoreError> {
    let mut state = read_state(database, estate)?;
    let last_complete = state.head.last_complete.clone();
    let effect = state.apply(key, report);
    let applied = AppliedRun {
        last_complete,
        state,
        effect,
    };
    write_effect(database, &estate.id, key, &applied)?;
    write_head(database, &estate.id, &applied.state.head, 0)?;
    Ok(applied)
}

fn is_known(database: &mut dyn Database, id: &str) -> Result<bool, StoreError> {
    let rows = database.query("SELECT id FROM crdrift_run WHERE id = ?1", &[id.into()])?;
    Ok(!rows.is_empty())
}

/// Inserts a run, and returns `false` if it is known.
fn insert_run(database: &mut dyn Database, values: &[SqlValue]) -> Result<bool, StoreError> {
    let rows = database.query(
        "INSERT INTO crdrift_run (id, estate_id, name, recorded_ms, started_ms, duration_ms, is_complete, is_applied, \
         outcome, exit_code, reason, declared, in_sync, missing, changed, renamed, unmanaged, open_errors, \
         open_warnings, open_infos, accepted_findings, tool, commit_id, substance, varying, \
         reason_template) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 0, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, \
         ?22, ?23, ?24, ?25) ON CONFLICT (id) DO NOTHING RETURNING id",
        values,
    )?;
    Ok(!rows.is_empty())
}

fn run_values(run: &NewRun<'_>, estate: &str) -> Vec<SqlValue> {
    let NewResult {
        name,
        report,
        recorded_ms,
        ..
    } = run.result;
    let is_open = |status: &FindingStatus| *status == FindingStatus::Open;
    let open = |severity: Severity| {
        let findings = report.findings.iter();
        findings
            .filter(|it| is_open(&it.status) && it.severity == severity)
            .count()
    };
    let accepted = report.findings.iter().filter(|it| !is_open(&it.status));
    let commit = report.run.commit.as_ref();
    vec![
        run.key.id.as_str().into(),
        estate.into(),
        (*name).into(),
        (*recorded_ms).into(),
        report.started_ms.into(),
        i64::try_from(report.duration_ms).unwrap_or(i64::MAX).into(),
        report.verdict.outcome.is_complete().into(),
        report.verdict.outcome.as_str().into(),
        i64::from(report.verdict.exit_code).into(),
        report.verdict.reason.as_str().into(),
        report.desired_rules.into(),
        report.summary.in_sync.into(),
        report.summary.missing.into(),
        report.summary.changed.into(),
        report.summary.renamed.into(),
        report.summary.unmanaged.into(),
        open(Severity::Error).into(),
        open(Severity::Warning).into(),
        open(Severity::Info).into(),
        accepted.count().into(),
        report.version.as_str().into(),
        commit.map(|it| it.id.as_str()).into(),
        run.substance.as_str().into(),
        run.varying.clone().into(),
        report.verdict.reason.template_json().as_deref().into(),
    ]
}
