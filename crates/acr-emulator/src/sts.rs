//! STS (API version 2015-04-01), limited to assuming roles and identifying callers.

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use super::accounts::{AccountDirectory, AssumableRole, Principal, PrincipalKind};
use super::error::ErrorResponse;
use super::keys::{AccessKey, KeyStore};
use super::ram::RamPolicy;
use super::request::HttpRequest;

/// The API version of STS.
pub(super) const VERSION: &str = "2015-04-01";

/// The minimum and the default duration of a session, in seconds.
const MIN_SESSION_SECONDS: i64 = 900;
const DEFAULT_SESSION_SECONDS: i64 = 3_600;

/// An action of STS.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum StsAction {
    AssumeRole,
    AssumeRoleWithOidc,
    GetCallerIdentity,
}

impl StsAction {
    pub(super) const ALL: [Self; 3] = [
        Self::AssumeRole,
        Self::AssumeRoleWithOidc,
        Self::GetCallerIdentity,
    ];

    /// Returns the API's name.
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::AssumeRole => "AssumeRole",
            Self::AssumeRoleWithOidc => "AssumeRoleWithOIDC",
            Self::GetCallerIdentity => "GetCallerIdentity",
        }
    }
}

/// The response of `AssumeRole` and `AssumeRoleWithOIDC`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct AssumedRole {
    request_id: String,
    #[serde(rename = "AssumedRoleUser")]
    user: AssumedRoleUser,
    credentials: TemporaryCredentials,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct AssumedRoleUser {
    arn: String,
    assumed_role_id: String,
}

/// Temporary credentials, by the names that STS, the metadata service and the credentials URI share.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct TemporaryCredentials {
    access_key_id: String,
    access_key_secret: String,
    security_token: String,
    expiration: String,
}

/// The response of `GetCallerIdentity`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct CallerIdentity {
    request_id: String,
    account_id: String,
    arn: String,
    identity_type: &'static str,
    principal_id: String,
    user_id: String,
}

/// The state that assuming a role depends on.
pub(super) struct StsService<'a> {
    pub(super) accounts: &'a AccountDirectory,
    pub(super) keys: &'a KeyStore,
    pub(super) now: Timestamp,
}

impl StsService<'_> {
    /// `AssumeRole`: the caller must have the permission, and the role must trust the caller.
    pub(super) fn assume(
        &self,
        request: &HttpRequest,
        caller: &Principal,
        id: String,
    ) -> Result<AssumedRole, ErrorResponse> {
        let (arn, role) = self.role(request)?;
        if !caller.can("sts:AssumeRole", arn) || !role.trusts(caller) {
            return Err(no_permission());
        }
        self.grant(request, role, id)
    }

    /// `AssumeRoleWithOIDC`: the role must trust the token.
    pub(super) fn assume_with_oidc(
        &self,
        request: &HttpRequest,
        id: String,
    ) -> Result<AssumedRole, ErrorResponse> {
        let provider = required(request, "OIDCProviderArn")?;
        let token = required(request, "OIDCToken")?;
        let (_, role) = self.role(request)?;
        if !role.trusts_token(provider, token) {
            // The codes for an invalid token are documented, their statuses are not.
            let message = "The OIDCToken is invalid or is not trusted by the role.";
            return Err(ErrorResponse::new(
                400,
                "AuthenticationFail.OIDCToken.Invalid",
                message,
            ));
        }
        self.grant(request, role, id)
    }

    fn role<'a>(
        &'a self,
        request: &'a HttpRequest,
    ) -> Result<(&'a str, &'a AssumableRole), ErrorResponse> {
        let arn = required(request, "RoleArn")?;
        if !arn.starts_with("acs:ram::") {
            return Err(malformed("RoleArn"));
        }
        let missing = || {
            ErrorResponse::new(
                404,
                "EntityNotExist.Role",
                format!("The role not exists: {arn}."),
            )
        };
        Ok((arn, self.accounts.role(arn).ok_or_else(missing)?))
    }

    fn grant(
        &self,
        request: &HttpRequest,
        role: &AssumableRole,
        request_id: String,
    ) -> Result<AssumedRole, ErrorResponse> {
        let name = required(request, "RoleSessionName")?;
        let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b".@-_".contains(&byte);
        if !(2..=64).contains(&name.len()) || !name.bytes().all(is_allowed) {
            return Err(malformed("RoleSessionName"));
        }
        let seconds = match request.parameter("DurationSeconds") {
            Some(text) => text.parse().map_err(|_| malformed("DurationSeconds"))?,
            None => DEFAULT_SESSION_SECONDS.min(role.role.max_session_seconds),
        };
        if !(MIN_SESSION_SECONDS..=role.role.max_session_seconds.max(MIN_SESSION_SECONDS))
            .contains(&seconds)
        {
            return Err(malformed("DurationSeconds"));
        }
        let policy: Option<RamPolicy> = match request.parameter("Policy") {
            Some(text) => Some(serde_json::from_str(text).map_err(|_| {
                ErrorResponse::new(
                    400,
                    "InvalidParameter.PolicyGrammar",
                    "The parameter Policy has not passed grammar check.",
                )
            })?),
            None => None,
        };
        let caller = role.session(name, policy);
        let user = AssumedRoleUser {
            arn: caller.arn(),
            assumed_role_id: format!("{}:{name}", principal(&role.role.name)),
        };
        let credentials = self.issue(caller, seconds);
        Ok(AssumedRole {
            request_id,
            user,
            credentials,
        })
    }

    /// Issues temporary credentials for a caller.
    pub(super) fn issue(&self, caller: Principal, seconds: i64) -> TemporaryCredentials {
        let lifetime = SignedDuration::from_secs(seconds);
        let expires_at = self.now.checked_add(lifetime).unwrap_or(Timestamp::MAX);
        let (AccessKey { id, secret, .. }, token) = self.keys.issue(caller, expires_at);
        TemporaryCredentials {
            access_key_id: id,
            access_key_secret: secret,
            security_token: token,
            expiration: expires_at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
        }
    }
}

/// `GetCallerIdentity`, which needs no permission.
pub(super) fn identity(caller: &Principal, request_id: String) -> CallerIdentity {
    let account = caller.account.to_string();
    let (identity_type, principal_id) = match &caller.identity {
        PrincipalKind::Root => ("Account", account.clone()),
        PrincipalKind::User(name) => ("RAMUser", principal(name)),
        PrincipalKind::Session { role, name } => {
            ("AssumedRoleUser", format!("{}:{name}", principal(role)))
        }
    };
    let user_id = principal_id.clone();
    CallerIdentity {
        request_id,
        account_id: account,
        arn: caller.arn(),
        identity_type,
        principal_id,
        user_id,
    }
}

/// Returns a stable number for the name of a user or role.
fn principal(name: &str) -> String {
    let hash = name.bytes().fold(7_u64, |hash, byte| {
        hash.wrapping_mul(31).wrapping_add(byte.into())
    });
    format!("3{:017}", hash % 100_000_000_000_000_000)
}

fn required<'a>(request: &'a HttpRequest, name: &str) -> Result<&'a str, ErrorResponse> {
    request
        .parameter(name)
        .ok_or_else(|| ErrorResponse::missing(name))
}

fn malformed(name: &str) -> ErrorResponse {
    ErrorResponse::new(
        400,
        format!("InvalidParameter.{name}"),
        format!("The parameter {name} is wrongly formed."),
    )
}

fn no_permission() -> ErrorResponse {
    let message = "You are not authorized to do this action. You should be authorized by RAM.";
    ErrorResponse::new(403, "NoPermission", message)
}
