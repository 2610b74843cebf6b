//! The deliveries of a run, written while it is recorded.

use std::collections::BTreeSet;
use std::fmt::Debug;

use crate::finding::Severity;
use crate::history::EstateKey;
use crate::report::{Digest, Report};
use crate::store::database::insert_rows;
use crate::store::episode::{ClosingKind, Episode, EpisodeStatus, EstateState, RunEffect};
use crate::store::estate::RunKey;
use crate::store::record::{NewResult, RecordOutcome};
use crate::store::runs::RunId;
use crate::store::{Database, FindingFacts, Store, StoreError};

/// Decides which targets are notified of a run. Pure: the answer depends on the arguments alone.
pub trait DeliveryRouter: Debug {
    /// Returns the deliveries of a run, at most one for each target.
    fn route(&self, run: &RunTransitions<'_>) -> Vec<NewDelivery>;
}

/// A delivery to write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewDelivery {
    /// The name of the target.
    pub target: String,
    /// The words of the events.
    pub events: Vec<&'static str>,
    /// The document, as JSON.
    pub document: String,
}

/// The change of a finding by a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum TransitionKind {
    /// The finding is new.
    Opened,
    /// The finding was accepted, and is no longer.
    Reopened,
    /// The finding no longer occurs.
    Resolved,
    /// A waiver or a baseline accepts the finding.
    Accepted,
    /// The finding is about an instance or a rule that is no longer compared.
    LeftScope,
}

impl TransitionKind {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Opened,
        Self::Reopened,
        Self::Resolved,
        Self::Accepted,
        Self::LeftScope,
    ];

    /// Returns the word of documents and tables.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Opened => "opened",
            Self::Reopened => "reopened",
            Self::Resolved => "resolved",
            Self::Accepted => "accepted",
            Self::LeftScope => "left_scope",
        }
    }

    /// Returns the kind of a word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.as_str() == word)
    }
}

/// A finding that a run opened or closed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FindingTransition {
    /// The change.
    pub kind: TransitionKind,
    /// The fingerprint, lower-case hex.
    pub fingerprint: String,
    /// The values of the finding: those of this run, or the last ones.
    pub facts: FindingFacts,
    /// The time since when the finding is or was open, epoch milliseconds.
    pub opened_ms: i64,
}

/// The runs without a complete result, up to and including a run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UnreadPeriod {
    /// The number of incomplete runs.
    pub incomplete_runs: usize,
    /// The start of the first one, epoch milliseconds.
    pub incomplete_since_ms: Option<i64>,
    /// The targets and the events of the deliveries since the last complete run.
    pub notified: BTreeSet<(String, String)>,
}

/// The changes by a run.
#[derive(Debug)]
pub struct RunTransitions<'a> {
    /// The id of the run.
    pub run: &'a RunId,
    /// The name of the estate, or the paths of its rules files.
    pub estate: String,
    /// The selection, as command line options; empty where everything was compared.
    pub selection: String,
    /// The result.
    pub report: &'a Report,
    /// The findings that it opened and closed.
    pub findings: Vec<FindingTransition>,
    /// The open findings behind the run: errors, warnings and notes.
    pub open: [usize; 3],
    /// The runs without a complete result that this run ends or continues.
    pub unread: UnreadPeriod,
}

impl<'a> RunTransitions<'a> {
    /// Returns the changes by a run that is the first one of its estate: every open finding is new.
    #[must_use]
    pub fn from_first_run(run: &'a RunId, report: &'a Report) -> Self {
        let key = RunKey {
            started_ms: report.started_ms,
            id: run.0.clone(),
        };
        let mut state = EstateState::default();
        let effect = state.apply(&key, report);
        let applied = AppliedRun {
            last_complete: None,
            state,
            effect,
        };
        let is_incomplete = report.verdict.outcome == crate::report::Outcome::Incomplete;
        let unread = UnreadPeriod {
            incomplete_runs: usize::from(is_incomplete),
            incomplete_since_ms: is_incomplete.then_some(report.started_ms),
            notified: BTreeSet::new(),
        };
        Self::new(run, report, &applied, unread)
    }

    fn new(run: &'a RunId, report: &'a Report, applied: &AppliedRun, unread: UnreadPeriod) -> Self {
        let key = EstateKey::new(report);
        Self {
            run,
            estate: key.name().to_owned(),
            selection: key.selection().to_owned(),
            report,
            findings: applied.transitions(),
            open: applied.open_counts(),
            unread,
        }
    }
}

/// A run that was applied: the state behind it and the incomplete runs that follow, and its effect.
#[derive(Debug)]
pub(in crate::store) struct AppliedRun {
    /// The newest complete run before it.
    pub(in crate::store) last_complete: Option<RunKey>,
    /// The state behind it.
    pub(in crate::store) state: EstateState,
    /// Its effect.
    pub(in crate::store) effect: RunEffect,
}

impl AppliedRun {
    fn transitions(&self) -> Vec<FindingTransition> {
        let transition = |kind, fingerprint: &str, episode: &Episode| FindingTransition {
            kind,
            fingerprint: fingerprint.to_owned(),
            facts: episode.facts.clone(),
            opened_ms: episode.opened_ms,
        };
        let mut transitions = Vec::new();
        for (word, fingerprint) in &self.effect.transitions {
            let Some(opened @ (TransitionKind::Opened | TransitionKind::Reopened)) =
                TransitionKind::from_word(word)
            else {
                continue;
            };
            if let Some(episode) = self.state.episodes.get(fingerprint) {
                transitions.push(transition(opened, fingerprint, episode));
            }
        }
        for (fingerprint, episode) in &self.effect.closed {
            let was_open = episode.facts.status == EpisodeStatus::Open;
            let kind = match episode.closing.as_ref().map(|it| it.kind) {
                Some(ClosingKind::Resolved) => TransitionKind::Resolved,
                Some(ClosingKind::Accepted) => TransitionKind::Accepted,
                Some(ClosingKind::LeftScope) => TransitionKind::LeftScope,
                Some(ClosingKind::Reopened) | None => continue,
            };
            if was_open {
                transitions.push(transition(kind, fingerprint, episode));
            }
        }
        transitions
    }

    fn open_counts(&self) -> [usize; 3] {
        Severity::ALL.map(|severity| {
            let episodes = self.state.episodes.values();
            episodes
                .filter(|it| it.facts.status == EpisodeStatus::Open)
                .filter(|it| it.facts.severity == severity.as_str())
                .count()
        })
    }
}

/// Writes the deliveries of a run that is the newest of its estate, or the newest complete one.
pub(in crate::store) fn queue_deliveries(
    database: &mut dyn Database,
    estate_id: &str,
    (run, result): (&RunKey, &NewResult<'_>),
    applied: &AppliedRun,
) -> Result<(), StoreError> {
    let Some(router) = result.router else {
        return Ok(());
    };
    let id = RunId(run.id.clone());
    let unread = read_unread_period(database, estate_id, (applied.last_complete.as_ref(), run))?;
    let transitions = RunTransitions::new(&id, result.report, applied, unread);
    let rows = router.route(&transitions).into_iter().map(|delivery| {
        vec![
            delivery_id(run, &delivery.target).into(),
            estate_id.into(),
            transitions.estate.as_str().into(),
            run.id.as_str().into(),
            run.started_ms.into(),
            delivery.target.into(),
            delivery.events.join(",").into(),
            delivery.document.into(),
            result.recorded_ms.into(),
            "pending".into(),
            0_i64.into(),
            result.recorded_ms.into(),
            result.recorded_ms.into(),
            "".into(),
        ]
    });
    insert_rows(
        database,
        (
            "INSERT INTO crdrift_delivery (id, estate_id, estate, run_id, run_ms, target, events, document, \
             created_ms, state, tries, next_ms, changed_ms, reason) VALUES",
            "ON CONFLICT (id) DO NOTHING",
        ),
        14,
        rows.collect(),
    )
}

/// Returns the id of a delivery: the same run and target have the same one, whichever process writes it.
fn delivery_id(run: &RunKey, target: &str) -> String {
    let mut id = Digest::hash(format!("{}\0{target}", run.id).as_bytes()).to_string();
    id.truncate(32);
    id
}

fn read_unread_period(
    database: &mut dyn Database,
    estate_id: &str,
    (last_complete, run): (Option<&RunKey>, &RunKey),
) -> Result<UnreadPeriod, StoreError> {
    let values = [
        estate_id.into(),
        last_complete.map_or(i64::MIN, |it| it.started_ms).into(),
        run.started_ms.into(),
    ];
    let rows = database.query(
        "SELECT COUNT(*), MIN(started_ms) FROM crdrift_run \
         WHERE estate_id = ?1 AND started_ms > ?2 AND started_ms <= ?3 AND outcome = 'incomplete'",
        &values,
    )?;
    let mut period = UnreadPeriod::default();
    for row in rows {
        let mut row = row.reader();
        period.incomplete_runs = row.count()?;
        period.incomplete_since_ms = row.optional_integer()?;
    }
    let rows = database.query(
        "SELECT target, events FROM crdrift_delivery WHERE estate_id = ?1 AND run_ms > ?2 AND run_ms <= ?3",
        &values,
    )?;
    for row in rows {
        let mut row = row.reader();
        let (target, events) = (row.text()?, row.text()?);
        for event in events.split(',') {
            period.notified.insert((target.clone(), event.to_owned()));
        }
    }
    Ok(period)
}

impl Store {
    /// Records a result for its router, and keeps nothing of it.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub fn preview(&mut self, result: &NewResult<'_>) -> Result<RecordOutcome, StoreError> {
        self.database.begin()?;
        let done = self.record_in_transaction(result);
        self.database.roll_back();
        done
    }
}
