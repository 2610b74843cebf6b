//! HTTP: one request out, one bounded answer back. What it may carry is decided before; what it means, after.

use std::error::Error;
use std::io;
use std::sync::{Once, OnceLock};
use std::time::Duration;

use reqwest::header::{CONTENT_LENGTH, DATE, HeaderMap, HeaderName, HeaderValue, LOCATION};
use reqwest::{Certificate, Client, ClientBuilder, Method, Url, redirect, retry};

use super::endpoint::is_loopback;
use super::options::Options;

/// The largest answer that is read, in bytes after decompression. A page of 100 rules is some 100 KB.
const LARGEST_BODY: usize = 32 << 20;

/// The longest time one request may take, however steadily its answer drips.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(30);

/// What goes out.
#[derive(Debug)]
pub(super) struct Request {
    /// The method.
    pub(super) method: Method,
    /// The URL, its query encoded for good.
    pub(super) url: Url,
    /// The headers beside those that HTTP itself needs.
    pub(super) headers: HeaderMap,
    /// The body; a `Content-Length` goes out for an empty one too.
    pub(super) body: String,
}

/// What came back.
#[derive(Debug)]
pub(super) struct Response {
    /// The status; never a redirect's.
    pub(super) status: u16,
    headers: HeaderMap,
    /// The body, whole and decompressed.
    pub(super) body: Vec<u8>,
}

impl Response {
    /// `x-acs-retry-after`, which is in milliseconds, unlike HTTP's `Retry-After`. Only a positive one counts.
    pub(super) fn retry_after(&self) -> Option<Duration> {
        let milliseconds: u64 = self.headers.get("x-acs-retry-after")?.to_str().ok()?.trim().parse().ok()?;
        (milliseconds > 0).then(|| Duration::from_millis(milliseconds))
    }

    /// `Date`: what time it is at the service.
    pub(super) fn date(&self) -> Option<jiff::Timestamp> {
        let date = self.headers.get(DATE)?.to_str().ok()?;
        Some(jiff::fmt::rfc2822::parse(date).ok()?.timestamp())
    }
}

/// Why no answer came.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum TransportError {
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
    pub(super) const fn code(&self) -> &'static str {
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
    pub(super) const fn is_passing(&self) -> bool {
        match self {
            Self::Resolve { .. } | Self::Connect { .. } | Self::Timeout { .. } | Self::Interrupted { .. } => true,
            Self::Tls { .. } | Self::TooLarge { .. } | Self::Redirect { .. } | Self::Setup(_) => false,
        }
    }

    fn of(error: &reqwest::Error, url: &Url) -> Self {
        let to = url.origin().ascii_serialization();
        let causes = causes(error);
        let cause = causes.last().map_or_else(|| "no reason given".to_owned(), ToString::to_string);
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

/// The HTTP clients. They are built when they are first needed: reading the system's certificates takes many
/// times what the rest of a short run does.
#[derive(Debug)]
pub(super) struct Transport {
    options: Options,
    outer: OnceLock<Result<Client, TransportError>>,
    loopback: OnceLock<Result<Client, TransportError>>,
}

impl Transport {
    pub(super) fn new(options: Options) -> Self {
        Self { options, outer: OnceLock::new(), loopback: OnceLock::new() }
    }

    /// Sends a request and reads the answer. Nothing is tried again here and no redirect is followed.
    pub(super) async fn send(&self, request: Request) -> Result<Response, TransportError> {
        let Request { method, url, mut headers, body } = request;
        let client = self.client(&url)?;
        headers.insert(CONTENT_LENGTH, HeaderValue::from(body.len()));
        let sent = client.request(method, url.clone()).headers(headers).body(body).send();
        let mut answer = sent.await.map_err(|error| TransportError::of(&error, &url))?;
        let status = answer.status();
        if status.is_redirection() {
            return Err(redirected(&url, answer.headers().get(LOCATION)));
        }
        let mut body = Vec::new();
        while let Some(piece) = answer.chunk().await.map_err(|error| TransportError::of(&error, &url))? {
            if body.len() + piece.len() > LARGEST_BODY {
                return Err(TransportError::TooLarge { to: url.origin().ascii_serialization() });
            }
            body.extend_from_slice(&piece);
        }
        Ok(Response { status: status.as_u16(), headers: answer.headers().clone(), body })
    }

    fn client(&self, url: &Url) -> Result<&Client, TransportError> {
        let client = if is_loopback(url) {
            // Neither certificates nor a proxy: it works on a machine that has none, and costs nothing.
            self.loopback.get_or_init(|| build(self.builder().no_proxy().tls_certs_only(Vec::new())))
        } else {
            self.outer
                .get_or_init(|| build(self.builder()).or_else(|_| build(self.builder().tls_certs_only(builtin()))))
        };
        client.as_ref().map_err(Clone::clone)
    }

    fn builder(&self) -> ClientBuilder {
        install_tls();
        Client::builder()
            .user_agent(concat!("crdrift/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(self.options.connect_timeout)
            .read_timeout(self.options.read_timeout)
            .timeout(REQUEST_TIMEOUT)
            .redirect(redirect::Policy::none())
            // Every attempt is signed anew, so nothing below may repeat a request.
            .retry(retry::never())
            .pool_max_idle_per_host(self.options.parallelism.get())
    }
}

/// Chooses who does the cryptography of TLS; the one place that knows.
fn install_tls() {
    static INSTALLED: Once = Once::new();
    // It fails only where a provider is installed already, which is as good.
    INSTALLED.call_once(|| drop(rustls::crypto::ring::default_provider().install_default()));
}

fn build(builder: ClientBuilder) -> Result<Client, TransportError> {
    builder.build().map_err(|error| {
        let cause = causes(&error).last().map(ToString::to_string);
        TransportError::Setup(cause.unwrap_or_else(|| error.to_string()))
    })
}

/// The certificates that browsers trust, for a machine without any.
fn builtin() -> impl Iterator<Item = Certificate> {
    webpki_root_certs::TLS_SERVER_ROOT_CERTS.iter().filter_map(|der| Certificate::from_der(der).ok())
}

/// Where a redirect points, without what could be secret in it.
fn redirected(url: &Url, location: Option<&HeaderValue>) -> TransportError {
    let from = url.origin().ascii_serialization();
    let to = location.and_then(|location| url.join(location.to_str().ok()?).ok());
    let to =
        to.map_or_else(|| "nowhere".to_owned(), |to| format!("{}{}", to.origin().ascii_serialization(), to.path()));
    TransportError::Redirect { from, to }
}

/// A header that no `Debug` prints.
pub(super) fn secret_header(value: &str) -> Option<HeaderValue> {
    let mut value = HeaderValue::from_str(value).ok()?;
    value.set_sensitive(true);
    Some(value)
}

/// A header of ours.
pub(super) fn header_name(name: &str) -> Option<HeaderName> {
    HeaderName::from_bytes(name.as_bytes()).ok()
}
