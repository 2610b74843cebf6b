//! Access keys: the chain of providers of the official SDKs, and a cache that renews temporary credentials.
//!
//! A *provider* is a configuration that yields credentials: keys in environment variables, a profile of a file, a role
//! to assume, the role of an ECS instance, and others, one file each. The `chain` tries the places of a configuration
//! in order. It skips a provider that is not configured, but ends at one that is configured and fails: the next one
//! could have the permissions of another user.

mod assume_role;
mod cache;
#[cfg(test)]
mod case_tests;
mod chain;
mod cli_profile;
mod cloud_sso;
mod context;
mod credentials_uri;
mod environment_keys;
mod error;
mod file_variables;
mod ini_file;
mod instance_role;
mod json_request;
mod nearest_name;
mod oidc;
mod origin;
mod problem;
mod process;
mod provider;
mod response;
mod sts;

use std::fmt;
use std::sync::Arc;

use acr_api::AccountId;
use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};

pub(crate) use self::cache::CredentialsCache;
pub use self::error::{CredentialsError, SkippedProvider};
pub use self::origin::{ConfigSource, CredentialsOrigin};
pub use self::problem::{CredentialsProblem, InvalidKey, ProcessProblem, Renewal, ResponseProblem};

/// The choice of credentials.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Identity {
    /// The profile of a configuration file; `None` for the first configured provider of the chain.
    pub profile: Option<Box<str>>,
    /// The ARN of a role to assume with the credentials.
    pub role_arn: Option<Box<str>>,
}

/// An access key. `Debug` shows its source only.
#[derive(Clone)]
pub struct Credentials {
    access_key_id: String,
    secret: SecretString,
    token: Option<SecretString>,
    /// The end of the validity; `None` if unknown or unlimited.
    pub expires: Option<Timestamp>,
    /// The source, for messages: `environment variables`.
    pub source: Arc<CredentialsOrigin>,
}

impl Credentials {
    /// Returns credentials without an end. Blanks around the values, as left by copying, are removed.
    ///
    /// # Errors
    ///
    /// The name, from `names` (id, secret, token), of an invalid value.
    fn new(
        source: &Arc<CredentialsOrigin>,
        values: [&str; 3],
        names: [&str; 3],
    ) -> Result<Self, InvalidKey> {
        let [access_key_id, secret, token] = values.map(str::trim);
        for (value, name) in [access_key_id, secret, token].into_iter().zip(names) {
            if value.bytes().any(|byte| !byte.is_ascii_graphic()) {
                return Err(InvalidKey(name.into()));
            }
        }
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

    /// Returns the id, which the service logs and this program does not.
    pub(crate) fn access_key_id(&self) -> &str {
        &self.access_key_id
    }

    /// Returns the secret, for signatures only.
    pub(crate) fn secret(&self) -> &str {
        self.secret.expose_secret()
    }

    /// Returns the security token of temporary credentials, which is sent as a header.
    pub(crate) fn token(&self) -> Option<&str> {
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

/// The owner of credentials, as reported by the security token service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// The UID of the account.
    pub account: AccountId,
    /// The ARN of the user or session.
    pub arn: String,
    /// The source of the credentials, for messages.
    pub source: Arc<CredentialsOrigin>,
}
