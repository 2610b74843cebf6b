//! `list`.

#![allow(
    clippy::doc_markdown,
    reason = "these comments are printed as help, where backticks mean nothing"
)]

use clap::{ArgAction, Args};

use super::connection::ConnectionArgs;
use super::emulator_source::EmulatorSourceArgs;
use super::output_value::{NamedFormat, Output};

/// List the live sync rules of instances, as the API lists them: from both ends
///
/// Takes the aliases of a rules file, or ids with --region or --endpoint. The service applies the filters; the API
/// documents neither whole nor partial matching. A filtered response is not the listing of an instance: do not compare
/// rules files with it.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  crdrift list shanghai --rules rules.yaml --emulate live.json\n  \
    crdrift list cri-xxxxxxxxxxxxxxxx --region cn-shanghai --namespace shop -o csv\n  \
    crdrift list shanghai --raw | jq .TotalCount"
)]
pub(in crate::cli) struct ListArgs {
    /// Aliases of the rules file, or ids of instances
    #[arg(required = true, value_name = "INSTANCE")]
    pub(in crate::cli) instances: Vec<String>,
    /// Filter by the namespace at the end of the instance
    #[arg(
        long,
        env = "CRDRIFT_LIST_NAMESPACE",
        value_name = "NAME",
        help_heading = "Filters"
    )]
    pub(in crate::cli) namespace: Option<String>,
    /// Filter by the repository at the end of the instance
    #[arg(
        long,
        env = "CRDRIFT_REPO",
        value_name = "NAME",
        help_heading = "Filters"
    )]
    pub(in crate::cli) repo: Option<String>,
    /// Filter by the instance at the other end: an alias or an id
    #[arg(
        long,
        env = "CRDRIFT_TARGET_INSTANCE",
        value_name = "INSTANCE",
        help_heading = "Filters"
    )]
    pub(in crate::cli) target_instance: Option<String>,
    /// Filter by the region at the other end
    #[arg(
        long,
        env = "CRDRIFT_TARGET_REGION",
        value_name = "REGION",
        help_heading = "Filters"
    )]
    pub(in crate::cli) target_region: Option<String>,
    /// Read one page, from 1 [default: all pages]
    #[arg(long, env = "CRDRIFT_PAGE", value_name = "N", help_heading = "Filters",
        value_parser = clap::value_parser!(u32).range(1..))]
    pub(in crate::cli) page: Option<u32>,
    /// Rules of a page [default: 100; with --page, the default of the service]
    #[arg(long, env = "CRDRIFT_PAGE_SIZE", value_name = "N", help_heading = "Filters",
        value_parser = clap::value_parser!(u32).range(1..))]
    pub(in crate::cli) page_size: Option<u32>,
    /// Print the responses unchanged, one after the other
    #[arg(long, env = "CRDRIFT_RAW", conflicts_with = "output")]
    pub(in crate::cli) raw: bool,
    /// Write the rules in a format, to a file or to standard output; may be given several times. Formats: table, json,
    /// csv
    #[arg(short, long, env = "CRDRIFT_LIST_OUTPUT", value_name = "FORMAT[=PATH]", default_value = "table",
        action = ArgAction::Append)]
    pub(in crate::cli) output: Vec<Output<ListFormat>>,
    /// Rules files that declare the instances [default: rules.yaml, if it exists]
    #[arg(long, env = "CRDRIFT_RULES", value_name = "FILES", action = ArgAction::Append)]
    pub(in crate::cli) rules: Vec<String>,
    /// Region of undeclared instances
    #[arg(long, env = "CRDRIFT_LIST_REGION", value_name = "REGION")]
    pub(in crate::cli) region: Option<String>,
    /// Endpoint of undeclared instances, in place of their region's
    #[arg(long, env = "CRDRIFT_ENDPOINT", value_name = "URL")]
    pub(in crate::cli) endpoint: Option<String>,
    #[command(flatten)]
    pub(in crate::cli) emulator: EmulatorSourceArgs,
    #[command(flatten)]
    pub(in crate::cli) connection: ConnectionArgs,
}

/// The formats of `list`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::cli) enum ListFormat {
    /// For people.
    Table,
    /// For machines: every field.
    Json,
    /// For spreadsheets: every field.
    Csv,
}

impl NamedFormat for ListFormat {
    const NAMES: &'static [&'static str] = &["table", "json", "csv"];

    fn from_name(name: &str) -> Option<Self> {
        match name {
            "table" => Some(Self::Table),
            "json" => Some(Self::Json),
            "csv" => Some(Self::Csv),
            _ => None,
        }
    }

    fn is_text(self) -> bool {
        self == Self::Table
    }
}
