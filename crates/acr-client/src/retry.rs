//! When to ask again, and how long to wait before: decisions, no clock and no network.

use std::time::Duration;

use acr_api::ErrorKind;

use super::failure::AttemptError;

/// Failures of a doubtful kind after which a call gives up: a name that does not resolve rarely does a minute later.
const DOUBTS: u32 = 6;

/// The longest wait, as a part of the time waited so far. Waits that grow with it keep the number of attempts low in
/// budgets of any length.
const GROWTH: u32 = 4;

/// Exponential waits with full jitter: between nothing and the step, so that requests which failed together
/// do not come back together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Backoff {
    /// The first step; each further one is twice as long.
    pub base: Duration,
    /// The longest step, until a call has waited several times as long.
    pub cap: Duration,
    /// Failures that are not throttling after which a call gives up, however much time is left. Throttling ends with
    /// the time budget only: the service is there and says when to come back.
    pub faults: u32,
}

impl Default for Backoff {
    fn default() -> Self {
        Self {
            base: Duration::from_millis(200),
            cap: Duration::from_secs(10),
            faults: 1_000,
        }
    }
}

impl Backoff {
    /// Returns the wait after so many failures (from 1) and so much waiting; the low 32 bits of `random` choose within
    /// the step.
    fn wait(self, failures: u32, waited: Duration, random: u128) -> Duration {
        let doubled = 2_u32.saturating_pow(failures.saturating_sub(1));
        let step = self
            .base
            .saturating_mul(doubled)
            .min(self.cap.max(waited / GROWTH));
        let chosen = u32::try_from(random & u128::from(u32::MAX)).unwrap_or(u32::MAX);
        step.mul_f64(f64::from(chosen) / f64::from(u32::MAX))
    }
}

/// What an attempt's failure asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Wait as long as the service says, or as the back-off does.
    Throttled(Option<Duration>),
    /// It may pass: wait, until the patience ends.
    Fault,
    /// It rarely passes: wait a few times.
    Doubtful,
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
    /// How long they waited for faults to pass.
    waited: Duration,
    clock_corrected: bool,
    token_renewed: bool,
}

impl Attempts {
    /// How many there were, all failed.
    pub(super) fn count(&self) -> u32 {
        self.faults
            + self.throttled
            + u32::from(self.clock_corrected)
            + u32::from(self.token_renewed)
    }

    /// Takes a failure in. Returns the wait before the next attempt, or `None` where there should be none; `patience` is
    /// the time in which faults may still pass.
    pub(super) fn after(
        &mut self,
        error: &AttemptError,
        backoff: Backoff,
        patience: Duration,
        random: u128,
    ) -> Option<Duration> {
        let most = match kind(error) {
            Kind::Throttled(asked) => {
                self.throttled = self.throttled.saturating_add(1);
                let failures = self.faults.saturating_add(self.throttled);
                return Some(
                    asked.unwrap_or_else(|| backoff.wait(failures, Duration::ZERO, random)),
                );
            }
            Kind::Clock if !self.clock_corrected => {
                self.clock_corrected = true;
                return Some(Duration::ZERO);
            }
            Kind::Token if !self.token_renewed => {
                self.token_renewed = true;
                return Some(Duration::ZERO);
            }
            Kind::Fault => backoff.faults,
            Kind::Doubtful => DOUBTS.min(backoff.faults),
            Kind::Clock | Kind::Token | Kind::Final => 0,
        };
        self.faults = self.faults.saturating_add(1);
        if self.faults >= most || patience < backoff.base {
            return None;
        }
        // The last attempt is made when the patience ends.
        let failures = self.faults.saturating_add(self.throttled);
        let wait = backoff.wait(failures, self.waited, random).min(patience);
        self.waited = self.waited.saturating_add(wait);
        Some(wait)
    }
}

fn kind(error: &AttemptError) -> Kind {
    match error {
        // The header's presence makes a throttling of any refusal (SDK behaviour).
        AttemptError::Refused {
            retry_after: Some(wait),
            ..
        } => Kind::Throttled(Some(*wait)),
        AttemptError::Refused { error, .. } => match error.kind() {
            ErrorKind::Throttled => Kind::Throttled(None),
            ErrorKind::Server => Kind::Fault,
            ErrorKind::NonceUsed | ErrorKind::Unreadable => Kind::Doubtful,
            ErrorKind::Clock => Kind::Clock,
            ErrorKind::TokenExpired => Kind::Token,
            _ => Kind::Final,
        },
        AttemptError::Transport(error) if error.is_doubtful() => Kind::Doubtful,
        AttemptError::Transport(error) if error.is_passing() => Kind::Fault,
        AttemptError::Transport(_) | AttemptError::Credentials(_) => Kind::Final,
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use proptest::prelude::*;

    use super::{Attempts, Backoff};
    use crate::failure::{Asked, AttemptError};
    use crate::transport::TransportError;
    use acr_api::ApiError;

    const BACKOFF: Backoff = Backoff {
        base: Duration::from_millis(200),
        cap: Duration::from_secs(10),
        faults: 1_000,
    };

    fn refused(status: u16, code: &str, retry_after_ms: Option<u64>) -> AttemptError {
        let error = ApiError {
            status,
            code: code.to_owned(),
            message: String::new(),
            request_id: None,
        };
        let retry_after = retry_after_ms.map(Duration::from_millis);
        let asked = Asked {
            origin: "".into(),
            needs: "",
        };
        AttemptError::Refused {
            error,
            retry_after,
            asked,
        }
    }

    fn transport(error: fn(String, String) -> TransportError, cause: &str) -> AttemptError {
        AttemptError::Transport(error("https://cr.example".to_owned(), cause.to_owned()))
    }

    fn timeout(to: String, cause: String) -> TransportError {
        TransportError::Timeout { to, cause }
    }

    fn interrupted(to: String, cause: String) -> TransportError {
        TransportError::Interrupted { to, cause }
    }

    fn connect(to: String, cause: String) -> TransportError {
        TransportError::Connect { to, cause }
    }

    fn resolve(to: String, cause: String) -> TransportError {
        TransportError::Resolve { to, cause }
    }

    fn tls(to: String, cause: String) -> TransportError {
        TransportError::Tls {
            to,
            cause,
            help: "",
        }
    }

    fn proxy(proxy: String, problem: String) -> TransportError {
        TransportError::ProxyAuth { proxy, problem }
    }

    fn proxy_refusal(to: String, proxy: String) -> TransportError {
        TransportError::ProxyRefusal { to, proxy }
    }

    #[test]
    fn steps_double_up_to_the_cap_and_grow_with_the_time_waited() {
        let longest = u128::from(u32::MAX);
        let step = |failures, waited| {
            BACKOFF
                .wait(failures, Duration::from_secs(waited), longest)
                .as_millis()
        };
        assert_eq!(
            [1, 2, 3, 6, 7, 40, u32::MAX].map(|failures| step(failures, 0)),
            [200, 400, 800, 6_400, 10_000, 10_000, 10_000]
        );
        assert_eq!(
            [0, 39, 80, 4_000].map(|waited| step(40, waited)),
            [10_000, 10_000, 20_000, 1_000_000]
        );
        assert_eq!(BACKOFF.wait(3, Duration::ZERO, 0), Duration::ZERO);
    }

    proptest! {
        #[test]
        fn a_wait_is_never_longer_than_its_step(failures in 1_u32.., random: u128) {
            prop_assert!(BACKOFF.wait(failures, Duration::ZERO, random) <= BACKOFF.cap);
            prop_assert!(BACKOFF.wait(1, Duration::ZERO, random) <= BACKOFF.base);
        }

        /// Runs a service that is away for some seconds, by a clock that only waits move.
        #[test]
        fn an_outage_is_outlived_while_the_patience_lasts(
            budget in 4_u64..86_400,
            away in 0.0_f64..1.0,
            randoms in prop::collection::vec(any::<u128>(), 32),
        ) {
            let patience = Duration::from_secs(budget).mul_f64(0.75);
            let away = patience.mul_f64(away);
            let (attempts, last) = outage(patience, away, &randoms);
            prop_assert!(last >= away, "gave up after {last:?}");
            prop_assert!(last <= patience);
            prop_assert!(attempts < 250, "{attempts} attempts");
        }
    }

    /// Returns how many attempts a call makes, and when the last one is: the first that the service answers, or the one
    /// with which the call gives up.
    fn outage(patience: Duration, away: Duration, randoms: &[u128]) -> (u32, Duration) {
        let mut attempts = Attempts::default();
        let mut now = Duration::ZERO;
        for random in randoms.iter().cycle() {
            if now >= away {
                break;
            }
            let left = patience.saturating_sub(now);
            match attempts.after(
                &refused(503, "ServiceUnavailable", None),
                BACKOFF,
                left,
                *random,
            ) {
                Some(wait) => now += wait,
                None => break,
            }
        }
        (attempts.count(), now)
    }

    #[test]
    fn attempts_are_spread_over_the_budget() {
        // Of 120 s, the last quarter is kept.
        let patience = Duration::from_secs(90);
        for away in [8, 60, 89] {
            let away = Duration::from_secs(away);
            for random in [
                u128::from(u32::MAX),
                u128::from(u32::MAX / 2),
                u128::from(u32::MAX / 10),
            ] {
                let (attempts, last) = outage(patience, away, &[random]);
                assert!(
                    last >= away && attempts <= 130,
                    "{away:?}: {attempts} attempts until {last:?}"
                );
            }
        }
        let (attempts, last) = outage(patience, Duration::from_secs(8), &[u128::from(u32::MAX)]);
        assert!(
            attempts <= 8 && last < Duration::from_secs(14),
            "{attempts} attempts until {last:?}"
        );
        let (attempts, last) = outage(patience, Duration::MAX, &[u128::from(u32::MAX)]);
        assert!(
            attempts <= 16 && last == patience,
            "{attempts} attempts until {last:?}"
        );
    }

    #[test]
    fn what_cannot_pass_is_not_tried_again() {
        let to = || "https://cr.example".to_owned();
        let attempts = [
            (refused(403, "NoPrivilege", None), 1),
            (refused(403, "HTTP 403", None), 1),
            (refused(401, "AuthenticationFail.NoPermission", None), 1),
            (refused(407, "HTTP 407", None), 1),
            (refused(400, "MissingInstanceId", None), 1),
            (refused(400, "SignatureDoesNotMatch", None), 1),
            (refused(404, "InvalidAccessKeyId.NotFound", None), 1),
            (refused(400, "InvalidAccessKeyId.Inactive", None), 1),
            (refused(400, "InvalidSecurityToken.Malformed", None), 1),
            (refused(200, "INSTANCE_NOT_EXIST", None), 1),
            (refused(200, "success", None), 1),
            (
                AttemptError::Transport(TransportError::Redirect {
                    from: to(),
                    to: to(),
                    setting: "",
                }),
                1,
            ),
            (
                AttemptError::Transport(TransportError::TooLarge { to: to() }),
                1,
            ),
            (
                AttemptError::Transport(TransportError::NotHttp { to: to() }),
                1,
            ),
            (transport(tls, ""), 1),
            (transport(proxy, ""), 1),
            (transport(proxy_refusal, ""), 1),
            (refused(400, "InvalidTimeStamp.Expired", None), 2),
            (refused(400, "InvalidSecurityToken.Expired", None), 2),
            (refused(400, "SignatureNonceUsed", None), 6),
            (refused(200, "UnreadableAnswer", None), 6),
            (
                transport(
                    resolve,
                    "failed to lookup address information: Name or service not known",
                ),
                6,
            ),
            // What may pass is tried while the patience lasts.
            (refused(500, "SystemError", None), 50),
            (refused(502, "HTTP 502", None), 50),
            (transport(timeout, ""), 50),
            (transport(interrupted, ""), 50),
            (transport(connect, ""), 50),
            (
                transport(
                    resolve,
                    "failed to lookup address information: Temporary failure in name resolution",
                ),
                50,
            ),
            // Throttling ends with the time budget only.
            (refused(400, "Throttling.User", None), 50),
            (refused(429, "HTTP 429", None), 50),
            (refused(403, "NoPrivilege", Some(1)), 50),
        ];
        for (error, expected) in attempts {
            let mut attempts = Attempts::default();
            while attempts
                .after(&error, BACKOFF, Duration::from_secs(90), 0)
                .is_some()
                && attempts.count() < 50
            {}
            assert_eq!(attempts.count(), expected, "{error:?}");
            let mut attempts = Attempts::default();
            let few = Backoff {
                faults: 6,
                ..BACKOFF
            };
            while attempts
                .after(&error, few, Duration::from_secs(90), 0)
                .is_some()
                && attempts.count() < 50
            {}
            assert!(
                attempts.count() <= 6 || matches!(super::kind(&error), super::Kind::Throttled(_)),
                "{error:?}"
            );
        }
    }

    #[test]
    fn the_service_says_how_long_to_wait() {
        let wait = |milliseconds| {
            let error = refused(429, "Throttling", milliseconds);
            Attempts::default().after(&error, BACKOFF, Duration::from_secs(90), u128::MAX)
        };
        assert_eq!(wait(Some(1_500)), Some(Duration::from_millis(1_500)));
        assert_eq!(
            wait(Some(u64::MAX)),
            Some(Duration::from_millis(u64::MAX)),
            "the budget is the bound"
        );
        assert_eq!(wait(None), Some(Duration::from_millis(200)));
    }
}
