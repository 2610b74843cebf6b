use std::sync::Arc;
use std::time::Duration;

use proptest::prelude::*;

use super::{Attempts, Backoff, FailureKind, classify};
use crate::credentials::ConfigSource;
use crate::failure::{AttemptError, CallContext};
use crate::remedy::CallRemedy;
use crate::transport::{
    ProxyHint, ProxyRefusal, RedirectSetting, TlsProblem, TlsRemedy, TransportError,
};
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
        problem: None,
        request_id: None,
    };
    let retry_after = retry_after_ms.map(Duration::from_millis);
    let context = CallContext {
        credentials_source: Arc::new(ConfigSource::Keys.into()),
        remedy: CallRemedy::ListRules,
    };
    AttemptError::Refused {
        error,
        problem: None,
        retry_after,
        context,
    }
}

fn transport(error: fn(String, String) -> TransportError, cause: &str) -> AttemptError {
    AttemptError::Transport(error("https://cr.example".to_owned(), cause.to_owned()))
}

fn timeout(to: String, cause: String) -> TransportError {
    let cause = cause.into();
    TransportError::Timeout { to, cause }
}

fn interrupted(to: String, cause: String) -> TransportError {
    let cause = cause.into();
    TransportError::Interrupted { to, cause }
}

fn connect(to: String, cause: String) -> TransportError {
    let cause = cause.into();
    TransportError::Connect { to, cause }
}

fn resolve(to: String, cause: String) -> TransportError {
    let cause = cause.into();
    TransportError::Resolve { to, cause }
}

fn tls(to: String, cause: String) -> TransportError {
    TransportError::Tls {
        to,
        problem: TlsProblem::Other(cause),
        proxy: None,
        remedy: TlsRemedy::Endpoint,
    }
}

fn proxy(proxy: String, _: String) -> TransportError {
    let refusal = ProxyRefusal::Required {
        variable: "HTTPS_PROXY",
        cause: "HTTP 407",
    };
    TransportError::ProxyAuth { proxy, refusal }
}

fn proxy_refusal(to: String, address: String) -> TransportError {
    let proxy = ProxyHint {
        variable: "HTTPS_PROXY",
        address,
    };
    TransportError::ProxyDenial { to, proxy }
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
                setting: RedirectSetting::Endpoint,
            }),
            1,
        ),
        (
            AttemptError::Transport(TransportError::TooLarge {
                to: to(),
                limit: 32,
            }),
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
