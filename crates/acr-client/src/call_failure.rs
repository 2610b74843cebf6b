//! The failure of a call as reported: its code, its cause, and the attempts.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use acr_api::ApiError;

use super::credentials::{CredentialsError, CredentialsOrigin, ResponseProblem};
use super::endpoint::EndpointError;
use super::event_lookup::EventProblem;
use super::reader::problem::ListingProblem;
use super::remedy::CallRemedy;
use super::transport::TransportError;

/// The reason for no further attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StopReason {
    /// A retry cannot help, or the limit of retries is reached.
    GaveUp,
    /// The time budget ended; this is its total.
    OutOfTime(Duration),
    /// The next attempt is due after the end of the time budget.
    WaitTooLong {
        /// The time until the next attempt.
        wait: Duration,
        /// The rest of the time budget.
        left: Duration,
    },
}

/// The failure of reading an instance, events or credentials.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallFailure {
    /// The error code of the API, or a code of the reader for a request that never reached the API.
    pub code: Box<str>,
    /// The cause.
    pub cause: FailureCause,
    /// The attempts, if there were several or the time ended.
    pub retries: Option<RetrySummary>,
    /// The `RequestId` of the error response, if there was one.
    pub request_id: Option<Box<str>>,
}

/// The cause of a failure.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FailureCause {
    /// The service refused the request.
    #[error(transparent)]
    Refused(RefusedCall),
    /// No response arrived.
    #[error(transparent)]
    Transport(TransportError),
    /// No credentials were available.
    #[error(transparent)]
    Credentials(Box<CredentialsError>),
    /// The time budget ended during the first attempt.
    #[error("no response arrived")]
    NoResponse,
    /// The request was not sent: a limit left no turn for it within the time budget.
    #[error(transparent)]
    NoTurn(RequestQueue),
    /// A response with credentials is unusable.
    #[error(transparent)]
    Response(ResponseProblem),
    /// The endpoint is invalid.
    #[error(transparent)]
    Endpoint(EndpointError),
    /// The pages or the listings disagree.
    #[error(transparent)]
    Listing(ListingProblem),
    /// The pages of a listing are too large.
    #[error("the pages of the listing exceed {limit} MiB in total")]
    ListingTooLarge {
        /// The limit.
        limit: usize,
    },
    /// Events are missing.
    #[error(transparent)]
    Events(EventProblem),
}

/// A limit that requests wait for, one after the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RequestQueue {
    /// The limit on the rate of requests for an account.
    #[error(
        "the budget of requests for the account (--rate) left no turn for this one within the time limit"
    )]
    Rate,
    /// The limits on concurrent requests: of all instances, and of an endpoint, which throttling lowers.
    #[error(
        "other requests took all places (--parallelism) until the time limit: nothing was sent"
    )]
    Parallelism,
    /// The pace of lookups of events.
    #[error("the pace of lookups left no turn for this one within the time limit")]
    Lookups,
}

impl RequestQueue {
    /// Returns the code of the failure.
    pub(crate) const fn code(self) -> &'static str {
        match self {
            Self::Rate => "RateExhausted",
            Self::Parallelism => "RequestsQueued",
            Self::Lookups => "LookupsQueued",
        }
    }
}

/// A refusal of a service.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct RefusedCall {
    /// The words of the service: hostile until escaped.
    pub message: Box<str>,
    /// The problem of a response that is not in the words of the service.
    pub problem: Option<ResponseProblem>,
    /// The HTTP status.
    pub status: u16,
    /// The remedy, where there is one.
    pub advice: Option<CallAdvice>,
}

/// The remedy for a refusal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CallAdvice {
    /// The caller lacks a permission.
    Allow(CallRemedy, Arc<CredentialsOrigin>),
    /// The credentials are rejected.
    CheckCredentials(Arc<CredentialsOrigin>),
    /// The credentials have expired.
    RenewCredentials(Arc<CredentialsOrigin>),
    /// The clocks differ.
    CheckClock,
    /// The response is not one of the API.
    CheckEndpoint,
    /// There is no such instance.
    CheckInstance,
}

impl fmt::Display for CallAdvice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Allow(remedy, origin) => write!(f, "{remedy} (credentials: {origin})"),
            Self::CheckCredentials(origin) => write!(f, "check the credentials ({origin})"),
            Self::RenewCredentials(origin) => write!(f, "renew the credentials ({origin})"),
            Self::CheckClock => f.write_str("check the clock of this machine"),
            Self::CheckEndpoint => f.write_str(
                "this is not a response of the API: check the endpoint, and any proxy or firewall",
            ),
            Self::CheckInstance => f.write_str("check the id and region of the instance"),
        }
    }
}

impl fmt::Display for RefusedCall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            message,
            problem: _,
            status,
            advice,
        } = self;
        let message = message.trim_start();
        // A message can be empty.
        if !message.is_empty() {
            write!(f, "{message} ")?;
        }
        write!(f, "(HTTP {status})")?;
        match advice {
            Some(advice) => write!(f, "; {advice}"),
            None => Ok(()),
        }
    }
}

/// A request that a service rejects as invalid, which a retry cannot change.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{} (HTTP {}); {remedy} (credentials: {origin})", error.message_and_code(), error.status)]
pub struct RefusedRequest {
    /// The error of the service. Its words are hostile until escaped.
    pub error: Box<ApiError>,
    /// The setting to correct.
    pub remedy: CallRemedy,
    /// The credentials of the request.
    pub origin: Arc<CredentialsOrigin>,
}

/// The attempts of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetrySummary {
    /// The number of failed attempts.
    pub attempts: u32,
    /// The duration of all attempts and waits.
    pub elapsed: Duration,
    /// The reason for no further attempt.
    pub reason: StopReason,
}

impl fmt::Display for RetrySummary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plural = if self.attempts == 1 { "" } else { "s" };
        let seconds = self.elapsed.as_secs_f64();
        let spent = format!("{} attempt{plural}, {seconds:.1} s", self.attempts);
        match self.reason {
            StopReason::GaveUp => write!(f, "gave up after {spent}"),
            StopReason::OutOfTime(total) => {
                let total = (total.as_secs_f64() * 10.0).round() / 10.0;
                write!(f, "the time budget of {total} s ended after {spent}")
            }
            StopReason::WaitTooLong { wait, left } => {
                let (wait, left) = (wait.as_secs_f64(), left.as_secs_f64());
                write!(
                    f,
                    "gave up after {spent}: the next attempt is due in {wait:.1} s, with {left:.1} s of the time budget left"
                )
            }
        }
    }
}

impl CallFailure {
    /// Returns an error of a single attempt without a response of the API.
    pub(crate) fn new(code: &str, cause: FailureCause) -> Self {
        Self {
            code: code.into(),
            cause,
            retries: None,
            request_id: None,
        }
    }

    /// Returns the message: the cause, and the attempts.
    #[must_use]
    pub fn message(&self) -> String {
        match &self.retries {
            Some(retries) => format!("{}; {retries}", self.cause),
            None => self.cause.to_string(),
        }
    }
}

impl fmt::Display for CallFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code, self.message())
    }
}
