//! Problems of `policies:`.

use miette::Diagnostic;
use thiserror::Error;

use crate::i18n::Message;

/// A problem of a policy.
#[derive(Debug, Clone, PartialEq, Eq, Error, Diagnostic)]
pub(in crate::rules) enum PolicyProblem {
    #[error("policy `{id}` is declared twice")]
    #[diagnostic(code("rules/duplicate-policy"))]
    Duplicate { id: String },
    #[error("a policy of kind `{kind}` has no key `{key}`")]
    #[diagnostic(code("rules/foreign-key"))]
    ForeignKey {
        key: String,
        kind: &'static str,
        help: Message,
    },
    #[error("invalid regular expression in `pattern`: {why}")]
    #[diagnostic(code("rules/invalid-pattern"))]
    InvalidPattern { why: Message },
    #[error("invalid expression: {why}")]
    #[diagnostic(code("rules/invalid-expression"))]
    InvalidExpression { why: Message, help: Message },
    #[error("more than {limit} policies")]
    #[diagnostic(code("rules/too-many-policies"))]
    TooMany { limit: usize },
}
