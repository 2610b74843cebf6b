//! The credentials of an account for a CloudSSO user.

use std::sync::Arc;

use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue};
use reqwest::{Method, Url};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};

use super::context::FetchContext;
use super::error::ProviderError;
use super::json_request::fetch_json;
use super::origin::CredentialsOrigin;
use super::problem::CredentialsProblem;
use super::{Credentials, response};
use crate::budget::Budget;
use crate::transport::{Destination, Request, secret_header};

/// An account of a CloudSSO user.
#[derive(Clone)]
pub(super) struct CloudSsoProvider {
    /// `<sign-in origin>/cloud-credentials`.
    pub(super) url: Url,
    /// The account.
    pub(super) account_id: String,
    /// The access configuration in the account.
    pub(super) access_config: String,
    /// The token of the user's sign-in.
    pub(super) access_token: SecretString,
}

impl CloudSsoProvider {
    /// Fetches the credentials.
    pub(super) async fn fetch(
        &self,
        context: &FetchContext,
        origin: &Arc<CredentialsOrigin>,
        budget: Budget,
    ) -> Result<Credentials, ProviderError> {
        let bearer = format!("Bearer {}", self.access_token.expose_secret());
        let bearer =
            secret_header(&bearer).ok_or(ProviderError::Broken(CredentialsProblem::AccessToken))?;
        let json = HeaderValue::from_static("application/json");
        let headers = HeaderMap::from_iter([
            (AUTHORIZATION, bearer),
            (ACCEPT, json.clone()),
            (CONTENT_TYPE, json),
        ]);
        let body = json!({
            "AccountId": self.account_id,
            "AccessConfigurationId": self.access_config,
        });
        let body = body.to_string();
        let request = || Request {
            method: Method::POST,
            url: self.url.clone(),
            headers: headers.clone(),
            body: body.clone(),
            destination: Destination::Service,
        };
        let document = fetch_json(context, origin, budget, request).await?;
        let credentials = document.get("CloudCredential").unwrap_or(&Value::Null);
        response::parse_service_credentials(credentials, origin)
    }
}
