//! The metadata service of an ECS instance: the role of the machine.

use std::sync::Arc;

use reqwest::header::{HeaderMap, HeaderValue};
use reqwest::{Method, Url};
use serde_json::Value;

use super::issuer::Issuer;
use super::source::Unusable;
use super::{Credentials, issued};
use crate::acr::signature::encode;
use crate::client::options::Budget;
use crate::client::transport::{Request, Response, Route, TransportError, secret_header};
use crate::model::{ReadFailure, ReadStatus};

const ROLES: &str = "/latest/meta-data/ram/security-credentials/";
const TOKEN: &str = "/latest/api/token";

/// How long a session token of the service lasts, in seconds: the longest there is.
const TOKEN_TTL_S: &str = "21600";

/// The credentials of the machine's role. Where the role was only looked for, a machine that has no such service,
/// or no role, is not configured.
pub(super) async fn instance_role(
    issuer: &Issuer,
    name: Option<&str>,
    looked_for: bool,
    origin: &Arc<str>,
    budget: Budget,
) -> Result<Credentials, Unusable> {
    let service = Service { issuer, v1: !issuer.outside.is_on("ALIBABA_CLOUD_IMDSV1_DISABLED") };
    match budget.within(service.credentials(name, origin)).await {
        Some(Err(Unusable::NotConfigured(reason))) if looked_for => {
            let hint = "set ALIBABA_CLOUD_ECS_METADATA_DISABLED=true where there is none, which saves asking";
            Err(Unusable::NotConfigured(format!("{reason}; {hint}")))
        }
        Some(Err(Unusable::NotConfigured(reason))) => Err(failed(reason)),
        Some(outcome) => outcome,
        None => Err(failed("the time budget ended while the metadata service was asked".to_owned())),
    }
}

struct Service<'a> {
    issuer: &'a Issuer,
    /// Whether requests without a session token are tried (IMDSv1).
    v1: bool,
}

impl Service<'_> {
    async fn credentials(&self, name: Option<&str>, origin: &Arc<str>) -> Result<Credentials, Unusable> {
        let token = self.token().await?;
        let listed = match name {
            Some(_) => None,
            None => Some(self.get(ROLES, token.as_ref()).await?),
        };
        let role = name.or(listed.as_deref()).and_then(|text| text.lines().next()).unwrap_or_default().trim();
        if role.is_empty() {
            return Err(Unusable::NotConfigured("the instance has no RAM role".to_owned()));
        }
        let answer = self.get(&format!("{ROLES}{}", encode(role)), token.as_ref()).await?;
        let answer: Value =
            serde_json::from_str(&answer).map_err(|_| Unusable::unreadable("the metadata service answers no JSON"))?;
        match answer.get("Code").and_then(Value::as_str) {
            Some("Success") => issued::credentials(&answer, issued::SERVICE, origin).map_err(Unusable::unreadable),
            code => {
                let code = code.unwrap_or("no code");
                Err(failed(format!("the metadata service has no credentials for role {role}: {code}")))
            }
        }
    }

    /// The session token of IMDSv2. A service that is there and gives none may be an older one; one that is not
    /// there is not asked again.
    async fn token(&self) -> Result<Option<HeaderValue>, Unusable> {
        let mut headers = HeaderMap::new();
        headers.insert("x-aliyun-ecs-metadata-token-ttl-seconds", HeaderValue::from_static(TOKEN_TTL_S));
        match self.send(Method::PUT, TOKEN, headers).await {
            Ok(answer) if answer.status == 200 => Ok(secret_header(String::from_utf8_lossy(&answer.body).trim())),
            Ok(_) | Err(TransportError::Interrupted { .. }) if self.v1 => Ok(None),
            Ok(answer) => Err(failed(format!("the metadata service gives no token (HTTP {})", answer.status))),
            Err(error) => Err(Unusable::NotConfigured(error.to_string())),
        }
    }

    /// A text of the service; where the token is refused, asked for without it.
    async fn get(&self, path: &str, token: Option<&HeaderValue>) -> Result<String, Unusable> {
        let mut headers = HeaderMap::new();
        if let Some(token) = token {
            headers.insert("x-aliyun-ecs-metadata-token", token.clone());
        }
        let mut answer = self.send(Method::GET, path, headers).await;
        if token.is_some() && self.v1 && answer.as_ref().is_ok_and(|answer| matches!(answer.status, 401 | 403)) {
            answer = self.send(Method::GET, path, HeaderMap::new()).await;
        }
        match answer {
            Ok(answer) if answer.status == 200 => Ok(String::from_utf8_lossy(&answer.body).into_owned()),
            Ok(answer) if answer.status == 404 => {
                Err(Unusable::NotConfigured("the instance has no such RAM role".to_owned()))
            }
            Ok(answer) => Err(failed(format!("the metadata service refuses (HTTP {})", answer.status))),
            Err(error) => Err(Unusable::NotConfigured(error.to_string())),
        }
    }

    async fn send(&self, method: Method, path: &str, headers: HeaderMap) -> Result<Response, TransportError> {
        let endpoint = &self.issuer.options.metadata_endpoint;
        let url = Url::parse(endpoint).and_then(|url| url.join(path));
        let url = url.map_err(|_| TransportError::Setup(format!("{endpoint} is no URL of a metadata service")))?;
        self.issuer.transport.send(Request { method, url, headers, body: String::new(), route: Route::Metadata }).await
    }
}

fn failed(message: String) -> Unusable {
    let failure = ReadFailure { code: "NoInstanceRole".into(), message: message.into(), request_id: None };
    Unusable::Failed(ReadStatus::Unreachable, failure)
}
