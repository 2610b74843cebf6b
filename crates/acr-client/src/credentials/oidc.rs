//! A role to assume with an OIDC token.

use std::ops::RangeInclusive;
use std::path::PathBuf;
use std::sync::Arc;

use acr_api::signature::canonical_query;
use reqwest::Method;
use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderMap, HeaderValue};

use super::Credentials;
use super::assume_role::Role;
use super::context::FetchContext;
use super::error::ProviderError;
use super::origin::CredentialsOrigin;
use super::problem::CredentialsProblem;
use super::sts::{self, StsEndpoint};
use crate::bounded_read::read_text;
use crate::budget::Budget;
use crate::environment::Environment;
use crate::failure::CallContext;
use crate::options::Options;
use crate::remedy::CallRemedy;
use crate::signing::api_date;
use crate::transport::{Destination, Request};

const TOKEN_FILE: &str = "ALIBABA_CLOUD_OIDC_TOKEN_FILE";
const PROVIDER_ARN: &str = "ALIBABA_CLOUD_OIDC_PROVIDER_ARN";
const ROLE_ARN: &str = "ALIBABA_CLOUD_ROLE_ARN";
const SESSION_NAME: &str = "ALIBABA_CLOUD_ROLE_SESSION_NAME";

/// The action of the security token service.
const ACTION: &str = "AssumeRoleWithOIDC";

/// The size of a token in bytes (API page of `AssumeRoleWithOIDC`).
const TOKEN_SIZE: RangeInclusive<usize> = 4..=20_000;

/// A role to assume with an OIDC token (`AssumeRoleWithOIDC`).
#[derive(Clone)]
pub(super) struct OidcProvider {
    /// The ARN of the identity provider.
    pub(super) provider_arn: String,
    /// The file of the token.
    pub(super) token_file: PathBuf,
    /// The variable or key that names the file.
    pub(super) token_file_key: &'static str,
    /// The role.
    pub(super) role: Role,
}

impl OidcProvider {
    /// Returns the provider of the environment, which needs three variables. A role alone may be set for other
    /// programs, but a token or an identity provider has no other use.
    pub(super) fn from_environment(
        environment: &Environment,
        options: &Options,
    ) -> Result<Self, ProviderError> {
        let names = [TOKEN_FILE, PROVIDER_ARN, ROLE_ARN];
        let values = names.map(|name| environment.variable(name));
        let (token_file, provider_arn, role_arn) = match values {
            [Some(token_file), Some(provider_arn), Some(role_arn)] => {
                (token_file, provider_arn, role_arn)
            }
            [None, None, _] => {
                return Err(ProviderError::NotConfigured(CredentialsProblem::AllUnset(
                    names,
                )));
            }
            values => {
                let found: Vec<_> = names
                    .into_iter()
                    .zip(&values)
                    .filter(|(_, value)| value.is_some())
                    .map(|(name, _)| name)
                    .collect();
                return Err(ProviderError::Broken(CredentialsProblem::SomeUnset {
                    expected: names,
                    found,
                }));
            }
        };
        Ok(Self {
            provider_arn,
            token_file: PathBuf::from(token_file),
            token_file_key: TOKEN_FILE,
            role: Role {
                session_name: environment.variable(SESSION_NAME),
                ..Role::new(role_arn, StsEndpoint::configured(environment, options))
            },
        })
    }

    /// Fetches the credentials of the role. The request is not signed. Its token is in the body, since URLs are logged.
    pub(super) async fn fetch(
        &self,
        context: &FetchContext,
        region: Option<&str>,
        origin: &Arc<CredentialsOrigin>,
        budget: Budget,
    ) -> Result<Credentials, ProviderError> {
        let role = self.role.with_default_region(region);
        let service = sts::service_url(context, &role.sts)?;
        let call_context = CallContext {
            credentials_source: Arc::clone(origin),
            remedy: CallRemedy::IdentityProvider,
        };
        let token = self.read_token().map_err(ProviderError::Broken)?;
        context.environment.secrets.add(&token);
        let mut form = role.session_parameters(context)?;
        form.push(("OIDCProviderArn".to_owned(), self.provider_arn.clone()));
        form.push(("OIDCToken".to_owned(), token));
        let form = canonical_query(&form);
        let response = context.retry_policy(budget).run(async |attempt| {
            let date = context.sts_clock.date((context.environment.now)());
            let query = [
                ("Action", ACTION.to_owned()),
                ("Format", "JSON".to_owned()),
                ("Timestamp", api_date(date)),
                ("Version", sts::VERSION.to_owned()),
            ];
            let mut headers = HeaderMap::new();
            headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
            headers.insert(
                CONTENT_TYPE,
                HeaderValue::from_static("application/x-www-form-urlencoded"),
            );
            let request = Request {
                method: Method::POST,
                url: service.with_query(&canonical_query(&query)),
                headers,
                body: form.clone(),
                destination: Destination::Service,
            };
            let label = call_context.label(ACTION, attempt);
            sts::send(context, request, &call_context, label).await
        });
        let response = response
            .await
            .map_err(ProviderError::from_configured_service)?;
        sts::parse_credentials(&response, origin)
    }

    /// Reads the token, for each request: its issuer replaces the file before the token expires.
    fn read_token(&self) -> Result<String, CredentialsProblem> {
        let key = self.token_file_key;
        let text = read_text(&self.token_file)
            .map_err(|error| CredentialsProblem::from(error).of_place(key))?;
        let token = text.trim();
        if !TOKEN_SIZE.contains(&token.len()) {
            let problem = CredentialsProblem::TokenSize {
                low: *TOKEN_SIZE.start(),
                high: *TOKEN_SIZE.end(),
                path: self.token_file.clone(),
                found: token.len(),
            };
            return Err(problem.of_place(key));
        }
        Ok(token.to_owned())
    }
}
