//! The places that may hold a configuration, and their order.

use std::sync::Arc;

use acr_api::{ReadFailure, ReadStatus};

use super::recipe::{Recipe, Role, Sts, Way};
use super::{Identity, cli_profile, environment, ini};
use crate::file::FileError;
use crate::options::{Options, Outside};

/// A source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Source {
    /// Keys in environment variables.
    Keys,
    /// A token file and a role in environment variables.
    Oidc,
    /// `~/.aliyun/config.json`.
    CliProfile,
    /// `~/.alibabacloud/credentials`.
    IniFile,
    /// The role of the machine.
    InstanceRole,
    /// A URL in an environment variable.
    Uri,
}

/// The order of the SDKs' default chain.
const ORDER: [Source; 6] = [
    Source::Keys,
    Source::Oidc,
    Source::CliProfile,
    Source::IniFile,
    Source::InstanceRole,
    Source::Uri,
];

/// The sources that know profiles. A profile somebody names is looked for there only: environment variables
/// that happen to be set must not stand in for it.
const WITH_PROFILES: [Source; 2] = [Source::CliProfile, Source::IniFile];

/// Why a source brings nothing.
#[derive(Debug)]
pub(super) enum Unusable {
    /// It is not configured; the text says what it would need.
    NotConfigured(String),
    /// It is configured and broken; the text says how.
    Broken(String),
    /// It is configured, and whoever issues the credentials does not.
    Failed(ReadStatus, ReadFailure),
}

impl From<FileError> for Unusable {
    fn from(error: FileError) -> Self {
        match error {
            FileError::Missing(_) => Self::NotConfigured(error.to_string()),
            FileError::Unusable { .. } => Self::Broken(error.to_string()),
        }
    }
}

impl Source {
    /// Returns the sources of an identity, in the order in which they are tried.
    pub(super) const fn for_identity(identity: &Identity) -> &'static [Self] {
        if identity.profile.is_some() {
            &WITH_PROFILES
        } else {
            &ORDER
        }
    }

    /// What people call it; profile and file are the recipe's to tell.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Keys => "environment variables",
            Self::Oidc => "OIDC token",
            Self::CliProfile => "aliyun CLI profile",
            Self::IniFile => "credentials file",
            Self::InstanceRole => "ECS instance role",
            Self::Uri => "credentials URI",
        }
    }

    /// What it holds for a profile.
    pub(super) fn recipe(
        self,
        outside: &Outside,
        options: &Options,
        profile: Option<&str>,
    ) -> Result<Recipe, Unusable> {
        match self {
            Self::Keys => environment::keys(outside),
            Self::Oidc => environment::oidc(outside, options),
            Self::CliProfile => cli_profile::recipe(outside, options, profile),
            Self::IniFile => ini::recipe(outside, options, profile),
            Self::InstanceRole => environment::instance_role(outside),
            Self::Uri => environment::uri(outside),
        }
    }
}

/// The recipe for an identity's role, which is assumed with what `base` brings.
pub(super) fn with_role(
    base: Recipe,
    role_arn: &str,
    outside: &Outside,
    options: &Options,
) -> Recipe {
    let origin: Arc<str> = format!("role {role_arn}, assumed with {}", base.origin).into();
    let role = Role {
        arn: role_arn.to_owned(),
        session_name: None,
        duration_s: None,
        external_id: None,
        policy: None,
        sts: Sts::configured(outside, options),
    };
    Recipe {
        origin,
        way: Way::AssumeRole {
            base: Box::new(base),
            role,
        },
    }
}
