//! The metadata service of an ECS instance: the role of the machine.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use acr_api::ApiError;
use acr_api::signature::encode;
use acr_api::{ReadFailure, ReadStatus};
use reqwest::header::{HeaderName, HeaderValue};
use reqwest::{Method, Url};
use serde_json::Value;

use super::issuer::Issuer;
use super::source::Unusable;
use super::{Credentials, issued};
use crate::failure::{Asked, AttemptError};
use crate::options::Budget;
use crate::transport::{Request, Response, Route, TransportError, secret_header};

const ROLES: &str = "/latest/meta-data/ram/security-credentials/";
const TOKEN: &str = "/latest/api/token";
const TOKEN_HEADER: &str = "x-aliyun-ecs-metadata-token";

/// Our code for a service that has no credentials for us.
const NO_ROLE: &str = "NoInstanceRole";

/// How long a session token of the service lasts, in seconds: the longest there is.
const TOKEN_TTL_S: &str = "21600";

/// The longest time that the service may take in all. Most machines have none, and wait for the next source.
const PATIENCE: Duration = Duration::from_secs(10);

/// Returns the credentials of the machine's role. Where the role was only looked for, a machine that has no such service,
/// or no role, is not configured.
pub(super) async fn instance_role(
    issuer: &Issuer,
    name: Option<&str>,
    looked_for: bool,
    origin: &Arc<str>,
    budget: Budget,
) -> Result<Credentials, Unusable> {
    let service = Service {
        issuer,
        origin,
        v1: !issuer.outside.is_on("ALIBABA_CLOUD_IMDSV1_DISABLED"),
        looked_for,
        budget: Budget::starting_now(PATIENCE.min(budget.left())),
        token: Mutex::default(),
    };
    match service.credentials(name).await {
        Err(Unusable::NotConfigured(reason)) if looked_for => {
            let hint = "set ALIBABA_CLOUD_ECS_METADATA_DISABLED=true where there is none, which saves asking";
            Err(Unusable::NotConfigured(format!("{reason}; {hint}")))
        }
        // A role that is configured must be there.
        Err(Unusable::NotConfigured(reason)) => Err(Unusable::Broken(reason)),
        outcome => outcome,
    }
}

struct Service<'a> {
    issuer: &'a Issuer,
    origin: &'a Arc<str>,
    /// Whether requests without a session token are tried (IMDSv1).
    v1: bool,
    looked_for: bool,
    budget: Budget,
    token: Mutex<SessionToken>,
}

/// The session token of IMDSv2.
#[derive(Debug, Clone, Default)]
enum SessionToken {
    /// It was not asked for yet.
    #[default]
    Unknown,
    /// The service gave it.
    Given(HeaderValue),
    /// The service gave none, for this reason; requests go on without.
    Without(AttemptError),
}

/// The answer to a request.
enum MetadataAnswer {
    Text(String),
    /// There is no such thing.
    Nothing,
    /// There is no service.
    NoService(String),
}

impl Service<'_> {
    async fn credentials(&self, name: Option<&str>) -> Result<Credentials, Unusable> {
        let none = || Unusable::NotConfigured("the instance has no RAM role".to_owned());
        let role = match name {
            Some(name) => name.trim().to_owned(),
            None => self
                .get(ROLES)
                .await?
                .and_then(|text| Some(text.lines().next()?.trim().to_owned()))
                .ok_or_else(none)?,
        };
        if role.is_empty() {
            return Err(none());
        }
        let answer = self.get(&format!("{ROLES}{}", encode(&role))).await?;
        let answer = answer.ok_or_else(|| {
            Unusable::NotConfigured(format!("the instance has no RAM role `{role}`"))
        })?;
        let answer: Value = serde_json::from_str(&answer)
            .map_err(|_| Unusable::unreadable("the metadata service answers no JSON"))?;
        match answer.get("Code").and_then(Value::as_str) {
            Some("Success") => issued::credentials(&answer, issued::SERVICE, self.origin)
                .map_err(Unusable::unreadable),
            code => {
                let code = code.unwrap_or("no code");
                Err(failed(format!(
                    "the metadata service has no credentials for role {role}: {code}"
                )))
            }
        }
    }

    /// Returns a text of the service; `None`: there is no such thing. Time-outs and errors of the service are tried
    /// again.
    async fn get(&self, path: &str) -> Result<Option<String>, Unusable> {
        let answer =
            self.issuer
                .persistence(self.budget)
                .attempt(async || match self.attempt(path).await {
                    Err(AttemptError::Transport(error @ TransportError::Connect { .. }))
                        if self.looked_for =>
                    {
                        Ok(MetadataAnswer::NoService(error.to_string()))
                    }
                    answer => answer,
                });
        match answer.await {
            Ok(MetadataAnswer::Text(text)) => Ok(Some(text)),
            Ok(MetadataAnswer::Nothing) => Ok(None),
            Ok(MetadataAnswer::NoService(reason)) => Err(Unusable::NotConfigured(reason)),
            Err(error)
                if self.looked_for && !matches!(error.last, Some(AttemptError::Refused { .. })) =>
            {
                let (_, failure) = error.report();
                Err(Unusable::NotConfigured(failure.message.into_string()))
            }
            Err(error) => Err(error.into()),
        }
    }

    async fn attempt(&self, path: &str) -> Result<MetadataAnswer, AttemptError> {
        let token = self.token().await?;
        let mut answer = match &token {
            SessionToken::Given(token) => {
                self.send(Method::GET, path, &[(TOKEN_HEADER, token)])
                    .await?
            }
            SessionToken::Unknown | SessionToken::Without(_) => {
                self.send(Method::GET, path, &[]).await?
            }
        };
        let is_refusal = |answer: &Response| matches!(answer.status, 401 | 403);
        if is_refusal(&answer) && self.v1 && matches!(token, SessionToken::Given(_)) {
            answer = self.send(Method::GET, path, &[]).await?;
        }
        match (answer.status, token) {
            (200, _) => Ok(MetadataAnswer::Text(
                String::from_utf8_lossy(&answer.body).into_owned(),
            )),
            (404, _) => Ok(MetadataAnswer::Nothing),
            // It takes a token after all: the next attempt asks for one again.
            (401 | 403, SessionToken::Without(reason)) => {
                self.keep(SessionToken::Unknown);
                Err(reason)
            }
            _ => Err(self.refusal("the metadata service refuses", &answer)),
        }
    }

    /// Returns the session token. A service that gives none may be an older one, or one that a container does not hear:
    /// the official SDKs go on without, unless `ALIBABA_CLOUD_IMDSV1_DISABLED` forbids it.
    async fn token(&self) -> Result<SessionToken, AttemptError> {
        let known = self
            .token
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        if !matches!(known, SessionToken::Unknown) {
            return Ok(known);
        }
        let ttl = HeaderValue::from_static(TOKEN_TTL_S);
        let answer = self
            .send(
                Method::PUT,
                TOKEN,
                &[("x-aliyun-ecs-metadata-token-ttl-seconds", &ttl)],
            )
            .await;
        let reason = match answer {
            Ok(answer) if answer.status == 200 => {
                let token = String::from_utf8_lossy(&answer.body);
                self.issuer.outside.secrets.add(&token);
                match secret_header(token.trim()).filter(|token| !token.is_empty()) {
                    Some(token) => return Ok(self.keep(SessionToken::Given(token))),
                    None => self.refusal("the metadata service gives an unusable token", &answer),
                }
            }
            Ok(answer) => self.refusal("the metadata service gives no token", &answer),
            // There is no service, with or without a token.
            Err(error @ AttemptError::Transport(TransportError::Connect { .. })) => {
                return Err(error);
            }
            Err(error) => error,
        };
        if self.v1 {
            Ok(self.keep(SessionToken::Without(reason)))
        } else {
            Err(reason)
        }
    }

    fn keep(&self, token: SessionToken) -> SessionToken {
        self.token
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone_from(&token);
        token
    }

    fn refusal(&self, message: &str, answer: &Response) -> AttemptError {
        let (code, message) = (NO_ROLE.to_owned(), message.to_owned());
        let error = ApiError {
            status: answer.status,
            code,
            message,
            request_id: None,
        };
        let asked = Asked {
            origin: Arc::clone(self.origin),
            needs: "allow access to the metadata service",
        };
        AttemptError::Refused {
            error,
            retry_after: None,
            asked,
        }
    }

    async fn send(
        &self,
        method: Method,
        path: &str,
        headers: &[(&'static str, &HeaderValue)],
    ) -> Result<Response, AttemptError> {
        let endpoint = &self.issuer.options.metadata_endpoint;
        let url = Url::parse(endpoint).and_then(|url| url.join(path));
        let url = url.map_err(|_| {
            TransportError::Setup(format!("{endpoint} is no URL of a metadata service"))
        });
        let url = url.map_err(AttemptError::Transport)?;
        let headers = headers
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), (*value).clone()))
            .collect();
        let request = Request {
            method,
            url,
            headers,
            body: String::new(),
            route: Route::Metadata,
        };
        self.issuer
            .transport
            .send(request)
            .await
            .map_err(AttemptError::Transport)
    }
}

fn failed(message: String) -> Unusable {
    let failure = ReadFailure {
        code: NO_ROLE.into(),
        message: message.into(),
        request_id: None,
    };
    Unusable::Failed(ReadStatus::Unreachable, failure)
}
