//! The command line: every clap type of the program, one file for each command. Every long option can also be set as
//! `CRDRIFT_…` in the environment.

#![allow(
    clippy::doc_markdown,
    reason = "these comments are printed as help, where backticks mean nothing"
)]

mod baseline;
mod compare;
mod completions;
mod connection;
mod consistency;
mod desired;
mod doctor;
mod emulate;
mod emulator_source;
mod explain;
mod export;
mod filters;
mod fmt;
mod graph;
mod history;
mod import;
mod list;
mod live;
mod man;
mod notify;
mod output;
mod output_value;
mod plan;
mod policy;
mod reference;
mod remedy;
mod render;
mod report;
mod schema;
mod selection;
mod shard;
mod snapshot;
mod store;
mod trace;
mod triage;
mod validate;
mod waive;
mod watch;
mod who;

use clap::builder::styling::{AnsiColor, Styles};
use clap::{ArgAction, Parser, Subcommand};

pub(super) use baseline::BaselineArgs;
pub(super) use compare::CompareArgs;
pub(super) use completions::CompletionsArgs;
pub(super) use connection::{ClientArgs, ConnectionArgs};
pub(super) use desired::{DesiredArgs, DesiredSource};
pub(super) use doctor::{DoctorArgs, DoctorFormat};
pub(super) use emulate::EmulateArgs;
pub(super) use emulator_source::EmulatorSourceArgs;
pub(super) use explain::ExplainArgs;
pub(super) use export::{ExportArgs, ExportLanguage};
pub(super) use filters::{AnswerFormat, CompareFiltersArgs, MatchArgs};
pub(super) use fmt::FmtArgs;
pub(super) use graph::{GraphArgs, GraphSide};
pub(super) use history::{
    HistoryArgs, HistoryCommand, HistoryFormat, HistoryOpenArgs, HistoryOutput, HistoryPruneArgs,
    HistoryRecordArgs, HistoryRunsArgs, HistoryShowArgs, HistoryStatusArgs,
};
pub(super) use import::ImportArgs;
pub(super) use list::{ListArgs, ListFormat};
pub(super) use live::LiveArgs;
pub(super) use man::ManArgs;
pub(super) use notify::{ConfigArg, NotifyArgs, NotifyCommand, NotifyExplainArgs, NotifyTestArgs};
pub(super) use output::OutputArgs;
pub(super) use output_value::{NamedFormat, Output};
pub(super) use plan::PlanArgs;
pub(super) use policy::{PolicyArgs, PolicyCommand};
pub(super) use reference::ReferenceArgs;
pub(super) use remedy::RemedyFormat;
pub(super) use render::RenderArgs;
pub(super) use report::ReportArgs;
pub(super) use schema::{SchemaArgs, SchemaDocument};
pub(super) use selection::SelectionArgs;
pub(super) use snapshot::SnapshotArgs;
pub(super) use store::{RecordingArgs, StoreArg};
pub(super) use trace::TraceArgs;
pub(super) use validate::ValidateArgs;
pub(super) use waive::WaiveArgs;
pub(super) use watch::WatchArgs;
pub(super) use who::WhoArgs;

use super::console::{ColorChoice, Verbosity};
use crate::rules::AllowedHosts;

const STYLES: Styles = Styles::styled()
    .header(AnsiColor::Green.on_default().bold())
    .usage(AnsiColor::Green.on_default().bold())
    .literal(AnsiColor::Cyan.on_default().bold())
    .placeholder(AnsiColor::Cyan.on_default());

pub(super) const EXIT_CODES: &str = "\
Exit codes:
  0   passed: every instance is complete, and no finding is open at or above --fail-on;
      in sync only where no difference and no warning is open
  1   failed: invalid rules file, no credentials, unwritable output
  2   drift, or other open findings, at or above --fail-on
  3   incomplete: an instance could not be read completely, whatever the others show
  64  usage: invalid command line";

/// Checks the image sync rules of Container Registry (ACR) Enterprise Edition instances against reviewed YAML files.
/// It reads, compares and reports; it never changes anything.
#[derive(Debug, Parser)]
#[command(name = "crdrift", version, disable_version_flag = true, styles = STYLES, max_term_width = 100,
    arg_required_else_help = true, after_help = EXIT_CODES)]
pub struct Args {
    /// Print the version; with --verbose, the facts of the build too
    #[arg(short = 'V', long)]
    pub(super) version: bool,
    #[command(flatten)]
    pub(super) global: GlobalArgs,
    /// `None` only with `--version`.
    #[command(subcommand)]
    pub(super) command: Option<Command>,
}

/// The headings of options: the rules that a command compares, the place where it reads live rules, the findings that
/// fail it, and the results that it writes. Help shows those of every command last.
const COMPARISON: &str = "Comparison";
const LIVE_SIDE: &str = "Live side";
const VERDICT: &str = "Verdict";
const OUTPUT: &str = "Output";
const GLOBAL: &str = "Options of every command";

/// The options of every command.
#[derive(Debug, clap::Args)]
pub(super) struct GlobalArgs {
    /// When to use colours; auto obeys NO_COLOR and CLICOLOR_FORCE
    #[arg(long, value_enum, default_value_t, global = true, env = "CRDRIFT_COLOR", value_name = "WHEN",
        help_heading = GLOBAL)]
    pub(super) color: ColorChoice,
    /// Width of texts for people, in columns; 0 wraps nothing [default: the terminal's, and 0 in files and pipes]
    #[arg(long, global = true, env = "CRDRIFT_WIDTH", value_name = "COLUMNS", help_heading = GLOBAL)]
    pub(super) width: Option<u16>,
    /// Allow `endpoint:` in rules files to name a host outside aliyuncs.com: a glob over host names; may be given
    /// several times. Signed requests and security tokens are sent there
    #[arg(long, global = true, env = "CRDRIFT_ALLOW_ENDPOINT", value_name = "GLOB", action = clap::ArgAction::Append,
        help_heading = GLOBAL)]
    allow_endpoint: Vec<String>,
    /// Log API requests to standard error
    #[arg(short, long, global = true, env = "CRDRIFT_VERBOSE", conflicts_with = "quiet", help_heading = GLOBAL)]
    verbose: bool,
    /// Print only errors and the exit reason
    #[arg(short, long, global = true, env = "CRDRIFT_QUIET", help_heading = GLOBAL)]
    quiet: bool,
    /// Allow rules files to read a variable whose name suggests a secret; its value is then not treated as one. May be
    /// given several times
    #[arg(long, global = true, env = "CRDRIFT_ALLOW_ENV", value_name = "NAME", value_delimiter = '\n',
        action = ArgAction::Append, help_heading = GLOBAL)]
    pub(super) allow_env: Vec<String>,
}

impl GlobalArgs {
    /// Returns the hosts that rules files may name, or the reason why a glob is invalid.
    pub(super) fn allowed_hosts(&self) -> Result<AllowedHosts, String> {
        // A variable has one glob a line.
        let globs = self
            .allow_endpoint
            .iter()
            .flat_map(|value| value.lines())
            .map(str::trim);
        AllowedHosts::new(globs.filter(|glob| !glob.is_empty()))
    }

    pub(super) fn verbosity(&self) -> Verbosity {
        match (self.quiet, self.verbose) {
            (true, _) => Verbosity::Quiet,
            (_, true) => Verbosity::Verbose,
            _ => Verbosity::Normal,
        }
    }
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    Plan(PlanArgs),
    Validate(ValidateArgs),
    Import(ImportArgs),
    Fmt(FmtArgs),
    Baseline(BaselineArgs),
    Waive(WaiveArgs),
    Render(RenderArgs),
    Report(ReportArgs),
    History(HistoryArgs),
    Notify(NotifyArgs),
    List(ListArgs),
    CompareFilters(CompareFiltersArgs),
    Match(MatchArgs),
    Trace(TraceArgs),
    Policy(PolicyArgs),
    Explain(ExplainArgs),
    Graph(GraphArgs),
    Snapshot(SnapshotArgs),
    Watch(Box<WatchArgs>),
    Export(ExportArgs),
    Doctor(DoctorArgs),
    Schema(SchemaArgs),
    Emulate(EmulateArgs),
    Completions(CompletionsArgs),
    Man(ManArgs),
}
