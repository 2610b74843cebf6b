//! Problems of `${…}` in rules files.

use miette::Diagnostic;
use thiserror::Error;

use crate::i18n::Message;

/// A reference that has no value.
#[derive(Debug, Clone, PartialEq, Eq, Error, Diagnostic)]
pub(in crate::rules) enum ReferenceProblem {
    #[error("environment variable `{name}` is not set")]
    #[diagnostic(code("rules/unset-variable"))]
    UnsetVariable { name: String },
    #[error("the value of environment variable `{name}` is not UTF-8")]
    #[diagnostic(code("rules/variable-encoding"))]
    VariableNotUtf8 { name: String },
    #[error("environment variable `{name}` may hold a secret, which rules files must not read")]
    #[diagnostic(code("rules/secret-variable"))]
    SecretVariable { name: String },
    #[error("unknown reference `${{{name}}}`")]
    #[diagnostic(code("rules/unknown-reference"))]
    UnknownReference { name: String, help: Message },
    #[error("{why}")]
    #[diagnostic(code("rules/invalid-reference"))]
    InvalidReference { why: Message },
    #[error("the value exceeds {limit} bytes after its references are filled in")]
    #[diagnostic(code("rules/value-too-long"))]
    ValueTooLong { limit: usize },
}
