//! The state of a running watch, for its pages, metrics and health.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::watch;

use super::summary::CheckSummary;
use crate::i18n::Message;
use crate::report::{Outcome, ResultNumbers};

/// The outcome of a check, as metrics count it.
pub type CheckOutcome = Outcome;

/// The upper bounds of the duration histogram, milliseconds.
pub(super) const DURATION_BOUNDS_MS: [u64; 9] = [
    500, 1_000, 5_000, 10_000, 30_000, 60_000, 120_000, 300_000, 600_000,
];

/// The newest check of an estate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LastCheck {
    /// The start, epoch milliseconds.
    pub started_ms: i64,
    /// The duration, milliseconds.
    pub duration_ms: u64,
    /// The outcome.
    pub outcome: CheckOutcome,
    /// The reason of its exit code.
    pub reason: Message,
    /// The exit code.
    pub exit_code: u8,
}

/// An estate as pages and metrics show it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EstateView {
    /// The owner.
    pub owner: Option<String>,
    /// The schedule in words, such as `every 15m` or `cron 7 * * * * Asia/Shanghai`.
    pub schedule: String,
    /// The time between two checks, milliseconds; an estimate for cron.
    pub interval_ms: u64,
    /// The next check, epoch milliseconds; `None` while another process has the lease.
    pub next_ms: Option<i64>,
    /// The start of the check that runs now, epoch milliseconds.
    pub running_since_ms: Option<i64>,
    /// The newest check.
    pub last: Option<LastCheck>,
    /// The start of the newest complete check, epoch milliseconds.
    pub last_complete_ms: Option<i64>,
    /// Open findings: errors, warnings and notes, of the newest complete check.
    pub open: [usize; 3],
    /// The time since when the oldest open finding is open, epoch milliseconds.
    pub oldest_open_ms: Option<i64>,
    /// The rules of the newest complete check: in sync, missing, changed, renamed, unmanaged.
    pub rules: [usize; 5],
    /// The checks since the start, by the word of their outcome.
    pub checks: BTreeMap<&'static str, u64>,
    /// The checks since the start by duration: those up to each bound, not cumulated, and the longer ones last.
    pub duration_counts: [u64; DURATION_BOUNDS_MS.len() + 1],
    /// The sum of all durations, milliseconds.
    pub duration_sum_ms: u64,
    /// The starts that fell due during a check.
    pub overruns: u64,
    /// The findings opened since the start: errors, warnings and notes.
    pub opened: [u64; 3],
    /// The findings resolved since the start: errors, warnings and notes.
    pub resolved: [u64; 3],
    /// The numbers of the newest result.
    pub newest: Option<Arc<ResultNumbers>>,
    /// The numbers of the newest result that did not fail.
    pub read: Option<Arc<ResultNumbers>>,
    /// The numbers of the newest complete result; before the first one, of the newest that did not fail.
    pub compared: Option<Arc<ResultNumbers>>,
    /// True if the rules files were valid at the last check.
    pub rules_valid: bool,
    /// True if this process has the lease of the estate.
    pub has_lease: bool,
}

impl EstateView {
    /// Adds a check that ended.
    pub fn finish_check(&mut self, check: &CheckSummary) {
        let outcome = check.last.outcome;
        self.running_since_ms = None;
        *self.checks.entry(outcome.as_str()).or_default() += 1;
        let bucket = DURATION_BOUNDS_MS.partition_point(|it| *it < check.last.duration_ms);
        if let Some(count) = self.duration_counts.get_mut(bucket) {
            *count += 1;
        }
        self.duration_sum_ms += check.last.duration_ms;
        self.restore(check);
    }

    /// Shows a check without counting it, such as the newest one of the store after a start.
    pub fn restore(&mut self, check: &CheckSummary) {
        let outcome = check.last.outcome;
        self.last = Some(check.last.clone());
        self.newest = Some(Arc::clone(&check.numbers));
        self.rules_valid = check.rules_valid;
        if outcome == Outcome::Failed {
            return;
        }
        self.read = Some(Arc::clone(&check.numbers));
        if outcome.is_complete() {
            self.last_complete_ms = Some(check.last.started_ms);
            self.open = check.open;
            self.oldest_open_ms = check.oldest_open_ms;
            self.rules = check.rules;
            self.compared = Some(Arc::clone(&check.numbers));
        } else if self.last_complete_ms.is_none() {
            self.compared = Some(Arc::clone(&check.numbers));
        }
    }
}

/// A target of notifications as pages and metrics show it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TargetView {
    /// The word of the kind.
    pub kind: &'static str,
    /// The attempts since the start, by the word of their result: delivered, retry, refused, broken.
    pub results: BTreeMap<&'static str, u64>,
    /// The last success, epoch milliseconds.
    pub last_success_ms: Option<i64>,
    /// The messages that wait.
    pub pending: u64,
    /// The reason why the target is broken, without secrets.
    pub broken: Option<String>,
}

/// The state of a running watch.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WatchState {
    /// The start of the process, epoch milliseconds.
    pub started_ms: i64,
    /// The last turn of the loop, epoch milliseconds.
    pub turned_ms: i64,
    /// True once a check was tried, or where none is due at the start.
    pub has_tried: bool,
    /// True if the store answered the last time.
    pub is_store_up: bool,
    /// The errors of the store since the start.
    pub store_errors: u64,
    /// True if the configuration was valid at the last reload.
    pub is_config_valid: bool,
    /// By name.
    pub estates: BTreeMap<String, EstateView>,
    /// By name.
    pub targets: BTreeMap<String, TargetView>,
}

/// A receiver of the generation of the state: it changes with every visible change.
pub type WatchUpdates = watch::Receiver<u64>;

/// The state, shared between the loop and the server.
#[derive(Debug, Clone)]
pub struct SharedState {
    state: Arc<Mutex<WatchState>>,
    generation: Arc<watch::Sender<u64>>,
}

impl SharedState {
    /// Returns a shared state.
    #[must_use]
    pub fn new(state: WatchState) -> Self {
        Self {
            state: Arc::new(Mutex::new(state)),
            generation: Arc::new(watch::Sender::new(0)),
        }
    }

    /// Calls `read` with the state.
    pub fn read<T>(&self, read: impl FnOnce(&WatchState) -> T) -> T {
        read(&self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Changes the state, and tells the receivers.
    pub fn change<T>(&self, change: impl FnOnce(&mut WatchState) -> T) -> T {
        let changed = change(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner));
        self.generation.send_modify(|generation| *generation += 1);
        changed
    }

    /// Changes what is not visible on a page, such as the last turn of the loop.
    pub fn change_quietly(&self, change: impl FnOnce(&mut WatchState)) {
        change(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner));
    }

    /// Returns a receiver of the generation.
    #[must_use]
    pub fn updates(&self) -> WatchUpdates {
        self.generation.subscribe()
    }
}
