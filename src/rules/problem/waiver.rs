//! Problems of `waivers:` and `severities:`.

use miette::Diagnostic;
use thiserror::Error;

use crate::i18n::Message;

/// A problem of a waiver or of a code of a finding.
#[derive(Debug, Clone, PartialEq, Eq, Error, Diagnostic)]
pub(in crate::rules) enum WaiverProblem {
    #[error("unknown code {code}")]
    #[diagnostic(code("rules/unknown-code"))]
    UnknownCode { code: String, help: Message },
    #[error("findings with the code `{code}` cannot be waived")]
    #[diagnostic(code("rules/not-waivable"))]
    NotWaivable { code: String, help: Message },
    #[error("a rule has no field {field}")]
    #[diagnostic(code("rules/unknown-field"))]
    UnknownField { field: String, help: Message },
    #[error("expected a date for `expires`, found {given}")]
    #[diagnostic(code("rules/invalid-date"))]
    InvalidDate { given: String },
    #[error("expected a fingerprint, found {given}")]
    #[diagnostic(code("rules/invalid-fingerprint"))]
    InvalidFingerprint { given: String },
    #[error("the waiver expires on {expires}, in {days}; at most {limit} allowed")]
    #[diagnostic(code("rules/waiver-too-long"))]
    TooLong {
        expires: String,
        /// The time until then: "90 days".
        days: Message,
        /// The longest time: "30 days".
        limit: Message,
    },
    #[error("`waivers`: {why}")]
    #[diagnostic(code("rules/too-many-waivers"))]
    TooMany { why: String },
}
