//! `report`.

#![allow(
    clippy::doc_markdown,
    reason = "these comments are printed as help, where backticks mean nothing"
)]

use clap::builder::NonEmptyStringValueParser;
use clap::{ArgAction, Args};
use jiff::civil::Date;

use super::output::LanguageArg;
use super::output_value::{NamedFormat, Output};
use super::store::StoreArg;
use super::triage::day;
use crate::history::Format;

/// Report saved results: of many days, of many instances, or of one run
///
/// Groups results by estate, instances and selection. Each group has charts of drift, of the share in sync and of the
/// age of open findings, the opened and resolved findings, the repair times, and its newest result in full. An
/// incomplete result is a gap, never a sign of no drift. The report of a single result is its compliance report. The
/// exit code depends on the report, not on the results.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    crdrift report result.json > report.html\n  \
    crdrift report results/ --since 2026-10-01 -o html=report.html\n  \
    crdrift report --store sqlite:history.db --since 2026-10-01 > report.html\n  \
    crdrift report 'results/**/*.json' --lang zh --mask-ids -o html=report.html\n\n\
    Exit codes:\n  \
    0   written, whatever the results\n  \
    1   failed: a file is no result, unwritable output\n  \
    64  usage: invalid command line")]
pub(in crate::cli) struct ReportArgs {
    /// Result documents of -o json: files, folders (their *.json) or globs; - is standard input
    #[arg(value_name = "RESULT")]
    pub(in crate::cli) results: Vec<String>,
    /// Report the results of a store: sqlite:PATH, or postgres://USER@HOST/DATABASE with the password in PGPASSWORD or
    /// PGPASSFILE
    #[arg(
        long,
        env = "CRDRIFT_STORE",
        hide_env_values = true,
        value_name = "URL",
        conflicts_with = "results"
    )]
    pub(in crate::cli) store: Option<StoreArg>,
    /// With --store: select the estates of this name
    #[arg(long, env = "CRDRIFT_ESTATE", value_name = "NAME", value_parser = NonEmptyStringValueParser::new(),
        requires = "store")]
    pub(in crate::cli) estate: Option<String>,
    /// Select runs that started on this day or later (UTC): YYYY-MM-DD
    #[arg(long, env = "CRDRIFT_SINCE", value_parser = day, value_name = "DATE")]
    pub(in crate::cli) since: Option<Date>,
    /// html: title of the report
    #[arg(long, env = "CRDRIFT_TITLE", value_name = "TEXT")]
    pub(in crate::cli) title: Option<String>,
    /// html: language of the report
    #[arg(
        long,
        env = "CRDRIFT_LANG",
        value_enum,
        default_value_t,
        value_name = "LANGUAGE"
    )]
    pub(in crate::cli) lang: LanguageArg,
    /// Mask the ids of instances and accounts everywhere, as cri-****0001
    #[arg(long, env = "CRDRIFT_MASK_IDS")]
    pub(in crate::cli) mask_ids: bool,
    /// Write the report in a format, to a file or to standard output; may be given several times. Formats: html, csv (a
    /// row for each result), json
    #[arg(short, long, env = "CRDRIFT_REPORT_OUTPUT", value_name = "FORMAT[=PATH]", default_value = "html",
        action = ArgAction::Append)]
    pub(in crate::cli) output: Vec<Output<Format>>,
}

impl NamedFormat for Format {
    const NAMES: &'static [&'static str] = &["html", "csv", "json"];

    fn from_name(name: &str) -> Option<Self> {
        match name {
            "html" => Some(Self::Html),
            "csv" => Some(Self::Csv),
            "json" => Some(Self::Json),
            _ => None,
        }
    }
}
