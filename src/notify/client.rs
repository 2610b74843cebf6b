//! The HTTP client of notifications: one request, one answer of limited size, and errors without addresses.

use std::error::Error;
use std::fmt;
use std::sync::{Once, OnceLock};
use std::time::Duration;

use reqwest::header::{CONTENT_TYPE, RETRY_AFTER};
use reqwest::{Certificate, Client, ClientBuilder, redirect, retry};
use secrecy::ExposeSecret;
use url::{Host, Url};

use super::targets::TargetRequest;

/// The longest time of a request with its answer.
const TIMEOUT: Duration = Duration::from_secs(10);

/// The most bytes of an answer that are read.
const MAX_ANSWER: usize = 64 << 10;

/// The failure of a request without an answer. It names the host and nothing else of the address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SendError {
    /// The address is none that may be used.
    #[error("expected an https URL, or http to this machine")]
    Address,
    /// The client cannot be built.
    #[error("cannot send requests: {0}")]
    Setup(String),
    /// The answer did not come in time.
    #[error("no answer from {0} in time")]
    Timeout(String),
    /// There is no connection.
    #[error("cannot connect to {host}: {cause}")]
    Connect {
        /// The host.
        host: String,
        /// The innermost cause.
        cause: String,
    },
    /// The connection ended before the answer was complete.
    #[error("the answer of {host} ended early: {cause}")]
    Interrupted {
        /// The host.
        host: String,
        /// The innermost cause.
        cause: String,
    },
}

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ReceivedAnswer {
    pub(super) status: u16,
    pub(super) retry_after: Option<String>,
    /// The body, or its beginning.
    pub(super) body: String,
}

/// The client, with connections that are kept.
pub struct NotifyClient {
    user_agent: String,
    timeout: Duration,
    outer: OnceLock<Result<Client, SendError>>,
    loopback: OnceLock<Result<Client, SendError>>,
}

impl fmt::Debug for NotifyClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NotifyClient").finish_non_exhaustive()
    }
}

impl NotifyClient {
    /// Returns a client of a version of crdrift. It uses the proxies of the environment, except to this machine.
    #[must_use]
    pub fn new(version: &str) -> Self {
        Self {
            user_agent: format!("crdrift/{version}"),
            timeout: TIMEOUT,
            outer: OnceLock::new(),
            loopback: OnceLock::new(),
        }
    }

    /// Returns the client with another longest time of a request.
    #[must_use]
    pub fn with_timeout(self, timeout: Duration) -> Self {
        Self { timeout, ..self }
    }

    /// Sends a request, and reads at most 64 KiB of its answer. Redirects are not followed.
    pub(super) async fn send(&self, request: &TargetRequest) -> Result<ReceivedAnswer, SendError> {
        let url = Url::parse(request.url.expose_secret()).map_err(|_| SendError::Address)?;
        let client = match url.scheme() {
            "http" | "https" if is_loopback(&url) => self.loopback()?,
            "https" => self.outer()?,
            _ => return Err(SendError::Address),
        };
        let host = url.host_str().unwrap_or_default().to_owned();
        let mut sending = client
            .post(url)
            .header(CONTENT_TYPE, "application/json")
            .body(request.body.clone());
        for (name, value) in &request.headers {
            sending = sending.header(*name, value);
        }
        let failed = |error: reqwest::Error| describe(error, &host);
        let mut response = sending.send().await.map_err(failed)?;
        let status = response.status().as_u16();
        let retry_after = response.headers().get(RETRY_AFTER);
        let retry_after = retry_after
            .and_then(|it| it.to_str().ok())
            .map(str::to_owned);
        let mut body = Vec::new();
        while body.len() < MAX_ANSWER
            && let Some(chunk) = response.chunk().await.map_err(failed)?
        {
            let room = MAX_ANSWER - body.len();
            body.extend(chunk.iter().take(room));
        }
        Ok(ReceivedAnswer {
            status,
            retry_after,
            body: String::from_utf8_lossy(&body).into_owned(),
        })
    }

    fn outer(&self) -> Result<&Client, SendError> {
        // Without certificates of the system, the ones that browsers trust are used.
        let build =
            || build(self.builder()).or_else(|_| build(self.builder().tls_certs_only(builtin())));
        self.outer.get_or_init(build).as_ref().map_err(Clone::clone)
    }

    fn loopback(&self) -> Result<&Client, SendError> {
        let build = || build(self.builder().no_proxy().tls_certs_only(Vec::new()));
        self.loopback
            .get_or_init(build)
            .as_ref()
            .map_err(Clone::clone)
    }

    fn builder(&self) -> ClientBuilder {
        install_tls();
        Client::builder()
            .user_agent(&self.user_agent)
            .timeout(self.timeout)
            .redirect(redirect::Policy::none())
            // A repeated message has to be counted.
            .retry(retry::never())
    }
}

/// Returns whether the host of a URL is this machine.
fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        None => false,
    }
}

fn build(builder: ClientBuilder) -> Result<Client, SendError> {
    builder
        .build()
        .map_err(|error| SendError::Setup(innermost(&error.without_url())))
}

/// Installs the cryptography provider of TLS for the process.
fn install_tls() {
    static INSTALLED: Once = Once::new();
    // It fails only if a provider is installed already, which is sufficient.
    INSTALLED.call_once(|| drop(rustls::crypto::ring::default_provider().install_default()));
}

/// Returns the certificates that browsers trust, for a machine without any.
fn builtin() -> Vec<Certificate> {
    webpki_root_certs::TLS_SERVER_ROOT_CERTS
        .iter()
        .filter_map(|der| Certificate::from_der(der).ok())
        .collect()
}

/// Describes a failure without the address.
fn describe(error: reqwest::Error, host: &str) -> SendError {
    let error = error.without_url();
    let host = host.to_owned();
    if error.is_timeout() {
        return SendError::Timeout(host);
    }
    let cause = innermost(&error);
    if error.is_builder() {
        SendError::Setup(cause)
    } else if error.is_connect() {
        SendError::Connect { host, cause }
    } else {
        SendError::Interrupted { host, cause }
    }
}

/// Returns the innermost cause of an error.
fn innermost(error: &(dyn Error + 'static)) -> String {
    let mut cause = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    cause.to_string()
}
