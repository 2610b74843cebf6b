//! Credentials over HTTP from elsewhere: a credentials URI, and CloudSSO.

use std::sync::Arc;

use acr_api::{ApiError, ErrorKind};
use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue};
use reqwest::{Method, Url};
use secrecy::ExposeSecret;
use serde_json::{Value, json};

use super::issuer::Issuer;
use super::recipe::CloudSso;
use super::source::Unusable;
use super::{Credentials, issued};
use crate::failure::{Asked, AttemptError};
use crate::options::Budget;
use crate::transport::{Request, Response, Route, secret_header};

/// A URL that answers with credentials. The Python SDK and the CLI ask for `Code: Success`, the others do not;
/// one that is there and says otherwise is a failure.
pub(super) async fn credentials_uri(
    issuer: &Issuer,
    url: &Url,
    origin: &Arc<str>,
    budget: Budget,
) -> Result<Credentials, Unusable> {
    let answer = fetch(issuer, origin, budget, || get(url)).await?;
    if let Some(code) = answer
        .get("Code")
        .and_then(Value::as_str)
        .filter(|code| *code != "Success")
    {
        return Err(Unusable::unreadable(format!("the answer's code is {code}")));
    }
    issued::credentials(&answer, issued::SERVICE, origin).map_err(Unusable::unreadable)
}

fn get(url: &Url) -> Request {
    let (headers, body) = (HeaderMap::new(), String::new());
    Request {
        method: Method::GET,
        url: url.clone(),
        headers,
        body,
        route: Route::Ordinary,
    }
}

/// Credentials of an account for somebody who signed in to CloudSSO.
pub(super) async fn cloud_sso(
    issuer: &Issuer,
    sign_in: &CloudSso,
    origin: &Arc<str>,
    budget: Budget,
) -> Result<Credentials, Unusable> {
    let CloudSso {
        url,
        account_id,
        access_config,
        access_token,
    } = sign_in;
    let bearer =
        secret_header(&format!("Bearer {}", access_token.expose_secret())).ok_or_else(|| {
            Unusable::Broken("`access_token` holds characters that no token has".to_owned())
        })?;
    let json = HeaderValue::from_static("application/json");
    let headers = HeaderMap::from_iter([
        (AUTHORIZATION, bearer),
        (ACCEPT, json.clone()),
        (CONTENT_TYPE, json),
    ]);
    let body =
        json!({ "AccountId": account_id, "AccessConfigurationId": access_config }).to_string();
    let request = || Request {
        method: Method::POST,
        url: url.clone(),
        headers: headers.clone(),
        body: body.clone(),
        route: Route::Ordinary,
    };
    let answer = fetch(issuer, origin, budget, request).await?;
    let issued = answer.get("CloudCredential").unwrap_or(&Value::Null);
    issued::credentials(issued, issued::SERVICE, origin).map_err(Unusable::unreadable)
}

/// A JSON answer. One that cannot be read is not quoted: it may hold credentials.
async fn fetch(
    issuer: &Issuer,
    origin: &Arc<str>,
    budget: Budget,
    request: impl Fn() -> Request,
) -> Result<Value, Unusable> {
    let asked = Asked {
        origin: Arc::clone(origin),
        needs: "let the caller have these credentials",
    };
    let answer = issuer.persistence(budget).attempt(async || {
        let response = issuer.transport.send(request()).await.map_err(|error| {
            AttemptError::Transport(error.set_with("the URL of the credentials"))
        })?;
        let refused = |error: ApiError| AttemptError::Refused {
            asked: Asked {
                needs: if matches!(error.kind(), ErrorKind::Parameter | ErrorKind::Other) {
                    "correct the URL and the other settings of these credentials"
                } else {
                    asked.needs
                },
                ..asked.clone()
            },
            error,
            retry_after: response.retry_after((issuer.outside.now)()),
        };
        if response.status != 200 {
            return Err(refused(refusal(&response)));
        }
        serde_json::from_slice(&response.body)
            .map_err(|_| refused(ApiError::unreadable("the answer is no JSON")))
    });
    answer.await.map_err(Unusable::from_issuer)
}

/// Returns a refusal. A service of the user's own need not speak as the API does; only a page is of something in between.
fn refusal(response: &Response) -> ApiError {
    let error = ApiError::parse(response.status, &response.body);
    let is_page = response.body.trim_ascii_start().starts_with(b"<");
    match (error.kind(), response.status) {
        (ErrorKind::Foreign, 401 | 403) if !is_page => ApiError {
            code: "Forbidden".to_owned(),
            ..error
        },
        // Servers have pages of their own for a path that is not theirs.
        (ErrorKind::Foreign, status) if !is_page || matches!(status, 404 | 410) => ApiError {
            code: "Refused".to_owned(),
            ..error
        },
        _ => error,
    }
}
