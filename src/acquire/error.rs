//! Errors of a read that ends without a result.

use std::io;

use acr_client::SetupError;
use acr_client::credentials::CredentialsError;
use acr_emulator::StartError;

use crate::snapshot::SnapshotError;
use crate::source::SAVE_AS_UTF8;

/// The reason of a run without credentials, where the sources are listed beside it.
pub const NO_CREDENTIALS: &str = "no credentials are configured";

/// The reason why the live side could not be read at all.
#[derive(Debug, thiserror::Error)]
pub enum AcquireError {
    /// The file of live rules cannot be read.
    #[error("cannot read live rules from {name}: {source}")]
    File {
        /// The name of the file.
        name: String,
        /// The error of the system.
        source: io::Error,
    },
    /// The file of live rules is not text.
    #[error("cannot read live rules from {name}: it is not UTF-8 text: {detail}; {SAVE_AS_UTF8}")]
    Encoding {
        /// The name of the file.
        name: String,
        /// The place of the first byte that is no text.
        detail: String,
    },
    /// The file holds no snapshot.
    #[error("cannot read live rules from {name}: {source}")]
    Snapshot {
        /// The name of the file.
        name: String,
        /// The reason.
        source: SnapshotError,
    },
    /// The thread that read the file panicked.
    #[error("reading the live rules ended unexpectedly")]
    Panicked,
    /// The client cannot be set up.
    #[error(transparent)]
    Setup(#[from] SetupError),
    /// The embedded emulator cannot start.
    #[error(transparent)]
    Emulator(#[from] StartError),
    /// There are no credentials.
    #[error(transparent)]
    Credentials(#[from] CredentialsError),
}

/// Returns each source of credentials that was tried, with what it lacks: `credentials file: … does not exist`.
#[must_use]
pub fn tried_sources(error: &CredentialsError) -> Vec<String> {
    match error {
        CredentialsError::NotConfigured { skipped } => {
            skipped.iter().map(ToString::to_string).collect()
        }
        CredentialsError::Broken { .. } | CredentialsError::Failed { .. } => Vec::new(),
    }
}

impl AcquireError {
    /// Returns each source of credentials that was tried, where none is configured.
    #[must_use]
    pub fn tried_sources(&self) -> Vec<String> {
        match self {
            Self::Credentials(error) => tried_sources(error),
            _ => Vec::new(),
        }
    }

    /// Returns the remedy, where there is one.
    #[must_use]
    pub const fn help(&self) -> Option<&'static str> {
        match self {
            Self::Snapshot { .. } => Some(
                "give a crdrift snapshot, or what `aliyun cr ListRepoSyncRule --InstanceId cri-…` prints, one page after the other",
            ),
            Self::Credentials(error) => Some(credentials_help(error)),
            Self::File { .. }
            | Self::Encoding { .. }
            | Self::Panicked
            | Self::Setup(_)
            | Self::Emulator(_) => None,
        }
    }
}

/// Returns the remedy for credentials that cannot be used.
#[must_use]
pub const fn credentials_help(error: &CredentialsError) -> &'static str {
    match error {
        CredentialsError::NotConfigured { .. } => {
            "set ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET, or run `aliyun configure`; \
             without an account, try --emulate SNAPSHOT"
        }
        CredentialsError::Broken { .. } => {
            "fix this credentials source, or remove it so that the next one is tried"
        }
        CredentialsError::Failed { .. } => {
            "check the issuer's error; the role's trust policy must allow this caller"
        }
    }
}
