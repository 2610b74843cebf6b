//! Repeats an attempt until it succeeds, a retry cannot help, or the time budget ends.

use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::budget::Budget;
use super::call_failure::StopReason;
use super::environment::Environment;
use super::failure::{AttemptError, CallError};
use super::request_log::Attempt;
use super::retry::{Attempts, Backoff};

/// The time budget and the waits of a retry loop.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RetryPolicy<'a> {
    pub(crate) budget: Budget,
    pub(crate) backoff: Backoff,
    pub(crate) environment: &'a Environment,
}

impl RetryPolicy<'_> {
    /// Repeats `attempt`, which dates and signs each request again, with a nonce of its own.
    pub(crate) async fn run<T>(
        self,
        mut attempt: impl AsyncFnMut(Attempt) -> Result<T, AttemptError>,
    ) -> Result<T, CallError> {
        let Self {
            budget,
            backoff,
            environment,
        } = self;
        let started = Instant::now();
        let mut attempts = Attempts::default();
        let mut last = None;
        let mut next = Attempt {
            number: 1,
            wait: Duration::ZERO,
        };
        let reason = loop {
            let error = match budget.within(attempt(next)).await {
                Some(Ok(value)) => return Ok(value),
                // The failure of the request before says more than the wait of one that was not sent.
                Some(Err(AttemptError::NoTurn(_))) if last.is_some() => {
                    break StopReason::OutOfTime(budget.total());
                }
                Some(Err(error)) => error,
                None => {
                    attempts.record_interrupted();
                    break StopReason::OutOfTime(budget.total());
                }
            };
            let random = (environment.random)();
            let wait = attempts.next_wait(&error, backoff, budget.retry_time(), random);
            last = Some(error);
            let left = budget.left();
            match wait {
                Some(wait) if wait <= left => {
                    pause(wait).await;
                    next = Attempt {
                        number: next.number.saturating_add(1),
                        wait,
                    };
                }
                Some(wait) => break StopReason::WaitTooLong { wait, left },
                None => break StopReason::GaveUp,
            }
        };
        Err(CallError {
            last,
            attempts: attempts.count(),
            elapsed: started.elapsed(),
            reason,
        })
    }
}

/// Waits, if there is anything to wait for: a timer of zero still rounds up to its next tick.
async fn pause(wait: Duration) {
    if !wait.is_zero() {
        sleep(wait).await;
    }
}
