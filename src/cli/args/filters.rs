//! `compare-filters` and `match`.

#![allow(
    clippy::doc_markdown,
    reason = "these comments are printed as help, where backticks mean nothing"
)]

use clap::{ArgAction, Args, ValueEnum};

use super::output_value::{NamedFormat, Output};

/// Compare two filters by the names that they match
///
/// Compares two regular expressions as languages, and prints the shortest name that only one of them matches. Covers
/// both readings of a filter: the whole name has to match, which is likely, or a part of it. Exits with 0 if the filters
/// are equal, and with 2 if not.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  crdrift compare-filters 'v1\\..*' 'v1.*'\n  crdrift compare-filters 'a|b' 'b|a' -o json"
)]
pub(in crate::cli) struct CompareFiltersArgs {
    /// Desired filter
    #[arg(allow_hyphen_values = true)]
    pub(in crate::cli) desired: String,
    /// Live filter
    #[arg(allow_hyphen_values = true)]
    pub(in crate::cli) live: String,
    /// Kind of the names
    #[arg(long, env = "CRDRIFT_KIND", value_enum, default_value = "tag")]
    pub(in crate::cli) kind: NameKindArg,
    /// Write the answer in a format, to a file or to standard output; may be given several times. Formats: text, json
    #[arg(short, long, env = "CRDRIFT_COMPARE_FILTERS_OUTPUT", value_name = "FORMAT[=PATH]", default_value = "text",
        action = ArgAction::Append)]
    pub(in crate::cli) output: Vec<Output<AnswerFormat>>,
}

/// Match names against a filter
///
/// Prints a line for each name; for one that does not match, the longest part that the filter accepts. Exits with 0 if
/// every name matches, and with 2 if not.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  crdrift match 'v[0-9]+(-rc[0-9])?' v1 v2-rc1 latest\n  crdrift match 'v.*' v1 latest -o json"
)]
pub(in crate::cli) struct MatchArgs {
    /// Filter to match against
    #[arg(allow_hyphen_values = true)]
    pub(in crate::cli) filter: String,
    /// Names to match
    #[arg(required = true, value_name = "NAME")]
    pub(in crate::cli) names: Vec<String>,
    /// Kind of the names
    #[arg(long, env = "CRDRIFT_KIND", value_enum, default_value = "tag")]
    pub(in crate::cli) kind: NameKindArg,
    /// Write the answer in a format, to a file or to standard output; may be given several times. Formats: text, json
    #[arg(short, long, env = "CRDRIFT_MATCH_OUTPUT", value_name = "FORMAT[=PATH]", default_value = "text",
        action = ArgAction::Append)]
    pub(in crate::cli) output: Vec<Output<AnswerFormat>>,
}

/// The values of `--kind`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum NameKindArg {
    /// Tags, for tag_filter
    Tag,
    /// Repositories, for repo_name_filter
    Repository,
    /// Namespaces, for namespace_name_filter
    Namespace,
}

impl From<NameKindArg> for filter_language::NameKind {
    fn from(value: NameKindArg) -> Self {
        match value {
            NameKindArg::Tag => Self::Tag,
            NameKindArg::Repository => Self::Repository,
            NameKindArg::Namespace => Self::Namespace,
        }
    }
}

/// The formats of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::cli) enum AnswerFormat {
    /// Sentences.
    Text,
    /// A document.
    Json,
}

impl NamedFormat for AnswerFormat {
    const NAMES: &'static [&'static str] = &["text", "json"];

    fn from_name(name: &str) -> Option<Self> {
        match name {
            "text" => Some(Self::Text),
            "json" => Some(Self::Json),
            _ => None,
        }
    }

    fn is_text(self) -> bool {
        self == Self::Text
    }
}
