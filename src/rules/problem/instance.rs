//! Problems of `instances:`, and of the places that refer to them.

use miette::Diagnostic;
use thiserror::Error;

use crate::i18n::{Message, Phrase};

/// A problem of an instance.
#[derive(Debug, Clone, PartialEq, Eq, Error, Diagnostic)]
pub(in crate::rules) enum InstanceProblem {
    #[error("invalid {what} {given}: {why}")]
    #[diagnostic(code("rules/invalid-instance"))]
    Invalid {
        what: Phrase,
        given: String,
        why: Phrase,
        help: Message,
    },
    #[error("unknown region {given}")]
    #[diagnostic(code("rules/unknown-region"), severity(Warning))]
    UnknownRegion {
        given: String,
        correction: &'static str,
    },
    #[error("the `endpoint` of an instance contains a user name or a password")]
    #[diagnostic(code("rules/password-in-endpoint"))]
    PasswordInEndpoint,
    #[error("the `endpoint` of an instance names a host that is not allowed: {given} {why}")]
    #[diagnostic(code("rules/endpoint-not-allowed"))]
    EndpointNotAllowed { given: String, why: Phrase },
    #[error("instance `{alias}` is declared twice with different values")]
    #[diagnostic(code("rules/instance-conflict"))]
    Conflict { alias: String },
    #[error("instance {id} has two aliases, `{alias}` and `{other}`")]
    #[diagnostic(code("rules/instance-twice"))]
    TwoAliases {
        id: String,
        alias: String,
        other: String,
    },
    #[error("instance `{alias}` is not declared")]
    #[diagnostic(code("rules/undeclared-instance"))]
    Undeclared { alias: String, help: Message },
    #[error("no declared instance matches {pattern}")]
    #[diagnostic(code("rules/unmatched-glob"))]
    UnmatchedGlob { pattern: String, help: Message },
}
