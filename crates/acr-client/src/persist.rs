//! Attempting something until it succeeds, cannot succeed, or the time budget ends.

use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::failure::{AttemptError, CallError, End};
use super::options::{Budget, Outside};
use super::retry::{Attempts, Backoff};

/// How long and how patiently.
#[derive(Debug, Clone, Copy)]
pub(super) struct Persistence<'a> {
    pub(super) budget: Budget,
    pub(super) backoff: Backoff,
    pub(super) outside: &'a Outside,
}

impl Persistence<'_> {
    /// Attempts it. Each attempt is to be made anew: dated, signed, and with a nonce of its own.
    pub(super) async fn attempt<T>(
        self,
        mut attempt: impl AsyncFnMut() -> Result<T, AttemptError>,
    ) -> Result<T, CallError> {
        let Self {
            budget,
            backoff,
            outside,
        } = self;
        let started = Instant::now();
        let mut attempts = Attempts::default();
        let mut last = None;
        loop {
            let end = match budget.within(attempt()).await {
                None => End::OutOfTime(budget.total()),
                Some(Ok(value)) => return Ok(value),
                Some(Err(error)) => {
                    let wait =
                        attempts.after(&error, backoff, budget.patience(), (outside.random)());
                    last = Some(error);
                    let left = budget.left();
                    match wait {
                        Some(wait) if wait <= left => {
                            pause(wait).await;
                            continue;
                        }
                        Some(wait) => End::WaitTooLong { wait, left },
                        None => End::GaveUp,
                    }
                }
            };
            return Err(CallError {
                last,
                attempts: attempts.count(),
                elapsed: started.elapsed(),
                end,
            });
        }
    }
}

/// A timer rounds up to its next tick; no wait at all is cheaper.
async fn pause(wait: Duration) {
    if !wait.is_zero() {
        sleep(wait).await;
    }
}
