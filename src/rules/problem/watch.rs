//! Problems of the watch file.

use miette::Diagnostic;
use thiserror::Error;

/// A problem of an estate, a schedule or a target.
#[derive(Debug, Clone, PartialEq, Eq, Error, Diagnostic)]
pub(in crate::rules) enum WatchProblem {
    #[error("expected a time such as `15m`, `1h` or `1d` for `{key}`, found {given}")]
    #[diagnostic(
        code("watch/invalid-duration"),
        help("write a number and a unit, from 1s to 31d: `every: 15m`")
    )]
    InvalidDuration { key: &'static str, given: String },
    #[error("invalid cron expression {given}: {why}")]
    #[diagnostic(
        code("watch/invalid-cron"),
        help("write minute, hour, day, month and weekday: `cron: \"7 * * * *\"`")
    )]
    InvalidCron { given: String, why: String },
    #[error("unknown time zone {given}")]
    #[diagnostic(
        code("watch/unknown-time-zone"),
        help("write a name of the IANA database: `timezone: Asia/Shanghai`")
    )]
    UnknownTimeZone { given: String },
    #[error("`timezone` has no effect without `cron`")]
    #[diagnostic(
        code("watch/time-zone-without-cron"),
        help("remove `timezone`, or write `cron` in place of `every`")
    )]
    TimeZoneWithoutCron,
    #[error("two {what} have the name {name}")]
    #[diagnostic(code("watch/duplicate-name"), help("rename one of them"))]
    DuplicateName { what: &'static str, name: String },
    #[error("`${{env.…}}` is not allowed in `{key}`")]
    #[diagnostic(
        code("watch/variable-not-allowed"),
        help("write the value; only `url`, `secret` and `store` may come from the environment")
    )]
    VariableNotAllowed { key: String },
    #[error("expected a URL with https, or with http to this machine, for `{key}`")]
    #[diagnostic(
        code("watch/invalid-url"),
        help("copy the whole URL that the service shows; it is not printed, since it is a secret")
    )]
    InvalidUrl { key: &'static str },
    #[error("cannot read the file of `{key}`: {why}")]
    #[diagnostic(
        code("watch/unreadable-file"),
        help("write the path of a readable text file, relative to the folder of this file")
    )]
    UnreadableFile { key: &'static str, why: String },
    #[error("expected an address and a port for `{key}`, found {given}")]
    #[diagnostic(code("watch/invalid-address"), help("write `{key}: 127.0.0.1:9464`"))]
    InvalidAddress { key: &'static str, given: String },
    #[error("expected a number from {low} to {high} for `{key}`, found {given}")]
    #[diagnostic(
        code("watch/invalid-rate"),
        help("write the requests per second that an account may have: `{key}: 20`")
    )]
    InvalidRate {
        key: &'static str,
        low: String,
        high: String,
        given: String,
    },
    #[error("the file has no default target")]
    #[diagnostic(
        code("watch/no-default-target"),
        help("write `default: true` in one target: it takes what no other target takes")
    )]
    NoDefaultTarget,
    #[error("a `{kind}` target has no `secret`")]
    #[diagnostic(
        code("watch/secret-without-effect"),
        help("remove `secret`: the URL is the only key of this service")
    )]
    SecretWithoutEffect { kind: &'static str },
    #[error("invalid `secret` of a `{kind}` target: {why}")]
    #[diagnostic(
        code("watch/invalid-secret"),
        help("copy the secret that the service shows")
    )]
    InvalidSecret {
        kind: &'static str,
        why: &'static str,
    },
}
