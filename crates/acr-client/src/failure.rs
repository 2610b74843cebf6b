//! Failures: of one attempt, of a call with its retries, and as reported of an instance.

use std::sync::Arc;
use std::time::Duration;

use acr_api::{ApiError, ErrorKind, ReadFailure, ReadStatus};

use super::credentials::CredentialsError;
use super::endpoint::EndpointError;
use super::request_log::{Attempt, RequestLabel};
use super::transport::TransportError;

/// The failure of one attempt.
#[derive(Debug, Clone)]
pub(crate) enum AttemptError {
    /// The service refused the request.
    Refused {
        /// The error of the service.
        error: ApiError,
        /// The wait that `x-acs-retry-after` or `Retry-After` asks for.
        retry_after: Option<Duration>,
        /// The credentials and the permission of the request.
        context: CallContext,
    },
    /// No response arrived.
    Transport(TransportError),
    /// No credentials were available.
    Credentials(CredentialsError),
}

/// The credentials of a request and the remedy for a denial, for messages.
#[derive(Debug, Clone)]
pub(crate) struct CallContext {
    /// The source of the credentials.
    pub(crate) credentials_source: Arc<str>,
    /// The permission or setting to add if the request is denied.
    pub(crate) remedy: &'static str,
}

impl CallContext {
    /// Returns the label of an attempt that is about credentials.
    pub(crate) fn label(&self, action: &'static str, attempt: Attempt) -> RequestLabel {
        RequestLabel {
            instance_id: None,
            action,
            credentials: Arc::clone(&self.credentials_source),
            attempt,
        }
    }
}

/// The failure of a call, after its retries.
#[derive(Debug, Clone)]
pub(crate) struct CallError {
    /// The error of the last attempt; `None` if the time budget ended during the first.
    pub(crate) last: Option<AttemptError>,
    /// The number of failed attempts.
    pub(crate) attempts: u32,
    /// The duration of all attempts and waits.
    pub(crate) elapsed: Duration,
    /// The reason for no further attempt.
    pub(crate) reason: StopReason,
}

/// The reason for no further attempt.
#[derive(Debug, Clone, Copy)]
pub(crate) enum StopReason {
    /// A retry cannot help, or the limit of retries is reached.
    GaveUp,
    /// The time budget ended; this is its total.
    OutOfTime(Duration),
    /// The next attempt is due after the end of the time budget.
    WaitTooLong { wait: Duration, left: Duration },
}

impl CallError {
    /// Returns the refusal of the last attempt, if it was one.
    pub(crate) fn refusal(&self) -> Option<&ApiError> {
        match &self.last {
            Some(AttemptError::Refused { error, .. }) => Some(error),
            _ => None,
        }
    }

    /// Returns the message of a refusal of the request itself, which a retry cannot change.
    pub(crate) fn wrong_request(&self) -> Option<String> {
        let Some(AttemptError::Refused {
            error,
            retry_after: None,
            context,
        }) = &self.last
        else {
            return None;
        };
        let is_wrong = matches!(error.kind(), ErrorKind::Parameter | ErrorKind::Other)
            && (400..500).contains(&error.status);
        if !is_wrong {
            return None;
        }
        let (message, status) = (error.message_and_code(), error.status);
        let CallContext {
            credentials_source,
            remedy,
        } = context;
        Some(format!(
            "{message} (HTTP {status}); {remedy} (credentials: {credentials_source})"
        ))
    }

    /// Returns the status and failure to report for the instance.
    pub(crate) fn to_read_failure(&self) -> (ReadStatus, ReadFailure) {
        let (status, code, message) = match &self.last {
            Some(AttemptError::Refused {
                error,
                retry_after,
                context,
            }) => {
                let status = if retry_after.is_some() {
                    ReadStatus::Throttled
                } else {
                    read_status(error.kind())
                };
                (status, error.code.as_str(), explain(error, context))
            }
            Some(AttemptError::Transport(error)) => {
                (ReadStatus::Unreachable, error.code(), error.to_string())
            }
            Some(AttemptError::Credentials(error)) => return credentials_failure(error),
            None => (
                ReadStatus::Unreachable,
                "OutOfTime",
                "no response arrived".to_owned(),
            ),
        };
        let message = format!("{message}{}", self.retry_summary());
        let request_id = self
            .refusal()
            .and_then(|error| error.request_id.as_deref())
            .map(Into::into);
        let failure = ReadFailure {
            code: code.into(),
            message: message.into(),
            request_id,
        };
        (status, failure)
    }

    /// Returns the number and duration of the attempts, as the end of a message; empty for a single attempt.
    fn retry_summary(&self) -> String {
        let plural = if self.attempts == 1 { "" } else { "s" };
        let seconds = self.elapsed.as_secs_f64();
        let spent = format!("{} attempt{plural}, {seconds:.1} s", self.attempts);
        match self.reason {
            StopReason::GaveUp if self.attempts <= 1 => String::new(),
            StopReason::GaveUp => format!("; gave up after {spent}"),
            StopReason::OutOfTime(total) => {
                let total = total.as_secs_f64();
                format!("; the time budget of {total} s ended after {spent}")
            }
            StopReason::WaitTooLong { wait, left } => {
                let (wait, left) = (wait.as_secs_f64(), left.as_secs_f64());
                format!(
                    "; gave up after {spent}: the next attempt is due in {wait:.1} s, with {left:.1} s of the time budget left"
                )
            }
        }
    }
}

fn read_status(kind: ErrorKind) -> ReadStatus {
    match kind {
        ErrorKind::Throttled => ReadStatus::Throttled,
        ErrorKind::Denied | ErrorKind::Credentials | ErrorKind::TokenExpired => ReadStatus::Denied,
        ErrorKind::InstanceNotFound => ReadStatus::NotFound,
        ErrorKind::Server
        | ErrorKind::Clock
        | ErrorKind::NonceUsed
        | ErrorKind::Parameter
        | ErrorKind::Unreadable
        | ErrorKind::Foreign
        | ErrorKind::Other => ReadStatus::Unreachable,
    }
}

/// Returns the message of the service with a remedy.
fn explain(error: &ApiError, context: &CallContext) -> String {
    let ApiError {
        status, message, ..
    } = error;
    let CallContext {
        credentials_source: source,
        remedy,
    } = context;
    let help = match error.kind() {
        ErrorKind::Denied => format!("; {remedy} (credentials: {source})"),
        ErrorKind::Credentials => format!("; check the credentials ({source})"),
        ErrorKind::TokenExpired => format!("; renew the credentials ({source})"),
        ErrorKind::Clock => "; check the clock of this machine".to_owned(),
        ErrorKind::Foreign => {
            "; this is not a response of the API: check the endpoint, and any proxy or firewall"
                .to_owned()
        }
        ErrorKind::InstanceNotFound => "; check the id and region of the instance".to_owned(),
        _ => String::new(),
    };
    // A message can be empty.
    let text = format!("{message} (HTTP {status}){help}");
    text.trim_start().to_owned()
}

/// Returns the status and failure of an instance without credentials.
pub(crate) fn credentials_failure(error: &CredentialsError) -> (ReadStatus, ReadFailure) {
    let (status, code, request_id) = match error {
        CredentialsError::NotConfigured { .. } => (ReadStatus::Denied, "NoCredentials", None),
        CredentialsError::Broken { .. } => (ReadStatus::Denied, "CredentialsBroken", None),
        CredentialsError::Failed {
            status, failure, ..
        } => (*status, &*failure.code, failure.request_id.clone()),
    };
    let failure = ReadFailure {
        code: code.into(),
        message: error.to_string().into(),
        request_id,
    };
    (status, failure)
}

/// Returns the status and failure of an instance with an invalid endpoint.
pub(crate) fn endpoint_failure(error: &EndpointError) -> (ReadStatus, ReadFailure) {
    unread(
        ReadStatus::Unreachable,
        "InvalidEndpoint",
        error.to_string(),
    )
}

/// Returns the status and failure of an instance whose pages or listings disagree.
pub(crate) fn inconsistent(problem: &str) -> (ReadStatus, ReadFailure) {
    unread(ReadStatus::Inconsistent, "Inconsistent", problem.to_owned())
}

/// Returns the status and failure of an instance whose pages exceed `limit` bytes in total.
pub(crate) fn too_large(limit: usize) -> (ReadStatus, ReadFailure) {
    let limit = limit >> 20;
    let message = format!("the pages of the listing exceed {limit} MiB in total");
    unread(ReadStatus::Unreachable, "ListingTooLarge", message)
}

fn unread(status: ReadStatus, code: &str, message: String) -> (ReadStatus, ReadFailure) {
    let failure = ReadFailure {
        code: code.into(),
        message: message.into(),
        request_id: None,
    };
    (status, failure)
}
