//! The loop of `crdrift watch`: starts the checks that are due, until a signal stops it.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep, timeout_at};

use super::scheduler::{CheckEnd, DueCheck, Scheduler};
use super::state::SharedState;
use super::summary::CheckSummary;

/// The longest sleep: the clock may jump meanwhile, and the machine may be suspended.
const LONGEST_SLEEP: Duration = Duration::from_secs(30);

/// The time between two rounds of upkeep.
const UPKEEP: Duration = Duration::from_secs(15);

/// The least time for the leases to be released.
const RELEASE: Duration = Duration::from_secs(1);

/// A signal of the operator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ServiceSignal {
    /// Stop; a second one stops at once.
    Stop,
    /// Read the configuration again, and check every estate.
    Reload,
}

/// The end of the loop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ServiceEnd {
    /// The signal that ended it.
    pub signal: ServiceSignal,
    /// The time until which what is left may take: the grace, or nothing after a second signal to stop.
    pub deadline: Instant,
}

/// A check that this process made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MadeCheck {
    /// The result in numbers.
    pub summary: CheckSummary,
    /// True if the store has it.
    pub is_recorded: bool,
    /// The findings that it opened: errors, warnings and notes.
    pub opened: [u64; 3],
    /// The findings that it resolved: errors, warnings and notes.
    pub resolved: [u64; 3],
}

/// The end of a start of a check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FinishedCheck {
    /// The index of the estate.
    pub estate: usize,
    /// The result, as far as it decides the next start.
    pub end: CheckEnd,
    /// The check; `None` where another process makes it, or where it was interrupted.
    pub made: Option<MadeCheck>,
    /// Lines for the operator.
    pub log: String,
}

/// The checks of estates and the upkeep between them. Its methods wait; they are called outside of asynchronous tasks.
pub trait EstateChecker: Send + Sync + 'static {
    /// Checks an estate, records the result and writes the deliveries.
    fn check(&self, due: DueCheck) -> FinishedCheck;

    /// Renews leases, records spooled results, refreshes what other processes found, and returns the estates whose rules
    /// files changed, with lines for the operator.
    fn upkeep(&self) -> (Vec<usize>, String);

    /// Interrupts the readings. Their results are dropped.
    fn stop(&self);

    /// Releases every lease.
    fn release(&self);
}

/// The parts of a running watch.
pub struct Service {
    /// The times of the checks.
    pub scheduler: Scheduler,
    /// The names of the estates, by their index.
    pub names: Vec<String>,
    /// The checks.
    pub checker: Arc<dyn EstateChecker>,
    /// The state for pages and metrics.
    pub state: SharedState,
    /// The clock.
    pub clock: Arc<dyn Fn() -> Timestamp + Send + Sync>,
    /// The source of the jitter of retries.
    pub random: Arc<dyn Fn() -> u64 + Send + Sync>,
    /// The time for what runs to end after the first signal.
    pub grace: Duration,
}

impl std::fmt::Debug for Service {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Service")
            .field("names", &self.names)
            .finish_non_exhaustive()
    }
}

impl Service {
    /// Runs until a signal ends it. `print` receives lines for the operator.
    pub async fn run(
        mut self,
        signals: &mut mpsc::UnboundedReceiver<ServiceSignal>,
        print: &mut dyn FnMut(&str),
    ) -> ServiceEnd {
        let (finished, mut finishing) = mpsc::unbounded_channel();
        let (kept_up, mut keeping_up) = mpsc::unbounded_channel();
        let mut upkeep_due = Instant::now();
        let mut is_keeping_up = false;
        let mut signal = loop {
            let now_ms = self.now_ms();
            self.state.change_quietly(|state| state.turned_ms = now_ms);
            for due in self.scheduler.start_due(now_ms) {
                self.start(due, finished.clone());
            }
            if !is_keeping_up && upkeep_due <= Instant::now() {
                is_keeping_up = true;
                let (checker, kept_up) = (Arc::clone(&self.checker), kept_up.clone());
                tokio::task::spawn_blocking(move || {
                    // The loop ends before its tasks only after a signal.
                    let _ = kept_up.send(checker.upkeep());
                });
            }
            tokio::select! {
                () = sleep(self.wait(now_ms, upkeep_due)) => {}
                Some(check) = finishing.recv() => self.finish(check, print),
                Some((changed, log)) = keeping_up.recv() => {
                    is_keeping_up = false;
                    upkeep_due = Instant::now() + UPKEEP;
                    print(&log);
                    let now_ms = self.now_ms();
                    for estate in changed {
                        self.scheduler.request(estate, now_ms);
                    }
                }
                signal = signals.recv() => break signal.unwrap_or(ServiceSignal::Stop),
            }
        };
        let mut deadline = Instant::now() + self.grace;
        self.checker.stop();
        loop {
            tokio::select! {
                () = self.finish_all(&mut finishing, deadline, print) => break,
                () = stop_signal(signals) => {
                    if signal == ServiceSignal::Stop {
                        deadline = Instant::now();
                        break;
                    }
                    signal = ServiceSignal::Stop;
                }
            }
        }
        let checker = Arc::clone(&self.checker);
        let released = tokio::task::spawn_blocking(move || checker.release());
        // A store that is away must not keep the process alive.
        let _ = timeout_at(deadline.max(Instant::now() + RELEASE), released).await;
        ServiceEnd { signal, deadline }
    }

    /// Waits for the running checks.
    async fn finish_all(
        &mut self,
        finishing: &mut mpsc::UnboundedReceiver<FinishedCheck>,
        deadline: Instant,
        print: &mut dyn FnMut(&str),
    ) {
        let all = async {
            while self.scheduler.running() > 0 {
                let Some(check) = finishing.recv().await else {
                    return;
                };
                self.finish(check, print);
            }
        };
        // What runs longer is dropped: its lease ends by itself.
        let _ = timeout_at(deadline, all).await;
    }

    fn now_ms(&self) -> i64 {
        (self.clock)().as_millisecond()
    }

    /// Returns the time until the loop has something to do.
    fn wait(&self, now_ms: i64, upkeep_due: Instant) -> Duration {
        let until_upkeep = upkeep_due.saturating_duration_since(Instant::now());
        let until_check = self
            .scheduler
            .next_wake_ms()
            .map_or(LONGEST_SLEEP, |at_ms| {
                Duration::from_millis(
                    u64::try_from(at_ms.saturating_sub(now_ms)).unwrap_or_default(),
                )
            });
        // An upkeep that runs is waited for by its message.
        let until_upkeep = until_upkeep.max(Duration::from_millis(100));
        until_check.min(until_upkeep).min(LONGEST_SLEEP)
    }

    fn start(&self, due: DueCheck, finished: mpsc::UnboundedSender<FinishedCheck>) {
        let checker = Arc::clone(&self.checker);
        self.show_next(due.estate);
        tokio::task::spawn_blocking(move || {
            // The loop ends before its tasks only after a signal.
            let _ = finished.send(checker.check(due));
        });
    }

    fn finish(&mut self, check: FinishedCheck, print: &mut dyn FnMut(&str)) {
        let now_ms = self.now_ms();
        let FinishedCheck {
            estate,
            end,
            made,
            log,
        } = check;
        let overruns = self.scheduler.finish(estate, end, now_ms, (self.random)());
        let next_ms = self.scheduler.next_ms(estate);
        self.state.change(|state| {
            state.has_tried = true;
            let view = self.names.get(estate);
            let Some(view) = view.and_then(|name| state.estates.get_mut(name)) else {
                return;
            };
            view.running_since_ms = None;
            view.next_ms = next_ms;
            view.overruns += overruns;
            if let Some(made) = made {
                view.finish_check(&made.summary);
                for (total, count) in view.opened.iter_mut().zip(made.opened) {
                    *total += count;
                }
                for (total, count) in view.resolved.iter_mut().zip(made.resolved) {
                    *total += count;
                }
            }
        });
        // Behind the change, so that a page which is asked for after the line shows it.
        print(&log);
    }

    /// Shows the next time of an estate.
    fn show_next(&self, estate: usize) {
        let next_ms = self.scheduler.next_ms(estate);
        if let Some(name) = self.names.get(estate) {
            let now_ms = self.now_ms();
            self.state.change(|state| {
                if let Some(view) = state.estates.get_mut(name) {
                    view.next_ms = next_ms;
                    view.running_since_ms = Some(now_ms);
                }
            });
        }
    }
}

/// Waits for a signal to stop.
pub async fn stop_signal(signals: &mut mpsc::UnboundedReceiver<ServiceSignal>) {
    while let Some(signal) = signals.recv().await {
        if signal == ServiceSignal::Stop {
            return;
        }
    }
    // Without a sender, no signal can come.
    std::future::pending::<()>().await;
}
