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
        AttemptError::Transport(_) | AttemptError::Credentials(_) => FailureKind::Permanent,
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use proptest::prelude::*;

    use super::{Attempts, Backoff, FailureKind, classify};
    use crate::failure::{AttemptError, CallContext};
    use crate::transport::TransportError;
    use acr_api::ApiError;

    const BACKOFF: Backoff = Backoff {
        base: Duration::from_millis(200),
        cap: Duration::from_secs(10),
        max_failures: 1_000,
    };

    fn refused(status: u16, code: &str, retry_after_ms: Option<u64>) -> AttemptError {
        let error = ApiError {
            status,
            code: code.to_owned(),
            message: String::new(),
            request_id: None,
        };
        let retry_after = retry_after_ms.map(Duration::from_millis);
        let context = CallContext {
            credentials_source: "".into(),
            remedy: "",
        };
        AttemptError::Refused {
            error,
            retry_after,
            context,
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
    fn steps_double_up_to_the_cap_and_grow_with_the_total_wait() {
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
        fn a_wait_is_at_most_its_step(failures in 1_u32.., random: u128) {
            prop_assert!(BACKOFF.wait(failures, Duration::ZERO, random) <= BACKOFF.cap);
            prop_assert!(BACKOFF.wait(1, Duration::ZERO, random) <= BACKOFF.base);
        }

        /// Simulates an outage of some seconds, with a clock that only waits advance.
        #[test]
        fn a_call_survives_an_outage_within_its_retry_time(
            budget in 4_u64..86_400,
            away in 0.0_f64..1.0,
            randoms in prop::collection::vec(any::<u128>(), 32),
        ) {
            let retry_time = Duration::from_secs(budget).mul_f64(0.75);
            let away = retry_time.mul_f64(away);
            let (attempts, last) = outage(retry_time, away, &randoms);
            prop_assert!(last >= away, "gave up after {last:?}");
            prop_assert!(last <= retry_time);
            prop_assert!(attempts < 250, "{attempts} attempts");
        }
    }

    /// Returns the number of attempts of a call, and the time of the last one: the first after the outage, or the one
    /// after which the call gives up.
    fn outage(retry_time: Duration, away: Duration, randoms: &[u128]) -> (u32, Duration) {
        let mut attempts = Attempts::default();
        let mut now = Duration::ZERO;
        for random in randoms.iter().cycle() {
            if now >= away {
                break;
            }
            let left = retry_time.saturating_sub(now);
            match attempts.next_wait(
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
        // The last quarter of 120 s is reserved.
        let retry_time = Duration::from_secs(90);
        for away in [8, 60, 89] {
            let away = Duration::from_secs(away);
            for random in [
                u128::from(u32::MAX),
                u128::from(u32::MAX / 2),
                u128::from(u32::MAX / 10),
            ] {
                let (attempts, last) = outage(retry_time, away, &[random]);
                assert!(
                    last >= away && attempts <= 130,
                    "{away:?}: {attempts} attempts until {last:?}"
                );
            }
        }
        let (attempts, last) = outage(retry_time, Duration::from_secs(8), &[u128::from(u32::MAX)]);
        assert!(
            attempts <= 8 && last < Duration::from_secs(14),
            "{attempts} attempts until {last:?}"
        );
        let (attempts, last) = outage(retry_time, Duration::MAX, &[u128::from(u32::MAX)]);
        assert!(
            attempts <= 16 && last == retry_time,
            "{attempts} attempts until {last:?}"
        );
    }

    #[test]
    fn only_temporary_failures_are_retried() {
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
            // Temporary failures are retried while the retry time lasts.
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
            // Throttled calls are retried until the time budget ends.
            (refused(400, "Throttling.User", None), 50),
            (refused(429, "HTTP 429", None), 50),
            (refused(403, "NoPrivilege", Some(1)), 50),
        ];
        for (error, expected) in attempts {
            let mut attempts = Attempts::default();
            while attempts
                .next_wait(&error, BACKOFF, Duration::from_secs(90), 0)
                .is_some()
                && attempts.count() < 50
            {}
            assert_eq!(attempts.count(), expected, "{error:?}");
            let mut attempts = Attempts::default();
            let few = Backoff {
                max_failures: 6,
                ..BACKOFF
            };
            while attempts
                .next_wait(&error, few, Duration::from_secs(90), 0)
                .is_some()
                && attempts.count() < 50
            {}
            assert!(
                attempts.count() <= 6 || matches!(classify(&error), FailureKind::Throttled(_)),
                "{error:?}"
            );
        }
    }

    #[test]
    fn the_service_may_set_the_wait() {
        let wait = |milliseconds| {
            let error = refused(429, "Throttling", milliseconds);
            Attempts::default().next_wait(&error, BACKOFF, Duration::from_secs(90), u128::MAX)
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
