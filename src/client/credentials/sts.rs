//! The security token service: roles that are assumed, and who a caller is.

use std::path::Path;
use std::sync::Arc;

use reqwest::Method;
use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderMap, HeaderValue};
use serde_json::Value;

use super::issuer::Issuer;
use super::recipe::{Role, Sts};
use super::source::Unusable;
use super::{Caller, Credentials, issued};
use crate::acr::signature::canonical_query;
use crate::acr::{ApiError, ErrorKind};
use crate::client::endpoint::ServiceUrl;
use crate::client::failure::{Asked, AttemptError};
use crate::client::file;
use crate::client::options::Budget;
use crate::client::sign::{Operation, Stamp, api_date, signed};
use crate::client::transport::{Request, Response, Route};

/// The version of the service's API.
const VERSION: &str = "2015-04-01";

/// How long a session lasts unless a profile says otherwise, in seconds; every role allows it.
const SESSION_S: u32 = 3_600;

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
    let operation = Operation { action: "AssumeRole", version: VERSION };
    let mut parameters = session(issuer, role);
    parameters.extend(role.external_id.iter().map(|id| ("ExternalId".to_owned(), id.clone())));
    let needs = "allow sts:AssumeRole on the role, and let the role trust the caller";
    let asked = Asked { origin: Arc::clone(&base.source), needs };
    let answer = call(issuer, base, &role.sts, (operation, &parameters), &asked, budget).await?;
    credentials(&answer, origin)
}

/// `AssumeRoleWithOIDC`: credentials of a role for a token somebody else issued. It is not signed, and the token
/// travels in the body, since URLs are logged.
pub(super) async fn assume_role_with_oidc(
    issuer: &Issuer,
    provider_arn: &str,
    token_file: &Path,
    role: &Role,
    origin: &Arc<str>,
    budget: Budget,
) -> Result<Credentials, Unusable> {
    let service = endpoint(issuer, &role.sts)?;
    let asked = Asked { origin: Arc::clone(origin), needs: "let the role trust the identity provider" };
    // Whoever issues the token renews it in its place, so it is read each time.
    let token = token(token_file).map_err(Unusable::Broken)?;
    let mut form = session(issuer, role);
    form.push(("OIDCProviderArn".to_owned(), provider_arn.to_owned()));
    form.push(("OIDCToken".to_owned(), token));
    let form = canonical_query(&form);
    let answer = issuer.persistence(budget).attempt(async || {
        let query = [
            ("Action", "AssumeRoleWithOIDC".to_owned()),
            ("Format", "JSON".to_owned()),
            ("Timestamp", api_date(issuer.clock.date((issuer.outside.now)()))),
            ("Version", VERSION.to_owned()),
        ];
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/x-www-form-urlencoded"));
        let url = service.with_query(&canonical_query(&query));
        let request = Request { method: Method::POST, url, headers, body: form.clone(), route: Route::Ordinary };
        send(issuer, request, &asked).await
    });
    credentials(&answer.await?, origin)
}

/// `GetCallerIdentity`, which takes no permission.
pub(super) async fn caller_identity(
    issuer: &Issuer,
    credentials: &Credentials,
    budget: Budget,
) -> Result<Caller, Unusable> {
    let operation = Operation { action: "GetCallerIdentity", version: VERSION };
    let sts = Sts::configured(&issuer.outside, &issuer.options);
    let asked = Asked { origin: Arc::clone(&credentials.source), needs: "allow sts:GetCallerIdentity" };
    let answer = call(issuer, credentials, &sts, (operation, &[]), &asked, budget).await?;
    let text = |name: &str| {
        let text = answer.get(name).and_then(Value::as_str);
        text.map(str::to_owned).ok_or_else(|| Unusable::unreadable(format!("the answer has no `{name}`")))
    };
    let (account, arn) = (text("AccountId")?.into(), text("Arn")?);
    Ok(Caller { account, arn, source: Arc::clone(&credentials.source) })
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
        let stamp = Stamp { date: issuer.clock.date((issuer.outside.now)()), nonce: (issuer.outside.random)() };
        let request = signed(&service, credentials, operation, parameters, stamp).map_err(AttemptError::Transport)?;
        send(issuer, request, asked).await
    });
    Ok(answer.await?)
}

async fn send(issuer: &Issuer, request: Request, asked: &Asked) -> Result<Value, AttemptError> {
    let response = issuer.transport.send(request).await.map_err(AttemptError::Transport)?;
    parse(&response).map_err(|error| {
        if error.kind() == ErrorKind::Clock {
            issuer.clock.correct((issuer.outside.now)(), &response);
        }
        AttemptError::Refused { error, retry_after: response.retry_after(), asked: asked.clone() }
    })
}

/// An answer that succeeded. One that cannot be read is not quoted: it may hold credentials.
fn parse(response: &Response) -> Result<Value, ApiError> {
    if response.status != 200 {
        return Err(ApiError::parse(response.status, &response.body));
    }
    serde_json::from_slice(&response.body).map_err(|_| ApiError::unreadable("the answer is no JSON"))
}

fn credentials(answer: &Value, origin: &Arc<str>) -> Result<Credentials, Unusable> {
    let issued = answer.get("Credentials").ok_or_else(|| Unusable::unreadable("the answer has no `Credentials`"))?;
    issued::credentials(issued, issued::SERVICE, origin).map_err(Unusable::unreadable)
}

fn endpoint(issuer: &Issuer, sts: &Sts) -> Result<ServiceUrl, Unusable> {
    ServiceUrl::parse(&sts.endpoint(), issuer.options.insecure_http)
        .map_err(|error| Unusable::Broken(error.to_string()))
}

/// The parameters of every session.
fn session(issuer: &Issuer, role: &Role) -> Vec<(String, String)> {
    let ours = || format!("crdrift-{}", (issuer.outside.now)().as_second());
    let mut parameters = vec![
        ("DurationSeconds".to_owned(), role.duration_s.unwrap_or(SESSION_S).to_string()),
        ("RoleArn".to_owned(), role.arn.clone()),
        ("RoleSessionName".to_owned(), role.session_name.clone().unwrap_or_else(ours)),
    ];
    parameters.extend(role.policy.iter().map(|policy| ("Policy".to_owned(), policy.clone())));
    parameters
}

fn token(path: &Path) -> Result<String, String> {
    let text = file::read(path).map_err(|error| error.to_string())?;
    let token = text.trim();
    if TOKEN_LENGTH.contains(&token.len()) {
        Ok(token.to_owned())
    } else {
        Err(format!("{} holds {} bytes, which is no token", path.display(), token.len()))
    }
}
