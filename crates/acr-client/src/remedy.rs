//! The remedies of refused requests.

use std::fmt;

/// The permission or setting to add if a request is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "the texts explain the variants")]
pub enum CallRemedy {
    ListRules,
    ListInstances,
    LookUpEvents,
    AssumeRole,
    CallerIdentity,
    IdentityProvider,
    ExpiredToken,
    InvalidToken,
    ProviderArn,
    RoleArn,
    MissingRole,
    SessionName,
    SessionDuration,
    SessionPolicy,
    RoleSettings,
    Metadata,
    Uri,
    UriSettings,
}

impl fmt::Display for CallRemedy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::ListRules => "allow cr:ListSyncRule on this instance",
            Self::ListInstances => "allow cr:ListInstance, or name the instances",
            Self::LookUpEvents => "allow actiontrail:LookupEvents on *",
            Self::AssumeRole => {
                "allow sts:AssumeRole on the role, and let the role trust the caller"
            }
            Self::CallerIdentity => "allow sts:GetCallerIdentity",
            Self::IdentityProvider => {
                "let the role trust the identity provider, with the issuer, audience and subject of the token"
            }
            Self::ExpiredToken => "renew the token in its file",
            Self::InvalidToken => "renew or correct the token in its file",
            Self::ProviderArn => "correct the ARN of the OIDC provider, or create the provider",
            Self::RoleArn => "correct the ARN of the role",
            Self::MissingRole => "correct the ARN of the role, or create the role",
            Self::SessionName => "correct the name of the session",
            Self::SessionDuration => {
                "reduce the duration of the session, which the role limits"
            }
            Self::SessionPolicy => "correct the policy of the session",
            Self::RoleSettings => {
                "correct the settings of the role in the profile or the variables"
            }
            Self::Metadata => "allow access to the metadata service",
            Self::Uri => "allow the caller to fetch these credentials",
            Self::UriSettings => "correct the URL and the other settings of these credentials",
        })
    }
}
