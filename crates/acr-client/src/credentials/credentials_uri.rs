//! A URL that returns credentials.

use std::sync::Arc;

use reqwest::header::HeaderMap;
use reqwest::{Method, Url};
use serde_json::Value;

use super::context::FetchContext;
use super::error::ProviderError;
use super::json_request::fetch_json;
use super::origin::CredentialsOrigin;
use super::problem::{CredentialsProblem, ResponseProblem};
use super::{Credentials, response};
use crate::budget::Budget;
use crate::environment::Environment;
use crate::transport::{Destination, Request};

const VARIABLE: &str = "ALIBABA_CLOUD_CREDENTIALS_URI";

/// A URL that returns credentials.
#[derive(Clone)]
pub(super) struct UriProvider {
    pub(super) url: Url,
}

impl UriProvider {
    /// Returns the provider of the environment.
    pub(super) fn from_environment(environment: &Environment) -> Result<Self, ProviderError> {
        let text = environment
            .variable(VARIABLE)
            .ok_or(ProviderError::NotConfigured(CredentialsProblem::Unset(
                VARIABLE,
            )))?;
        let url = http_url(&text).ok_or_else(|| {
            ProviderError::Broken(CredentialsProblem::NotUrl {
                setting: VARIABLE.into(),
            })
        })?;
        Ok(Self { url })
    }

    /// Fetches the credentials. The Python SDK and the CLI require `Code: Success`, the other SDKs do not; another code
    /// is a failure.
    pub(super) async fn fetch(
        &self,
        context: &FetchContext,
        origin: &Arc<CredentialsOrigin>,
        budget: Budget,
    ) -> Result<Credentials, ProviderError> {
        let request = || Request {
            method: Method::GET,
            url: self.url.clone(),
            headers: HeaderMap::new(),
            body: String::new(),
            destination: Destination::Service,
        };
        let document = fetch_json(context, origin, budget, request).await?;
        let code = document.get("Code").and_then(Value::as_str);
        if let Some(code) = code.filter(|code| *code != "Success") {
            return Err(ProviderError::unreadable(ResponseProblem::Code(
                code.into(),
            )));
        }
        response::parse_service_credentials(&document, origin)
    }
}

/// Parses a URL that the user configured for credentials. Requests to it contain no secret, so plain HTTP is allowed.
pub(super) fn http_url(text: &str) -> Option<Url> {
    Url::parse(text.trim())
        .ok()
        .filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
}
