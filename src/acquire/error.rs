//! Errors of a read that ends without a result.

use std::io;

use acr_client::SetupError;
use acr_client::credentials::CredentialsError;
use acr_emulator::StartError;

use super::message::{credentials_error, read_error, setup_error, skipped_provider};
use crate::i18n::Message;
use crate::snapshot::SnapshotError;
use crate::source::{EncodingError, SAVE_AS_UTF8};

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
    #[error("cannot read live rules from {name}: it is not UTF-8 text: {error}; {SAVE_AS_UTF8}")]
    Encoding {
        /// The name of the file.
        name: String,
        /// The other encoding, or the first byte that is no text.
        error: EncodingError,
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
pub fn tried_sources(error: &CredentialsError) -> Vec<Message> {
    match error {
        CredentialsError::NotConfigured { skipped } => {
            skipped.iter().map(skipped_provider).collect()
        }
        CredentialsError::Broken { .. } | CredentialsError::Failed { .. } => Vec::new(),
    }
}

impl AcquireError {
    /// Returns the message, which has a text in each language.
    #[must_use]
    pub fn message(&self) -> Message {
        match self {
            Self::File { name, source } => Message::live_unreadable(name, read_error(source)),
            Self::Encoding { name, error } => {
                Message::live_unreadable(name, Message::not_utf8_text(error))
            }
            Self::Snapshot { name, source } => Message::live_unreadable(name, source.message()),
            Self::Panicked => Message::reading_panicked(),
            Self::Setup(error) => setup_error(error),
            Self::Emulator(error) => match error {
                StartError::NotLoopback(address) => {
                    Message::emulator_not_loopback(address.to_string())
                }
                StartError::Listen { address, source: _ } => {
                    Message::emulator_address(address.to_string())
                }
            },
            Self::Credentials(error) => credentials_error(error),
        }
    }

    /// Returns each source of credentials that was tried, where none is configured.
    #[must_use]
    pub fn tried_sources(&self) -> Vec<Message> {
        match self {
            Self::Credentials(error) => tried_sources(error),
            _ => Vec::new(),
        }
    }

    /// Returns the remedy, where there is one.
    #[must_use]
    pub fn help(&self) -> Option<Message> {
        match self {
            Self::Snapshot { .. } => Some(Message::help_give_live(
                "`aliyun cr ListRepoSyncRule --InstanceId cri-…`",
            )),
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
pub fn credentials_help(error: &CredentialsError) -> Message {
    match error {
        CredentialsError::NotConfigured { .. } => {
            Message::help_set_credentials("`aliyun configure`", "--emulate SNAPSHOT")
        }
        CredentialsError::Broken { .. } => Message::help_fix_credentials(),
        CredentialsError::Failed { .. } => Message::help_issuer(),
    }
}

#[cfg(test)]
mod tests {
    use std::io;

    use acr_client::credentials::CredentialsError;
    use acr_emulator::StartError;

    use super::AcquireError;
    use crate::i18n::assert_message;
    use crate::snapshot::SnapshotError;
    use crate::source::EncodingError;

    #[test]
    fn a_message_has_the_text_of_its_error() {
        let name = || "live.json".to_owned();
        let errors = [
            AcquireError::File {
                name: name(),
                source: io::Error::other("a reason"),
            },
            AcquireError::Encoding {
                name: name(),
                error: EncodingError::Utf32,
            },
            AcquireError::Snapshot {
                name: name(),
                source: SnapshotError::Empty,
            },
            AcquireError::Panicked,
            AcquireError::Emulator(StartError::NotLoopback(([1, 1, 1, 1], 80).into())),
            AcquireError::Emulator(StartError::Listen {
                address: ([127, 0, 0, 1], 80).into(),
                source: io::Error::other("a reason"),
            }),
            AcquireError::Credentials(CredentialsError::NotConfigured {
                skipped: Vec::new(),
            }),
        ];
        for error in errors.iter().take(6) {
            assert_message(&error.message(), error);
        }
        for error in &errors {
            if let Some(help) = error.help() {
                assert_message(&help, &help);
            }
        }
    }
}
