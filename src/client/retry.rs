//! When to ask again, and how long to wait before: decisions, no clock and no network.

use std::time::Duration;

use super::failure::AttemptError;
use crate::acr::ErrorKind;

/// The longest wait a service may ask for; the SDKs' limit for `x-acs-retry-after`.
const LONGEST_WAIT: Duration = Duration::from_secs(120);

/// Failures that are not throttling after which a call gives up. Throttling alone ends with the time budget:
/// the service is there and says when to come back.
const FAULTS: u32 = 6;

/// Exponential waits with full jitter: between nothing and the step, so that requests which failed together
/// do not come back together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Backoff {
    /// The first step; each further one is twice as long.
    pub base: Duration,
    /// The longest step.
    pub cap: Duration,
}

impl Default for Backoff {
    fn default() -> Self {
        Self { base: Duration::from_millis(200), cap: Duration::from_secs(10) }
    }
}

impl Backoff {
    /// The wait after so many failures (from 1); the low 32 bits of `random` choose within the step.
    fn wait(self, failures: u32, random: u128) -> Duration {
        let doubled = 2_u32.saturating_pow(failures.saturating_sub(1));
        let step = self.base.saturating_mul(doubled).min(self.cap);
        let chosen = u32::try_from(random & u128::from(u32::MAX)).unwrap_or(u32::MAX);
        step.mul_f64(f64::from(chosen) / f64::from(u32::MAX))
    }
}

/// What an attempt's failure asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Wait as long as the service says, or as the back-off does.
    Throttled(Option<Duration>),
    /// Wait and hope.
    Fault,
    /// The clock's offset was corrected: ask again, once.
    Clock,
    /// The token was dropped, the next attempt fetches another: ask again, once.
    Token,
    /// Asking again would bring the same answer.
    Final,
}

/// The attempts of one call so far.
#[derive(Debug, Default)]
pub(super) struct Attempts {
    faults: u32,
    throttled: u32,
    clock_corrected: bool,
    token_renewed: bool,
}

impl Attempts {
    /// How many there were, all failed.
    pub(super) fn count(&self) -> u32 {
        self.faults + self.throttled + u32::from(self.clock_corrected) + u32::from(self.token_renewed)
    }

    /// Takes a failure in; says how long to wait before the next attempt, or `None` where there should be none.
    pub(super) fn after(&mut self, error: &AttemptError, backoff: Backoff, random: u128) -> Option<Duration> {
        let again = match kind(error) {
            Kind::Throttled(asked) => {
                self.throttled = self.throttled.saturating_add(1);
                return Some(asked.unwrap_or_else(|| backoff.wait(self.faults + self.throttled, random)));
            }
            Kind::Clock if !self.clock_corrected => {
                self.clock_corrected = true;
                return Some(Duration::ZERO);
            }
            Kind::Token if !self.token_renewed => {
                self.token_renewed = true;
                return Some(Duration::ZERO);
            }
            Kind::Fault => true,
            Kind::Clock | Kind::Token | Kind::Final => false,
        };
        self.faults += 1;
        (again && self.faults < FAULTS).then(|| backoff.wait(self.faults + self.throttled, random))
    }
}

fn kind(error: &AttemptError) -> Kind {
    match error {
        // The header's presence makes a throttling of any refusal (SDK behaviour).
        AttemptError::Refused { retry_after: Some(wait), .. } => Kind::Throttled(Some((*wait).min(LONGEST_WAIT))),
        AttemptError::Refused { error, .. } => match error.kind() {
            ErrorKind::Throttled => Kind::Throttled(None),
            ErrorKind::Server | ErrorKind::NonceUsed | ErrorKind::Unreadable => Kind::Fault,
            ErrorKind::Clock => Kind::Clock,
            ErrorKind::TokenExpired => Kind::Token,
            _ => Kind::Final,
        },
        AttemptError::Transport(error) if error.is_passing() => Kind::Fault,
        AttemptError::Transport(_) | AttemptError::Credentials(_) => Kind::Final,
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use proptest::prelude::*;

    use super::{Attempts, Backoff};
    use crate::acr::ApiError;
    use crate::client::failure::{Asked, AttemptError};
    use crate::client::transport::TransportError;

    const BACKOFF: Backoff = Backoff { base: Duration::from_millis(200), cap: Duration::from_secs(10) };

    fn refused(status: u16, code: &str, retry_after_ms: Option<u64>) -> AttemptError {
        let error = ApiError { status, code: code.to_owned(), message: String::new(), request_id: None };
        let retry_after = retry_after_ms.map(Duration::from_millis);
        let asked = Asked { origin: "".into(), needs: "" };
        AttemptError::Refused { error, retry_after, asked }
    }

    #[test]
    fn steps_double_up_to_the_cap() {
        let longest = u128::from(u32::MAX);
        let steps = [1, 2, 3, 6, 7, 40, u32::MAX].map(|failures| BACKOFF.wait(failures, longest).as_millis());
        assert_eq!(steps, [200, 400, 800, 6_400, 10_000, 10_000, 10_000]);
        assert_eq!(BACKOFF.wait(3, 0), Duration::ZERO);
    }

    proptest! {
        #[test]
        fn a_wait_is_never_longer_than_its_step(failures in 1_u32.., random: u128) {
            prop_assert!(BACKOFF.wait(failures, random) <= BACKOFF.cap);
            prop_assert!(BACKOFF.wait(1, random) <= BACKOFF.base);
        }
    }

    #[test]
    fn what_cannot_pass_is_not_tried_again() {
        let to = || "https://cr.example".to_owned();
        let attempts = [
            (refused(403, "NoPrivilege", None), 1),
            (refused(400, "MissingInstanceId", None), 1),
            (refused(400, "SignatureDoesNotMatch", None), 1),
            (refused(404, "InvalidAccessKeyId.NotFound", None), 1),
            (refused(200, "INSTANCE_NOT_EXIST", None), 1),
            (refused(200, "success", None), 1),
            (AttemptError::Transport(TransportError::Redirect { from: to(), to: to() }), 1),
            (AttemptError::Transport(TransportError::TooLarge { to: to() }), 1),
            (refused(400, "InvalidTimeStamp.Expired", None), 2),
            (refused(400, "InvalidSecurityToken.Expired", None), 2),
            (refused(500, "SystemError", None), 6),
            (refused(502, "HTTP 502", None), 6),
            (refused(400, "SignatureNonceUsed", None), 6),
            (refused(200, "UnreadableAnswer", None), 6),
            (AttemptError::Transport(TransportError::Timeout { to: to(), cause: String::new() }), 6),
            (AttemptError::Transport(TransportError::Interrupted { to: to(), cause: String::new() }), 6),
            // Throttling ends with the time budget only.
            (refused(400, "Throttling.User", None), 50),
            (refused(429, "HTTP 429", None), 50),
            (refused(403, "NoPrivilege", Some(1)), 50),
        ];
        for (error, expected) in attempts {
            let mut attempts = Attempts::default();
            while attempts.after(&error, BACKOFF, 0).is_some() && attempts.count() < 50 {}
            assert_eq!(attempts.count(), expected, "{error:?}");
        }
    }

    #[test]
    fn the_service_says_how_long_to_wait() {
        let wait =
            |milliseconds| Attempts::default().after(&refused(429, "Throttling", milliseconds), BACKOFF, u128::MAX);
        assert_eq!(wait(Some(1_500)), Some(Duration::from_millis(1_500)));
        assert_eq!(wait(Some(u64::MAX)), Some(Duration::from_secs(120)));
        assert_eq!(wait(None), Some(Duration::from_millis(200)));
    }
}
