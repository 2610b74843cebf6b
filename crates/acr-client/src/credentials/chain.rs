//! The chain of sources, each of which may configure a provider.

use std::sync::Arc;

use super::assume_role::Role;
use super::context::FetchContext;
use super::credentials_uri::UriProvider;
use super::error::{self, CredentialsError, ProviderError, SkippedProvider};
use super::instance_role::InstanceRoleProvider;
use super::oidc::OidcProvider;
use super::provider::{ProviderConfig, ProviderKind};
use super::sts::StsEndpoint;
use super::{Credentials, Identity, cli_profile, environment_keys, file_variables, ini_file};
use crate::budget::Budget;

/// A source that may configure a provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ConfigSource {
    /// An access key in environment variables.
    Keys,
    /// An OIDC token and a role in environment variables.
    Oidc,
    /// `~/.aliyun/config.json`.
    CliProfile,
    /// `~/.alibabacloud/credentials`.
    IniFile,
    /// The role of the ECS instance.
    InstanceRole,
    /// A URL in an environment variable.
    Uri,
}

/// The sources in the order of the SDKs' default chain.
const DEFAULT_CHAIN: [ConfigSource; 6] = [
    ConfigSource::Keys,
    ConfigSource::Oidc,
    ConfigSource::CliProfile,
    ConfigSource::IniFile,
    ConfigSource::InstanceRole,
    ConfigSource::Uri,
];

/// The sources of an explicit profile. Environment variables do not replace it.
const PROFILE_CHAIN: [ConfigSource; 2] = [ConfigSource::CliProfile, ConfigSource::IniFile];

/// Returns the first configured provider of an identity, with its credentials.
pub(super) async fn first_configured(
    context: &FetchContext,
    identity: &Identity,
    region: Option<&str>,
    budget: Budget,
) -> Result<(ProviderConfig, Credentials), CredentialsError> {
    let profile = identity.profile.as_deref();
    let sources = match profile {
        Some(_) => &PROFILE_CHAIN[..],
        None => &DEFAULT_CHAIN[..],
    };
    let mut skipped = Vec::new();
    for source in sources.iter().copied() {
        if source == ConfigSource::CliProfile {
            file_variables::check_files(&context.environment)?;
        }
        let (origin, error) = match source.provider(context, identity) {
            Ok(provider) => match provider.fetch(context, region, budget).await {
                Ok(credentials) => return Ok((provider, credentials)),
                Err(error) => (provider.origin.to_string(), error),
            },
            Err(error) => (source.name().to_owned(), error),
        };
        let ProviderError::NotConfigured(reason) = error else {
            return Err(CredentialsError::from_provider(origin, error));
        };
        if profile.is_none() {
            file_variables::check_profile(&context.environment, source, &reason, &skipped)?;
        }
        skipped.push(SkippedProvider {
            origin: source.name().to_owned(),
            reason,
        });
    }
    Err(match profile {
        None => CredentialsError::NotConfigured { skipped },
        Some(profile) => CredentialsError::Broken {
            origin: format!("profile `{profile}`"),
            problem: error::join_skipped(&skipped),
        },
    })
}

impl ConfigSource {
    /// Returns the name of the source, for messages.
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

    /// Returns the provider of the source, with the role of the identity.
    fn provider(
        self,
        context: &FetchContext,
        identity: &Identity,
    ) -> Result<ProviderConfig, ProviderError> {
        let base = self.base_provider(context, identity.profile.as_deref())?;
        let Some(role_arn) = &identity.role_arn else {
            return Ok(base);
        };
        let origin = format!("role {role_arn}, assumed with {}", base.origin);
        let sts = StsEndpoint::configured(&context.environment, &context.options);
        Ok(ProviderConfig {
            origin: origin.into(),
            kind: ProviderKind::AssumeRole {
                base: Box::new(base),
                role: Role::new(role_arn.to_string(), sts),
            },
        })
    }

    fn base_provider(
        self,
        context: &FetchContext,
        profile: Option<&str>,
    ) -> Result<ProviderConfig, ProviderError> {
        let FetchContext {
            environment,
            options,
            ..
        } = context;
        let origin: Arc<str> = self.name().into();
        let kind = match self {
            Self::Keys => {
                ProviderKind::Static(environment_keys::from_environment(environment, &origin)?)
            }
            Self::Oidc => ProviderKind::Oidc(OidcProvider::from_environment(environment, options)?),
            Self::CliProfile => return cli_profile::provider(environment, options, profile),
            Self::IniFile => return ini_file::provider(environment, options, profile),
            Self::InstanceRole => {
                ProviderKind::InstanceRole(InstanceRoleProvider::from_environment(environment)?)
            }
            Self::Uri => ProviderKind::Uri(UriProvider::from_environment(environment)?),
        };
        Ok(ProviderConfig { origin, kind })
    }
}
