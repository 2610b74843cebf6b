//! Checks of identities: the source of their credentials, their expiry and their account.

use std::sync::Arc;

use acr_client::Target;
use acr_client::credentials::{Caller, Credentials, CredentialsError, Identity};
use jiff::{Timestamp, Unit};

use super::check::DoctorCheck;
use crate::acquire::{ReadSession, credentials_help, tried_sources};

/// An identity with its credentials and their account.
pub(super) struct IdentityInfo<'a> {
    pub(super) identity: &'a Identity,
    pub(super) credentials: Result<Arc<Credentials>, CredentialsError>,
    pub(super) caller: Result<Caller, CredentialsError>,
}

impl<'a> IdentityInfo<'a> {
    /// Fetches the credentials of an identity and their account. `target` is an instance that is read with them, where
    /// there is one: inside a VPC, its region is called.
    pub(super) async fn fetch(
        session: &ReadSession,
        identity: &'a Identity,
        target: Option<&Target>,
    ) -> Self {
        let ReadSession { client, budget, .. } = session;
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

    pub(super) fn checks(&self) -> Vec<DoctorCheck> {
        let subject = label(self.identity);
        let credentials = match &self.credentials {
            Ok(credentials) => credentials,
            Err(error) => {
                let help = credentials_help(error).to_string();
                let check = DoctorCheck::fail("credentials", subject, error.to_string(), help);
                return vec![DoctorCheck {
                    parts: tried_sources(error)
                        .iter()
                        .map(ToString::to_string)
                        .collect(),
                    ..check
                }];
            }
        };
        let expiry = expiry(credentials.expires);
        let source = format!("{}{expiry}", credentials.source);
        let caller = match &self.caller {
            Ok(Caller { account, arn, .. }) => {
                DoctorCheck::ok("identity", &subject, format!("account {account}, {arn}"))
            }
            Err(error) => DoctorCheck::warn(
                "identity",
                &subject,
                format!("could not determine the account of the credentials: {error}"),
                "plan cannot see whether an instance is another account's; set ALIBABA_CLOUD_STS_REGION where only a \
                 region's endpoint can be reached",
            ),
        };
        vec![DoctorCheck::ok("credentials", subject, source), caller]
    }
}

/// Returns the name of an identity in messages.
pub(super) fn label(identity: &Identity) -> String {
    match (&identity.profile, &identity.role_arn) {
        (None, None) => "default".to_owned(),
        (Some(profile), None) => format!("profile {profile}"),
        (None, Some(role)) => format!("role {role}"),
        (Some(profile), Some(role)) => format!("role {role} by profile {profile}"),
    }
}

fn expiry(expires: Option<Timestamp>) -> String {
    let end = expires.and_then(|end| end.round(Unit::Second).ok());
    match end {
        Some(end) => format!(", until {end}"),
        None => String::new(),
    }
}
