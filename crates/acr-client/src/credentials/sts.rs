//! The security token service: its endpoint, its requests, and the caller of an access key.

use std::sync::Arc;

use acr_api::{ApiError, ErrorKind};
use serde_json::Value;

use super::context::FetchContext;
use super::error::ProviderError;
use super::origin::CredentialsOrigin;
use super::problem::ResponseProblem;
use super::{Caller, Credentials, response};
use crate::budget::Budget;
use crate::endpoint::ServiceUrl;
use crate::environment::Environment;
use crate::failure::{AttemptError, CallContext};
use crate::options::{Network, Options};
use crate::remedy::CallRemedy;
use crate::request_log::RequestLabel;
use crate::signing::{ApiRequest, SigningContext};
use crate::transport::{RedirectSetting, Request, Response};

/// The version of the service's API.
pub(super) const VERSION: &str = "2015-04-01";

const ENDPOINT_VARIABLE: &str = "ALIBABA_CLOUD_STS_ENDPOINT";

/// The choice of an endpoint of the service.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct StsEndpoint {
    /// An explicit endpoint, which has precedence.
    pub(super) endpoint: Option<String>,
    /// The region; `None` for the global endpoint.
    pub(super) region: Option<String>,
    /// True for the VPC endpoint of the region.
    pub(super) vpc: bool,
}

impl StsEndpoint {
    /// Returns the choice of the environment and the options.
    pub(super) fn configured(environment: &Environment, options: &Options) -> Self {
        Self {
            endpoint: environment.variable(ENDPOINT_VARIABLE),
            region: environment.variable("ALIBABA_CLOUD_STS_REGION"),
            vpc: options.network == Network::Vpc
                || environment.is_on("ALIBABA_CLOUD_VPC_ENDPOINT_ENABLED"),
        }
    }

    /// Completes the choice with that of a profile.
    pub(super) fn or(self, endpoint: Option<&str>, region: Option<&str>, vpc: bool) -> Self {
        Self {
            endpoint: self.endpoint.or_else(|| endpoint.map(str::to_owned)),
            region: self.region.or_else(|| region.map(str::to_owned)),
            vpc: self.vpc || vpc,
        }
    }

    /// Returns the endpoint.
    pub(super) fn url(&self) -> String {
        if let Some(endpoint) = &self.endpoint {
            return endpoint.clone();
        }
        match &self.region {
            None => "https://sts.aliyuncs.com".to_owned(),
            Some(region) if self.vpc => format!("https://sts-vpc.{}.aliyuncs.com", region.trim()),
            Some(region) => format!("https://sts.{}.aliyuncs.com", region.trim()),
        }
    }
}

/// A signed request to the service.
#[derive(Debug)]
pub(super) struct StsCall<'a> {
    pub(super) action: &'static str,
    pub(super) parameters: &'a [(String, String)],
    pub(super) credentials: &'a Credentials,
    pub(super) endpoint: &'a StsEndpoint,
    /// The permission or setting to add if the request is denied.
    pub(super) remedy: CallRemedy,
}

/// Returns the caller of credentials (`GetCallerIdentity`, which needs no permission).
pub(super) async fn caller_identity(
    context: &FetchContext,
    credentials: &Credentials,
    region: Option<&str>,
    budget: Budget,
) -> Result<Caller, ProviderError> {
    let endpoint = StsEndpoint::configured(&context.environment, &context.options);
    let endpoint = endpoint.or(None, region, false);
    let call = StsCall {
        action: "GetCallerIdentity",
        parameters: &[],
        credentials,
        endpoint: &endpoint,
        remedy: CallRemedy::CallerIdentity,
    };
    let response = call.send(context, budget).await?;
    let text = |name: &'static str| {
        let text = response.get(name).and_then(Value::as_str);
        text.map(str::to_owned)
            .ok_or_else(|| ProviderError::unreadable(ResponseProblem::Missing(name)))
    };
    Ok(Caller {
        account: text("AccountId")?.into(),
        arn: text("Arn")?,
        source: Arc::clone(&credentials.source),
    })
}

impl StsCall<'_> {
    /// Sends the request, with retries.
    pub(super) async fn send(
        &self,
        context: &FetchContext,
        budget: Budget,
    ) -> Result<Value, ProviderError> {
        let service = service_url(context, self.endpoint)?;
        let request = ApiRequest {
            service: &service,
            action: self.action,
            version: VERSION,
            query: self.parameters,
        };
        let call_context = CallContext {
            credentials_source: Arc::clone(&self.credentials.source),
            remedy: self.remedy,
        };
        let response = context.retry_policy(budget).run(async |attempt| {
            let signing = SigningContext {
                date: context.sts_clock.date((context.environment.now)()),
                nonce: (context.environment.random)(),
            };
            let request = request
                .sign(self.credentials, signing)
                .map_err(AttemptError::Transport)?;
            let label = call_context.label(self.action, attempt);
            send(context, request, &call_context, label).await
        });
        response
            .await
            .map_err(ProviderError::from_configured_service)
    }
}

/// Sends one request, and corrects the clock if the service refuses its date.
pub(super) async fn send(
    context: &FetchContext,
    request: Request,
    call_context: &CallContext,
    label: RequestLabel,
) -> Result<Value, AttemptError> {
    let response = context
        .transport
        .send(request, label)
        .await
        .map_err(|error| {
            AttemptError::Transport(
                error.with_setting(RedirectSetting::Variable(ENDPOINT_VARIABLE)),
            )
        })?;
    let (error, problem) = match parse(&response) {
        Ok(value) => return Ok(value),
        Err(refusal) => refusal,
    };
    let now = (context.environment.now)();
    if error.kind() == ErrorKind::Clock {
        context.sts_clock.correct(now, &response);
    }
    let call_context = CallContext {
        remedy: remedy(&error).unwrap_or(call_context.remedy),
        ..call_context.clone()
    };
    Err(AttemptError::Refused {
        error,
        problem,
        retry_after: response.retry_after(now),
        context: call_context,
    })
}

/// Returns the remedy for a refusal with another reason than trust or permissions.
fn remedy(error: &ApiError) -> Option<CallRemedy> {
    match error.code.as_str() {
        "AuthenticationFail.OIDCToken.Expired" => Some(CallRemedy::ExpiredToken),
        code if code.contains("OIDCProviderArn") => Some(CallRemedy::ProviderArn),
        code if code.contains("OIDCToken") => Some(CallRemedy::InvalidToken),
        code if code.contains("RoleArn") => Some(CallRemedy::RoleArn),
        code if code.contains("RoleSessionName") => Some(CallRemedy::SessionName),
        code if code.contains("DurationSeconds") => Some(CallRemedy::SessionDuration),
        code if code.contains("Policy") => Some(CallRemedy::SessionPolicy),
        "EntityNotExist.Role" => Some(CallRemedy::MissingRole),
        _ if matches!(error.kind(), ErrorKind::Parameter | ErrorKind::Other) => {
            Some(CallRemedy::RoleSettings)
        }
        _ => None,
    }
}

/// Parses a successful response. An unreadable one is not quoted, since it may contain credentials.
fn parse(response: &Response) -> Result<Value, (ApiError, Option<ResponseProblem>)> {
    if response.status != 200 {
        return Err((ApiError::parse(response.status, &response.body), None));
    }
    serde_json::from_slice(&response.body).map_err(|_| {
        let problem = ResponseProblem::NotJson;
        (ApiError::unreadable(&problem.to_string()), Some(problem))
    })
}

/// Returns the credentials in a response.
pub(super) fn parse_credentials(
    response: &Value,
    origin: &Arc<CredentialsOrigin>,
) -> Result<Credentials, ProviderError> {
    let credentials = response
        .get("Credentials")
        .ok_or_else(|| ProviderError::unreadable(ResponseProblem::Missing("Credentials")))?;
    response::parse_service_credentials(credentials, origin)
}

/// Returns the URL of the service.
pub(super) fn service_url(
    context: &FetchContext,
    endpoint: &StsEndpoint,
) -> Result<ServiceUrl, ProviderError> {
    ServiceUrl::parse(&endpoint.url(), context.options.insecure_http)
        .map_err(|error| ProviderError::Broken(error.into()))
}

#[cfg(test)]
mod tests {
    use super::StsEndpoint;

    #[test]
    fn the_endpoint_follows_region_and_network() {
        let sts = |endpoint: Option<&str>, region: Option<&str>, vpc| {
            StsEndpoint::default().or(endpoint, region, vpc).url()
        };
        assert_eq!(sts(None, None, false), "https://sts.aliyuncs.com");
        assert_eq!(
            sts(None, None, true),
            "https://sts.aliyuncs.com",
            "a VPC endpoint needs a region"
        );
        let in_vpc = StsEndpoint {
            vpc: true,
            ..StsEndpoint::default()
        };
        assert_eq!(
            in_vpc.clone().or(None, Some("cn-beijing"), false).url(),
            "https://sts-vpc.cn-beijing.aliyuncs.com"
        );
        let configured = StsEndpoint {
            region: Some("cn-hangzhou".to_owned()),
            ..in_vpc
        };
        let endpoint = configured.or(None, Some("cn-beijing"), false).url();
        assert_eq!(
            endpoint, "https://sts-vpc.cn-hangzhou.aliyuncs.com",
            "a configured region has precedence"
        );
        assert_eq!(
            sts(None, Some("cn-beijing"), false),
            "https://sts.cn-beijing.aliyuncs.com"
        );
        assert_eq!(
            sts(None, Some("cn-beijing"), true),
            "https://sts-vpc.cn-beijing.aliyuncs.com"
        );
        assert_eq!(
            sts(Some("sts.example"), Some("cn-beijing"), true),
            "sts.example"
        );
    }
}
