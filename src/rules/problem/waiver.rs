//! Problems of `waivers:` and `severities:`.

use miette::Diagnostic;
use thiserror::Error;

use crate::i18n::Message;

/// A problem of a waiver or of a code of a finding.
#[derive(Debug, Clone, PartialEq, Eq, Error, Diagnostic)]
pub(in crate::rules) enum WaiverProblem {
    #[error("unknown code {code}")]
    #[diagnostic(code("rules/unknown-code"))]
    UnknownCode {
        code: String,
        #[help]
        help: String,
    },
    #[error("findings with the code `{code}` cannot be waived")]
    #[diagnostic(code("rules/not-waivable"))]
    NotWaivable {
        code: String,
        #[help]
        help: &'static str,
    },
    #[error("a rule has no field {field}")]
    #[diagnostic(code("rules/unknown-field"))]
    UnknownField {
        field: String,
        #[help]
        help: String,
    },
    #[error("expected a date for `expires`, found {given}")]
    #[diagnostic(
        code("rules/invalid-date"),
        help("write the last day of the waiver as YYYY-MM-DD, such as 2026-12-31")
    )]
    InvalidDate { given: String },
    #[error("expected a fingerprint, found {given}")]
    #[diagnostic(
        code("rules/invalid-fingerprint"),
        help(
            "copy the 64 hexadecimal digits of the finding from the result document (`-o json`), or remove the key"
        )
    )]
    InvalidFingerprint { given: String },
    #[error("the waiver expires on {expires}, in {days}; at most {limit} allowed")]
    #[diagnostic(
        code("rules/waiver-too-long"),
        help("choose an earlier date and renew the waiver, or allow more with --max-waiver-age")
    )]
    TooLong {
        expires: String,
        /// The time until then: "90 days".
        days: Message,
        /// The longest time: "30 days".
        limit: Message,
    },
    #[error("`waivers`: {why}")]
    #[diagnostic(
        code("rules/too-many-waivers"),
        help("write names, or patterns with one `*` at the start or the end: `shop-*`")
    )]
    TooMany { why: String },
}
