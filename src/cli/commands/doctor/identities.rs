//! Credentials: where they come from, how long they are good for, whose they are.

use std::sync::Arc;

use acr_client::Target;
use acr_client::credentials::{Caller, Credentials, CredentialsError, Identity};
use jiff::{Timestamp, Unit};

use super::check::Check;
use crate::cli::live::{Session, credentials_help};

/// What there is to know about an identity.
pub(super) struct Examined<'a> {
    pub(super) identity: &'a Identity,
    pub(super) credentials: Result<Arc<Credentials>, CredentialsError>,
    pub(super) caller: Result<Caller, CredentialsError>,
}

impl<'a> Examined<'a> {
    /// Asks for the credentials of an identity and their account. `target` is one that is read with them, where there is
    /// one: inside a VPC, its region is asked.
    pub(super) async fn ask(
        session: &Session,
        identity: &'a Identity,
        target: Option<&Target>,
    ) -> Self {
        let Session { client, budget, .. } = session;
        let credentials = match target {
            Some(target) => client.credentials_for(target, *budget).await,
            None => client.credentials(identity, *budget).await,
        };
        let caller = match (&credentials, target) {
            (Ok(_), Some(target)) => client.caller_for(target, *budget).await,
            (Ok(_), None) => client.caller(identity, *budget).await,
            (Err(error), _) => Err(error.clone()),
        };
        Self {
            identity,
            credentials,
            caller,
        }
    }

    pub(super) fn checks(&self) -> Vec<Check> {
        let subject = label(self.identity);
        let credentials = match &self.credentials {
            Ok(credentials) => credentials,
            Err(error) => {
                return vec![Check::fail(
                    "credentials",
                    subject,
                    error.to_string(),
                    credentials_help(error),
                )];
            }
        };
        let source = Check::ok(
            "credentials",
            &subject,
            format!("{}{}", credentials.source, until(credentials.expires)),
        );
        let caller = match &self.caller {
            Ok(Caller { account, arn, .. }) => {
                Check::ok("identity", subject, format!("account {account}, {arn}"))
            }
            Err(error) => Check::warn(
                "identity",
                subject,
                format!("nobody could say whose they are: {error}"),
                "plan cannot see whether an instance is another account's; set ALIBABA_CLOUD_STS_REGION where only a \
                 region's endpoint can be reached",
            ),
        };
        vec![source, caller]
    }
}

/// What an identity is called.
pub(super) fn label(identity: &Identity) -> String {
    let profile = identity
        .profile
        .as_ref()
        .map(|profile| format!("profile {profile}"));
    match (profile, &identity.role_arn) {
        (None, None) => "default".to_owned(),
        (Some(profile), None) => profile,
        (None, Some(role)) => format!("role {role}"),
        (Some(profile), Some(role)) => format!("role {role} by {profile}"),
    }
}

fn until(expires: Option<Timestamp>) -> String {
    let second = expires.and_then(|end| end.round(Unit::Second).ok());
    second
        .map(|end| format!(", until {end}"))
        .unwrap_or_default()
}
