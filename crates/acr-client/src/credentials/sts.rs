//! The security token service: roles that are assumed, and who a caller is.

use std::sync::Arc;

use acr_api::signature::canonical_query;
use acr_api::{ApiError, ErrorKind};
use reqwest::Method;
use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderMap, HeaderValue};
use serde_json::Value;

use super::issuer::Issuer;
use super::recipe::{Role, Sts, TokenFile};
use super::source::Unusable;
use super::{Caller, Credentials, issued};
use crate::endpoint::ServiceUrl;
use crate::failure::{Asked, AttemptError};
use crate::file;
use crate::options::Budget;
use crate::sign::{Operation, Stamp, api_date, signed};
use crate::transport::{Request, Response, Route};

/// The version of the service's API.
const VERSION: &str = "2015-04-01";

/// How long a session lasts unless a profile says otherwise, in seconds; every role allows it.
const SESSION_S: u32 = 3_600;

/// The length of a session's name (API page of `AssumeRole`).
const SESSION_NAME_LENGTH: std::ops::RangeInclusive<usize> = 2..=64;

/// What a token may measure, in bytes (API page of `AssumeRoleWithOIDC`).
const TOKEN_LENGTH: std::ops::RangeInclusive<usize> = 4..=20_000;

/// `AssumeRole`: credentials of a role, got with others.
pub(super) async fn assume_role(
    issuer: &Issuer,
    base: &Credentials,
    role: &Role,
    origin: &Arc<str>,
    budget: Budget,
) -> Result<Credentials, Unusable> {
    let operation = Operation {
        action: "AssumeRole",
        version: VERSION,
    };
    let mut parameters = session(issuer, role)?;
    issuer
        .outside
        .secrets
        .add(role.external_id.as_deref().unwrap_or_default());
    parameters.extend(
        role.external_id
            .iter()
            .map(|id| ("ExternalId".to_owned(), id.clone())),
    );
    let needs = "allow sts:AssumeRole on the role, and let the role trust the caller";
    let asked = Asked {
        origin: Arc::clone(&base.source),
        needs,
    };
    let answer = call(
        issuer,
        base,
        &role.sts,
        (operation, &parameters),
        &asked,
        budget,
    )
    .await?;
    credentials(&answer, origin)
}

/// `AssumeRoleWithOIDC`: credentials of a role for a token somebody else issued. It is not signed, and the token
/// travels in the body, since URLs are logged.
pub(super) async fn assume_role_with_oidc(
    issuer: &Issuer,
    provider_arn: &str,
    token_file: &TokenFile,
    role: &Role,
    origin: &Arc<str>,
    budget: Budget,
) -> Result<Credentials, Unusable> {
    let service = endpoint(issuer, &role.sts)?;
    let needs = "let the role trust the identity provider, with the issuer, audience and subject of the token";
    let asked = Asked {
        origin: Arc::clone(origin),
        needs,
    };
    // Whoever issues the token renews it in its place, so it is read each time.
    let token = token(token_file).map_err(Unusable::Broken)?;
    issuer.outside.secrets.add(&token);
    let mut form = session(issuer, role)?;
    form.push(("OIDCProviderArn".to_owned(), provider_arn.to_owned()));
    form.push(("OIDCToken".to_owned(), token));
    let form = canonical_query(&form);
    let answer = issuer.persistence(budget).attempt(async || {
        let query = [
            ("Action", "AssumeRoleWithOIDC".to_owned()),
            ("Format", "JSON".to_owned()),
            (
                "Timestamp",
                api_date(issuer.clock.date((issuer.outside.now)())),
            ),
            ("Version", VERSION.to_owned()),
        ];
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        headers.insert(
            CONTENT_TYPE,
            HeaderValue::from_static("application/x-www-form-urlencoded"),
        );
        let url = service.with_query(&canonical_query(&query));
        let request = Request {
            method: Method::POST,
            url,
            headers,
            body: form.clone(),
            route: Route::Ordinary,
        };
        send(issuer, request, &asked).await
    });
    credentials(&answer.await.map_err(Unusable::from_issuer)?, origin)
}

/// `GetCallerIdentity`, which takes no permission.
pub(super) async fn caller_identity(
    issuer: &Issuer,
    credentials: &Credentials,
    region: Option<&str>,
    budget: Budget,
) -> Result<Caller, Unusable> {
    let operation = Operation {
        action: "GetCallerIdentity",
        version: VERSION,
    };
    let sts = Sts::configured(&issuer.outside, &issuer.options).or(None, region, false);
    let asked = Asked {
        origin: Arc::clone(&credentials.source),
        needs: "allow sts:GetCallerIdentity",
    };
    let answer = call(issuer, credentials, &sts, (operation, &[]), &asked, budget).await?;
    let text = |name: &str| {
        let text = answer.get(name).and_then(Value::as_str);
        text.map(str::to_owned)
            .ok_or_else(|| Unusable::unreadable(format!("the answer has no `{name}`")))
    };
    let (account, arn) = (text("AccountId")?.into(), text("Arn")?);
    Ok(Caller {
        account,
        arn,
        source: Arc::clone(&credentials.source),
    })
}

/// A signed call.
async fn call(
    issuer: &Issuer,
    credentials: &Credentials,
    sts: &Sts,
    (operation, parameters): (Operation, &[(String, String)]),
    asked: &Asked,
    budget: Budget,
) -> Result<Value, Unusable> {
    let service = endpoint(issuer, sts)?;
    let answer = issuer.persistence(budget).attempt(async || {
        let stamp = Stamp {
            date: issuer.clock.date((issuer.outside.now)()),
            nonce: (issuer.outside.random)(),
        };
        let request = signed(&service, credentials, operation, parameters, stamp)
            .map_err(AttemptError::Transport)?;
        send(issuer, request, asked).await
    });
    answer.await.map_err(Unusable::from_issuer)
}

async fn send(issuer: &Issuer, request: Request, asked: &Asked) -> Result<Value, AttemptError> {
    let response =
        issuer.transport.send(request).await.map_err(|error| {
            AttemptError::Transport(error.set_with("ALIBABA_CLOUD_STS_ENDPOINT"))
        })?;
    parse(&response).map_err(|error| {
        if error.kind() == ErrorKind::Clock {
            issuer.clock.correct((issuer.outside.now)(), &response);
        }
        let asked = Asked {
            needs: remedy(&error).unwrap_or(asked.needs),
            ..asked.clone()
        };
        AttemptError::Refused {
            error,
            retry_after: response.retry_after((issuer.outside.now)()),
            asked,
        }
    })
}

/// The remedy for a refusal that is about something else than trust and permission.
fn remedy(error: &ApiError) -> Option<&'static str> {
    match error.code.as_str() {
        "AuthenticationFail.OIDCToken.Expired" => Some("renew the token in its file"),
        code if code.contains("OIDCProviderArn") => {
            Some("correct the ARN of the OIDC provider, or create the provider")
        }
        code if code.contains("OIDCToken") => Some("renew or correct the token in its file"),
        code if code.contains("RoleArn") => Some("correct the ARN of the role"),
        code if code.contains("RoleSessionName") => Some("correct the name of the session"),
        code if code.contains("DurationSeconds") => {
            Some("correct the duration of the session, which the role limits")
        }
        code if code.contains("Policy") => Some("correct the policy of the session"),
        "EntityNotExist.Role" => Some("correct the ARN of the role, or create the role"),
        _ if matches!(error.kind(), ErrorKind::Parameter | ErrorKind::Other) => {
            Some("correct what the profile or the variables configure for the role")
        }
        _ => None,
    }
}

/// An answer that succeeded. One that cannot be read is not quoted: it may hold credentials.
fn parse(response: &Response) -> Result<Value, ApiError> {
    if response.status != 200 {
        return Err(ApiError::parse(response.status, &response.body));
    }
    serde_json::from_slice(&response.body)
        .map_err(|_| ApiError::unreadable("the answer is no JSON"))
}

fn credentials(answer: &Value, origin: &Arc<str>) -> Result<Credentials, Unusable> {
    let issued = answer
        .get("Credentials")
        .ok_or_else(|| Unusable::unreadable("the answer has no `Credentials`"))?;
    issued::credentials(issued, issued::SERVICE, origin).map_err(Unusable::unreadable)
}

fn endpoint(issuer: &Issuer, sts: &Sts) -> Result<ServiceUrl, Unusable> {
    ServiceUrl::parse(&sts.endpoint(), issuer.options.insecure_http)
        .map_err(|error| Unusable::Broken(error.to_string()))
}

/// Returns the parameters of every session.
fn session(issuer: &Issuer, role: &Role) -> Result<Vec<(String, String)>, Unusable> {
    let name = role
        .session_name
        .as_ref()
        .map(|name| name.trim().to_owned());
    let name = name.unwrap_or_else(|| format!("crdrift-{}", (issuer.outside.now)().as_second()));
    let is_allowed =
        |character: char| character.is_ascii_alphanumeric() || ".@-_".contains(character);
    if !SESSION_NAME_LENGTH.contains(&name.len()) || !name.chars().all(is_allowed) {
        return Err(Unusable::Broken(format!(
            "expected 2 to 64 letters, digits and `.@-_` as the name of the role's session, found `{name}`"
        )));
    }
    let mut parameters = vec![
        (
            "DurationSeconds".to_owned(),
            role.duration_s.unwrap_or(SESSION_S).to_string(),
        ),
        ("RoleArn".to_owned(), role.arn.clone()),
        ("RoleSessionName".to_owned(), name),
    ];
    parameters.extend(
        role.policy
            .iter()
            .map(|policy| ("Policy".to_owned(), policy.clone())),
    );
    Ok(parameters)
}

fn token(file: &TokenFile) -> Result<String, String> {
    let TokenFile { path, key } = file;
    let text = file::read(path).map_err(|error| format!("{key}: {error}"))?;
    let token = text.trim();
    if TOKEN_LENGTH.contains(&token.len()) {
        Ok(token.to_owned())
    } else {
        Err(format!(
            "{key}: {} holds {} bytes, which is no token",
            path.display(),
            token.len()
        ))
    }
}
