//! What a command line may say: every clap type of the program, one file for each command. Every long option can
//! also be set as `CRDRIFT_…` in the environment.

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
mod import;
mod list;
mod live;
mod man;
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
mod snapshot;
mod trace;
mod triage;
mod validate;
mod waive;

use clap::builder::styling::{AnsiColor, Styles};
use clap::{ArgAction, Parser, Subcommand};

pub(super) use baseline::BaselineArgs;
pub(super) use compare::CompareArgs;
pub(super) use completions::CompletionsArgs;
pub(super) use connection::ConnectionArgs;
pub(super) use consistency::ConsistencyArgs;
pub(super) use desired::{DesiredArgs, DesiredSource};
pub(super) use doctor::{DoctorArgs, DoctorFormat};
pub(super) use emulate::EmulateArgs;
pub(super) use emulator_source::EmulatorSourceArgs;
pub(super) use explain::ExplainArgs;
pub(super) use export::{ExportArgs, Language};
pub(super) use filters::{AnswerFormat, CompareFiltersArgs, MatchArgs};
pub(super) use fmt::FmtArgs;
pub(super) use graph::{GraphArgs, GraphSide};
pub(super) use import::ImportArgs;
pub(super) use list::{ListArgs, ListFormat};
pub(super) use live::LiveArgs;
pub(super) use man::ManArgs;
pub(super) use output::OutputArgs;
pub(super) use output_value::{NamedFormat, Output};
pub(super) use plan::PlanArgs;
pub(super) use policy::{PolicyArgs, PolicyCommand};
pub(super) use reference::ReferenceArgs;
pub(super) use remedy::RemedyFormat;
pub(super) use render::RenderArgs;
pub(super) use report::ReportArgs;
pub(super) use schema::{Document, SchemaArgs};
pub(super) use selection::SelectionArgs;
pub(super) use snapshot::SnapshotArgs;
pub(super) use trace::TraceArgs;
pub(super) use validate::ValidateArgs;
pub(super) use waive::WaiveArgs;

use super::console::{ColorChoice, Verbosity};
use crate::rules::AllowedHosts;

const STYLES: Styles = Styles::styled()
    .header(AnsiColor::Green.on_default().bold())
    .usage(AnsiColor::Green.on_default().bold())
    .literal(AnsiColor::Cyan.on_default().bold())
    .placeholder(AnsiColor::Cyan.on_default());

pub(super) const EXIT_CODES: &str = "\
Exit codes:
  0   passed: everything was read whole, and nothing is open at or above --fail-on;
      in sync only where no difference and no warning is open
  1   failed: rules file invalid, no credentials, output not writable
  2   drift, or other open findings, at or above --fail-on
  3   incomplete: some instance could not be read whole, whatever the rest showed
  64  the command line cannot be understood";

/// Tells whether the image sync rules of Container Registry (ACR) Enterprise Edition instances are what a
/// reviewed YAML file says. It reads, compares and reports; it never changes anything.
#[derive(Debug, Parser)]
#[command(name = "crdrift", version, disable_version_flag = true, styles = STYLES, max_term_width = 100,
    arg_required_else_help = true, after_help = EXIT_CODES)]
pub struct Args {
    /// Print the version; with --verbose also how the program was built
    #[arg(short = 'V', long)]
    pub(super) version: bool,
    #[command(flatten)]
    pub(super) global: GlobalArgs,
    /// Missing only where the version is asked for.
    #[command(subcommand)]
    pub(super) command: Option<Command>,
}

/// Where help shows what every command takes, so that it does not stand between a command's own options.
const GLOBAL: &str = "Options of every command";

/// What every command takes.
#[derive(Debug, clap::Args)]
pub(super) struct GlobalArgs {
    /// When to use colours; NO_COLOR and CLICOLOR_FORCE count where this is auto
    #[arg(long, value_enum, default_value_t, global = true, env = "CRDRIFT_COLOR", value_name = "WHEN",
        help_heading = GLOBAL)]
    pub(super) color: ColorChoice,
    /// Allow a host that rules files name in `endpoint:` and that is neither below aliyuncs.com nor this machine: a
    /// glob over host names; may be given several times. Signed requests and security tokens go there
    #[arg(long, global = true, env = "CRDRIFT_ALLOW_ENDPOINT", value_name = "GLOB", action = clap::ArgAction::Append,
        help_heading = GLOBAL)]
    allow_endpoint: Vec<String>,
    /// Say on standard error what is asked of which service
    #[arg(short, long, global = true, env = "CRDRIFT_VERBOSE", conflicts_with = "quiet", help_heading = GLOBAL)]
    verbose: bool,
    /// Say errors and the reason for the exit code, no more
    #[arg(short, long, global = true, env = "CRDRIFT_QUIET", help_heading = GLOBAL)]
    quiet: bool,
    /// Let rules files read a variable although its name promises a secret; its value is then no secret. May be given
    /// several times
    #[arg(long, global = true, env = "CRDRIFT_ALLOW_ENV", value_name = "NAME", value_delimiter = '\n',
        action = ArgAction::Append, help_heading = GLOBAL)]
    pub(super) allow_env: Vec<String>,
}

impl GlobalArgs {
    /// The hosts that rules files may name, or why a glob cannot be used.
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
    List(ListArgs),
    CompareFilters(CompareFiltersArgs),
    Match(MatchArgs),
    Trace(TraceArgs),
    Policy(PolicyArgs),
    Explain(ExplainArgs),
    Graph(GraphArgs),
    Snapshot(SnapshotArgs),
    Export(ExportArgs),
    Doctor(DoctorArgs),
    Schema(SchemaArgs),
    Emulate(EmulateArgs),
    Completions(CompletionsArgs),
    Man(ManArgs),
}
