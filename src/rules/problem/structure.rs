//! Problems of keys and values, in any part of a rules file.

use miette::Diagnostic;
use thiserror::Error;

use crate::i18n::{Message, Phrase};

/// A problem of a key or a value.
#[derive(Debug, Clone, PartialEq, Eq, Error, Diagnostic)]
pub(in crate::rules) enum StructureProblem {
    #[error("the file is empty")]
    #[diagnostic(code("rules/empty-file"))]
    EmptyFile,
    #[error("expected `version: 1`, found version {given}")]
    #[diagnostic(code("rules/unsupported-version"))]
    UnsupportedVersion { given: i64 },
    #[error("YAML aliases expand far beyond the size of the file")]
    #[diagnostic(code("rules/too-many-aliases"))]
    TooManyAliases,
    #[error("mappings merge more than {limit} levels deep")]
    #[diagnostic(code("rules/merge-depth"))]
    MergeDepth { limit: usize },
    #[error("expected a mapping for `<<`, found {given}")]
    #[diagnostic(code("rules/merge-key"))]
    MergeKey { given: Phrase },
    #[error("unknown key `{key}`")]
    #[diagnostic(code("rules/unknown-key"))]
    UnknownKey { key: String, help: Message },
    #[error("{what} has no `{key}`")]
    #[diagnostic(code("rules/missing-key"))]
    MissingKey {
        what: Phrase,
        key: &'static str,
        help: Message,
    },
    #[error("{what} has no value")]
    #[diagnostic(code("rules/empty-value"))]
    EmptyValue { what: Message, help: Message },
    #[error("expected {expected} for {what}, found {given}")]
    #[diagnostic(code("rules/wrong-type"))]
    WrongType {
        what: Message,
        given: Phrase,
        expected: Message,
        help: Option<Message>,
    },
    #[error("invalid value `{given}` for `{key}`")]
    #[diagnostic(code("rules/unknown-word"))]
    UnknownWord {
        key: String,
        given: String,
        help: Message,
    },
    #[error("`{key}` must be between {low} and {high}, found {given}")]
    #[diagnostic(code("rules/out-of-range"))]
    OutOfRange {
        key: &'static str,
        given: i64,
        low: u32,
        high: u32,
        help: Message,
    },
    #[error("expected either `{one}` or `{other}`, found both")]
    #[diagnostic(code("rules/both-given"))]
    BothGiven {
        one: &'static str,
        other: &'static str,
        help: Message,
    },
    #[error("expected one value of `{key}` for the whole run, found two")]
    #[diagnostic(code("rules/setting-conflict"))]
    SettingConflict { key: String },
    #[error("invalid glob {pattern}: {why}")]
    #[diagnostic(code("rules/invalid-glob"))]
    InvalidGlob { pattern: String, why: Message },
}
