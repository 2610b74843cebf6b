//! Problems of `rules:`, `defaults:` and `ignore:`.

use miette::Diagnostic;
use thiserror::Error;

use crate::i18n::Message;

/// A problem of a rule.
#[derive(Debug, Clone, PartialEq, Eq, Error, Diagnostic)]
pub(in crate::rules) enum RuleProblem {
    #[error("invalid {what} {given}: {why}")]
    #[diagnostic(code("rules/invalid-name"))]
    InvalidName {
        what: &'static str,
        given: String,
        why: &'static str,
        #[help]
        help: &'static str,
    },
    #[error("`from` and `to` do not fit together: {why}")]
    #[diagnostic(code("rules/mixed-scope"))]
    MixedScope {
        why: &'static str,
        #[help]
        help: &'static str,
    },
    #[error("expected scope {derived} by `from` and `to`, found {given}")]
    #[diagnostic(code("rules/scope-contradiction"))]
    ScopeContradiction {
        given: String,
        derived: String,
        #[help]
        help: &'static str,
    },
    #[error("`{key}` has no effect on a rule of scope {scope}")]
    #[diagnostic(code("rules/filter-without-effect"))]
    FilterWithoutEffect {
        key: &'static str,
        scope: String,
        #[help]
        help: &'static str,
    },
    #[error("invalid regular expression in `{key}`: {why}")]
    #[diagnostic(code("rules/invalid-filter"))]
    InvalidFilter {
        key: &'static str,
        why: Message,
        #[help]
        help: &'static str,
    },
    #[error("Java may reject `{key}`: {why}")]
    #[diagnostic(
        code("rules/doubtful-filter"),
        severity(Warning),
        help("simplify the expression: the registry probably reads filters as Java does")
    )]
    DoubtfulFilter { key: &'static str, why: Message },
    #[error("`{key}` cannot match any {noun}")]
    #[diagnostic(code("rules/filter-matches-nothing"), severity(Warning))]
    FilterMatchesNothing {
        key: &'static str,
        noun: &'static str,
        #[help]
        help: &'static str,
    },
    #[error("the rule has no `tag_filter`")]
    #[diagnostic(
        code("rules/missing-tag-filter"),
        help("add it here or in `defaults`; `tag_filter: \".*\"` copies every tag")
    )]
    MissingTagFilter,
    #[error("rule {name} is declared twice for instance `{instance}`")]
    #[diagnostic(
        code("rules/duplicate-rule"),
        help("rename one of the two: rules are matched by name")
    )]
    Duplicate { name: String, instance: String },
    #[error("rule {name} is both declared and ignored")]
    #[diagnostic(
        code("rules/declared-and-ignored"),
        help("remove the rule, or narrow the glob {pattern}: `ignore` is for unmanaged rules")
    )]
    DeclaredAndIgnored { name: String, pattern: String },
    #[error("`ignore`: {why}")]
    #[diagnostic(
        code("rules/too-many-ignores"),
        help("write names, or patterns with one `*` at the start or the end: `tmp-*`")
    )]
    TooManyIgnores { why: String },
}
