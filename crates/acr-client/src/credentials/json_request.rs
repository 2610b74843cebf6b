//! Requests for JSON to a service that the user configured by its URL.

use std::sync::Arc;

use acr_api::{ApiError, ErrorKind};
use serde_json::Value;

use super::context::FetchContext;
use super::error::ProviderError;
use super::origin::CredentialsOrigin;
use super::problem::ResponseProblem;
use crate::budget::Budget;
use crate::failure::{AttemptError, CallContext};
use crate::remedy::CallRemedy;
use crate::request_log::RequestLabel;
use crate::transport::{RedirectSetting, Request, Response};

/// Fetches a JSON document, with retries. An unreadable response is not quoted, since it may contain credentials.
pub(super) async fn fetch_json(
    context: &FetchContext,
    origin: &Arc<CredentialsOrigin>,
    budget: Budget,
    request: impl Fn() -> Request,
) -> Result<Value, ProviderError> {
    let response = context.retry_policy(budget).run(async |attempt| {
        let label = RequestLabel {
            instance_id: None,
            action: "credentials",
            credentials: Arc::clone(origin),
            attempt,
        };
        let response = context
            .transport
            .send(request(), label)
            .await
            .map_err(|error| {
                AttemptError::Transport(error.with_setting(RedirectSetting::CredentialsUrl))
            })?;
        let (error, problem) = match parse(&response) {
            Ok(value) => return Ok(value),
            Err(refusal) => refusal,
        };
        let remedy = if matches!(error.kind(), ErrorKind::Parameter | ErrorKind::Other) {
            CallRemedy::UriSettings
        } else {
            CallRemedy::Uri
        };
        Err(AttemptError::Refused {
            error,
            problem,
            retry_after: response.retry_after((context.environment.now)()),
            context: CallContext {
                credentials_source: Arc::clone(origin),
                remedy,
            },
        })
    });
    response
        .await
        .map_err(ProviderError::from_configured_service)
}

fn parse(response: &Response) -> Result<Value, (ApiError, Option<ResponseProblem>)> {
    if response.status != 200 {
        return Err((refusal(response), None));
    }
    serde_json::from_slice(&response.body).map_err(|_| {
        let problem = ResponseProblem::NotJson;
        (ApiError::unreadable(&problem.to_string()), Some(problem))
    })
}

/// Returns the error of a refusal. A service of the user need not use the error format of the API, but an HTML page
/// comes from a proxy or firewall.
fn refusal(response: &Response) -> ApiError {
    let error = ApiError::parse(response.status, &response.body);
    if error.kind() != ErrorKind::Foreign {
        return error;
    }
    let is_page = response.body.trim_ascii_start().starts_with(b"<");
    let code = match response.status {
        401 | 403 if !is_page => "Forbidden",
        // Servers have their own pages for unknown paths.
        status if !is_page || matches!(status, 404 | 410) => "Refused",
        _ => return error,
    };
    ApiError {
        code: code.to_owned(),
        ..error
    }
}
