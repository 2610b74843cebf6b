//! The errors of providers and of the chain.

use std::fmt::{self, Display};
use std::sync::Arc;

use acr_api::ReadStatus;

use super::origin::{ConfigSource, CredentialsOrigin};
use super::problem::{CredentialsProblem, ResponseProblem};
use crate::bounded_read::FileError;
use crate::call_failure::{CallFailure, FailureCause};
use crate::failure::CallError;

/// The reason for a lack of credentials. No message contains a value of a key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CredentialsError {
    /// No provider is configured.
    #[error("no credentials are configured: {}", join(skipped, "; "))]
    NotConfigured {
        /// The providers that were tried, in order.
        skipped: Vec<SkippedProvider>,
    },
    /// A provider is configured incorrectly.
    #[error("{origin}: {problem}")]
    Broken {
        /// The provider, with the file that configures it.
        origin: Arc<CredentialsOrigin>,
        /// The key and its problem.
        problem: Box<CredentialsProblem>,
    },
    /// A provider is configured, but its service issues no credentials.
    #[error("{origin}: {}", error.message())]
    Failed {
        /// The provider.
        origin: Arc<CredentialsOrigin>,
        /// The status of an instance that needs the credentials.
        status: ReadStatus,
        /// The failure. The message comes from the service and is hostile until escaped.
        error: Box<CallFailure>,
    },
}

impl CredentialsError {
    /// Returns the error of a provider that ends the search.
    pub(super) fn from_provider(origin: &Arc<CredentialsOrigin>, error: ProviderError) -> Self {
        let origin = Arc::clone(origin);
        match error {
            ProviderError::NotConfigured(problem) | ProviderError::Broken(problem) => {
                let problem = Box::new(problem);
                Self::Broken { origin, problem }
            }
            ProviderError::Failed(status, error) => Self::Failed {
                origin,
                status,
                error,
            },
        }
    }

    /// Returns whether a provider is configured incorrectly.
    pub(crate) const fn is_broken(&self) -> bool {
        matches!(self, Self::Broken { .. })
    }

    /// Returns whether a service denied the credentials. A retry would be denied too.
    pub(crate) const fn is_denial(&self) -> bool {
        matches!(
            self,
            Self::Failed {
                status: ReadStatus::Denied,
                ..
            }
        )
    }

    /// Returns whether the error is in the configuration of this machine, without a request to a service.
    pub(crate) const fn is_local(&self) -> bool {
        matches!(self, Self::NotConfigured { .. } | Self::Broken { .. })
    }
}

/// A provider that is not configured.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SkippedProvider {
    /// The source of the provider.
    pub source: ConfigSource,
    /// The configuration that it lacks.
    pub problem: CredentialsProblem,
}

impl Display for SkippedProvider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { source, problem } = self;
        write!(f, "{source}: {problem}")
    }
}

/// Joins problems for a message.
pub(super) fn join(problems: &[impl Display], separator: &str) -> String {
    let problems: Vec<_> = problems.iter().map(ToString::to_string).collect();
    problems.join(separator)
}

/// The reason for which a provider yields no credentials.
#[derive(Debug)]
pub(super) enum ProviderError {
    /// The provider is not configured; the problem names the missing configuration.
    NotConfigured(CredentialsProblem),
    /// The provider is configured incorrectly.
    Broken(CredentialsProblem),
    /// The service of the provider issues no credentials.
    Failed(ReadStatus, Box<CallFailure>),
}

impl ProviderError {
    /// Returns the failure of a service that the user configured. If the service calls the request wrong, so is the
    /// configuration.
    pub(super) fn from_configured_service(error: CallError) -> Self {
        match error.wrong_request() {
            Some(refused) => Self::Broken(refused.into()),
            None => error.into(),
        }
    }

    /// Returns the failure of a service with an unreadable response.
    pub(super) fn unreadable(problem: ResponseProblem) -> Self {
        let error = CallFailure::new("UnreadableAnswer", FailureCause::Response(problem));
        Self::Failed(ReadStatus::Unreachable, Box::new(error))
    }
}

impl From<FileError> for ProviderError {
    fn from(error: FileError) -> Self {
        match error {
            FileError::Missing(_) => Self::NotConfigured(error.into()),
            FileError::Unreadable { .. } => Self::Broken(error.into()),
        }
    }
}

impl From<CallError> for ProviderError {
    fn from(error: CallError) -> Self {
        let (status, error) = error.to_call_failure();
        Self::Failed(status, Box::new(error))
    }
}
