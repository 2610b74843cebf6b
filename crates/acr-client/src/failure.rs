//! Why something was not read, from one attempt to what a report says of an instance.

use std::sync::Arc;
use std::time::Duration;

use acr_api::{ApiError, ErrorKind};
use acr_api::{ReadFailure, ReadStatus};

use super::credentials::CredentialsError;
use super::endpoint::EndpointError;
use super::transport::TransportError;

/// Why one attempt brought nothing.
#[derive(Debug, Clone)]
pub(super) enum AttemptError {
    /// The service refused.
    Refused {
        /// Its words.
        error: ApiError,
        /// The time to wait, as `x-acs-retry-after` or `Retry-After` gives it.
        retry_after: Option<Duration>,
        /// Who asked for what.
        asked: Asked,
    },
    /// No answer came.
    Transport(TransportError),
    /// There was nothing to sign with.
    Credentials(CredentialsError),
}

/// Who asked, and what that takes.
#[derive(Debug, Clone)]
pub(super) struct Asked {
    /// Where the credentials of the request came from.
    pub(super) origin: Arc<str>,
    /// What to do where it is denied.
    pub(super) needs: &'static str,
}

/// Why a call ended without an answer.
#[derive(Debug, Clone)]
pub(super) struct CallError {
    /// What the last attempt met; `None` where the time ended before there was one.
    pub(super) last: Option<AttemptError>,
    /// Attempts that failed.
    pub(super) attempts: u32,
    /// How long they took.
    pub(super) elapsed: Duration,
    /// What ended it.
    pub(super) end: End,
}

/// What ended a call.
#[derive(Debug, Clone, Copy)]
pub(super) enum End {
    /// Asking again would not have helped, or had not helped often enough.
    GaveUp,
    /// The run's time budget, this long in all.
    OutOfTime(Duration),
    /// The next attempt was to be made after the end of the budget.
    WaitTooLong { wait: Duration, left: Duration },
}

impl CallError {
    /// The refusal it ended with, where it was one.
    pub(super) fn refusal(&self) -> Option<&ApiError> {
        match &self.last {
            Some(AttemptError::Refused { error, .. }) => Some(error),
            _ => None,
        }
    }

    /// Returns the message of a refusal that says that the request itself is wrong: it would be refused again.
    pub(super) fn wrong_request(&self) -> Option<String> {
        let Some(AttemptError::Refused {
            error,
            retry_after: None,
            asked,
        }) = &self.last
        else {
            return None;
        };
        let is_wrong = matches!(error.kind(), ErrorKind::Parameter | ErrorKind::Other);
        let Asked { origin, needs } = asked;
        (is_wrong && (400..500).contains(&error.status)).then(|| {
            let words = error.message_and_code();
            format!(
                "{words} (HTTP {}); {needs} (credentials: {origin})",
                error.status
            )
        })
    }

    /// What a report says of it.
    pub(super) fn report(&self) -> (ReadStatus, ReadFailure) {
        let (status, code, message) = match &self.last {
            Some(AttemptError::Refused {
                error,
                retry_after,
                asked,
            }) => {
                let throttled = retry_after.is_some() || error.kind() == ErrorKind::Throttled;
                let status = if throttled {
                    ReadStatus::Throttled
                } else {
                    status(error.kind())
                };
                (status, error.code.as_str(), explain(error, asked))
            }
            Some(AttemptError::Transport(error)) => {
                (ReadStatus::Unreachable, error.code(), error.to_string())
            }
            Some(AttemptError::Credentials(error)) => return credentials(error),
            None => (
                ReadStatus::Unreachable,
                "OutOfTime",
                "no answer came".to_owned(),
            ),
        };
        let message = format!("{message}{}", self.story());
        let request_id = self
            .refusal()
            .and_then(|error| error.request_id.as_deref())
            .map(Into::into);
        (
            status,
            ReadFailure {
                code: code.into(),
                message: message.into(),
                request_id,
            },
        )
    }

    fn story(&self) -> String {
        let Self {
            attempts,
            elapsed,
            end,
            ..
        } = self;
        let tried = format!(
            "{attempts} {}, {:.1} s",
            if *attempts == 1 {
                "attempt"
            } else {
                "attempts"
            },
            elapsed.as_secs_f64()
        );
        match end {
            End::GaveUp if *attempts <= 1 => String::new(),
            End::GaveUp => format!("; gave up after {tried}"),
            End::OutOfTime(total) => {
                format!(
                    "; the time budget of {} s ended after {tried}",
                    total.as_secs_f64()
                )
            }
            End::WaitTooLong { wait, left } => format!(
                "; gave up after {tried}: the next attempt was due in {:.1} s, and {:.1} s of the time budget are left",
                wait.as_secs_f64(),
                left.as_secs_f64()
            ),
        }
    }
}

fn status(kind: ErrorKind) -> ReadStatus {
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

/// The service's words and what to do about them.
fn explain(error: &ApiError, Asked { origin, needs }: &Asked) -> String {
    let ApiError {
        status, message, ..
    } = error;
    let help = match error.kind() {
        ErrorKind::Denied => format!("; {needs} (credentials: {origin})"),
        ErrorKind::Credentials => format!("; check the credentials ({origin})"),
        ErrorKind::TokenExpired => format!("; renew the credentials ({origin})"),
        ErrorKind::Clock => "; check this machine's clock".to_owned(),
        ErrorKind::Foreign => {
            "; this is no answer of the API: check the endpoint, and the proxy or firewall in between".to_owned()
        }
        ErrorKind::InstanceNotFound => "; check the instance's id and its region".to_owned(),
        _ => String::new(),
    };
    format!("{message} (HTTP {status}){help}")
}

/// What a report says of an instance for which there are no credentials.
pub(super) fn credentials(error: &CredentialsError) -> (ReadStatus, ReadFailure) {
    let (status, code, request_id) = match error {
        CredentialsError::NotConfigured { .. } => (ReadStatus::Denied, "NoCredentials", None),
        CredentialsError::Broken { .. } => (ReadStatus::Denied, "CredentialsBroken", None),
        CredentialsError::Failed {
            status, failure, ..
        } => (*status, &*failure.code, failure.request_id.clone()),
    };
    (
        status,
        ReadFailure {
            code: code.into(),
            message: error.to_string().into(),
            request_id,
        },
    )
}

/// What a report says of an instance whose endpoint cannot be asked.
pub(super) fn endpoint(error: &EndpointError) -> (ReadStatus, ReadFailure) {
    let message = error.to_string().into();
    (
        ReadStatus::Unreachable,
        ReadFailure {
            code: "InvalidEndpoint".into(),
            message,
            request_id: None,
        },
    )
}

/// What a report says of an instance whose parts never agreed.
pub(super) fn inconsistent(what: &str) -> (ReadStatus, ReadFailure) {
    (
        ReadStatus::Inconsistent,
        ReadFailure {
            code: "Inconsistent".into(),
            message: what.into(),
            request_id: None,
        },
    )
}

/// Returns what a report says of an instance whose pages take more than `limit` bytes together.
pub(super) fn too_large(limit: usize) -> (ReadStatus, ReadFailure) {
    let message = format!(
        "its pages take more than {} MiB together, and no more is read",
        limit >> 20
    )
    .into();
    (
        ReadStatus::Unreachable,
        ReadFailure {
            code: "ListingTooLarge".into(),
            message,
            request_id: None,
        },
    )
}
