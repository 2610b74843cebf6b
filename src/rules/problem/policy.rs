//! Problems of `policies:`.

use miette::Diagnostic;
use thiserror::Error;

/// A problem of a policy.
#[derive(Debug, Clone, PartialEq, Eq, Error, Diagnostic)]
pub(in crate::rules) enum PolicyProblem {
    #[error("policy `{id}` is declared twice")]
    #[diagnostic(
        code("rules/duplicate-policy"),
        help("rename one of the two: findings and waivers refer to policies by id")
    )]
    Duplicate { id: String },
    #[error("a policy of kind `{kind}` has no key `{key}`")]
    #[diagnostic(code("rules/foreign-key"))]
    ForeignKey {
        key: String,
        kind: &'static str,
        #[help]
        help: String,
    },
    #[error("invalid regular expression in `pattern`: {why}")]
    #[diagnostic(
        code("rules/invalid-pattern"),
        help("write RE2 syntax, without look-around and back-references")
    )]
    InvalidPattern { why: String },
    #[error("invalid expression: {why}")]
    #[diagnostic(code("rules/invalid-expression"))]
    InvalidExpression {
        why: String,
        #[help]
        help: String,
    },
    #[error("more than {limit} policies")]
    #[diagnostic(
        code("rules/too-many-policies"),
        help("combine policies with globs and lists: each policy is evaluated for every rule")
    )]
    TooMany { limit: usize },
}
