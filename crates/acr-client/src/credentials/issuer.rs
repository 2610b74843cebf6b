//! Gets credentials by a recipe: the part that asks services, programs and files.

use std::sync::Arc;

use acr_api::{ReadFailure, ReadStatus};

use super::recipe::{Recipe, Way};
use super::source::Unusable;
use super::{Credentials, command, metadata, sts, web};
use crate::clock::ServiceClock;
use crate::failure::CallError;
use crate::options::{Budget, Options, Outside};
use crate::persist::Persistence;
use crate::transport::Transport;

/// What it takes to ask.
#[derive(Debug)]
pub(super) struct Issuer {
    pub(super) options: Options,
    pub(super) outside: Outside,
    pub(super) transport: Arc<Transport>,
    /// The security token service's clock.
    pub(super) clock: ServiceClock,
}

impl Issuer {
    /// Follows a recipe, once, and registers what it brings as secret. `region` is that of the security token service, where
    /// nothing else configures one.
    pub(super) async fn obtain(
        &self,
        recipe: &Recipe,
        region: Option<&str>,
        budget: Budget,
    ) -> Result<Credentials, Unusable> {
        let credentials = self.follow(recipe, region, budget).await?;
        for part in [
            Some(credentials.access_key_id()),
            Some(credentials.secret()),
            credentials.token(),
        ] {
            self.outside.secrets.add(part.unwrap_or_default());
        }
        Ok(credentials)
    }

    async fn follow(
        &self,
        recipe: &Recipe,
        region: Option<&str>,
        budget: Budget,
    ) -> Result<Credentials, Unusable> {
        let origin = &recipe.origin;
        match &recipe.way {
            Way::Static(credentials) => Ok(credentials.clone()),
            Way::AssumeRole { base, role } => {
                let base = Box::pin(self.obtain(base, region, budget)).await?;
                let role = &role.in_region(region);
                sts::assume_role(self, &base, role, origin, budget).await
            }
            Way::Oidc {
                provider_arn,
                token_file,
                role,
            } => {
                let role = &role.in_region(region);
                sts::assume_role_with_oidc(self, provider_arn, token_file, role, origin, budget)
                    .await
            }
            Way::InstanceRole { name, looked_for } => {
                metadata::instance_role(self, name.as_deref(), *looked_for, origin, budget).await
            }
            Way::Command { words } => command::run(words, origin, budget).await,
            Way::Uri(url) => web::credentials_uri(self, url, origin, budget).await,
            Way::CloudSso(sign_in) => web::cloud_sso(self, sign_in, origin, budget).await,
        }
    }

    pub(super) fn persistence(&self, budget: Budget) -> Persistence<'_> {
        Persistence {
            budget,
            backoff: self.options.backoff,
            outside: &self.outside,
        }
    }
}

impl From<CallError> for Unusable {
    fn from(error: CallError) -> Self {
        let (status, failure) = error.report();
        Self::Failed(status, failure)
    }
}

impl Unusable {
    /// Returns the failure of an issuer that is configured by hand. A request that it calls wrong was made from a wrong
    /// configuration.
    pub(super) fn from_issuer(error: CallError) -> Self {
        match error.wrong_request() {
            Some(problem) => Self::Broken(problem),
            None => error.into(),
        }
    }

    /// An issuer whose answer is no use.
    pub(super) fn unreadable(message: impl Into<Box<str>>) -> Self {
        let failure = ReadFailure {
            code: "UnreadableAnswer".into(),
            message: message.into(),
            request_id: None,
        };
        Self::Failed(ReadStatus::Unreachable, failure)
    }
}
