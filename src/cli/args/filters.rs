//! `compare-filters` and `match`: for people who write a filter.

#![allow(
    clippy::doc_markdown,
    reason = "these comments are printed as help, where backticks mean nothing"
)]

use clap::{Args, ValueEnum};

/// Compare two filters by what they match
///
/// Tells whether two regular expressions match the same names, and shows the shortest name that only one of them
/// matches. Both readings are answered: a filter that has to match a whole name, as is likely, and one for which a
/// part is enough. Exits with 0 where the filters are equal and with 2 where they are not.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  crdrift compare-filters 'v1\\..*' 'v1.*'\n  crdrift compare-filters 'a|b' 'b|a' -o json"
)]
pub(in crate::cli) struct CompareFiltersArgs {
    /// The filter as it should be
    #[arg(allow_hyphen_values = true)]
    pub(in crate::cli) desired: String,
    /// The filter as it is live
    #[arg(allow_hyphen_values = true)]
    pub(in crate::cli) live: String,
    /// What the filters are about
    #[arg(long, env = "CRDRIFT_KIND", value_enum, default_value = "tag")]
    pub(in crate::cli) kind: NameKindArg,
    /// How to print the answer
    #[arg(
        short,
        long,
        env = "CRDRIFT_COMPARE_FILTERS_OUTPUT",
        value_enum,
        default_value = "text",
        value_name = "FORMAT"
    )]
    pub(in crate::cli) output: AnswerFormat,
}

/// Tell which names a filter matches
///
/// Prints a line for each name, and where one does not match, how far the filter goes along with it. Exits with 0
/// where all of them match and with 2 where not.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  crdrift match 'v[0-9]+(-rc[0-9])?' v1 v2-rc1 latest\n  crdrift match 'v.*' v1 latest -o json"
)]
pub(in crate::cli) struct MatchArgs {
    /// The filter
    #[arg(allow_hyphen_values = true)]
    pub(in crate::cli) filter: String,
    /// The names to try
    #[arg(required = true, value_name = "NAME")]
    pub(in crate::cli) names: Vec<String>,
    /// What the filter is about
    #[arg(long, env = "CRDRIFT_KIND", value_enum, default_value = "tag")]
    pub(in crate::cli) kind: NameKindArg,
    /// How to print the answer
    #[arg(
        short,
        long,
        env = "CRDRIFT_MATCH_OUTPUT",
        value_enum,
        default_value = "text",
        value_name = "FORMAT"
    )]
    pub(in crate::cli) output: AnswerFormat,
}

/// What a filter is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum NameKindArg {
    /// Tags, as tag_filter has them
    Tag,
    /// Repositories, as repo_name_filter has them
    Repository,
    /// Namespaces, as namespace_name_filter has them
    Namespace,
}

impl From<NameKindArg> for filter_language::NameKind {
    fn from(it: NameKindArg) -> Self {
        match it {
            NameKindArg::Tag => Self::Tag,
            NameKindArg::Repository => Self::Repository,
            NameKindArg::Namespace => Self::Namespace,
        }
    }
}

/// How an answer is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum AnswerFormat {
    /// Sentences
    Text,
    /// A document
    Json,
}
