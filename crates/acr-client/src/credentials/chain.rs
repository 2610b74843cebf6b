//! The chain of sources, each of which may configure a provider.

use std::sync::Arc;

use super::assume_role::Role;
use super::context::FetchContext;
use super::credentials_uri::UriProvider;
use super::error::{CredentialsError, ProviderError, SkippedProvider};
use super::instance_role::InstanceRoleProvider;
use super::oidc::OidcProvider;
use super::origin::{ConfigSource, CredentialsOrigin};
use super::problem::CredentialsProblem;
use super::provider::{ProviderConfig, ProviderKind};
use super::sts::StsEndpoint;
use super::{Credentials, Identity, cli_profile, environment_keys, file_variables, ini_file};
use crate::budget::Budget;

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
                Err(error) => (Arc::clone(&provider.origin), error),
            },
            Err(error) => (Arc::new(source.into()), error),
        };
        let ProviderError::NotConfigured(problem) = error else {
            return Err(CredentialsError::from_provider(&origin, error));
        };
        if profile.is_none() {
            file_variables::check_profile(&context.environment, source, &problem, &skipped)?;
        }
        skipped.push(SkippedProvider { source, problem });
    }
    Err(match profile {
        None => CredentialsError::NotConfigured { skipped },
        Some(profile) => CredentialsError::Broken {
            origin: Arc::new(CredentialsOrigin::Profile(profile.into())),
            problem: Box::new(CredentialsProblem::Skipped(skipped)),
        },
    })
}

impl ConfigSource {
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
        let origin = CredentialsOrigin::Role {
            arn: role_arn.clone(),
            base: Arc::clone(&base.origin),
        };
        let sts = StsEndpoint::configured(&context.environment, &context.options);
        Ok(ProviderConfig {
            origin: Arc::new(origin),
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
        let origin: Arc<CredentialsOrigin> = Arc::new(self.into());
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
