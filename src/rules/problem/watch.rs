//! Problems of the watch file.

use miette::Diagnostic;
use thiserror::Error;

use crate::i18n::{Message, Phrase};

/// A problem of an estate, a schedule or a target.
#[derive(Debug, Clone, PartialEq, Eq, Error, Diagnostic)]
pub(in crate::rules) enum WatchProblem {
    #[error("expected a time such as `15m`, `1h` or `1d` for `{key}`, found {given}")]
    #[diagnostic(code("watch/invalid-duration"))]
    InvalidDuration { key: &'static str, given: String },
    #[error("invalid cron expression {given}: {why}")]
    #[diagnostic(code("watch/invalid-cron"))]
    InvalidCron { given: String, why: Message },
    #[error("unknown time zone {given}")]
    #[diagnostic(code("watch/unknown-time-zone"))]
    UnknownTimeZone { given: String },
    #[error("`timezone` has no effect without `cron`")]
    #[diagnostic(code("watch/time-zone-without-cron"))]
    TimeZoneWithoutCron,
    #[error("two {what} have the name {name}")]
    #[diagnostic(code("watch/duplicate-name"))]
    DuplicateName { what: Phrase, name: String },
    #[error("`${{env.…}}` is not allowed in `{key}`")]
    #[diagnostic(code("watch/variable-not-allowed"))]
    VariableNotAllowed { key: String },
    #[error("expected a URL with https, or with http to this machine, for `{key}`")]
    #[diagnostic(code("watch/invalid-url"))]
    InvalidUrl { key: &'static str },
    #[error("cannot read the file of `{key}`: {why}")]
    #[diagnostic(code("watch/unreadable-file"))]
    UnreadableFile { key: &'static str, why: Message },
    #[error("expected an address and a port for `{key}`, found {given}")]
    #[diagnostic(code("watch/invalid-address"))]
    InvalidAddress { key: &'static str, given: String },
    #[error("expected a number from {low} to {high} for `{key}`, found {given}")]
    #[diagnostic(code("watch/invalid-rate"))]
    InvalidRate {
        key: &'static str,
        low: String,
        high: String,
        given: String,
    },
    #[error("the file has no default target")]
    #[diagnostic(code("watch/no-default-target"))]
    NoDefaultTarget,
    #[error("a `{kind}` target has no `secret`")]
    #[diagnostic(code("watch/secret-without-effect"))]
    SecretWithoutEffect { kind: &'static str },
    #[error("invalid `secret` of a `{kind}` target: {why}")]
    #[diagnostic(code("watch/invalid-secret"))]
    InvalidSecret { kind: &'static str, why: Phrase },
}
