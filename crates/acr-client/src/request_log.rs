//! A log of requests, one entry for each attempt.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use reqwest::Url;

use super::credentials::CredentialsOrigin;
use super::transport::{Response, TransportError};

/// The outcome of an attempt whose call ended before a response arrived.
const CANCELED: &str = "canceled";

/// A receiver of sent requests.
pub trait RequestObserver: Send + Sync {
    /// Adds a request whose response arrived or failed.
    fn add(&self, request: SentRequest);
}

/// Logs nothing.
impl RequestObserver for () {
    fn add(&self, _request: SentRequest) {}
}

/// A request that was sent. It holds no secret: neither parameters nor headers nor bodies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SentRequest {
    /// The instance that the request is about; `None` for a request about credentials.
    pub instance_id: Option<Box<str>>,
    /// The action of the API, or the purpose of another request.
    pub action: &'static str,
    /// The host, with a port that is not the default one.
    pub host: String,
    /// The source of the credentials, such as `environment variables`.
    pub credentials: Arc<CredentialsOrigin>,
    /// The number of the attempt, from 1.
    pub attempt: u32,
    /// The wait before the attempt.
    pub wait: Duration,
    /// The time until the response or the failure.
    pub elapsed: Duration,
    /// The status of the response, such as `HTTP 200`, or the code of the failure.
    pub outcome: String,
}

/// One attempt of a call.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Attempt {
    /// The number, from 1.
    pub(crate) number: u32,
    /// The wait before the attempt.
    pub(crate) wait: Duration,
}

/// The facts about a request that the request itself does not have.
#[derive(Debug, Clone)]
pub(crate) struct RequestLabel {
    pub(crate) instance_id: Option<Box<str>>,
    pub(crate) action: &'static str,
    pub(crate) credentials: Arc<CredentialsOrigin>,
    pub(crate) attempt: Attempt,
}

/// A request that is on its way. It is logged at its end, whatever that is.
pub(crate) struct PendingRequest<'a> {
    log: &'a dyn RequestObserver,
    started: Instant,
    label: RequestLabel,
    host: String,
    outcome: Option<String>,
}

impl fmt::Debug for PendingRequest<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PendingRequest").finish_non_exhaustive()
    }
}

impl<'a> PendingRequest<'a> {
    /// Returns a request that begins now.
    pub(crate) fn new(log: &'a dyn RequestObserver, url: &Url, label: RequestLabel) -> Self {
        let mut host = url.host_str().unwrap_or_default().to_owned();
        if let Some(port) = url.port() {
            host = format!("{host}:{port}");
        }
        Self {
            log,
            started: Instant::now(),
            label,
            host,
            outcome: None,
        }
    }

    /// Sets the outcome.
    pub(crate) fn finish(mut self, result: &Result<Response, TransportError>) {
        self.outcome = Some(match result {
            Ok(response) => format!("HTTP {}", response.status),
            Err(error) => error.code().to_owned(),
        });
    }
}

impl Drop for PendingRequest<'_> {
    fn drop(&mut self) {
        let outcome = self.outcome.take();
        self.log.add(SentRequest {
            instance_id: self.label.instance_id.take(),
            action: self.label.action,
            host: std::mem::take(&mut self.host),
            credentials: Arc::clone(&self.label.credentials),
            attempt: self.label.attempt.number,
            wait: self.label.attempt.wait,
            elapsed: self.started.elapsed(),
            outcome: outcome.unwrap_or_else(|| CANCELED.to_owned()),
        });
    }
}
