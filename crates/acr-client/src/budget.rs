//! The time budget of a run.

use std::future::Future;
use std::time::Duration;

use tokio::time::{Instant, timeout_at};

/// The longest budget. A longer one could overflow the clock.
const MAX_TOTAL: Duration = Duration::from_secs(365 * 24 * 3600);

/// The time that a run may take. An instance that is not read when it ends is incomplete.
#[derive(Debug, Clone, Copy)]
pub struct Budget {
    total: Duration,
    end: Instant,
}

impl Budget {
    /// Returns a budget that starts now.
    #[must_use]
    pub fn starting_now(total: Duration) -> Self {
        let total = total.min(MAX_TOTAL);
        Self {
            total,
            end: Instant::now() + total,
        }
    }

    /// Returns the whole budget.
    pub(crate) const fn total(&self) -> Duration {
        self.total
    }

    /// Returns the time that is left.
    #[must_use]
    pub fn left(&self) -> Duration {
        self.end.saturating_duration_since(Instant::now())
    }

    /// Returns the time that may be spent on waits for temporary failures. The last quarter of the budget is reserved
    /// for the requests that confirm the listings of the other instances.
    pub(crate) fn retry_time(&self) -> Duration {
        self.left().saturating_sub(self.total / 4)
    }

    /// Runs a future until the budget ends; `None` if it did not finish in time. After the end it is not started: a
    /// timer that is due fires up to 1 ms late, and a request to a near server could be answered before it.
    pub(crate) async fn within<T>(&self, work: impl Future<Output = T>) -> Option<T> {
        if self.left().is_zero() {
            return None;
        }
        timeout_at(self.end, work).await.ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn nothing_starts_after_the_end() {
        let ended = Budget::starting_now(Duration::ZERO);
        let mut is_started = false;
        let outcome = ended.within(async { is_started = true }).await;
        assert_eq!((outcome, is_started), (None, false));
    }

    #[tokio::test]
    async fn work_that_is_ready_is_finished_before_the_end() {
        let budget = Budget::starting_now(Duration::from_secs(60));
        assert_eq!(budget.within(async { 7 }).await, Some(7));
    }
}
