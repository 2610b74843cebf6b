//! The checks of a watch: a lease, a comparison, and its recording with the deliveries.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use acr_client::RequestRate;

use super::counter::TransitionCounter;
use crate::cli::args::{OutputArgs, PlanArgs};
use crate::cli::context::{CheckLog, SharedContext};
use crate::cli::estate_check::check_estate;
use crate::cli::failure::Failure;
use crate::cli::output;
use crate::cli::{Context, Exit};
use crate::notify::{NotifyRouter, NotifySettings};
use crate::report::{self, Digest, Outcome, Report};
use crate::source::{pluralize, sanitize_line};
use crate::store::{
    DeliveryRouter, EstateStatus, Lease, LeaseRequest, PendingCount, Store, StoreError, StoreUrl,
};
use crate::watch::{
    CheckEnd, CheckSummary, CheckedResult, DueCheck, EstateChecker, FinishedCheck, LastCheck,
    MadeCheck, SharedState, StoreLink, files_signature,
};

/// The time until another process may take the estates of one that was killed.
const LEASE: Duration = Duration::from_secs(45);

/// An estate of this process.
#[derive(Debug)]
pub(super) struct CheckedEstate {
    pub(super) name: String,
    /// The arguments of `crdrift plan` for it.
    pub(super) args: PlanArgs,
    /// The rules files as the newest check found them.
    pub(super) signature: Mutex<Option<Digest>>,
    /// The lines of the newest check, without their time: those that repeat themselves are printed once.
    pub(super) last_lines: Mutex<Vec<String>>,
}

/// The checks of a process.
pub(super) struct Checker {
    pub(super) url: StoreUrl,
    pub(super) estates: Vec<CheckedEstate>,
    pub(super) shared: SharedContext,
    pub(super) store: Arc<Mutex<StoreLink>>,
    /// The name of this process in leases.
    pub(super) holder: String,
    /// The budget of requests of each account, which the processes of the store share; `None` without a limit, and for a
    /// process that ends by itself.
    pub(super) rate: Option<RequestRate>,
    /// The targets of notifications.
    pub(super) settings: NotifySettings,
    pub(super) state: SharedState,
    /// True once a signal ends the checks.
    pub(super) stopping: tokio::sync::watch::Sender<bool>,
}

/// The result of a check that was made.
pub(super) struct CheckedReport {
    pub(super) report: Report,
    /// The failure of the check, or of its recording.
    pub(super) failure: Option<Failure>,
}

impl EstateChecker for Checker {
    fn check(&self, due: DueCheck) -> FinishedCheck {
        let finished = |end, log: String| FinishedCheck {
            estate: due.estate,
            end,
            made: None,
            log,
        };
        let Some(estate) = self.estates.get(due.estate) else {
            return finished(CheckEnd::Done, String::new());
        };
        if self.is_stopping() {
            return finished(CheckEnd::Standby, String::new());
        }
        let lease = match self.take_lease(&estate.name) {
            // Another process checks it now.
            Ok(None) => {
                self.show_lease(&estate.name, false);
                return finished(CheckEnd::Standby, String::new());
            }
            Ok(Some(lease)) if lease.checked_ms >= Some(due.slot_ms) => {
                // Another process was faster.
                self.give_back(&lease);
                self.show_lease(&estate.name, false);
                return finished(CheckEnd::Done, String::new());
            }
            Ok(Some(lease)) => Some(lease),
            Err(error) if error.is_transient() => None,
            Err(error) => {
                let line = self.line(&estate.name, &format!("not checked: {error}"));
                return finished(CheckEnd::Incomplete, line);
            }
        };
        self.show_lease(&estate.name, lease.is_some());
        let log = CheckLog::default();
        let made = self.make(estate, lease.as_ref(), &log);
        if let Some(lease) = &lease {
            self.give_back(lease);
        }
        match made {
            Some((checked, made)) => {
                let text = self.describe(estate, &checked, &log);
                FinishedCheck {
                    estate: due.estate,
                    end: match checked.report.verdict.outcome {
                        Outcome::Incomplete => CheckEnd::Incomplete,
                        _ => CheckEnd::Done,
                    },
                    made: Some(made),
                    log: text,
                }
            }
            None => finished(CheckEnd::Standby, log.text()),
        }
    }

    fn upkeep(&self) -> (Vec<usize>, String) {
        let mut log = String::new();
        let now_ms = self.shared.now_ms();
        {
            let mut link = self.lock_store();
            let was_up = link.is_up();
            let request = self.lease_request();
            let router = NotifyRouter::new(&self.settings);
            let kept_up = link
                .call(now_ms, |store| {
                    store.renew_leases(&request)?;
                    Ok((store.status(None, None, None)?, store.pending_deliveries()?))
                })
                .and_then(|(statuses, pending)| {
                    let spooled = link.record_spooled(&router, now_ms)?;
                    Ok((statuses, pending, spooled))
                });
            match kept_up {
                Ok((statuses, pending, spooled)) => {
                    self.show_statuses(&statuses);
                    self.show_pending(&pending);
                    for problem in &spooled.problems {
                        log += &self.line("store", problem);
                    }
                    if spooled.recorded > 0 {
                        let results = pluralize(spooled.recorded as u64, "spooled result");
                        log += &self.line("store", &format!("recorded {results}"));
                    }
                }
                Err(error) if was_up => {
                    log += &self.line("store", &format!("is away: {error}"));
                }
                Err(_) => {}
            }
            self.show_store(&link);
        }
        let mut changed = Vec::new();
        for (index, estate) in self.estates.iter().enumerate() {
            let inputs = estate.args.compare.desired.paths();
            let known = estate
                .signature
                .lock()
                .unwrap_or_else(PoisonError::into_inner);
            if known
                .as_ref()
                .is_some_and(|known| *known != files_signature(&inputs))
            {
                changed.push(index);
            }
        }
        (changed, log)
    }

    fn stop(&self) {
        self.stopping.send_replace(true);
    }

    fn release(&self) {
        let now_ms = self.shared.now_ms();
        // Leases and shares end by themselves.
        let _ = self.lock_store().call(now_ms, |store| {
            if self.rate.is_some() {
                store.release_share(&self.holder)?;
            }
            store.release_leases(&self.holder)
        });
    }
}

impl Checker {
    /// Returns whether a signal ends the checks.
    pub(super) fn is_stopping(&self) -> bool {
        *self.stopping.borrow()
    }

    pub(super) fn lock_store(&self) -> MutexGuard<'_, StoreLink> {
        self.store.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn lease_request(&self) -> LeaseRequest<'_> {
        LeaseRequest {
            holder: &self.holder,
            duration: LEASE,
            now_ms: self.shared.now_ms(),
        }
    }

    fn take_lease(&self, estate: &str) -> Result<Option<Lease>, StoreError> {
        let request = self.lease_request();
        let mut link = self.lock_store();
        let taken = link.call(request.now_ms, |store| store.take_lease(estate, &request));
        self.show_store(&link);
        taken
    }

    fn give_back(&self, lease: &Lease) {
        let now_ms = self.shared.now_ms();
        // A lease that is not released ends by itself.
        let _ = self
            .lock_store()
            .call(now_ms, |store| store.release_lease(lease));
    }

    /// Makes a check and records it; `None` where it was interrupted, or where its lease was lost meanwhile.
    pub(super) fn make(
        &self,
        estate: &CheckedEstate,
        lease: Option<&Lease>,
        log: &CheckLog,
    ) -> Option<(CheckedReport, MadeCheck)> {
        let mut context = self.shared.start(log.clone());
        let signature = files_signature(&estate.args.compare.desired.paths());
        *estate
            .signature
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = Some(signature);
        let previous = |like: &Report| self.previous(like);
        let (report, failure) = check_estate(&estate.args, &mut context, previous);
        // The loop hears of the signal at the same time, earlier or later.
        if failure.as_ref().is_some_and(Failure::is_interrupted) {
            self.stop();
            return None;
        }
        let router = NotifyRouter::new(&self.settings);
        let counter = TransitionCounter::new(&router);
        let recorded = self.record(
            &report,
            &estate.args.output,
            (lease, &counter),
            &mut context,
        );
        let recording = match recorded {
            Ok(()) => None,
            Err(StoreError::LeaseLost { .. }) => return None,
            Err(error) => Some(Failure::from(error).about("not recorded")),
        };
        let counts = counter.counts();
        let made = MadeCheck {
            summary: CheckSummary::from_report(&report),
            is_recorded: recording.is_none(),
            opened: counts.opened,
            resolved: counts.resolved,
        };
        let checked = CheckedReport {
            report,
            failure: failure.or(recording),
        };
        Some((checked, made))
    }

    /// Returns the newest complete result of the estate that a report is about.
    fn previous(&self, like: &Report) -> Option<Report> {
        let now_ms = self.shared.now_ms();
        let found = self
            .lock_store()
            .call(now_ms, |store| store.newest_complete(like));
        let text = found.ok()??.text?;
        report::read(text.as_bytes()).ok()
    }

    fn record(
        &self,
        report: &Report,
        output: &OutputArgs,
        (lease, router): (Option<&Lease>, &dyn DeliveryRouter),
        context: &mut Context,
    ) -> Result<(), StoreError> {
        let document = |reason: String| StoreError::Document { reason };
        let text = output::result_document(report, output, context)
            .map_err(|failure| document(failure.reason().to_string()))?;
        let written = report::read(text.as_bytes()).map_err(|error| document(error.to_string()))?;
        let mut link = self.lock_store();
        let recorded = link.record(&CheckedResult {
            text: &text,
            report: &written,
            lease,
            router,
            now_ms: self.shared.now_ms(),
        });
        self.show_store(&link);
        recorded.map(|_| ())
    }

    fn show_store(&self, link: &StoreLink) {
        self.state.change_quietly(|state| {
            state.is_store_up = link.is_up();
            state.store_errors = link.errors();
        });
    }

    /// Shows what the store knows of the estates: other processes check some of them.
    fn show_statuses(&self, statuses: &[EstateStatus]) {
        self.state.change(|state| {
            // A plan of a selection, or of files with this name as their path, is another estate.
            for status in statuses.iter().filter(|it| it.is_whole()) {
                let Some(view) = state.estates.get_mut(&status.name) else {
                    continue;
                };
                view.open = status.open;
                view.oldest_open_ms = status.oldest_ms;
                view.last_complete_ms = view.last_complete_ms.max(status.last_complete_ms);
                let is_newer = |last: &LastCheck| last.started_ms < status.newest_ms;
                if view.last.as_ref().is_none_or(is_newer) {
                    view.last = Some(last_check(status));
                    view.rules_valid = status.outcome != Outcome::Failed;
                }
            }
        });
    }

    /// Shows whether this process makes the checks of an estate.
    fn show_lease(&self, estate: &str, has_lease: bool) {
        self.state.change_quietly(|state| {
            if let Some(view) = state.estates.get_mut(estate) {
                view.has_lease = has_lease;
            }
        });
    }

    /// Shows the number of messages that wait for each target.
    fn show_pending(&self, pending: &BTreeMap<String, PendingCount>) {
        self.state.change_quietly(|state| {
            for (name, view) in &mut state.targets {
                let count = pending.get(name).map_or(0, |it| it.deliveries);
                view.pending = u64::try_from(count).unwrap_or(u64::MAX);
            }
        });
    }

    /// Returns the line of a check, behind the messages of one that failed.
    fn describe(&self, estate: &CheckedEstate, checked: &CheckedReport, log: &CheckLog) -> String {
        let verdict = &checked.report.verdict;
        let is_failed = verdict.outcome == Outcome::Failed;
        let mut lines = vec![format!("{}: {}", verdict.outcome.as_str(), verdict.reason)];
        if let Some(failure) = &checked.failure
            && !is_failed
        {
            lines.push(failure.reason().to_string());
        }
        {
            let mut last = estate
                .last_lines
                .lock()
                .unwrap_or_else(PoisonError::into_inner);
            if *last == lines && !is_failed && !self.shared.is_verbose() {
                return String::new();
            }
            last.clone_from(&lines);
        }
        let mut text = String::new();
        if let Some(failure) = &checked.failure {
            text += failure.diagnostics();
        }
        if is_failed || self.shared.is_verbose() {
            text += &log.text();
        }
        for line in &lines {
            text += &self.line(&estate.name, line);
        }
        text
    }

    fn line(&self, name: &str, text: &str) -> String {
        let now = report::rfc3339(self.shared.now_ms()).unwrap_or_default();
        format!("{now} {}: {}\n", sanitize_line(name), sanitize_line(text))
    }
}

/// Returns the newest check of an estate as the store has it: that of another process, or one before the start.
fn last_check(status: &EstateStatus) -> LastCheck {
    LastCheck {
        started_ms: status.newest_ms,
        duration_ms: 0,
        outcome: status.outcome,
        reason: status.reason.clone().into(),
        exit_code: match status.outcome {
            Outcome::InSync | Outcome::Passed => 0,
            Outcome::Failed => Exit::Failed.code(),
            Outcome::Drift | Outcome::Findings => 2,
            Outcome::Incomplete => Exit::Incomplete.code(),
        },
    }
}

/// Opens the store once, so that one that cannot be used ends the run before anything is checked.
pub(super) fn refuse_unusable(link: &mut StoreLink, now_ms: i64) -> Result<(), Failure> {
    match link.call(now_ms, |store: &mut Store| store.leases().map(|_| ())) {
        Ok(()) => Ok(()),
        Err(error) if error.is_transient() => Ok(()),
        Err(error) => Err(error.into()),
    }
}
