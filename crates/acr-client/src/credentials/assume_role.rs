//! A role to assume with the credentials of another provider.

use std::ops::RangeInclusive;
use std::sync::Arc;

use super::Credentials;
use super::context::FetchContext;
use super::error::ProviderError;
use super::origin::CredentialsOrigin;
use super::problem::CredentialsProblem;
use super::sts::{self, StsCall, StsEndpoint};
use crate::budget::Budget;
use crate::remedy::CallRemedy;

/// The default duration of a session in seconds, which every role allows.
const DEFAULT_DURATION_S: u32 = 3_600;

/// The length of a session name (API page of `AssumeRole`).
const SESSION_NAME_LENGTH: RangeInclusive<usize> = 2..=64;

/// A role to assume.
#[derive(Clone)]
pub(super) struct Role {
    /// The ARN of the role.
    pub(super) arn: String,
    /// The name of the session in audit logs; `None` for `crdrift` with the time.
    pub(super) session_name: Option<String>,
    /// The duration of the session in seconds; `None` for an hour.
    pub(super) duration_s: Option<u32>,
    /// The external id that the owner of the role requires.
    pub(super) external_id: Option<String>,
    /// A policy that restricts the permissions of the session.
    pub(super) policy: Option<String>,
    /// The security token service.
    pub(super) sts: StsEndpoint,
}

impl Role {
    /// Returns a role with default settings.
    pub(super) const fn new(arn: String, sts: StsEndpoint) -> Self {
        Self {
            arn,
            session_name: None,
            duration_s: None,
            external_id: None,
            policy: None,
            sts,
        }
    }

    /// Returns the role with a region for its security token service, if none is configured.
    pub(super) fn with_default_region(&self, region: Option<&str>) -> Self {
        Self {
            sts: self.sts.clone().or(None, region, false),
            ..self.clone()
        }
    }

    /// Returns the request parameters of a session of the role.
    pub(super) fn session_parameters(
        &self,
        context: &FetchContext,
    ) -> Result<Vec<(String, String)>, ProviderError> {
        let name = match &self.session_name {
            Some(name) => name.trim().to_owned(),
            None => format!("crdrift-{}", (context.environment.now)().as_second()),
        };
        let is_allowed =
            |character: char| character.is_ascii_alphanumeric() || ".@-_".contains(character);
        if !SESSION_NAME_LENGTH.contains(&name.len()) || !name.chars().all(is_allowed) {
            return Err(ProviderError::Broken(CredentialsProblem::SessionName {
                found: name.into(),
            }));
        }
        let duration_s = self.duration_s.unwrap_or(DEFAULT_DURATION_S);
        let mut parameters = vec![
            ("DurationSeconds".to_owned(), duration_s.to_string()),
            ("RoleArn".to_owned(), self.arn.clone()),
            ("RoleSessionName".to_owned(), name),
        ];
        if let Some(policy) = &self.policy {
            parameters.push(("Policy".to_owned(), policy.clone()));
        }
        Ok(parameters)
    }

    /// Fetches the credentials of the role with those of another provider (`AssumeRole`).
    pub(super) async fn fetch(
        &self,
        context: &FetchContext,
        base: &Credentials,
        origin: &Arc<CredentialsOrigin>,
        budget: Budget,
    ) -> Result<Credentials, ProviderError> {
        let mut parameters = self.session_parameters(context)?;
        if let Some(external_id) = &self.external_id {
            context.environment.secrets.add(external_id);
            parameters.push(("ExternalId".to_owned(), external_id.clone()));
        }
        let call = StsCall {
            action: "AssumeRole",
            parameters: &parameters,
            credentials: base,
            endpoint: &self.sts,
            remedy: CallRemedy::AssumeRole,
        };
        let response = call.send(context, budget).await?;
        sts::parse_credentials(&response, origin)
    }
}
