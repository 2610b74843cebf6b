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
/// Instances are named as a rules file declares them, or by id with --region or --endpoint. Filters are the API's own,
/// and the service applies them; whether it matches whole names is documented nowhere. A filtered answer is not the
/// listing of an instance: do not compare with it.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  crdrift list shanghai --rules examples/quickstart/rules.yaml --emulate examples/quickstart/live.json\n  \
    crdrift list cri-xxxxxxxxxxxxxxxx --region cn-shanghai --namespace shop -o csv\n  \
    crdrift list shanghai --raw | jq .TotalCount"
)]
pub(in crate::cli) struct ListArgs {
    /// Aliases of a rules file, or ids of instances
    #[arg(required = true, value_name = "INSTANCE")]
    pub(in crate::cli) instances: Vec<String>,
    /// Only rules with this namespace on the side of the instance
    #[arg(
        long,
        env = "CRDRIFT_LIST_NAMESPACE",
        value_name = "NAME",
        help_heading = "Filters"
    )]
    pub(in crate::cli) namespace: Option<String>,
    /// Only rules with this repository on the side of the instance
    #[arg(
        long,
        env = "CRDRIFT_REPO",
        value_name = "NAME",
        help_heading = "Filters"
    )]
    pub(in crate::cli) repo: Option<String>,
    /// Only rules with this instance on the other side: an alias or an id
    #[arg(
        long,
        env = "CRDRIFT_TARGET_INSTANCE",
        value_name = "INSTANCE",
        help_heading = "Filters"
    )]
    pub(in crate::cli) target_instance: Option<String>,
    /// Only rules with this region on the other side
    #[arg(
        long,
        env = "CRDRIFT_TARGET_REGION",
        value_name = "REGION",
        help_heading = "Filters"
    )]
    pub(in crate::cli) target_region: Option<String>,
    /// Only this page, from 1; without it all of them, whole
    #[arg(long, env = "CRDRIFT_PAGE", value_name = "N", help_heading = "Filters",
        value_parser = clap::value_parser!(u32).range(1..))]
    pub(in crate::cli) page: Option<u32>,
    /// How many rules make a page; without it 100, or with --page what the service thinks best
    #[arg(long, env = "CRDRIFT_PAGE_SIZE", value_name = "N", help_heading = "Filters",
        value_parser = clap::value_parser!(u32).range(1..))]
    pub(in crate::cli) page_size: Option<u32>,
    /// Print the answers exactly as they came, one after the other
    #[arg(long, env = "CRDRIFT_RAW", conflicts_with = "output")]
    pub(in crate::cli) raw: bool,
    /// Write the rules in a format: table, json or csv, to a path or to standard output; may be given several times
    #[arg(short, long, env = "CRDRIFT_LIST_OUTPUT", value_name = "FORMAT[=PATH]", default_value = "table",
        action = ArgAction::Append)]
    pub(in crate::cli) output: Vec<Output<ListFormat>>,
    /// Rules files that declare the instances; without it rules.yaml, where there is one
    #[arg(long, env = "CRDRIFT_RULES", value_name = "FILES", action = ArgAction::Append)]
    pub(in crate::cli) rules: Vec<String>,
    /// The region of instances that no rules file declares
    #[arg(long, env = "CRDRIFT_LIST_REGION", value_name = "REGION")]
    pub(in crate::cli) region: Option<String>,
    /// The endpoint of instances that no rules file declares, in place of their region's
    #[arg(long, env = "CRDRIFT_ENDPOINT", value_name = "URL")]
    pub(in crate::cli) endpoint: Option<String>,
    #[command(flatten)]
    pub(in crate::cli) emulator: EmulatorSourceArgs,
    #[command(flatten)]
    pub(in crate::cli) connection: ConnectionArgs,
}

/// How rules are written.
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
}
