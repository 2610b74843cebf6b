//! The configuration of a provider, and the dispatch to its kind.

use std::fmt;
use std::sync::Arc;

use super::Credentials;
use super::assume_role::Role;
use super::cloud_sso::CloudSsoProvider;
use super::context::FetchContext;
use super::credentials_uri::UriProvider;
use super::error::ProviderError;
use super::instance_role::InstanceRoleProvider;
use super::oidc::OidcProvider;
use super::origin::CredentialsOrigin;
use super::process::ProcessProvider;
use crate::budget::Budget;

/// The configuration of a provider. `Debug` shows its origin only, since URLs and commands may contain secrets.
#[derive(Clone)]
pub(super) struct ProviderConfig {
    /// The place of the configuration, for messages: a source, with its profile and file.
    pub(super) origin: Arc<CredentialsOrigin>,
    /// The kind of the provider, with its settings.
    pub(super) kind: ProviderKind,
}

impl fmt::Debug for ProviderConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProviderConfig")
            .field("origin", &self.origin)
            .finish_non_exhaustive()
    }
}

/// The kinds of providers.
#[derive(Clone)]
pub(super) enum ProviderKind {
    /// An access key in the configuration.
    Static(Credentials),
    /// A role to assume with the credentials of another provider.
    AssumeRole {
        base: Box<ProviderConfig>,
        role: Role,
    },
    /// A role to assume with an OIDC token.
    Oidc(OidcProvider),
    /// The role of the ECS instance.
    InstanceRole(InstanceRoleProvider),
    /// A program that prints credentials.
    Process(ProcessProvider),
    /// A URL that returns credentials.
    Uri(UriProvider),
    /// An account of a CloudSSO user.
    CloudSso(CloudSsoProvider),
}

impl ProviderConfig {
    /// Fetches credentials and registers them as secrets. `region` is the default region of the security token service.
    pub(super) async fn fetch(
        &self,
        context: &FetchContext,
        region: Option<&str>,
        budget: Budget,
    ) -> Result<Credentials, ProviderError> {
        let credentials = self.fetch_by_kind(context, region, budget).await?;
        let secrets = &context.environment.secrets;
        secrets.add(credentials.access_key_id());
        secrets.add(credentials.secret());
        secrets.add(credentials.token().unwrap_or_default());
        Ok(credentials)
    }

    async fn fetch_by_kind(
        &self,
        context: &FetchContext,
        region: Option<&str>,
        budget: Budget,
    ) -> Result<Credentials, ProviderError> {
        let origin = &self.origin;
        match &self.kind {
            ProviderKind::Static(credentials) => Ok(credentials.clone()),
            ProviderKind::AssumeRole { base, role } => {
                let base = Box::pin(base.fetch(context, region, budget)).await?;
                let role = role.with_default_region(region);
                role.fetch(context, &base, origin, budget).await
            }
            ProviderKind::Oidc(provider) => provider.fetch(context, region, origin, budget).await,
            ProviderKind::InstanceRole(provider) => provider.fetch(context, origin, budget).await,
            ProviderKind::Process(provider) => provider.fetch(origin, budget).await,
            ProviderKind::Uri(provider) => provider.fetch(context, origin, budget).await,
            ProviderKind::CloudSso(provider) => provider.fetch(context, origin, budget).await,
        }
    }
}
