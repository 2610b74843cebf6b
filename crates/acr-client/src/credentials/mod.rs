//! Access keys: where they come from, in the order of the official SDKs, and how they stay secret.
//!
//! The keyring is what the client asks. A *source* is a place that may hold a configuration (environment variables, a
//! file, the machine itself). A source that is not configured is passed over; one that is configured and broken
//! ends the search, since going on would read with somebody else's rights.

#[cfg(test)]
mod cases;
mod cli_profile;
mod command;
mod environment;
mod ini;
mod issued;
mod issuer;
mod keyring;
mod metadata;
mod named;
mod recipe;
mod source;
mod sts;
mod web;

use std::fmt;
use std::sync::Arc;

use acr_api::{AccountId, ReadFailure, ReadStatus};
use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};

use self::source::Unusable;

pub(super) use self::keyring::Keyring;

/// Whose credentials to use.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Identity {
    /// The profile of a configuration file; `None`: what the chain of sources finds.
    pub profile: Option<Box<str>>,
    /// The ARN of a role to assume with them.
    pub role_arn: Option<Box<str>>,
}

/// What requests are signed with. `Debug` shows where they come from and nothing of what they are.
#[derive(Clone)]
pub struct Credentials {
    access_key_id: String,
    secret: SecretString,
    token: Option<SecretString>,
    /// When they end; `None`: not known, or never.
    pub expires: Option<Timestamp>,
    /// Where they come from, for people: `environment variables`.
    pub source: Arc<str>,
}

impl Credentials {
    /// Credentials for good, until [`Credentials::expires`] is set. Blanks around the values are dropped: they
    /// come from copying, and no key has any.
    ///
    /// # Errors
    ///
    /// The name among `names` (id, secret, token) of a value that cannot be one.
    fn new<'a>(
        source: &Arc<str>,
        [access_key_id, secret, token]: [&str; 3],
        names: [&'a str; 3],
    ) -> Result<Self, UnusableKey<'a>> {
        let parts = [access_key_id.trim(), secret.trim(), token.trim()];
        for (part, name) in parts.into_iter().zip(names) {
            if part.bytes().any(|byte| !byte.is_ascii_graphic()) {
                return Err(UnusableKey(name));
            }
        }
        let [access_key_id, secret, token] = parts;
        Ok(Self {
            access_key_id: access_key_id.to_owned(),
            secret: SecretString::from(secret),
            token: Some(token)
                .filter(|token| !token.is_empty())
                .map(SecretString::from),
            expires: None,
            source: Arc::clone(source),
        })
    }

    /// The id, which the service logs and this program does not.
    pub(super) fn access_key_id(&self) -> &str {
        &self.access_key_id
    }

    /// The secret, for signing and nothing else.
    pub(super) fn secret(&self) -> &str {
        self.secret.expose_secret()
    }

    /// The security token of temporary credentials, which goes out as a header.
    pub(super) fn token(&self) -> Option<&str> {
        self.token.as_ref().map(ExposeSecret::expose_secret)
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials")
            .field("source", &self.source)
            .field("expires", &self.expires)
            .finish_non_exhaustive()
    }
}

/// The name of a value that holds a blank, a control character or something that is not ASCII.
#[derive(Debug, thiserror::Error)]
#[error("`{0}` holds characters that no key has")]
struct UnusableKey<'a>(&'a str);

/// Why there are no credentials. No text in it holds a value of a key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CredentialsError {
    /// No source is configured.
    #[error("no credentials are configured: {}", attempts.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    NotConfigured {
        /// Every source that was asked, in order.
        attempts: Vec<PassedOver>,
    },
    /// A source is configured and cannot be used.
    #[error("{origin}: {problem}")]
    Broken {
        /// The source, with its file where it has one.
        origin: String,
        /// What is wrong with which key.
        problem: String,
    },
    /// A source is configured, and whoever issues its credentials does not.
    #[error("{origin}: {}", failure.message)]
    Failed {
        /// The source.
        origin: String,
        /// What it makes of an instance that was to be read with them.
        status: ReadStatus,
        /// What happened. The message is the issuer's: hostile until escaped.
        failure: ReadFailure,
    },
}

impl CredentialsError {
    /// Returns the failure of a source that ends the search.
    fn from_source(origin: String, error: Unusable) -> Self {
        match error {
            Unusable::NotConfigured(problem) | Unusable::Broken(problem) => {
                Self::Broken { origin, problem }
            }
            Unusable::Failed(status, failure) => Self::Failed {
                origin,
                status,
                failure,
            },
        }
    }

    /// Whether a source is configured and cannot be used.
    pub(super) const fn is_broken(&self) -> bool {
        matches!(self, Self::Broken { .. })
    }

    /// Whether a service refused to issue them, which it would do again.
    pub(super) const fn is_denial(&self) -> bool {
        matches!(
            self,
            Self::Failed {
                status: ReadStatus::Denied,
                ..
            }
        )
    }

    /// Whether nobody but this machine was asked: what is configured here is missing or wrong.
    pub(super) const fn is_local(&self) -> bool {
        matches!(self, Self::NotConfigured { .. } | Self::Broken { .. })
    }
}

/// Whose credentials they are, as the service sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// The UID of the account.
    pub account: AccountId,
    /// The ARN of the user or session.
    pub arn: String,
    /// Where the credentials come from, for people.
    pub source: Arc<str>,
}

/// A source that is not configured.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PassedOver {
    /// The source.
    pub origin: String,
    /// What it would need.
    pub reason: String,
}

impl fmt::Display for PassedOver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { origin, reason } = self;
        write!(f, "{origin}: {reason}")
    }
}
