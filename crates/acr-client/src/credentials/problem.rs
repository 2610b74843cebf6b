//! The problems of configured credentials. No message contains a value of a key.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use acr_api::BodyProblem;
use jiff::Timestamp;

use super::error::{SkippedProvider, join};
use super::origin::CredentialsOrigin;
use crate::bounded_read::{FileError, SystemFailure};
use crate::call_failure::{CallFailure, RefusedRequest};
use crate::endpoint::EndpointError;
use crate::transport::TransportError;

/// The reason for which a provider yields no credentials.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[allow(
    missing_docs,
    reason = "the messages explain the variants and their fields"
)]
pub enum CredentialsProblem {
    #[error("set {0}")]
    Unset(&'static str),
    #[error("set {} and {}", .0[0], .0[1])]
    BothUnset([&'static str; 2]),
    #[error("set {}, {} and {}", .0[0], .0[1], .0[2])]
    AllUnset([&'static str; 3]),
    #[error("{0} is true")]
    SwitchedOn(&'static str),
    #[error("{set} is set, but {unset} is not")]
    HalfSet {
        set: &'static str,
        unset: &'static str,
    },
    #[error("expected {}, {} and {}, found only {}", expected[0], expected[1], expected[2], found.join(" and "))]
    SomeUnset {
        expected: [&'static str; 3],
        found: Vec<&'static str>,
    },
    #[error(transparent)]
    InvalidKey(#[from] InvalidKey),
    #[error(transparent)]
    File(#[from] FileError),
    #[error("{}", join(missing, ", "))]
    MissingFiles { missing: Vec<FileError> },
    #[error("there is no home folder")]
    NoHome,
    #[error("invalid JSON at line {line}, column {column}")]
    Json { line: usize, column: usize },
    #[error("`profiles` must be a list")]
    ProfilesNotList,
    #[error("`{key}` must be a string")]
    NotText { key: Box<str> },
    #[error("`{key}` is missing")]
    Missing { key: Box<str> },
    #[error("`{key}` has an unclosed quote")]
    OpenQuote { key: Box<str> },
    #[error("`current` is `{name}`, but {problem}")]
    Current { name: Box<str>, problem: Box<Self> },
    #[error("{path} has no profile `{name}`{}; it has: {}", guess_profile(guess.as_deref()), list_profiles(names))]
    NoProfile {
        path: Box<str>,
        name: Box<str>,
        guess: Option<Box<str>>,
        names: Vec<Box<str>>,
    },
    #[error("{path} has no `current` profile")]
    NoCurrent { path: Box<str> },
    #[error("{path} has no section [{name}]{}", guess_section(guess.as_deref()))]
    NoSection {
        path: Box<str>,
        name: Box<str>,
        guess: Option<Box<str>>,
    },
    #[error("no usable profile `{name}`: {}", join(problems, "; "))]
    UnusableProfile { name: Box<str>, problems: Vec<Self> },
    #[error("{origin} has no access key")]
    NoAccessKey { origin: Arc<CredentialsOrigin> },
    #[error("unsupported mode `{mode}`; choose another profile")]
    Mode { mode: Box<str> },
    #[error("type `rsa_key_pair` is no longer supported; use `access_key` or a role")]
    RsaKeyPair,
    #[error(
        "expected `access_key`, `ecs_ram_role`, `ram_role_arn` or `oidc_role_arn` for `type`, found `{found}`"
    )]
    SectionType { found: Box<str> },
    #[error("the `source_profile` keys form a cycle: {}", names.join(" → "))]
    Cycle { names: Vec<Box<str>> },
    #[error("its credentials expired at {time}; {renewal}")]
    Expired { time: Timestamp, renewal: Renewal },
    #[error("`{key}` must be an https URL, since a token is sent to it")]
    NotEncrypted { key: &'static str },
    #[error("{setting} must be an http or https URL")]
    NotUrl { setting: Box<str> },
    #[error("`access_token` contains invalid characters")]
    AccessToken,
    #[error("`process_command` is empty")]
    NoCommand,
    #[error("`{program}` {problem}")]
    Process {
        program: Box<str>,
        problem: ProcessProblem,
    },
    #[error(
        "expected 2 to 64 letters, digits and `.@-_` for the role session name, found `{found}`"
    )]
    SessionName { found: Box<str> },
    #[error("expected a token of {low} to {high} bytes in {}, found {found} bytes", path.display())]
    TokenSize {
        low: usize,
        high: usize,
        path: PathBuf,
        found: usize,
    },
    #[error("the instance has no RAM role")]
    NoRole,
    #[error("the instance has no RAM role `{name}`")]
    NoNamedRole { name: Box<str> },
    #[error("{problem}; set {variable}=true to skip this source")]
    Skippable {
        problem: Box<Self>,
        variable: &'static str,
    },
    #[error(transparent)]
    Transport(#[from] TransportError),
    /// A call that failed.
    #[error("{}", .0.message())]
    Call(Box<CallFailure>),
    /// A request that the service rejects as invalid.
    #[error(transparent)]
    Refused(#[from] RefusedRequest),
    #[error(transparent)]
    Endpoint(#[from] EndpointError),
    /// The sources that a profile is in neither of.
    #[error("{}", join(.0, "; "))]
    Skipped(Vec<SkippedProvider>),
    /// A problem of a profile or section.
    #[error("{origin}: {problem}")]
    OfOrigin {
        origin: Arc<CredentialsOrigin>,
        problem: Box<Self>,
    },
    /// A problem of a file, a key or a variable.
    #[error("{place}: {problem}")]
    OfPlace { place: Box<str>, problem: Box<Self> },
}

impl CredentialsProblem {
    /// Returns the problem with the profile or section that has it.
    pub(super) fn of_origin(self, origin: &Arc<CredentialsOrigin>) -> Self {
        Self::OfOrigin {
            origin: Arc::clone(origin),
            problem: Box::new(self),
        }
    }

    /// Returns the problem with the file, the key or the variable that has it.
    pub(super) fn of_place(self, place: impl Into<Box<str>>) -> Self {
        Self::OfPlace {
            place: place.into(),
            problem: Box::new(self),
        }
    }
}

/// The name of a value with a blank, a control character or a character that is not ASCII.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` contains characters that are invalid in an access key")]
pub struct InvalidKey(pub Box<str>);

/// The renewal of temporary credentials in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Renewal {
    /// Any command of the aliyun CLI with the profile.
    Command,
    /// A sign-in of the user with the aliyun CLI.
    SignIn,
}

impl fmt::Display for Renewal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Command => "run a command of the aliyun CLI with this profile to renew them",
            Self::SignIn => "sign in again with the aliyun CLI",
        })
    }
}

/// The problem of a program that prints credentials.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[allow(
    missing_docs,
    reason = "the messages explain the variants and their fields"
)]
pub enum ProcessProblem {
    #[error("cannot be started: {0}")]
    Start(SystemFailure),
    #[error("has unreadable output: {0}")]
    Output(SystemFailure),
    #[error("has no exit status: {0}")]
    NoStatus(SystemFailure),
    #[error("printed more than {limit} KiB")]
    TooLarge { limit: u64 },
    #[error("failed ({status}); run it in a shell to see its error")]
    Failed { status: Box<str> },
    #[error("did not finish within {seconds} s")]
    TimedOut { seconds: u64 },
    #[error("did not print JSON")]
    NotJson,
    #[error("printed mode StsToken without `sts_token`")]
    NoToken,
    #[error("printed a mode other than AK and StsToken")]
    Mode,
    #[error(transparent)]
    Response(#[from] ResponseProblem),
}

/// The problem of a response that has no words of the service: mostly of one with credentials.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[allow(
    missing_docs,
    reason = "the messages explain the variants and their fields"
)]
pub enum ResponseProblem {
    #[error("the response is not JSON")]
    NotJson,
    #[error("the response of the metadata service is not JSON")]
    MetadataNotJson,
    #[error("the response has no `{0}`")]
    Missing(&'static str),
    #[error("`{0}` in the response is not a timestamp")]
    Time(&'static str),
    #[error(transparent)]
    InvalidKey(#[from] InvalidKey),
    #[error("expected the code Success in the response, found {0}")]
    Code(Box<str>),
    #[error("the metadata service has no credentials for role {role}: {code}")]
    NoRoleCredentials { role: Box<str>, code: Box<str> },
    #[error("the metadata service refused the request")]
    MetadataRefused,
    #[error("the metadata service returned an invalid token")]
    MetadataToken,
    #[error("the metadata service provides no token")]
    NoMetadataToken,
    #[error(transparent)]
    Body(#[from] BodyProblem),
}

fn guess_profile(guess: Option<&str>) -> String {
    guess.map_or_else(String::new, |guess| format!(" (did you mean `{guess}`?)"))
}

fn guess_section(guess: Option<&str>) -> String {
    guess.map_or_else(String::new, |guess| format!(" (did you mean [{guess}]?)"))
}

fn list_profiles(names: &[Box<str>]) -> String {
    if names.is_empty() {
        "none".to_owned()
    } else {
        names.join(", ")
    }
}
