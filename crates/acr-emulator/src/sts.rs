//! STS, as far as the credentials chain asks it: roles are assumed, identities told (API version 2015-04-01).

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use super::accounts::{Accounts, AssumableRole, Caller, Identity};
use super::keys::{AccessKey, KeyRing};
use super::ram::Policy;
use super::refusal::Refusal;
use super::request::Request;

/// The API version of STS.
pub(super) const VERSION: &str = "2015-04-01";

/// The shortest session, and the usual one, seconds.
const SHORTEST: i64 = 900;
const USUAL: i64 = 3_600;

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

    /// The API's name for it.
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::AssumeRole => "AssumeRole",
            Self::AssumeRoleWithOidc => "AssumeRoleWithOIDC",
            Self::GetCallerIdentity => "GetCallerIdentity",
        }
    }
}

/// The answer of `AssumeRole` and `AssumeRoleWithOIDC`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct AssumedRole {
    request_id: String,
    #[serde(rename = "AssumedRoleUser")]
    user: AssumedRoleUser,
    credentials: Credentials,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct AssumedRoleUser {
    arn: String,
    assumed_role_id: String,
}

/// Temporary credentials, under the names STS, the metadata service and the credentials URI share.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Credentials {
    access_key_id: String,
    access_key_secret: String,
    security_token: String,
    expiration: String,
}

/// The answer of `GetCallerIdentity`.
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

/// What assuming a role needs.
pub(super) struct Sts<'a> {
    pub(super) accounts: &'a Accounts,
    pub(super) keys: &'a KeyRing,
    pub(super) now: Timestamp,
}

impl Sts<'_> {
    /// `AssumeRole`: the caller has to be allowed to, and the role has to trust it.
    pub(super) fn assume(
        &self,
        request: &Request,
        caller: &Caller,
        id: String,
    ) -> Result<AssumedRole, Refusal> {
        let (arn, role) = self.role(request)?;
        if !caller.may("sts:AssumeRole", arn) || !role.trusts(caller) {
            return Err(no_permission());
        }
        self.grant(request, role, id)
    }

    /// `AssumeRoleWithOIDC`: whoever has a token the role trusts.
    pub(super) fn assume_with_oidc(
        &self,
        request: &Request,
        id: String,
    ) -> Result<AssumedRole, Refusal> {
        let provider = required(request, "OIDCProviderArn")?;
        let token = required(request, "OIDCToken")?;
        let (_, role) = self.role(request)?;
        if !role.trusts_token(provider, token) {
            // The codes of a token that is not accepted are documented, their statuses are not.
            let message = "The OIDCToken is invalid or is not trusted by the role.";
            return Err(Refusal::new(
                400,
                "AuthenticationFail.OIDCToken.Invalid",
                message,
            ));
        }
        self.grant(request, role, id)
    }

    fn role<'a>(&'a self, request: &'a Request) -> Result<(&'a str, &'a AssumableRole), Refusal> {
        let arn = required(request, "RoleArn")?;
        if !arn.starts_with("acs:ram::") {
            return Err(malformed("RoleArn"));
        }
        let missing = || {
            Refusal::new(
                404,
                "EntityNotExist.Role",
                format!("The role not exists: {arn}."),
            )
        };
        Ok((arn, self.accounts.role(arn).ok_or_else(missing)?))
    }

    fn grant(
        &self,
        request: &Request,
        role: &AssumableRole,
        request_id: String,
    ) -> Result<AssumedRole, Refusal> {
        let name = required(request, "RoleSessionName")?;
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || b".@-_".contains(&byte);
        if !(2..=64).contains(&name.len()) || !name.bytes().all(fits) {
            return Err(malformed("RoleSessionName"));
        }
        let seconds = match request.parameter("DurationSeconds") {
            Some(text) => text.parse().map_err(|_| malformed("DurationSeconds"))?,
            None => USUAL.min(role.role.max_session_seconds),
        };
        if !(SHORTEST..=role.role.max_session_seconds.max(SHORTEST)).contains(&seconds) {
            return Err(malformed("DurationSeconds"));
        }
        let policy: Option<Policy> = match request.parameter("Policy") {
            Some(text) => Some(serde_json::from_str(text).map_err(|_| {
                Refusal::new(
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

    /// Temporary credentials for a caller.
    pub(super) fn issue(&self, caller: Caller, seconds: i64) -> Credentials {
        let lifetime = SignedDuration::from_secs(seconds);
        let expires_at = self.now.checked_add(lifetime).unwrap_or(Timestamp::MAX);
        let (AccessKey { id, secret, .. }, token) = self.keys.issue(caller, expires_at);
        Credentials {
            access_key_id: id,
            access_key_secret: secret,
            security_token: token,
            expiration: expires_at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
        }
    }
}

/// `GetCallerIdentity`; everybody may ask.
pub(super) fn identity(caller: &Caller, request_id: String) -> CallerIdentity {
    let account = caller.account.to_string();
    let (identity_type, principal_id) = match &caller.identity {
        Identity::Root => ("Account", account.clone()),
        Identity::User(name) => ("RAMUser", principal(name)),
        Identity::Session { role, name } => {
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

/// A number for a name, as users and roles have: the same one every time.
fn principal(name: &str) -> String {
    let hash = name.bytes().fold(7_u64, |hash, byte| {
        hash.wrapping_mul(31).wrapping_add(byte.into())
    });
    format!("3{:017}", hash % 100_000_000_000_000_000)
}

fn required<'a>(request: &'a Request, name: &str) -> Result<&'a str, Refusal> {
    request
        .parameter(name)
        .ok_or_else(|| Refusal::missing(name))
}

fn malformed(name: &str) -> Refusal {
    Refusal::new(
        400,
        format!("InvalidParameter.{name}"),
        format!("The parameter {name} is wrongly formed."),
    )
}

fn no_permission() -> Refusal {
    let message = "You are not authorized to do this action. You should be authorized by RAM.";
    Refusal::new(403, "NoPermission", message)
}
