//! The places that may hold a configuration, their order, and the rule of the chain.

use std::sync::Arc;

use super::{Credentials, CredentialsError, Identity, PassedOver, cli_profile, environment};
use crate::client::file::FileError;
use crate::client::options::Outside;

/// A source, in the order in which the SDKs ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Source {
    Environment,
    CliProfile,
}

/// The order of the SDKs' default chain.
const ORDER: [Source; 2] = [Source::Environment, Source::CliProfile];

/// The sources that know profiles. A profile somebody names is looked for there only: environment variables
/// that happen to be set must not stand in for it.
const WITH_PROFILES: [Source; 1] = [Source::CliProfile];

/// What one source has to say.
#[derive(Debug)]
pub(super) enum Unusable {
    /// It is not configured; the text says what it would need.
    NotConfigured(String),
    /// It is configured and broken; the text says how.
    Broken(String),
}

impl From<FileError> for Unusable {
    fn from(error: FileError) -> Self {
        match error {
            FileError::Missing(_) => Self::NotConfigured(error.to_string()),
            FileError::Unusable { .. } => Self::Broken(error.to_string()),
        }
    }
}

/// How credentials are got from what a source holds.
#[derive(Debug, Clone)]
pub(super) enum Recipe {
    /// They stand there.
    Static(Arc<Credentials>),
}

impl Source {
    /// What people call it; a file's path is the source's own to tell.
    const fn name(self) -> &'static str {
        match self {
            Self::Environment => "environment variables",
            Self::CliProfile => "aliyun CLI profile",
        }
    }

    fn recipe(self, outside: &Outside, profile: Option<&str>) -> Result<Recipe, Unusable> {
        match self {
            Self::Environment => environment::recipe(outside),
            Self::CliProfile => cli_profile::recipe(outside, profile),
        }
    }
}

/// The credentials of the first source that is configured.
pub(super) fn first_configured(outside: &Outside, identity: &Identity) -> Result<Recipe, CredentialsError> {
    let profile = identity.profile.as_deref();
    let sources = if profile.is_some() { &WITH_PROFILES[..] } else { &ORDER[..] };
    let mut attempts = Vec::new();
    for source in sources {
        let origin = source.name().to_owned();
        match source.recipe(outside, profile) {
            Ok(recipe) => return Ok(recipe),
            Err(Unusable::NotConfigured(reason)) => attempts.push(PassedOver { origin, reason }),
            Err(Unusable::Broken(problem)) => return Err(CredentialsError::Broken { origin, problem }),
        }
    }
    Err(CredentialsError::NotConfigured { attempts })
}
