//! Failures of HTTP requests, with a remedy.

use std::error::Error;
use std::fmt;
use std::io;
use std::path::PathBuf;

use reqwest::Url;
use reqwest::header::HeaderValue;

use super::certificate::{TlsFailure, TlsProblem, TlsRemedy};
use super::proxy::{EnvironmentProxy, ProxyError, ProxyHint, ProxyRefusal};
use crate::bounded_read::{FileError, SystemFailure};

/// The failure of a request without a response.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[allow(
    missing_docs,
    reason = "the messages explain the variants and their fields"
)]
pub enum TransportError {
    /// The host name has no address.
    #[error(
        "cannot resolve the host name of {to}: {cause}; check the region, the endpoint and the DNS of this machine"
    )]
    Resolve { to: String, cause: ConnectionCause },
    /// The connection failed.
    #[error("cannot connect to {to}: {cause}; check the endpoint, the network and the proxy")]
    Connect { to: String, cause: ConnectionCause },
    /// The certificate or the TLS handshake of the server failed.
    #[error("cannot trust {to}: {problem}{}; {remedy}", in_brackets(proxy.as_ref()))]
    Tls {
        to: String,
        problem: TlsProblem,
        proxy: Option<ProxyHint>,
        remedy: TlsRemedy,
    },
    /// The server responded in another protocol than HTTP.
    #[error("{to} does not speak HTTP on this port; use https:// for an endpoint with TLS")]
    NotHttp { to: String },
    /// The proxy rejects the credentials of its URL, or requires some.
    #[error("the proxy {proxy} {refusal}")]
    ProxyAuth {
        proxy: String,
        refusal: ProxyRefusal,
    },
    /// The proxy refuses the host, usually by its policy.
    #[error(
        "the proxy refuses to connect to {to} ({proxy}); allow the host in the proxy, or list it in NO_PROXY"
    )]
    ProxyDenial { to: String, proxy: ProxyHint },
    /// The timeout ended.
    #[error("no response from {to} in time: {cause}")]
    Timeout { to: String, cause: ConnectionCause },
    /// The connection ended before the response was complete.
    #[error("incomplete response from {to}: {cause}")]
    Interrupted { to: String, cause: ConnectionCause },
    /// The response is larger than the limit.
    #[error("the response from {to} is larger than {limit} MiB")]
    TooLarge { to: String, limit: usize },
    /// A redirect, which is not followed: a signature is valid for one host only.
    #[error(
        "{from} redirects to {to}, which is not followed; if the target is correct, set {setting} to it"
    )]
    Redirect {
        from: String,
        to: String,
        /// The setting with the host.
        setting: RedirectSetting,
    },
    /// The HTTP client or the request cannot be built.
    #[error("cannot send requests: {0}")]
    Setup(ConnectionCause),
}

/// The setting with the host of a service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RedirectSetting {
    /// `endpoint` of an instance.
    Endpoint,
    /// A variable.
    Variable(&'static str),
    /// The URL that returns credentials.
    CredentialsUrl,
}

impl fmt::Display for RedirectSetting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Endpoint => "the instance's endpoint",
            Self::Variable(name) => name,
            Self::CredentialsUrl => "the URL of the credentials",
        })
    }
}

/// The cause of a failure in the words of the system or of the HTTP client, and the proxy of the connection.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{failure}{}", in_brackets(proxy.as_ref()))]
pub struct ConnectionCause {
    /// The words, and the number of the system's error.
    pub failure: SystemFailure,
    /// The proxy.
    pub proxy: Option<ProxyHint>,
}

impl ConnectionCause {
    fn new(cause: Option<&(dyn Error + 'static)>, proxy: Option<ProxyHint>) -> Self {
        let system = cause.and_then(|cause| cause.downcast_ref::<io::Error>());
        let failure = match (system, cause) {
            (Some(error), _) => error.into(),
            (None, Some(cause)) => SystemFailure {
                text: cause.to_string(),
                number: None,
            },
            (None, None) => SystemFailure {
                text: "no reason given".to_owned(),
                number: None,
            },
        };
        Self { failure, proxy }
    }
}

/// A text without a number and a proxy.
impl From<String> for ConnectionCause {
    fn from(text: String) -> Self {
        Self {
            failure: SystemFailure { text, number: None },
            proxy: None,
        }
    }
}

fn in_brackets(proxy: Option<&ProxyHint>) -> String {
    proxy.map_or_else(String::new, |proxy| format!(" ({proxy})"))
}

impl TransportError {
    /// Returns a code for reports, in place of an error code of the API.
    pub(crate) const fn code(&self) -> &'static str {
        match self {
            Self::Resolve { .. } => "NameNotResolved",
            Self::Connect { .. } => "ConnectionFailed",
            Self::Tls { .. } => "NotTrusted",
            Self::NotHttp { .. } => "NotHttp",
            Self::ProxyAuth { .. } => "ProxyAuthRequired",
            Self::ProxyDenial { .. } => "ProxyRefused",
            Self::Timeout { .. } => "TimedOut",
            Self::Interrupted { .. } => "AnswerInterrupted",
            Self::TooLarge { .. } => "AnswerTooLarge",
            Self::Redirect { .. } => "Redirected",
            Self::Setup(_) => "NoTransport",
        }
    }

    /// Returns whether a retry may succeed.
    pub(crate) const fn is_temporary(&self) -> bool {
        match self {
            Self::Resolve { .. }
            | Self::Connect { .. }
            | Self::Timeout { .. }
            | Self::Interrupted { .. } => true,
            Self::Tls { .. }
            | Self::NotHttp { .. }
            | Self::ProxyAuth { .. }
            | Self::ProxyDenial { .. }
            | Self::TooLarge { .. }
            | Self::Redirect { .. }
            | Self::Setup(_) => false,
        }
    }

    /// Returns whether a retry rarely succeeds: the host name does not exist, as opposed to a resolver that is
    /// unavailable.
    pub(crate) fn is_rarely_temporary(&self) -> bool {
        let Self::Resolve { cause, .. } = self else {
            return false;
        };
        // The messages of glibc and of musl for EAI_AGAIN.
        let text = &cause.failure.text;
        !text.contains("Temporary failure") && !text.contains("Try again")
    }

    /// Returns the error of an HTTP client that cannot be built.
    pub(crate) fn setup(error: &reqwest::Error) -> Self {
        Self::Setup(match causes(error).last() {
            Some(cause) => ConnectionCause::new(Some(*cause), None),
            None => error.to_string().into(),
        })
    }

    /// Returns the error of a redirect, without the parts of its target that may be secret.
    pub(crate) fn redirect(url: &Url, location: Option<&HeaderValue>) -> Self {
        let to = location.and_then(|location| url.join(location.to_str().ok()?).ok());
        let to = to.map(|to| format!("{}{}", to.origin().ascii_serialization(), to.path()));
        Self::Redirect {
            from: url.origin().ascii_serialization(),
            to: to.unwrap_or_else(|| "nowhere".to_owned()),
            setting: RedirectSetting::Endpoint,
        }
    }

    /// Returns the error with another setting than the endpoint of an instance, for a redirect.
    pub(crate) fn with_setting(self, setting: RedirectSetting) -> Self {
        match self {
            Self::Redirect { from, to, .. } => Self::Redirect { from, to, setting },
            error => error,
        }
    }

    /// Returns the failure of a request to a URL, through a proxy if there is one.
    pub(crate) fn from_reqwest(
        error: &reqwest::Error,
        url: &Url,
        proxy: Option<&EnvironmentProxy>,
    ) -> Self {
        let to = url.origin().ascii_serialization();
        let causes = causes(error);
        let hint = proxy.map(EnvironmentProxy::hint);
        if let Some(TlsFailure { problem, remedy }) = causes
            .iter()
            .find_map(|error| TlsFailure::find(*error, url))
        {
            return Self::Tls {
                to,
                problem,
                proxy: hint,
                remedy,
            };
        }
        let cause = ConnectionCause::new(causes.last().copied(), hint);
        let text = cause.failure.text.as_str();
        if let Some(proxy) = proxy
            && let Some(refusal) = proxy_refusal(text)
        {
            return proxy.rejection(refusal);
        }
        if let Some(proxy) = proxy
            && text == TUNNEL_REFUSED
        {
            return Self::ProxyDenial {
                to,
                proxy: proxy.hint(),
            };
        }
        if text == NOT_HTTP {
            return Self::NotHttp { to };
        }
        if error.is_builder() || error.is_request() && causes.is_empty() {
            Self::Setup(cause)
        } else if causes.iter().any(|error| error.to_string() == "dns error") {
            Self::Resolve { to, cause }
        } else if error.is_connect() {
            Self::Connect { to, cause }
        } else if error.is_timeout() {
            Self::Timeout { to, cause }
        } else {
            Self::Interrupted { to, cause }
        }
    }
}

/// The messages of hyper for a response that is not HTTP, and of hyper-util for a proxy that answers `CONNECT` with any
/// status but 200 and 407. Their types are not public; tests with real proxies check the messages.
const NOT_HTTP: &str = "invalid HTTP version parsed";
const TUNNEL_REFUSED: &str = "tunnel error: unsuccessful";

/// Returns the reason if the cause of an error is the authentication at a proxy.
fn proxy_refusal(cause: &str) -> Option<&'static str> {
    match cause {
        "tunnel error: proxy authorization required" => Some("HTTP 407"),
        "SOCKS error: credentials not accepted" => Some("SOCKS: credentials not accepted"),
        "SOCKS error: server does not support user/pass authentication"
        | "SOCKS error: server implements authentication incorrectly" => {
            Some("SOCKS: no common way to authenticate")
        }
        "SOCKS error: server ident service failed"
        | "SOCKS error: server ident service did not recognise client identifier" => {
            Some("SOCKS: client not identified")
        }
        _ => None,
    }
}

/// Returns the causes of an error, the first cause last. The error itself is left out, since its message has the URL.
fn causes(error: &reqwest::Error) -> Vec<&(dyn Error + 'static)> {
    std::iter::successors(error.source(), |cause| (*cause).source()).collect()
}

/// An invalid configuration of the connection.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SetupError {
    /// An environment variable has an invalid proxy.
    #[error(transparent)]
    Proxy(#[from] ProxyError),
    /// The file of certificates is unusable.
    #[error("the file of certificates {0}")]
    CaFile(CaFileProblem),
}

/// The problem of the file of certificates.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CaFileProblem {
    /// The file has no readable text.
    #[error(transparent)]
    File(#[from] FileError),
    /// The file has no certificate.
    #[error("{}: contains no PEM certificate", .0.display())]
    Empty(PathBuf),
    /// A certificate is invalid.
    #[error("{}: {error}", path.display())]
    Invalid {
        /// The path of the file.
        path: PathBuf,
        /// The error of the HTTP client.
        error: Box<TransportError>,
    },
}
