//! The errors of providers and of the chain.

use std::fmt;

use acr_api::{ReadFailure, ReadStatus};

use crate::bounded_read::FileError;
use crate::failure::CallError;

/// The reason for a lack of credentials. No message contains a value of a key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CredentialsError {
    /// No provider is configured.
    #[error("no credentials are configured: {}", join_skipped(skipped))]
    NotConfigured {
        /// The providers that were tried, in order.
        skipped: Vec<SkippedProvider>,
    },
    /// A provider is configured incorrectly.
    #[error("{origin}: {problem}")]
    Broken {
        /// The provider, with the file that configures it.
        origin: String,
        /// The key and its problem.
        problem: String,
    },
    /// A provider is configured, but its service issues no credentials.
    #[error("{origin}: {}", failure.message)]
    Failed {
        /// The provider.
        origin: String,
        /// The status of an instance that needs the credentials.
        status: ReadStatus,
        /// The failure. The message comes from the service and is hostile until escaped.
        failure: ReadFailure,
    },
}

impl CredentialsError {
    /// Returns the error of a provider that ends the search.
    pub(super) fn from_provider(origin: impl Into<String>, error: ProviderError) -> Self {
        let origin = origin.into();
        match error {
            ProviderError::NotConfigured(problem) | ProviderError::Broken(problem) => {
                Self::Broken { origin, problem }
            }
            ProviderError::Failed(status, failure) => Self::Failed {
                origin,
                status,
                failure,
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
    /// The provider.
    pub origin: String,
    /// The configuration that it lacks.
    pub reason: String,
}

impl fmt::Display for SkippedProvider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { origin, reason } = self;
        write!(f, "{origin}: {reason}")
    }
}

/// Joins skipped providers for a message.
pub(super) fn join_skipped(skipped: &[SkippedProvider]) -> String {
    let skipped: Vec<_> = skipped.iter().map(ToString::to_string).collect();
    skipped.join("; ")
}

/// The reason for which a provider yields no credentials.
#[derive(Debug)]
pub(super) enum ProviderError {
    /// The provider is not configured; the text names the missing configuration.
    NotConfigured(String),
    /// The provider is configured incorrectly, as described.
    Broken(String),
    /// The service of the provider issues no credentials.
    Failed(ReadStatus, ReadFailure),
}

impl ProviderError {
    /// Returns the failure of a service that the user configured. If the service calls the request wrong, so is the
    /// configuration.
    pub(super) fn from_configured_service(error: CallError) -> Self {
        match error.wrong_request() {
            Some(problem) => Self::Broken(problem),
            None => error.into(),
        }
    }

    /// Returns the failure of a service with an unreadable response.
    pub(super) fn unreadable(message: impl Into<Box<str>>) -> Self {
        let failure = ReadFailure {
            code: "UnreadableAnswer".into(),
            message: message.into(),
            request_id: None,
        };
        Self::Failed(ReadStatus::Unreachable, failure)
    }
}

impl From<FileError> for ProviderError {
    fn from(error: FileError) -> Self {
        match error {
            FileError::Missing(_) => Self::NotConfigured(error.to_string()),
            FileError::Unreadable { .. } => Self::Broken(error.to_string()),
        }
    }
}

impl From<CallError> for ProviderError {
    fn from(error: CallError) -> Self {
        let (status, failure) = error.to_read_failure();
        Self::Failed(status, failure)
    }
}
