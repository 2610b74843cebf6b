//! Each error has the message with its English text, and a Chinese one.

mod credentials;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use acr_client::credentials::{ConfigSource, CredentialsOrigin, ResponseProblem};
use acr_client::{
    CaFileProblem, CallAdvice, CallFailure, CallRemedy, ConnectionCause, EndpointError,
    EndpointProblem, EventProblem, FailureCause, FileError, ListingContradiction, ListingProblem,
    ProxyError, ProxyHint, ProxyProblem, ProxyRefusal, RedirectSetting, RefusedCall, RequestQueue,
    RetrySummary, SetupError, StopReason, SystemFailure, TlsProblem, TlsRemedy, TransportError,
};

use super::{call_failure, setup_error};
use crate::i18n::assert_message;

fn check_cause(cause: FailureCause) {
    let failure = CallFailure {
        code: "Code".into(),
        cause,
        retries: None,
        request_id: None,
    };
    assert_message(&call_failure(&failure), &failure.message());
}

fn keys() -> Arc<CredentialsOrigin> {
    Arc::new(ConfigSource::Keys.into())
}

fn text() -> Box<str> {
    "text".into()
}

fn system() -> SystemFailure {
    SystemFailure {
        text: "no words".to_owned(),
        number: None,
    }
}

fn hint() -> ProxyHint {
    ProxyHint {
        variable: "HTTPS_PROXY",
        address: "http://proxy".to_owned(),
    }
}

fn cause() -> ConnectionCause {
    ConnectionCause {
        failure: system(),
        proxy: Some(hint()),
    }
}

fn refused(advice: Option<CallAdvice>) -> RefusedCall {
    RefusedCall {
        message: "refused".into(),
        problem: None,
        status: 403,
        advice,
    }
}

fn failure() -> CallFailure {
    CallFailure {
        code: "Code".into(),
        cause: FailureCause::NoResponse,
        retries: None,
        request_id: None,
    }
}

#[test]
fn refusals_have_messages() {
    let remedies = [
        CallRemedy::ListRules,
        CallRemedy::ListInstances,
        CallRemedy::LookUpEvents,
        CallRemedy::AssumeRole,
        CallRemedy::CallerIdentity,
        CallRemedy::IdentityProvider,
        CallRemedy::ExpiredToken,
        CallRemedy::InvalidToken,
        CallRemedy::ProviderArn,
        CallRemedy::RoleArn,
        CallRemedy::MissingRole,
        CallRemedy::SessionName,
        CallRemedy::SessionDuration,
        CallRemedy::SessionPolicy,
        CallRemedy::RoleSettings,
        CallRemedy::Metadata,
        CallRemedy::Uri,
        CallRemedy::UriSettings,
    ];
    for remedy in remedies {
        let advice = CallAdvice::Allow(remedy, keys());
        check_cause(FailureCause::Refused(refused(Some(advice))));
    }
    let advices = [
        CallAdvice::CheckCredentials(keys()),
        CallAdvice::RenewCredentials(keys()),
        CallAdvice::CheckClock,
        CallAdvice::CheckEndpoint,
        CallAdvice::CheckInstance,
    ];
    for advice in advices {
        check_cause(FailureCause::Refused(refused(Some(advice))));
    }
    check_cause(FailureCause::Refused(refused(None)));
    for message in ["", "  ", " with a blank"] {
        check_cause(FailureCause::Refused(RefusedCall {
            message: message.into(),
            ..refused(None)
        }));
    }
    let problem = ResponseProblem::NotJson;
    check_cause(FailureCause::Refused(RefusedCall {
        message: problem.to_string().into(),
        problem: Some(problem),
        ..refused(None)
    }));
}

#[test]
fn retries_have_messages() {
    let wait = Duration::from_millis(1_250);
    let reasons = [
        StopReason::GaveUp,
        StopReason::OutOfTime(Duration::from_secs(60)),
        StopReason::OutOfTime(wait),
        StopReason::WaitTooLong { wait, left: wait },
    ];
    for reason in reasons {
        for attempts in [1, 3] {
            let failure = CallFailure {
                retries: Some(RetrySummary {
                    attempts,
                    elapsed: wait,
                    reason,
                }),
                ..failure()
            };
            assert_message(&call_failure(&failure), &failure.message());
        }
    }
}

#[test]
fn connections_have_messages() {
    let to = || "https://cr.example".to_owned();
    let mut errors = vec![
        TransportError::Resolve {
            to: to(),
            cause: cause(),
        },
        TransportError::Connect {
            to: to(),
            cause: cause(),
        },
        TransportError::NotHttp { to: to() },
        TransportError::ProxyAuth {
            proxy: to(),
            refusal: ProxyRefusal::Rejected {
                variable: "HTTPS_PROXY",
                cause: "HTTP 407",
            },
        },
        TransportError::ProxyAuth {
            proxy: to(),
            refusal: ProxyRefusal::Required {
                variable: "HTTPS_PROXY",
                cause: "HTTP 407",
            },
        },
        TransportError::ProxyDenial {
            to: to(),
            proxy: hint(),
        },
        TransportError::Timeout {
            to: to(),
            cause: cause(),
        },
        TransportError::Interrupted {
            to: to(),
            cause: cause(),
        },
        TransportError::TooLarge {
            to: to(),
            limit: 32,
        },
        TransportError::Setup("a reason".to_owned().into()),
    ];
    let settings = [
        RedirectSetting::Endpoint,
        RedirectSetting::Variable("ALIBABA_CLOUD_STS_ENDPOINT"),
        RedirectSetting::CredentialsUrl,
    ];
    errors.extend(settings.map(|setting| TransportError::Redirect {
        from: to(),
        to: to(),
        setting,
    }));
    let problems = [
        TlsProblem::NotTls,
        TlsProblem::Versions("error".to_owned()),
        TlsProblem::Other("error".to_owned()),
        TlsProblem::UnknownIssuer,
        TlsProblem::Expired,
        TlsProblem::ExpiredAt("now".to_owned()),
        TlsProblem::NotYetValid,
        TlsProblem::ValidFrom("now".to_owned()),
        TlsProblem::WrongName { host: to() },
        TlsProblem::OtherName {
            names: to(),
            host: to(),
        },
        TlsProblem::Revoked,
        TlsProblem::Authority,
        TlsProblem::Unusable("error".to_owned()),
    ];
    let remedies = [
        TlsRemedy::Port,
        TlsRemedy::Update,
        TlsRemedy::Endpoint,
        TlsRemedy::Trust,
        TlsRemedy::Clock,
        TlsRemedy::Name,
        TlsRemedy::Replace,
        TlsRemedy::Issue,
    ];
    for (problem, remedy) in problems.into_iter().zip(remedies.into_iter().cycle()) {
        for proxy in [None, Some(hint())] {
            let (to, problem) = (to(), problem.clone());
            errors.push(TransportError::Tls {
                to,
                problem,
                proxy,
                remedy,
            });
        }
    }
    for error in errors {
        check_cause(FailureCause::Transport(error));
    }
}

#[test]
fn settings_have_messages() {
    let to = || "https://cr.example".to_owned();
    let problems = [
        EndpointProblem::NotUrl,
        EndpointProblem::Password,
        EndpointProblem::Path,
        EndpointProblem::NotEncrypted,
        EndpointProblem::Scheme,
    ];
    for problem in problems {
        check_cause(FailureCause::Endpoint(EndpointError {
            text: to(),
            problem,
        }));
    }
    let path = || PathBuf::from("/ca.pem");
    let proxy = |problem| {
        SetupError::Proxy(ProxyError {
            variable: "HTTPS_PROXY",
            problem,
        })
    };
    let errors = [
        proxy(ProxyProblem::NotUrl),
        proxy(ProxyProblem::Scheme),
        SetupError::CaFile(CaFileProblem::File(FileError::Missing(path()))),
        SetupError::CaFile(CaFileProblem::Empty(path())),
        SetupError::CaFile(CaFileProblem::Invalid {
            path: path(),
            error: Box::new(TransportError::Setup("a reason".to_owned().into())),
        }),
    ];
    for error in errors {
        assert_message(&setup_error(&error), &error);
    }
}

#[test]
fn listings_and_events_have_messages() {
    let mut problems = vec![
        ListingProblem::TooManyRules { total: 9, limit: 8 },
        ListingProblem::NoPageSize { total: 9 },
        ListingProblem::TooManyPages { pages: 9, limit: 8 },
        ListingProblem::OtherPage {
            number: 2,
            found: 3,
        },
        ListingProblem::OtherTotal {
            number: 2,
            found: 3,
            total: 4,
        },
        ListingProblem::OtherSize {
            number: 2,
            found: 3,
            size: 4,
        },
        ListingProblem::RuleCount {
            number: 2,
            expected: 3,
            total: 4,
            found: 5,
        },
        ListingProblem::RepeatedRule { id: text() },
        ListingProblem::AllDiffer { listings: 5 },
        ListingProblem::Instances { lists: 3, found: 7 },
    ];
    let last = Box::new(ListingProblem::AllDiffer { listings: 5 });
    problems.push(ListingProblem::Unstable {
        listings: 3,
        last: last.clone(),
    });
    let contradictions = [
        ListingContradiction::OtherListing,
        ListingContradiction::Inconsistent(last),
        ListingContradiction::Failed(Box::new(failure())),
        ListingContradiction::Lacks { name: text() },
        ListingContradiction::Unreturned { name: text() },
        ListingContradiction::OtherValues { name: text() },
    ];
    problems.extend(
        contradictions.map(|contradiction| ListingProblem::Contradicted {
            listings: 3,
            contradiction,
        }),
    );
    for problem in problems {
        check_cause(FailureCause::Listing(problem));
    }
    for queue in [
        RequestQueue::Rate,
        RequestQueue::Parallelism,
        RequestQueue::Lookups,
    ] {
        check_cause(FailureCause::NoTurn(queue));
    }
    check_cause(FailureCause::ListingTooLarge { limit: 256 });
    for problem in [
        EventProblem::RepeatedToken,
        EventProblem::TooManyPages { limit: 20 },
        EventProblem::Unreadable { count: 2 },
    ] {
        check_cause(FailureCause::Events(problem));
    }
}
