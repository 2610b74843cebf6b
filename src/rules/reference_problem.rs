//! What can be wrong with `${…}` in a rules file.

use miette::Diagnostic;
use thiserror::Error;

/// One reference that cannot be filled in.
#[derive(Debug, Clone, PartialEq, Eq, Error, Diagnostic)]
pub(super) enum ReferenceProblem {
    #[error("environment variable `{name}` is not set")]
    #[diagnostic(
        code("rules/unset-variable"),
        help("set it, or give a default: ${{env.{name}:-…}}")
    )]
    UnsetVariable { name: String },
    #[error("the value of environment variable `{name}` is not UTF-8")]
    #[diagnostic(
        code("rules/variable-encoding"),
        help("set it to UTF-8 text, or unset it")
    )]
    VariableNotUtf8 { name: String },
    #[error("environment variable `{name}` may hold a secret, and rules files must not read it")]
    #[diagnostic(
        code("rules/secret-variable"),
        help("rename the variable, or rerun with --allow-env {name} if it holds no secret")
    )]
    SecretVariable { name: String },
    #[error("`${{{name}}}` is not known here")]
    #[diagnostic(code("rules/unknown-reference"))]
    UnknownReference {
        name: String,
        #[help]
        help: String,
    },
    #[error("{why}")]
    #[diagnostic(
        code("rules/invalid-reference"),
        help(
            "references are ${{key}}, ${{env.NAME}} and ${{env.NAME:-default}}; write $${{ for a literal ${{"
        )
    )]
    InvalidReference { why: String },
    #[error("the value is longer than {limit} bytes once its references are filled in")]
    #[diagnostic(code("rules/value-too-long"), help("look at what the variables hold"))]
    ValueTooLong { limit: usize },
}
