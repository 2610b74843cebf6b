//! Failures: of one attempt, of a call with its retries, and as reported of an instance.

use std::sync::Arc;
use std::time::Duration;

use acr_api::{ApiError, ErrorKind, ReadStatus};

use super::call_failure::{
    CallAdvice, CallFailure, FailureCause, RefusedCall, RefusedRequest, RequestQueue, RetrySummary,
    StopReason,
};
use super::credentials::{CredentialsError, CredentialsOrigin, ResponseProblem};
use super::endpoint::EndpointError;
use super::reader::problem::ListingProblem;
use super::remedy::CallRemedy;
use super::request_log::{Attempt, RequestLabel};
use super::transport::TransportError;

/// The failure of one attempt.
#[derive(Debug, Clone)]
pub(crate) enum AttemptError {
    /// The service refused the request.
    Refused {
        /// The error of the service.
        error: ApiError,
        /// The problem of a response that is not in the words of the service.
        problem: Option<ResponseProblem>,
        /// The wait that `x-acs-retry-after` or `Retry-After` asks for.
        retry_after: Option<Duration>,
        /// The credentials and the permission of the request.
        context: CallContext,
    },
    /// No response arrived.
    Transport(TransportError),
    /// No credentials were available.
    Credentials(CredentialsError),
    /// A limit left no turn for the request.
    NoTurn(RequestQueue),
}

/// The credentials of a request and the remedy for a denial, for messages.
#[derive(Debug, Clone)]
pub(crate) struct CallContext {
    /// The source of the credentials.
    pub(crate) credentials_source: Arc<CredentialsOrigin>,
    /// The permission or setting to add if the request is denied.
    pub(crate) remedy: CallRemedy,
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

impl CallError {
    /// Returns the refusal of the last attempt, if it was one.
    pub(crate) fn refusal(&self) -> Option<&ApiError> {
        match &self.last {
            Some(AttemptError::Refused { error, .. }) => Some(error),
            _ => None,
        }
    }

    /// Returns the refusal of the request itself, which a retry cannot change.
    pub(crate) fn wrong_request(&self) -> Option<RefusedRequest> {
        let Some(AttemptError::Refused {
            error,
            problem: _,
            retry_after: None,
            context,
        }) = &self.last
        else {
            return None;
        };
        let is_wrong = matches!(error.kind(), ErrorKind::Parameter | ErrorKind::Other)
            && (400..500).contains(&error.status);
        is_wrong.then(|| RefusedRequest {
            error: Box::new(error.clone()),
            remedy: context.remedy,
            origin: Arc::clone(&context.credentials_source),
        })
    }

    /// Returns the status and error to report for the instance.
    pub(crate) fn to_call_failure(&self) -> (ReadStatus, CallFailure) {
        let (status, code, cause) = match &self.last {
            Some(AttemptError::Refused {
                error,
                problem,
                retry_after,
                context,
            }) => {
                let status = if retry_after.is_some() {
                    ReadStatus::Throttled
                } else {
                    read_status(error.kind())
                };
                let refused = RefusedCall {
                    message: error.message.as_str().into(),
                    problem: problem.clone().or(error.problem.map(Into::into)),
                    status: error.status,
                    advice: advice(error, context),
                };
                (status, error.code.as_str(), FailureCause::Refused(refused))
            }
            Some(AttemptError::Transport(error)) => (
                ReadStatus::Unreachable,
                error.code(),
                FailureCause::Transport(error.clone()),
            ),
            Some(AttemptError::Credentials(error)) => return credentials_failure(error),
            Some(AttemptError::NoTurn(queue)) => (
                ReadStatus::Unreachable,
                queue.code(),
                FailureCause::NoTurn(*queue),
            ),
            None => (
                ReadStatus::Unreachable,
                "OutOfTime",
                FailureCause::NoResponse,
            ),
        };
        let request_id = self
            .refusal()
            .and_then(|error| error.request_id.as_deref())
            .map(Into::into);
        let error = CallFailure {
            retries: self.retries(),
            request_id,
            ..CallFailure::new(code, cause)
        };
        (status, error)
    }

    /// Returns the number and duration of the attempts; `None` for a single one.
    fn retries(&self) -> Option<RetrySummary> {
        if self.reason == StopReason::GaveUp && self.attempts <= 1 {
            return None;
        }
        Some(RetrySummary {
            attempts: self.attempts,
            elapsed: self.elapsed,
            reason: self.reason,
        })
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

/// Returns the remedy for a refusal.
fn advice(error: &ApiError, context: &CallContext) -> Option<CallAdvice> {
    let origin = || Arc::clone(&context.credentials_source);
    Some(match error.kind() {
        ErrorKind::Denied => CallAdvice::Allow(context.remedy, origin()),
        ErrorKind::Credentials => CallAdvice::CheckCredentials(origin()),
        ErrorKind::TokenExpired => CallAdvice::RenewCredentials(origin()),
        ErrorKind::Clock => CallAdvice::CheckClock,
        ErrorKind::Foreign => CallAdvice::CheckEndpoint,
        ErrorKind::InstanceNotFound => CallAdvice::CheckInstance,
        ErrorKind::Throttled
        | ErrorKind::Server
        | ErrorKind::NonceUsed
        | ErrorKind::Parameter
        | ErrorKind::Unreadable
        | ErrorKind::Other => return None,
    })
}

/// Returns the status and error of an instance without credentials.
pub(crate) fn credentials_failure(error: &CredentialsError) -> (ReadStatus, CallFailure) {
    let (status, code, request_id) = match error {
        CredentialsError::NotConfigured { .. } => (ReadStatus::Denied, "NoCredentials", None),
        CredentialsError::Broken { .. } => (ReadStatus::Denied, "CredentialsBroken", None),
        CredentialsError::Failed { status, error, .. } => {
            (*status, &*error.code, error.request_id.clone())
        }
    };
    let cause = FailureCause::Credentials(Box::new(error.clone()));
    let error = CallFailure {
        request_id,
        ..CallFailure::new(code, cause)
    };
    (status, error)
}

/// Returns the status and error of an instance with an invalid endpoint.
pub(crate) fn endpoint_failure(error: EndpointError) -> (ReadStatus, CallFailure) {
    let error = CallFailure::new("InvalidEndpoint", FailureCause::Endpoint(error));
    (ReadStatus::Unreachable, error)
}

/// Returns the status and error of an instance whose pages or listings disagree.
pub(crate) fn inconsistent(problem: ListingProblem) -> (ReadStatus, CallFailure) {
    let error = CallFailure::new("Inconsistent", FailureCause::Listing(problem));
    (ReadStatus::Inconsistent, error)
}

/// Returns the status and error of an instance whose pages exceed `limit` bytes in total.
pub(crate) fn too_large(limit: usize) -> (ReadStatus, CallFailure) {
    let cause = FailureCause::ListingTooLarge { limit: limit >> 20 };
    let error = CallFailure::new("ListingTooLarge", cause);
    (ReadStatus::Unreachable, error)
}
