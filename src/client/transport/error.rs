//! Why no answer came, and what to check.

use std::error::Error;
use std::io;
use std::path::Path;

use reqwest::Url;
use reqwest::header::HeaderValue;

use super::LARGEST_BODY;
use super::proxy::ProxyError;
use crate::client::endpoint::is_loopback;

/// Why no answer came.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(in crate::client) enum TransportError {
    /// The host's name has no address.
    #[error(
        "the host name of {to} cannot be resolved: {cause}; check the region and the endpoint, and this machine's DNS"
    )]
    Resolve { to: String, cause: String },
    /// No connection.
    #[error("cannot connect to {to}: {cause}; check the endpoint, the network and the proxy")]
    Connect { to: String, cause: String },
    /// The other side could not prove who it is, or does not speak TLS.
    #[error("cannot trust {to}: {cause}; check the endpoint and its scheme, and the certificate of a proxy in between")]
    Tls { to: String, cause: String },
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
    #[error("{from} redirects to {to}, which is not followed; if that is right, set the instance's endpoint to it")]
    Redirect { from: String, to: String },
    /// No request can be sent at all.
    #[error("cannot send requests: {0}")]
    Setup(String),
}

impl TransportError {
    /// Our word for it, where the API's error code would stand.
    pub(in crate::client) const fn code(&self) -> &'static str {
        match self {
            Self::Resolve { .. } => "NameNotResolved",
            Self::Connect { .. } => "ConnectionFailed",
            Self::Tls { .. } => "NotTrusted",
            Self::Timeout { .. } => "TimedOut",
            Self::Interrupted { .. } => "AnswerInterrupted",
            Self::TooLarge { .. } => "AnswerTooLarge",
            Self::Redirect { .. } => "Redirected",
            Self::Setup(_) => "NoTransport",
        }
    }

    /// Whether it may pass by itself.
    pub(in crate::client) const fn is_passing(&self) -> bool {
        match self {
            Self::Resolve { .. } | Self::Connect { .. } | Self::Timeout { .. } | Self::Interrupted { .. } => true,
            Self::Tls { .. } | Self::TooLarge { .. } | Self::Redirect { .. } | Self::Setup(_) => false,
        }
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
        Self::Redirect { from: url.origin().ascii_serialization(), to: to.unwrap_or_else(|| "nowhere".to_owned()) }
    }

    /// What reqwest met on the way to a URL; `proxy` tells of the proxy in between, where there is one.
    pub(super) fn of(error: &reqwest::Error, url: &Url, proxy: Option<String>) -> Self {
        let to = url.origin().ascii_serialization();
        let causes = causes(error);
        let mut cause = causes.last().map_or_else(|| "no reason given".to_owned(), ToString::to_string);
        if let Some(proxy) = proxy.filter(|_| !is_loopback(url)) {
            cause = format!("{cause} ({proxy})");
        }
        if error.is_builder() || error.is_request() && causes.is_empty() {
            Self::Setup(cause)
        } else if causes.iter().any(|error| is_tls(*error)) {
            Self::Tls { to, cause }
        } else if causes.iter().any(|error| error.to_string() == "dns error") {
            Self::Resolve { to, cause }
        } else if error.is_timeout() {
            Self::Timeout { to, cause }
        } else if error.is_connect() {
            Self::Connect { to, cause }
        } else {
            Self::Interrupted { to, cause }
        }
    }
}

/// What led to an error, the first cause last. The error itself is left out: its text holds the URL.
fn causes(error: &reqwest::Error) -> Vec<&(dyn Error + 'static)> {
    std::iter::successors(error.source(), |cause| (*cause).source()).collect()
}

/// Whether TLS failed. An I/O error wraps it, and wraps itself; `source` passes over both.
fn is_tls(error: &(dyn Error + 'static)) -> bool {
    let wrapped = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
    error.is::<rustls::Error>() || wrapped.is_some_and(|wrapped| is_tls(wrapped))
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
        Self::CaFile { problem: format!("{}: {}", path.display(), problem.to_string()) }
    }
}
