//! Problems of `rules:`, `defaults:` and `ignore:`.

use miette::Diagnostic;
use thiserror::Error;

use crate::i18n::{Message, Phrase};

/// A problem of a rule.
#[derive(Debug, Clone, PartialEq, Eq, Error, Diagnostic)]
pub(in crate::rules) enum RuleProblem {
    #[error("invalid {what} {given}: {why}")]
    #[diagnostic(code("rules/invalid-name"))]
    InvalidName {
        what: Phrase,
        given: String,
        why: Phrase,
        help: Message,
    },
    #[error("`from` and `to` do not fit together: {why}")]
    #[diagnostic(code("rules/mixed-scope"))]
    MixedScope { why: Phrase, help: Message },
    #[error("expected scope {derived} by `from` and `to`, found {given}")]
    #[diagnostic(code("rules/scope-contradiction"))]
    ScopeContradiction {
        given: String,
        derived: String,
        help: Message,
    },
    #[error("`{key}` has no effect on a rule of scope {scope}")]
    #[diagnostic(code("rules/filter-without-effect"))]
    FilterWithoutEffect {
        key: &'static str,
        scope: String,
        help: Message,
    },
    #[error("invalid regular expression in `{key}`: {why}")]
    #[diagnostic(code("rules/invalid-filter"))]
    InvalidFilter {
        key: &'static str,
        why: Message,
        help: Message,
    },
    #[error("Java may reject `{key}`: {why}")]
    #[diagnostic(code("rules/doubtful-filter"), severity(Warning))]
    DoubtfulFilter { key: &'static str, why: Message },
    #[error("`{key}` cannot match any {noun}")]
    #[diagnostic(code("rules/filter-matches-nothing"), severity(Warning))]
    FilterMatchesNothing {
        key: &'static str,
        noun: Phrase,
        help: Message,
    },
    #[error("the rule has no `tag_filter`")]
    #[diagnostic(code("rules/missing-tag-filter"))]
    MissingTagFilter,
    #[error("rule {name} is declared twice for instance `{instance}`")]
    #[diagnostic(code("rules/duplicate-rule"))]
    Duplicate { name: String, instance: String },
    #[error("rule {name} is both declared and ignored")]
    #[diagnostic(code("rules/declared-and-ignored"))]
    DeclaredAndIgnored { name: String, pattern: String },
    #[error("`ignore`: {why}")]
    #[diagnostic(code("rules/too-many-ignores"))]
    TooManyIgnores { why: String },
}
