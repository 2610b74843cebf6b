//! `history`.

#![allow(
    clippy::doc_markdown,
    reason = "these comments are printed as help, where backticks mean nothing"
)]

use clap::builder::NonEmptyStringValueParser;
use clap::{ArgAction, Args, Subcommand};
use jiff::civil::Date;

use super::output::OutputArgs;
use super::output_value::{NamedFormat, Output};
use super::store::StoreArg;
use super::triage::{day, days};

/// Ask the store of results: estates, runs, open findings
///
/// A store is sqlite:PATH for one host, or postgres://USER@HOST/DATABASE for several. `crdrift plan --store URL` records each
/// result; an incomplete result never resolves a finding.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    crdrift history record results/*.json --store sqlite:history.db\n  \
    crdrift history status --store sqlite:history.db --max-age 3h\n  \
    crdrift history open --store sqlite:history.db --owner shop-team")]
pub(in crate::cli) struct HistoryArgs {
    #[command(subcommand)]
    pub(in crate::cli) command: HistoryCommand,
}

#[derive(Debug, Subcommand)]
pub(in crate::cli) enum HistoryCommand {
    Status(HistoryStatusArgs),
    Runs(HistoryRunsArgs),
    Open(HistoryOpenArgs),
    Show(HistoryShowArgs),
    Record(HistoryRecordArgs),
    Prune(HistoryPruneArgs),
}

/// The store.
#[derive(Debug, Args)]
pub(in crate::cli) struct StoreArgs {
    /// Store: sqlite:PATH, or postgres://USER@HOST/DATABASE with the password in PGPASSWORD or PGPASSFILE
    #[arg(
        long,
        env = "CRDRIFT_STORE",
        hide_env_values = true,
        value_name = "URL",
        required = true
    )]
    pub(in crate::cli) store: Option<StoreArg>,
}

/// The part of a store that a command is about.
#[derive(Debug, Args)]
pub(in crate::cli) struct HistorySelection {
    /// Select the estates of this name
    #[arg(long, env = "CRDRIFT_ESTATE", value_name = "NAME", value_parser = NonEmptyStringValueParser::new())]
    pub(in crate::cli) estate: Option<String>,
    /// Select the findings of this owner
    #[arg(long, env = "CRDRIFT_OWNER", value_name = "NAME", value_parser = NonEmptyStringValueParser::new())]
    pub(in crate::cli) owner: Option<String>,
    /// Select runs that started, or findings that opened, on this day or later (UTC): YYYY-MM-DD
    #[arg(long, env = "CRDRIFT_SINCE", value_parser = day, value_name = "DATE")]
    pub(in crate::cli) since: Option<Date>,
}

/// The outputs of a question.
#[derive(Debug, Args)]
pub(in crate::cli) struct HistoryOutput {
    /// Write the answer in a format, to a file or to standard output; may be given several times. Formats: text, json,
    /// csv
    #[arg(short, long, env = "CRDRIFT_HISTORY_OUTPUT", value_name = "FORMAT[=PATH]", default_value = "text",
        action = ArgAction::Append)]
    pub(in crate::cli) output: Vec<Output<HistoryFormat>>,
}

/// The format of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::cli) enum HistoryFormat {
    Text,
    Json,
    Csv,
}

impl NamedFormat for HistoryFormat {
    const NAMES: &'static [&'static str] = &["text", "json", "csv"];

    fn from_name(name: &str) -> Option<Self> {
        match name {
            "text" => Some(Self::Text),
            "json" => Some(Self::Json),
            "csv" => Some(Self::Csv),
            _ => None,
        }
    }
}

/// Show a line for each estate: verdict, open findings, oldest one, last complete check
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    crdrift history status --store sqlite:history.db\n  \
    crdrift history status --store sqlite:history.db --max-age 3h -o json\n\n\
    Exit codes:\n  \
    0   written, whatever the findings\n  \
    1   failed: the store cannot be read\n  \
    3   the last complete check of an estate is older than --max-age\n  \
    64  usage: invalid command line")]
pub(in crate::cli) struct HistoryStatusArgs {
    #[command(flatten)]
    pub(in crate::cli) store: StoreArgs,
    #[command(flatten)]
    pub(in crate::cli) selection: HistorySelection,
    /// Exit with 3 if the last complete check of an estate is older than this: 30m, 3h, 2d
    #[arg(long, env = "CRDRIFT_MAX_AGE", value_name = "TIME", value_parser = duration_ms)]
    pub(in crate::cli) max_age: Option<i64>,
    #[command(flatten)]
    pub(in crate::cli) output: HistoryOutput,
}

/// List the recorded runs, the newest first
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    crdrift history runs --store sqlite:history.db --since 2026-10-01\n  \
    crdrift history runs --store sqlite:history.db --owner shop -o csv=runs.csv")]
pub(in crate::cli) struct HistoryRunsArgs {
    #[command(flatten)]
    pub(in crate::cli) store: StoreArgs,
    #[command(flatten)]
    pub(in crate::cli) selection: HistorySelection,
    #[command(flatten)]
    pub(in crate::cli) output: HistoryOutput,
}

/// List the findings that are open or accepted now, the oldest first, with age, owner, and who accepted them
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    crdrift history open --store sqlite:history.db\n  \
    crdrift history open --store sqlite:history.db --owner shop -o csv=open.csv")]
pub(in crate::cli) struct HistoryOpenArgs {
    #[command(flatten)]
    pub(in crate::cli) store: StoreArgs,
    #[command(flatten)]
    pub(in crate::cli) selection: HistorySelection,
    #[command(flatten)]
    pub(in crate::cli) output: HistoryOutput,
}

/// Show a recorded result in any format, byte for byte as `render` writes it
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    crdrift history show latest --store sqlite:history.db --estate shop\n  \
    crdrift history show latest --store sqlite:history.db --estate base -o html")]
pub(in crate::cli) struct HistoryShowArgs {
    /// First digits of the id of a run, as `history runs` lists it, or `latest`
    #[arg(value_name = "RUN")]
    pub(in crate::cli) run: String,
    #[command(flatten)]
    pub(in crate::cli) store: StoreArgs,
    /// With `latest`: the estate
    #[arg(long, env = "CRDRIFT_ESTATE", value_name = "NAME", value_parser = NonEmptyStringValueParser::new())]
    pub(in crate::cli) estate: Option<String>,
    #[command(flatten)]
    pub(in crate::cli) output: OutputArgs,
}

/// Record saved results; the same result again changes nothing
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    crdrift history record result.json --store sqlite:history.db\n  \
    crdrift history record 'results/**/*.json' --store sqlite:history.db")]
pub(in crate::cli) struct HistoryRecordArgs {
    /// Result documents of -o json: files, folders (their *.json) or globs; - is standard input
    #[arg(value_name = "RESULT", required = true)]
    pub(in crate::cli) results: Vec<String>,
    #[command(flatten)]
    pub(in crate::cli) store: StoreArgs,
}

/// Remove old runs and documents; open findings and the newest run of each estate stay
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    crdrift history prune --store sqlite:history.db --keep-runs 400d --dry-run")]
pub(in crate::cli) struct HistoryPruneArgs {
    #[command(flatten)]
    pub(in crate::cli) store: StoreArgs,
    /// Select the estates of this name
    #[arg(long, env = "CRDRIFT_ESTATE", value_name = "NAME", value_parser = NonEmptyStringValueParser::new())]
    pub(in crate::cli) estate: Option<String>,
    /// Keep runs, and findings since they were closed, for this time: 400d, 52w
    #[arg(long, env = "CRDRIFT_KEEP_RUNS", value_name = "TIME", value_parser = days, default_value = "400d")]
    pub(in crate::cli) keep_runs: i32,
    /// Keep the result documents of runs for this time; show and report need them: 90d, 13w
    #[arg(long, env = "CRDRIFT_KEEP_DOCUMENTS", value_name = "TIME", value_parser = days, default_value = "400d")]
    pub(in crate::cli) keep_documents: i32,
    /// Report only; remove nothing
    #[arg(long, env = "CRDRIFT_DRY_RUN")]
    pub(in crate::cli) dry_run: bool,
}

/// Parses a time: `30m`, `3h`, `2d`. Returns milliseconds.
fn duration_ms(text: &str) -> Result<i64, String> {
    let error = || "expected minutes, hours or days, such as 30m, 3h or 2d".to_owned();
    let units = [("m", 60_000), ("h", 3_600_000), ("d", 86_400_000)];
    let found = units
        .into_iter()
        .find_map(|(unit, ms)| Some((text.strip_suffix(unit)?, ms)));
    let (number, ms) = found.ok_or_else(error)?;
    let number: u16 = number.parse().map_err(|_| error())?;
    Ok(i64::from(number) * ms)
}

#[cfg(test)]
mod tests {
    use super::duration_ms;

    #[test]
    fn ages_are_minutes_hours_or_days() {
        assert_eq!(
            ["0m", "90m", "3h", "2d"].map(duration_ms),
            [Ok(0), Ok(5_400_000), Ok(10_800_000), Ok(172_800_000)]
        );
        for text in ["", "3", "h", "-1h", "1.5h", "3s", "99999d"] {
            assert!(duration_ms(text).is_err(), "{text}");
        }
    }
}
