//! Decides whether and when to retry a failed attempt, without a clock or network of its own.

use std::time::Duration;

use acr_api::ErrorKind;

use super::failure::AttemptError;

/// The limit of retries for failures that are rarely temporary, such as an unknown host name.
const MAX_RARELY_TEMPORARY: u32 = 6;

/// The longest wait is this fraction of the total wait so far, so that long budgets do not need many attempts.
const TOTAL_WAIT_FRACTION: u32 = 4;

/// Exponential waits with full jitter: a random time up to a step, so that requests that failed together are not
/// retried together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Backoff {
    /// The first step; each further step is twice as long.
    pub base: Duration,
    /// The longest step, until a call has waited several times as long.
    pub cap: Duration,
    /// The number of failures, throttling excluded, after which a call gives up even if time is left. Throttled calls
    /// are retried until the time budget ends, since the service is available.
    pub max_failures: u32,
}

impl Default for Backoff {
    fn default() -> Self {
        Self {
            base: Duration::from_millis(200),
            cap: Duration::from_secs(10),
            max_failures: 1_000,
        }
    }
}

impl Backoff {
    /// Returns the wait after a number of failures, from 1, and a total wait. The low 32 bits of `random` select the
    /// time within the step.
    fn wait(self, failures: u32, total_wait: Duration, random: u128) -> Duration {
        let doubled = 2_u32.saturating_pow(failures.saturating_sub(1));
        let longest = self.cap.max(total_wait / TOTAL_WAIT_FRACTION);
        let step = self.base.saturating_mul(doubled).min(longest);
        let selected = u32::try_from(random & u128::from(u32::MAX)).unwrap_or(u32::MAX);
        step.mul_f64(f64::from(selected) / f64::from(u32::MAX))
    }
}

/// The classes of failures that are retried differently.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum FailureKind {
    /// Wait as long as the service asks for, or else by the backoff.
    Throttled(Option<Duration>),
    /// Retry until the retry time ends.
    Temporary,
    /// Retry a few times.
    RarelyTemporary,
    /// Retry once: the date of requests was corrected.
    Clock,
    /// Retry once: the token was dropped, and the next attempt fetches another.
    Token,
    /// Do not retry.
    Permanent,
}

/// The attempts of one call.
#[derive(Debug, Default)]
pub(crate) struct Attempts {
    failed: u32,
    throttled: u32,
    /// The total wait after failures other than throttling.
    total_wait: Duration,
    clock_corrected: bool,
    token_renewed: bool,
}

impl Attempts {
    /// Returns the number of attempts.
    pub(crate) fn count(&self) -> u32 {
        self.failed
            + self.throttled
            + u32::from(self.clock_corrected)
            + u32::from(self.token_renewed)
    }

    /// Records an attempt that the end of the time interrupts.
    pub(crate) fn record_interrupted(&mut self) {
        self.failed = self.failed.saturating_add(1);
    }

    /// Records a failure and returns the wait before the next attempt; `None` if there should be none. `retry_time` is
    /// the time that is left for waits, except those of throttling.
    pub(crate) fn next_wait(
        &mut self,
        error: &AttemptError,
        backoff: Backoff,
        retry_time: Duration,
        random: u128,
    ) -> Option<Duration> {
        let max_failures = match classify(error) {
            FailureKind::Throttled(requested) => {
                self.throttled = self.throttled.saturating_add(1);
                let failures = self.failed.saturating_add(self.throttled);
                return requested.or_else(|| Some(backoff.wait(failures, Duration::ZERO, random)));
            }
            FailureKind::Clock if !self.clock_corrected => {
                self.clock_corrected = true;
                return Some(Duration::ZERO);
            }
            FailureKind::Token if !self.token_renewed => {
                self.token_renewed = true;
                return Some(Duration::ZERO);
            }
            FailureKind::Temporary => backoff.max_failures,
            FailureKind::RarelyTemporary => MAX_RARELY_TEMPORARY.min(backoff.max_failures),
            FailureKind::Clock | FailureKind::Token | FailureKind::Permanent => 0,
        };
        self.failed = self.failed.saturating_add(1);
        if self.failed >= max_failures || retry_time < backoff.base {
            return None;
        }
        let failures = self.failed.saturating_add(self.throttled);
        // The last attempt is made at the end of the retry time.
        let wait = backoff
            .wait(failures, self.total_wait, random)
            .min(retry_time);
        self.total_wait = self.total_wait.saturating_add(wait);
        Some(wait)
    }
}

fn classify(error: &AttemptError) -> FailureKind {
    match error {
        // Any refusal with the header counts as throttling, as in the SDKs.
        AttemptError::Refused {
            retry_after: Some(wait),
            ..
        } => FailureKind::Throttled(Some(*wait)),
        AttemptError::Refused { error, .. } => match error.kind() {
            ErrorKind::Throttled => FailureKind::Throttled(None),
            ErrorKind::Server => FailureKind::Temporary,
            ErrorKind::NonceUsed | ErrorKind::Unreadable => FailureKind::RarelyTemporary,
            ErrorKind::Clock => FailureKind::Clock,
            ErrorKind::TokenExpired => FailureKind::Token,
            _ => FailureKind::Permanent,
        },
        AttemptError::Transport(error) if error.is_rarely_temporary() => {
            FailureKind::RarelyTemporary
        }
        AttemptError::Transport(error) if error.is_temporary() => FailureKind::Temporary,
        AttemptError::Transport(_) | AttemptError::Credentials(_) | AttemptError::NoTurn(_) => {
            FailureKind::Permanent
        }
    }
}

#[cfg(test)]
mod tests;
