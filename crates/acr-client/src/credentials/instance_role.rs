//! The role of an ECS instance, from its metadata service.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use acr_api::signature::encode;
use acr_api::{ApiError, ReadStatus};
use reqwest::header::{HeaderName, HeaderValue};
use reqwest::{Method, Url};
use serde_json::Value;

use super::context::FetchContext;
use super::error::ProviderError;
use super::origin::CredentialsOrigin;
use super::problem::{CredentialsProblem, ResponseProblem};
use super::{Credentials, response};
use crate::budget::Budget;
use crate::call_failure::{CallFailure, FailureCause};
use crate::environment::Environment;
use crate::failure::{AttemptError, CallContext};
use crate::remedy::CallRemedy;
use crate::request_log::{Attempt, RequestLabel};
use crate::transport::{Destination, Request, Response, TransportError, secret_header};

const DISABLED: &str = "ALIBABA_CLOUD_ECS_METADATA_DISABLED";
const ROLE_NAME: &str = "ALIBABA_CLOUD_ECS_METADATA";

const ROLE_PATH: &str = "/latest/meta-data/ram/security-credentials/";
const TOKEN_PATH: &str = "/latest/api/token";
const TOKEN_HEADER: &str = "x-aliyun-ecs-metadata-token";
const TOKEN_TTL_HEADER: &str = "x-aliyun-ecs-metadata-token-ttl-seconds";

/// The validity of a session token in seconds: the maximum.
const TOKEN_TTL_S: &str = "21600";

/// The code of failures without a code of the service.
const NO_ROLE: &str = "NoInstanceRole";

/// The longest duration of all requests. Most machines have no metadata service, and continue with the next source.
const TIMEOUT: Duration = Duration::from_secs(10);

/// The role of the ECS instance.
#[derive(Clone)]
pub(super) struct InstanceRoleProvider {
    /// The name of the role; `None` to request it from the metadata service.
    pub(super) name: Option<String>,
    /// True if the machine may have no role, since none is configured explicitly.
    pub(super) is_optional: bool,
}

impl InstanceRoleProvider {
    /// Returns the provider of the environment; it is optional unless a variable names the role.
    pub(super) fn from_environment(environment: &Environment) -> Result<Self, ProviderError> {
        if environment.is_on(DISABLED) {
            return Err(ProviderError::NotConfigured(
                CredentialsProblem::SwitchedOn(DISABLED),
            ));
        }
        let name = environment.variable(ROLE_NAME);
        let is_optional = name.is_none();
        Ok(Self { name, is_optional })
    }

    /// Fetches the credentials of the role. If it is optional, a machine without a metadata service or role is not
    /// configured.
    pub(super) async fn fetch(
        &self,
        context: &FetchContext,
        origin: &Arc<CredentialsOrigin>,
        budget: Budget,
    ) -> Result<Credentials, ProviderError> {
        let client = MetadataClient {
            context,
            origin,
            allows_v1: !context.environment.is_on("ALIBABA_CLOUD_IMDSV1_DISABLED"),
            is_optional: self.is_optional,
            budget: Budget::starting_now(TIMEOUT.min(budget.left())),
            token: Mutex::default(),
        };
        match client.credentials(self.name.as_deref()).await {
            Err(ProviderError::NotConfigured(problem)) if self.is_optional => Err(
                ProviderError::NotConfigured(CredentialsProblem::Skippable {
                    problem: Box::new(problem),
                    variable: DISABLED,
                }),
            ),
            Err(ProviderError::NotConfigured(problem)) => Err(ProviderError::Broken(problem)),
            result => result,
        }
    }
}

/// A client of the metadata service.
struct MetadataClient<'a> {
    context: &'a FetchContext,
    origin: &'a Arc<CredentialsOrigin>,
    /// True if requests without a session token are allowed (IMDSv1).
    allows_v1: bool,
    is_optional: bool,
    budget: Budget,
    token: Mutex<SessionToken>,
}

/// A request to the metadata service.
struct MetadataRequest<'a> {
    method: Method,
    path: &'a str,
    headers: &'a [(&'static str, &'a HeaderValue)],
}

/// The session token of IMDSv2.
#[derive(Debug, Clone, Default)]
enum SessionToken {
    /// The token was not requested yet.
    #[default]
    Unknown,
    /// The token of the service.
    Available(HeaderValue),
    /// The service provides no token, for this reason; requests are sent without one.
    Unavailable(AttemptError),
}

/// The result of a request to the metadata service.
enum MetadataAnswer {
    Text(String),
    /// The path does not exist.
    NotFound,
    /// The service does not exist, for this reason.
    NoService(TransportError),
}

impl MetadataClient<'_> {
    async fn credentials(&self, name: Option<&str>) -> Result<Credentials, ProviderError> {
        let role = match name {
            Some(name) => name.trim().to_owned(),
            None => self.role_name().await?,
        };
        if role.is_empty() {
            return Err(no_role());
        }
        let text = self.get(&format!("{ROLE_PATH}{}", encode(&role))).await?;
        let Some(text) = text else {
            let problem = CredentialsProblem::NoNamedRole { name: role.into() };
            return Err(ProviderError::NotConfigured(problem));
        };
        let document: Value = serde_json::from_str(&text)
            .map_err(|_| ProviderError::unreadable(ResponseProblem::MetadataNotJson))?;
        match document.get("Code").and_then(Value::as_str) {
            Some("Success") => response::parse_service_credentials(&document, self.origin),
            code => {
                let problem = ResponseProblem::NoRoleCredentials {
                    role: role.into(),
                    code: code.unwrap_or("no code").into(),
                };
                let failure = CallFailure::new(NO_ROLE, FailureCause::Response(problem));
                Err(ProviderError::Failed(
                    ReadStatus::Unreachable,
                    Box::new(failure),
                ))
            }
        }
    }

    async fn role_name(&self) -> Result<String, ProviderError> {
        let text = self.get(ROLE_PATH).await?.unwrap_or_default();
        match text.lines().next() {
            Some(name) => Ok(name.trim().to_owned()),
            None => Err(no_role()),
        }
    }

    /// Requests a text; `None` if its path does not exist. Timeouts and errors of the service are retried.
    async fn get(&self, path: &str) -> Result<Option<String>, ProviderError> {
        let result = self.context.retry_policy(self.budget).run(async |attempt| {
            match self.attempt(path, attempt).await {
                Err(AttemptError::Transport(error @ TransportError::Connect { .. }))
                    if self.is_optional =>
                {
                    Ok(MetadataAnswer::NoService(error))
                }
                result => result,
            }
        });
        match result.await {
            Ok(MetadataAnswer::Text(text)) => Ok(Some(text)),
            Ok(MetadataAnswer::NotFound) => Ok(None),
            Ok(MetadataAnswer::NoService(error)) => Err(ProviderError::NotConfigured(error.into())),
            Err(error) if self.is_optional && error.refusal().is_none() => {
                let (_, failure) = error.to_call_failure();
                let problem = CredentialsProblem::Call(Box::new(failure));
                Err(ProviderError::NotConfigured(problem))
            }
            Err(error) => Err(error.into()),
        }
    }

    async fn attempt(&self, path: &str, attempt: Attempt) -> Result<MetadataAnswer, AttemptError> {
        let token = self.token(attempt).await?;
        let headers = match &token {
            SessionToken::Available(token) => vec![(TOKEN_HEADER, token)],
            SessionToken::Unknown | SessionToken::Unavailable(_) => Vec::new(),
        };
        let request = |headers| MetadataRequest {
            method: Method::GET,
            path,
            headers,
        };
        let mut response = self.send(request(&headers), attempt).await?;
        let is_denied = matches!(response.status, 401 | 403);
        if is_denied && self.allows_v1 && matches!(token, SessionToken::Available(_)) {
            response = self.send(request(&[]), attempt).await?;
        }
        match (response.status, token) {
            (200, _) => Ok(MetadataAnswer::Text(
                String::from_utf8_lossy(&response.body).into_owned(),
            )),
            (404, _) => Ok(MetadataAnswer::NotFound),
            // The service requires a token after all: the next attempt requests one again.
            (401 | 403, SessionToken::Unavailable(reason)) => {
                self.store(SessionToken::Unknown);
                Err(reason)
            }
            _ => Err(self.refusal(ResponseProblem::MetadataRefused, &response)),
        }
    }

    /// Returns the session token. An old service, or one that a container cannot reach, provides none: the official
    /// SDKs then send requests without one, unless `ALIBABA_CLOUD_IMDSV1_DISABLED` is set.
    async fn token(&self, attempt: Attempt) -> Result<SessionToken, AttemptError> {
        let stored = self
            .token
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        if !matches!(stored, SessionToken::Unknown) {
            return Ok(stored);
        }
        let ttl = HeaderValue::from_static(TOKEN_TTL_S);
        let headers = [(TOKEN_TTL_HEADER, &ttl)];
        let request = MetadataRequest {
            method: Method::PUT,
            path: TOKEN_PATH,
            headers: &headers,
        };
        let reason = match self.send(request, attempt).await {
            Ok(response) if response.status == 200 => {
                let token = String::from_utf8_lossy(&response.body);
                self.context.environment.secrets.add(&token);
                match secret_header(token.trim()).filter(|token| !token.is_empty()) {
                    Some(token) => return Ok(self.store(SessionToken::Available(token))),
                    None => self.refusal(ResponseProblem::MetadataToken, &response),
                }
            }
            Ok(response) => self.refusal(ResponseProblem::NoMetadataToken, &response),
            // Without a connection, a request without a token fails too.
            Err(error @ AttemptError::Transport(TransportError::Connect { .. })) => {
                return Err(error);
            }
            Err(error) => error,
        };
        if self.allows_v1 {
            Ok(self.store(SessionToken::Unavailable(reason)))
        } else {
            Err(reason)
        }
    }

    fn store(&self, token: SessionToken) -> SessionToken {
        self.token
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone_from(&token);
        token
    }

    fn refusal(&self, problem: ResponseProblem, response: &Response) -> AttemptError {
        AttemptError::Refused {
            error: ApiError {
                status: response.status,
                code: NO_ROLE.to_owned(),
                message: problem.to_string(),
                problem: None,
                request_id: None,
            },
            problem: Some(problem),
            retry_after: None,
            context: CallContext {
                credentials_source: Arc::clone(self.origin),
                remedy: CallRemedy::Metadata,
            },
        }
    }

    async fn send(
        &self,
        request: MetadataRequest<'_>,
        attempt: Attempt,
    ) -> Result<Response, AttemptError> {
        let MetadataRequest {
            method,
            path,
            headers,
        } = request;
        let endpoint = &self.context.options.metadata_endpoint;
        let url = Url::parse(endpoint).and_then(|url| url.join(path));
        let url = url.map_err(|_| {
            let problem = format!("invalid URL of the metadata service: {endpoint}");
            AttemptError::Transport(TransportError::Setup(problem.into()))
        })?;
        let headers = headers
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), (*value).clone()))
            .collect();
        let request = Request {
            method,
            url,
            headers,
            body: String::new(),
            destination: Destination::Metadata,
        };
        let label = RequestLabel {
            instance_id: None,
            action: "credentials",
            credentials: Arc::clone(self.origin),
            attempt,
        };
        self.context
            .transport
            .send(request, label)
            .await
            .map_err(AttemptError::Transport)
    }
}

fn no_role() -> ProviderError {
    ProviderError::NotConfigured(CredentialsProblem::NoRole)
}
