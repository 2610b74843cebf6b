//! Everything that can be wrong with rules files, in the words the user reads.
//!
//! A message is a fragment of a sentence that says what is wrong, the help says what to do. Whatever a user
//! wrote goes through [`quote`](crate::source::quote) before it becomes part of one.

use miette::Diagnostic;
use thiserror::Error;

use super::file_problem::FileProblem;
use super::invisible_problem::InvisibleProblem;
use super::reference_problem::ReferenceProblem;
use super::terraform::TerraformProblem;
use crate::source::TreeProblem;

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Error, Diagnostic)]
pub(super) enum Problem {
    // Finding and reading files.
    #[error(transparent)]
    #[diagnostic(transparent)]
    File(#[from] FileProblem),
    #[error("{pattern} is not a glob: {why}")]
    #[diagnostic(
        code("rules/invalid-glob"),
        help("`*`, `?`, `[abc]` and `{{a,b}}` have a meaning; `\\*` is a star")
    )]
    InvalidGlob { pattern: String, why: String },
    #[error(transparent)]
    #[diagnostic(transparent)]
    Invisible(#[from] InvisibleProblem),

    // YAML and what is resolved in it.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Yaml(TreeProblem),
    #[error("the file has no content")]
    #[diagnostic(
        code("rules/empty-file"),
        help("a rules file begins with `version: 1`")
    )]
    EmptyFile,
    #[error("aliases repeat more than a file of this size honestly would")]
    #[diagnostic(
        code("rules/too-many-aliases"),
        help("write it out; rules that differ in a name can be one rule with a `matrix`")
    )]
    TooManyAliases,
    #[error("mappings merge more than {limit} levels deep")]
    #[diagnostic(
        code("rules/merge-depth"),
        help("merge the first of them directly: a chain needs no more than two or three")
    )]
    MergeDepth { limit: usize },
    #[error("`<<` merges keys and values, and this is {given}")]
    #[diagnostic(
        code("rules/merge-key"),
        help("give it an alias of a mapping, or a list of those: `<<: [*a, *b]`")
    )]
    MergeKey { given: &'static str },
    #[error(transparent)]
    #[diagnostic(transparent)]
    Reference(#[from] ReferenceProblem),

    #[error(transparent)]
    #[diagnostic(transparent)]
    Terraform(TerraformProblem),

    // The structure of a file.
    #[error("unknown key `{key}`")]
    #[diagnostic(code("rules/unknown-key"))]
    UnknownKey {
        key: String,
        #[help]
        help: String,
    },
    #[error("{what} has no `{key}`")]
    #[diagnostic(code("rules/missing-key"))]
    MissingKey {
        what: &'static str,
        key: &'static str,
        #[help]
        help: &'static str,
    },
    #[error("{what} has no value")]
    #[diagnostic(code("rules/empty-value"))]
    EmptyValue {
        what: String,
        #[help]
        help: String,
    },
    #[error("{what} is {given}, but {expected} is meant")]
    #[diagnostic(code("rules/wrong-type"))]
    WrongType {
        what: String,
        given: &'static str,
        expected: String,
        #[help]
        help: Option<String>,
    },
    #[error("`{key}` cannot be `{given}`")]
    #[diagnostic(code("rules/unknown-word"))]
    UnknownWord {
        key: String,
        given: String,
        #[help]
        help: String,
    },
    #[error("version {given} is made for a newer crdrift")]
    #[diagnostic(
        code("rules/unsupported-version"),
        help("this crdrift reads `version: 1`")
    )]
    UnsupportedVersion { given: i64 },
    #[error("`{key}` is {given}, but goes from {low} to {high}")]
    #[diagnostic(code("rules/out-of-range"))]
    OutOfRange {
        key: &'static str,
        given: i64,
        low: u32,
        high: u32,
        #[help]
        help: &'static str,
    },
    #[error("`{key}` is set differently in another file")]
    #[diagnostic(
        code("rules/setting-conflict"),
        help("it holds for the whole run: set it in one file")
    )]
    SettingConflict { key: String },

    // Instances.
    #[error("{what} {given} cannot be right: {why}")]
    #[diagnostic(code("rules/invalid-instance"))]
    InvalidInstance {
        what: &'static str,
        given: String,
        why: &'static str,
        #[help]
        help: &'static str,
    },
    #[error("the `endpoint` of an instance has a user or a password in it")]
    #[diagnostic(
        code("rules/password-in-endpoint"),
        help(
            "requests are signed with credentials, so remove it, and change it where it was in use"
        )
    )]
    PasswordInEndpoint,
    #[error("the `endpoint` of an instance names a host that is not allowed: {given} {why}")]
    #[diagnostic(
        code("rules/endpoint-not-allowed"),
        help(
            "signed requests go there: expected a host below aliyuncs.com, or this machine; an operator allows another \
             one with --allow-endpoint HOST"
        )
    )]
    EndpointNotAllowed { given: String, why: &'static str },
    #[error("instance `{alias}` is declared differently in another place")]
    #[diagnostic(
        code("rules/instance-conflict"),
        help("declare it once, or the same everywhere; two instances need two aliases")
    )]
    InstanceConflict { alias: String },
    #[error("instance {id} has two aliases, `{alias}` and `{other}`")]
    #[diagnostic(
        code("rules/instance-twice"),
        help("keep one, and use it in the rules")
    )]
    InstanceTwice {
        id: String,
        alias: String,
        other: String,
    },
    #[error("no instance `{alias}` is declared")]
    #[diagnostic(code("rules/undeclared-instance"))]
    UndeclaredInstance {
        alias: String,
        #[help]
        help: String,
    },

    // Rules.
    #[error("{what} {given} cannot exist: {why}")]
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
    #[error("scope {given} contradicts `from` and `to`, which make it {derived}")]
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
    #[error("`{key}` is not a regular expression: {why}")]
    #[diagnostic(code("rules/invalid-filter"))]
    InvalidFilter {
        key: &'static str,
        why: &'static str,
        #[help]
        help: &'static str,
    },
    #[error("Java may refuse `{key}`: {why}")]
    #[diagnostic(
        code("rules/doubtful-filter"),
        severity(Warning),
        help("the registry is likely to read filters as Java does: write it in a simpler way")
    )]
    DoubtfulFilter { key: &'static str, why: String },
    #[error("`{key}` matches no {noun} that can exist")]
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
        help("give it here or in `defaults`; `tag_filter: \".*\"` copies every tag")
    )]
    MissingTagFilter,
    #[error("rule {name} is declared twice for instance `{instance}`")]
    #[diagnostic(
        code("rules/duplicate-rule"),
        help("rules are matched by name: give one of them another name")
    )]
    DuplicateRule { name: String, instance: String },
    #[error("the matrix makes more than one rule named {name} for instance `{instance}`")]
    #[diagnostic(
        code("rules/matrix-duplicate"),
        help("put the matrix keys into the name, such as {example}, and give each value once")
    )]
    MatrixDuplicate {
        name: String,
        instance: String,
        example: String,
    },
    #[error("matrix key `{key}` is not used by the rule")]
    #[diagnostic(
        code("rules/unused-matrix-key"),
        help("write ${{{key}}} where its values belong, or remove it")
    )]
    UnusedMatrixKey { key: String },
    #[error("the matrix is no use: {why}")]
    #[diagnostic(
        code("rules/invalid-matrix"),
        help("a matrix is keys with lists of text: `matrix: {{ region: [shenzhen, beijing] }}`")
    )]
    InvalidMatrix { why: String },
    #[error("the matrix makes more than {limit} rules")]
    #[diagnostic(
        code("rules/matrix-too-large"),
        help("the lists multiply; split the rule")
    )]
    MatrixTooLarge { limit: usize },
    #[error("matrices make more than {limit} MiB of text")]
    #[diagnostic(
        code("rules/matrix-too-large"),
        help("the lists multiply; shorten the texts, or split the rule")
    )]
    MatrixTooLong { limit: usize },

    // Policies.
    #[error("policy `{id}` is given twice")]
    #[diagnostic(
        code("rules/duplicate-policy"),
        help("findings and waivers name policies by id: give it another one")
    )]
    DuplicatePolicy { id: String },
    #[error("`{key}` is no key of a policy of kind `{kind}`")]
    #[diagnostic(code("rules/foreign-key"))]
    ForeignKey {
        key: String,
        kind: &'static str,
        #[help]
        help: String,
    },
    #[error("`{one}` and `{other}` are both given")]
    #[diagnostic(code("rules/both-given"))]
    BothGiven {
        one: &'static str,
        other: &'static str,
        #[help]
        help: &'static str,
    },
    #[error("no declared instance matches {pattern}")]
    #[diagnostic(code("rules/unmatched-glob"))]
    UnmatchedGlob {
        pattern: String,
        #[help]
        help: String,
    },
    #[error("`pattern` is not a regular expression: {why}")]
    #[diagnostic(
        code("rules/invalid-pattern"),
        help("this one is read as RE2 reads it: without look-around and back-references")
    )]
    InvalidPattern { why: String },
    #[error("the expression cannot be evaluated: {why}")]
    #[diagnostic(code("rules/invalid-expression"))]
    InvalidExpression {
        why: String,
        #[help]
        help: String,
    },
    #[error("there are more than {limit} policies")]
    #[diagnostic(
        code("rules/too-many-policies"),
        help("each is held against every rule: use globs and lists")
    )]
    TooManyPolicies { limit: usize },

    // Ignored rules.
    #[error("rule {name} is declared and ignored")]
    #[diagnostic(
        code("rules/declared-and-ignored"),
        help(
            "`ignore` is for live rules that nobody declares: remove the rule, or narrow the glob {pattern}"
        )
    )]
    DeclaredAndIgnored { name: String, pattern: String },
    #[error("`ignore`: {why}")]
    #[diagnostic(
        code("rules/too-many-ignores"),
        help("write names, or patterns with one `*` at the start or the end: `tmp-*`")
    )]
    TooManyIgnores { why: String },
    #[error("`waivers`: {why}")]
    #[diagnostic(
        code("rules/too-many-waivers"),
        help("write names, or patterns with one `*` at the start or the end: `shop-*`")
    )]
    TooManyWaivers { why: String },

    // Waivers and severities.
    #[error("there is no finding with the code {code}")]
    #[diagnostic(code("rules/unknown-code"))]
    UnknownCode {
        code: String,
        #[help]
        help: String,
    },
    #[error("findings of the code `{code}` cannot be waived")]
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
    #[error("`expires` is {given}, which is not a day")]
    #[diagnostic(
        code("rules/invalid-date"),
        help("write the last day on which the waiver holds as YYYY-MM-DD, such as 2026-12-31")
    )]
    InvalidDate { given: String },
    #[error("{given} is not a fingerprint")]
    #[diagnostic(
        code("rules/invalid-fingerprint"),
        help(
            "copy the finding's 64 hexadecimal digits from the result document, `-o json`, or remove the key"
        )
    )]
    InvalidFingerprint { given: String },
    #[error(
        "the waiver holds until {expires}, {days} days from today, and at most {limit} days are allowed"
    )]
    #[diagnostic(
        code("rules/waiver-too-long"),
        help(
            "choose a nearer day and renew it when it is due, or allow more with --max-waiver-age"
        )
    )]
    WaiverTooLong {
        expires: String,
        days: i32,
        limit: i32,
    },
}

impl Problem {
    /// Whether reading ended with it, so that it must be told whatever else was found.
    pub(super) fn ends_reading(&self) -> bool {
        matches!(self, Self::TooManyAliases | Self::MergeDepth { .. })
    }

    /// What stands under the marked text.
    pub(super) fn label(&self) -> &'static str {
        match self {
            Self::Yaml(TreeProblem::DuplicateKey { .. }) => "given again",
            Self::UnknownKey { .. } => "not a key here",
            Self::TooManyAliases => "repeated too often",
            Self::MissingKey { .. } => "in this mapping",
            Self::MissingTagFilter => "this rule",
            Self::EmptyValue { .. } => "nothing here",
            Self::UndeclaredInstance { .. } => "not declared",
            Self::DuplicatePolicy { .. }
            | Self::DuplicateRule { .. }
            | Self::InstanceConflict { .. }
            | Self::SettingConflict { .. } => "and here",
            Self::UnusedMatrixKey { .. } => "never used",
            Self::DeclaredAndIgnored { .. } => "ignored here",
            _ => "here",
        }
    }

    /// What stands under the text it collides with.
    pub(super) fn first_label(&self) -> &'static str {
        match self {
            Self::Yaml(TreeProblem::RecursiveAlias { .. }) => "the anchor is here",
            Self::Yaml(_) => "first given here",
            Self::DeclaredAndIgnored { .. } | Self::InstanceTwice { .. } => "declared here",
            Self::Terraform(problem) => problem.first_label(),
            _ => "first here",
        }
    }
}
