//! Why no answer came, and what to check.

use std::error::Error;
use std::path::Path;

use reqwest::Url;
use reqwest::header::HeaderValue;

use super::LARGEST_BODY;
use super::certificate::TlsFailure;
use super::proxy::{NamedProxy, ProxyError};

/// Why no answer came.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum TransportError {
    /// The host's name has no address.
    #[error(
        "the host name of {to} cannot be resolved: {cause}; check the region and the endpoint, and this machine's DNS"
    )]
    Resolve { to: String, cause: String },
    /// No connection.
    #[error("cannot connect to {to}: {cause}; check the endpoint, the network and the proxy")]
    Connect { to: String, cause: String },
    /// The other side could not prove who it is, or does not speak TLS.
    #[error("cannot trust {to}: {cause}; {help}")]
    Tls {
        to: String,
        cause: String,
        help: &'static str,
    },
    /// The other side answered, in something that is not HTTP.
    #[error("{to} does not speak HTTP on this port; an endpoint with TLS is written https://")]
    NotHttp { to: String },
    /// The proxy does not accept the credentials of its URL, or asks for some.
    #[error("the proxy {proxy} {problem}")]
    ProxyAuth { proxy: String, problem: String },
    /// The proxy does not connect to the host: a policy of it, most often.
    #[error(
        "the proxy refuses to connect to {to} ({proxy}); allow the host in the proxy, or list it in NO_PROXY"
    )]
    ProxyRefusal { to: String, proxy: String },
    /// Nothing came in time.
    #[error("no answer from {to} in time: {cause}")]
    Timeout { to: String, cause: String },
    /// The connection broke before the answer was whole.
    #[error("the answer of {to} broke off: {cause}")]
    Interrupted { to: String, cause: String },
    /// The answer is larger than any honest one.
    #[error("the answer of {to} is larger than {} MiB", LARGEST_BODY >> 20)]
    TooLarge { to: String },
    /// A redirect. It is not followed: a signature holds for one host, and credentials are not carried on.
    #[error(
        "{from} redirects to {to}, which is not followed; if that is right, set {setting} to it"
    )]
    Redirect {
        from: String,
        to: String,
        /// The setting that chooses the host.
        setting: &'static str,
    },
    /// No request can be sent at all.
    #[error("cannot send requests: {0}")]
    Setup(String),
}

impl TransportError {
    /// Our word for it, where the API's error code would stand.
    pub(crate) const fn code(&self) -> &'static str {
        match self {
            Self::Resolve { .. } => "NameNotResolved",
            Self::Connect { .. } => "ConnectionFailed",
            Self::Tls { .. } => "NotTrusted",
            Self::NotHttp { .. } => "NotHttp",
            Self::ProxyAuth { .. } => "ProxyAuthRequired",
            Self::ProxyRefusal { .. } => "ProxyRefused",
            Self::Timeout { .. } => "TimedOut",
            Self::Interrupted { .. } => "AnswerInterrupted",
            Self::TooLarge { .. } => "AnswerTooLarge",
            Self::Redirect { .. } => "Redirected",
            Self::Setup(_) => "NoTransport",
        }
    }

    /// Whether it may pass by itself.
    pub(crate) const fn is_passing(&self) -> bool {
        match self {
            Self::Resolve { .. }
            | Self::Connect { .. }
            | Self::Timeout { .. }
            | Self::Interrupted { .. } => true,
            Self::Tls { .. }
            | Self::NotHttp { .. }
            | Self::ProxyAuth { .. }
            | Self::ProxyRefusal { .. }
            | Self::TooLarge { .. }
            | Self::Redirect { .. }
            | Self::Setup(_) => false,
        }
    }

    /// Whether it passes by itself rarely: a resolver that knows that the name does not exist, unlike one that cannot be
    /// asked now.
    pub(crate) fn is_doubtful(&self) -> bool {
        // glibc's, then musl's word for EAI_AGAIN.
        let is_temporary =
            |cause: &str| cause.contains("Temporary failure") || cause.contains("Try again");
        matches!(self, Self::Resolve { cause, .. } if !is_temporary(cause))
    }

    /// Why reqwest makes no client.
    pub(super) fn setup(error: &reqwest::Error) -> Self {
        let cause = causes(error).last().map(ToString::to_string);
        Self::Setup(cause.unwrap_or_else(|| error.to_string()))
    }

    /// Where a redirect points, without what could be secret in it.
    pub(super) fn redirect(url: &Url, location: Option<&HeaderValue>) -> Self {
        let to = location.and_then(|location| url.join(location.to_str().ok()?).ok());
        let to = to.map(|to| format!("{}{}", to.origin().ascii_serialization(), to.path()));
        Self::Redirect {
            from: url.origin().ascii_serialization(),
            to: to.unwrap_or_else(|| "nowhere".to_owned()),
            setting: "the instance's endpoint",
        }
    }

    /// Returns the error of a service whose host another setting chooses than an instance's endpoint.
    pub(crate) fn set_with(self, setting: &'static str) -> Self {
        match self {
            Self::Redirect { from, to, .. } => Self::Redirect { from, to, setting },
            error => error,
        }
    }

    /// The failure of a request to a URL, with the proxy in between where there is one.
    pub(super) fn from_reqwest(
        error: &reqwest::Error,
        url: &Url,
        proxy: Option<&NamedProxy>,
    ) -> Self {
        let to = url.origin().ascii_serialization();
        let causes = causes(error);
        let hint = proxy.map_or_else(String::new, |proxy| format!(" ({})", proxy.hint()));
        if let Some(TlsFailure { cause, help }) = causes
            .iter()
            .find_map(|error| TlsFailure::find(*error, url))
        {
            return Self::Tls {
                to,
                cause: format!("{cause}{hint}"),
                help,
            };
        }
        let cause = causes
            .last()
            .map_or_else(|| "no reason given".to_owned(), ToString::to_string);
        if let Some(proxy) = proxy
            && let Some(refusal) = proxy_refusal(&cause)
        {
            return proxy.rejection(refusal);
        }
        if let Some(proxy) = proxy
            && cause == TUNNEL_REFUSED
        {
            return Self::ProxyRefusal {
                to,
                proxy: proxy.hint(),
            };
        }
        if cause == NOT_HTTP {
            return Self::NotHttp { to };
        }
        let cause = format!("{cause}{hint}");
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

/// The words of hyper for an answer that is not HTTP, and of hyper-util for a proxy that answers `CONNECT` with
/// neither 200 nor 407, whatever the status is. Their types are not public; tests with real proxies hold the words.
const NOT_HTTP: &str = "invalid HTTP version parsed";
const TUNNEL_REFUSED: &str = "tunnel error: unsuccessful";

/// The reason for which a proxy wants other credentials, where an error of the connection is about that.
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

/// What led to an error, the first cause last. The error itself is left out: its text holds the URL.
fn causes(error: &reqwest::Error) -> Vec<&(dyn Error + 'static)> {
    std::iter::successors(error.source(), |cause| (*cause).source()).collect()
}

/// Why no client can be made: what is configured about the connection is wrong.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SetupError {
    /// A variable of the environment names no proxy.
    #[error(transparent)]
    Proxy(#[from] ProxyError),
    /// The file of certificates cannot be used.
    #[error("the file of certificates {problem}")]
    CaFile {
        /// The file and what is wrong with it.
        problem: String,
    },
}

impl SetupError {
    pub(super) fn ca_file(path: &Path, problem: &impl ToString) -> Self {
        Self::CaFile {
            problem: format!("{}: {}", path.display(), problem.to_string()),
        }
    }
}
