//! The errors of connections and of their configuration.

use acr_client::{
    CaFileProblem, ConnectionCause, EndpointError, EndpointProblem, ProxyError, ProxyHint,
    ProxyProblem, ProxyRefusal, RedirectSetting, SetupError, TlsProblem, TlsRemedy, TransportError,
};

use super::credentials::{file_error, system_failure};
use crate::i18n::Message;

/// Returns the message of a client that cannot be set up.
pub(crate) fn setup_error(error: &SetupError) -> Message {
    match error {
        SetupError::Proxy(ProxyError { variable, problem }) => {
            let problem = match problem {
                ProxyProblem::NotUrl => Message::proxy_not_url(),
                ProxyProblem::Scheme => Message::proxy_scheme(),
            };
            Message::setup_proxy(*variable, problem)
        }
        SetupError::CaFile(problem) => Message::setup_certificates(match problem {
            CaFileProblem::File(error) => file_error(error),
            CaFileProblem::Empty(path) => {
                Message::with_reason(path.display().to_string(), Message::setup_no_certificate())
            }
            CaFileProblem::Invalid { path, error } => {
                Message::with_reason(path.display().to_string(), transport_error(error))
            }
        }),
    }
}

/// Returns the message of an invalid endpoint.
pub(super) fn endpoint_error(error: &EndpointError) -> Message {
    let problem = match error.problem {
        EndpointProblem::NotUrl => Message::endpoint_not_url(),
        EndpointProblem::Password => Message::endpoint_password(),
        EndpointProblem::Path => Message::endpoint_end(),
        EndpointProblem::NotEncrypted => Message::endpoint_plain(),
        EndpointProblem::Scheme => Message::endpoint_scheme(),
    };
    Message::endpoint_invalid(&error.text, problem)
}

/// Returns the message of a request without a response.
pub(super) fn transport_error(error: &TransportError) -> Message {
    match error {
        TransportError::Resolve { to, cause } => Message::connection_resolve(to, connection(cause)),
        TransportError::Connect { to, cause } => Message::connection_failed(to, connection(cause)),
        TransportError::Tls {
            to,
            problem,
            proxy,
            remedy,
        } => {
            let problem = through(tls_problem(problem), proxy.as_ref());
            Message::connection_untrusted(to, problem, tls_remedy(*remedy))
        }
        TransportError::NotHttp { to } => Message::connection_not_http(to),
        TransportError::ProxyAuth { proxy, refusal } => {
            Message::connection_proxy(proxy, proxy_refusal(refusal))
        }
        TransportError::ProxyDenial { to, proxy } => {
            Message::connection_proxy_refuses(to, proxy_hint(proxy))
        }
        TransportError::Timeout { to, cause } => Message::connection_timeout(to, connection(cause)),
        TransportError::Interrupted { to, cause } => {
            Message::connection_interrupted(to, connection(cause))
        }
        TransportError::TooLarge { to, limit } => Message::connection_large(to, *limit),
        TransportError::Redirect { from, to, setting } => {
            let setting = match setting {
                RedirectSetting::Endpoint => Message::setting_endpoint(),
                RedirectSetting::Variable(name) => Message::from(*name),
                RedirectSetting::CredentialsUrl => Message::setting_credentials_url(),
            };
            Message::connection_redirect(from, to, setting)
        }
        TransportError::Setup(cause) => Message::connection_setup(connection(cause)),
    }
}

fn connection(cause: &ConnectionCause) -> Message {
    through(system_failure(&cause.failure), cause.proxy.as_ref())
}

/// Returns a cause with the proxy of the connection.
fn through(cause: Message, proxy: Option<&ProxyHint>) -> Message {
    match proxy {
        Some(proxy) => Message::with_note(cause, proxy_hint(proxy)),
        None => cause,
    }
}

fn proxy_hint(proxy: &ProxyHint) -> Message {
    Message::connection_proxy_set(proxy.variable, &proxy.address)
}

fn proxy_refusal(refusal: &ProxyRefusal) -> Message {
    match refusal {
        ProxyRefusal::Rejected { variable, cause } => {
            Message::connection_proxy_rejects(*variable, *cause)
        }
        ProxyRefusal::Required { variable, cause } => {
            Message::connection_proxy_requires(*variable, *cause)
        }
    }
}

fn tls_problem(problem: &TlsProblem) -> Message {
    match problem {
        TlsProblem::NotTls => Message::tls_not_spoken(),
        TlsProblem::Versions(error) => Message::tls_versions(error),
        TlsProblem::Other(error) => Message::from(error.as_str()),
        TlsProblem::UnknownIssuer => Message::certificate_untrusted(),
        TlsProblem::Expired => Message::certificate_expired(),
        TlsProblem::ExpiredAt(time) => Message::certificate_expired_at(time),
        TlsProblem::NotYetValid => Message::certificate_not_yet(),
        TlsProblem::ValidFrom(time) => Message::certificate_valid_from(time),
        TlsProblem::WrongName { host } => Message::certificate_wrong_name(host),
        TlsProblem::OtherName { names, host } => Message::certificate_other_name(names, host),
        TlsProblem::Revoked => Message::certificate_revoked(),
        TlsProblem::Authority => Message::certificate_authority(),
        TlsProblem::Unusable(error) => Message::certificate_unusable(error),
    }
}

fn tls_remedy(remedy: TlsRemedy) -> Message {
    match remedy {
        TlsRemedy::Port => Message::tls_help_port(),
        TlsRemedy::Update => Message::tls_help_update(),
        TlsRemedy::Endpoint => Message::tls_help_endpoint(),
        TlsRemedy::Trust => Message::certificate_help_authority(),
        TlsRemedy::Clock => Message::certificate_help_clock(),
        TlsRemedy::Name => Message::certificate_help_name(),
        TlsRemedy::Replace => Message::certificate_help_replace(),
        TlsRemedy::Issue => Message::certificate_help_issue(),
    }
}
