//! Problems of `instances:`, and of the places that refer to them.

use miette::Diagnostic;
use thiserror::Error;

/// A problem of an instance.
#[derive(Debug, Clone, PartialEq, Eq, Error, Diagnostic)]
pub(in crate::rules) enum InstanceProblem {
    #[error("invalid {what} {given}: {why}")]
    #[diagnostic(code("rules/invalid-instance"))]
    Invalid {
        what: &'static str,
        given: String,
        why: &'static str,
        #[help]
        help: &'static str,
    },
    #[error("unknown region {given}")]
    #[diagnostic(
        code("rules/unknown-region"),
        severity(Warning),
        help("did you mean `{correction}`?")
    )]
    UnknownRegion {
        given: String,
        correction: &'static str,
    },
    #[error("the `endpoint` of an instance contains a user name or a password")]
    #[diagnostic(
        code("rules/password-in-endpoint"),
        help(
            "remove it: requests are signed with credentials; change the password if it was in use"
        )
    )]
    PasswordInEndpoint,
    #[error("the `endpoint` of an instance names a host that is not allowed: {given} {why}")]
    #[diagnostic(
        code("rules/endpoint-not-allowed"),
        help(
            "use a host below aliyuncs.com or this machine, or allow the host with --allow-endpoint HOST: signed \
             requests go there"
        )
    )]
    EndpointNotAllowed { given: String, why: &'static str },
    #[error("instance `{alias}` is declared twice with different values")]
    #[diagnostic(
        code("rules/instance-conflict"),
        help(
            "declare it once, or with the same values everywhere; two instances need two aliases"
        )
    )]
    Conflict { alias: String },
    #[error("instance {id} has two aliases, `{alias}` and `{other}`")]
    #[diagnostic(
        code("rules/instance-twice"),
        help("keep one alias, and use it in the rules")
    )]
    TwoAliases {
        id: String,
        alias: String,
        other: String,
    },
    #[error("instance `{alias}` is not declared")]
    #[diagnostic(code("rules/undeclared-instance"))]
    Undeclared {
        alias: String,
        #[help]
        help: String,
    },
    #[error("no declared instance matches {pattern}")]
    #[diagnostic(code("rules/unmatched-glob"))]
    UnmatchedGlob {
        pattern: String,
        #[help]
        help: String,
    },
}
