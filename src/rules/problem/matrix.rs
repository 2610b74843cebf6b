//! Problems of `matrix:`.

use miette::Diagnostic;
use thiserror::Error;

use crate::i18n::Message;

/// A problem of a matrix.
#[derive(Debug, Clone, PartialEq, Eq, Error, Diagnostic)]
pub(in crate::rules) enum MatrixProblem {
    #[error("invalid matrix: {why}")]
    #[diagnostic(code("rules/invalid-matrix"))]
    Invalid { why: Message },
    #[error("the matrix creates several rules named {name} for instance `{instance}`")]
    #[diagnostic(code("rules/matrix-duplicate"))]
    DuplicateRule {
        name: String,
        instance: String,
        example: String,
    },
    #[error("matrix key `{key}` is not used by the rule")]
    #[diagnostic(code("rules/unused-matrix-key"))]
    UnusedKey { key: String },
    #[error("the matrix creates more than {limit} rules")]
    #[diagnostic(code("rules/matrix-too-large"))]
    TooManyRules { limit: usize },
    #[error("matrices create more than {limit} MiB of text")]
    #[diagnostic(code("rules/matrix-too-large"))]
    TooMuchText { limit: usize },
}
