//! `crdrift watch --once`: every estate of the file, or of its shard, once.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, mpsc};

use tokio::runtime::Runtime;

use super::checker::Checker;
use super::delivery;
use crate::cli::args::WatchArgs;
use crate::cli::failure::Failure;
use crate::cli::runtime::{block_on, listen, runtime};
use crate::cli::{Context, Exit};
use crate::report::Outcome;
use crate::rules::WatchFile;
use crate::source::{pluralize, sanitize_line};
use crate::store::StoreAccess;
use crate::watch::{DueCheck, EstateChecker, FinishedCheck};

/// Checks the estates of a process, and returns the exit of the worst one.
pub(super) fn run(
    checker: &Arc<Checker>,
    file: &WatchFile,
    args: &WatchArgs,
    context: &mut Context,
) -> Result<Exit, Failure> {
    let signals = stop_on_signal(checker)?;
    let count = checker.estates.len();
    let next = AtomicUsize::new(0);
    let slot_ms = context.now_ms();
    let mut counts = ExitCounts::default();
    let (send, finished) = mpsc::channel();
    std::thread::scope(|scope| {
        for _ in 0..args.checks.get().min(count) {
            let (send, next) = (send.clone(), &next);
            scope.spawn(move || {
                loop {
                    let estate = next.fetch_add(1, Ordering::Relaxed);
                    if estate >= count {
                        return;
                    }
                    let check = checker.check(DueCheck { estate, slot_ms });
                    if send.send(check).is_err() {
                        return;
                    }
                }
            });
        }
        drop(send);
        for check in finished {
            print_check(checker, &check, context);
            counts.add(&check);
        }
    });
    signals.shutdown_background();
    checker.release();
    if checker.is_stopping() {
        return Err(Failure::interrupted());
    }
    counts.refused = notify(checker, file, context)?;
    let exit = counts.exit(args.drift_exit_code);
    context.finish(&counts.reason(count), exit);
    Ok(exit)
}

/// Stops the checks at the first signal: the readings of this process hear of it, the checks behind them do not.
fn stop_on_signal(checker: &Arc<Checker>) -> Result<Runtime, Failure> {
    let runtime = runtime()?;
    let mut signals = runtime.block_on(async { listen() })?;
    let checker = Arc::clone(checker);
    runtime.spawn(async move {
        signals.received().await;
        checker.stop();
    });
    Ok(runtime)
}

/// Sends the notifications of the checks. Returns the number of messages that a target did not take.
fn notify(checker: &Checker, file: &WatchFile, context: &mut Context) -> Result<usize, Failure> {
    if file.targets.is_empty() {
        return Ok(0);
    }
    let deliverer = delivery::deliverer(
        checker.settings.clone(),
        delivery::opener(&checker.url, StoreAccess::Write, &checker.shared),
        (&checker.holder, &checker.shared),
    );
    let estates: Vec<String> = checker.estates.iter().map(|it| it.name.clone()).collect();
    let now_ms = context.now_ms();
    let send = delivery::send_once(&deliverer, file, (&estates, now_ms));
    let sent = block_on(send)?;
    for line in &sent.refused {
        context.eprint(&format!("not notified: {}\n", sanitize_line(line)));
    }
    if sent.waiting > 0 {
        let messages = pluralize(sent.waiting as u64, "message");
        context.eprint(&format!("crdrift: {messages} left for the next run\n"));
    }
    Ok(sent.refused.len())
}

/// Prints the messages of a check to standard error, and its result to standard output.
fn print_check(checker: &Checker, check: &FinishedCheck, context: &mut Context) {
    context.eprint_lines(&check.log);
    let Some(estate) = checker.estates.get(check.estate) else {
        return;
    };
    let name = sanitize_line(&estate.name);
    let line = match &check.made {
        Some(made) => {
            let last = &made.summary.last;
            let reason = sanitize_line(&last.reason).into_owned();
            format!("{name}: {}: {reason}\n", last.outcome.as_str())
        }
        // The messages have the reason.
        None if !check.log.is_empty() => format!("{name}: not checked\n"),
        None => format!("{name}: not checked: another process has its lease\n"),
    };
    // A reader that closed the pipe still has the exit code.
    let _ = context.print(&line);
}

/// The estates by what they mean for the exit code.
#[derive(Debug, Default)]
struct ExitCounts {
    failed: usize,
    incomplete: usize,
    drift: usize,
    /// The messages that a target did not take.
    refused: usize,
}

impl ExitCounts {
    fn add(&mut self, check: &FinishedCheck) {
        match &check.made {
            None => self.incomplete += 1,
            Some(made) if !made.is_recorded => self.failed += 1,
            Some(made) => match made.summary.last.outcome {
                Outcome::InSync | Outcome::Passed => {}
                Outcome::Drift | Outcome::Findings => self.drift += 1,
                Outcome::Incomplete => self.incomplete += 1,
                Outcome::Failed => self.failed += 1,
            },
        }
    }

    /// Failed beats incomplete, incomplete beats drift.
    const fn exit(&self, drift_exit_code: u8) -> Exit {
        match (self.failed + self.refused, self.incomplete, self.drift) {
            (0, 0, 0) => Exit::Success,
            (0, 0, _) => Exit::Drift(drift_exit_code),
            (0, _, _) => Exit::Incomplete,
            (_, _, _) => Exit::Failed,
        }
    }

    fn reason(&self, count: usize) -> String {
        let parts: Vec<String> = [
            (self.failed, "failed"),
            (self.incomplete, "incomplete"),
            (self.drift, "with drift or findings"),
            (self.refused, "messages not delivered"),
        ]
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| format!("{count} {what}"))
        .collect();
        let estates = pluralize(count as u64, "estate");
        if parts.is_empty() {
            format!("{estates} checked, all passed")
        } else {
            format!("{estates} checked: {}", parts.join(", "))
        }
    }
}
