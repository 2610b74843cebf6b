//! What a command line may say. Every clap type of the program is here; every long option can also be set as
//! `CRDRIFT_…` in the environment.

#![allow(clippy::doc_markdown, reason = "these comments are printed as help, where backticks mean nothing")]

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::builder::styling::{AnsiColor, Styles};
use clap::{ArgAction, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

use super::output::Output;
use super::world::Verbosity;
use crate::finding::Severity;

const STYLES: Styles = Styles::styled()
    .header(AnsiColor::Green.on_default().bold())
    .usage(AnsiColor::Green.on_default().bold())
    .literal(AnsiColor::Cyan.on_default().bold())
    .placeholder(AnsiColor::Cyan.on_default());

const EXIT_CODES: &str = "\
Exit codes:
  0   in sync: everything was read whole, and nothing is open at or above --fail-on
  1   failed: rules file invalid, no credentials, output not writable
  2   drift, or an open finding at or above --fail-on
  3   incomplete: some instance could not be read whole, whatever the rest showed
  64  the command line cannot be understood";

/// Tells whether the image sync rules of Container Registry (ACR) Enterprise Edition instances are what a
/// reviewed YAML file says. It reads, compares and reports; it never changes anything.
#[derive(Debug, Parser)]
#[command(name = "crdrift", version, styles = STYLES, max_term_width = 100, subcommand_required = true,
    arg_required_else_help = true, after_help = EXIT_CODES)]
pub struct Args {
    #[command(flatten)]
    pub(super) global: Global,
    #[command(subcommand)]
    pub(super) command: Command,
}

/// What every command takes.
#[derive(Debug, clap::Args)]
pub(super) struct Global {
    /// When to use colours; NO_COLOR and CLICOLOR_FORCE count where this is auto
    #[arg(long, value_enum, default_value_t, global = true, env = "CRDRIFT_COLOR", value_name = "WHEN")]
    pub(super) color: ColorChoice,
    /// Tell on standard error what is asked of whom
    #[arg(short, long, global = true, env = "CRDRIFT_VERBOSE", conflicts_with = "quiet")]
    verbose: bool,
    /// Tell errors and the reason for the exit code, no more
    #[arg(short, long, global = true, env = "CRDRIFT_QUIET")]
    quiet: bool,
}

impl Global {
    pub(super) fn verbosity(&self) -> Verbosity {
        match (self.quiet, self.verbose) {
            (true, _) => Verbosity::Quiet,
            (_, true) => Verbosity::Verbose,
            _ => Verbosity::Normal,
        }
    }
}

/// When to use colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(super) enum ColorChoice {
    /// Where the stream is a terminal and the environment allows it
    #[default]
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    Plan(PlanArgs),
    Validate(ValidateArgs),
    Schema(SchemaArgs),
    Emulate(EmulateArgs),
    Completions(CompletionsArgs),
}

/// Compare the rules files with what is live, and print what would make live equal them
///
/// Reads the rules files, asks every declared instance for its sync rules, and compares the two by meaning. Rules
/// that are reported missing or unmanaged have been asked for once more.
#[derive(Debug, clap::Args)]
#[command(after_help = PLAN_EXAMPLES, after_long_help = PLAN_EXAMPLES_AND_CODES)]
pub(super) struct PlanArgs {
    /// Rules files, folders of them (*.yaml, *.yml), or globs
    #[arg(default_value = "rules.yaml", value_name = "FILES")]
    pub(super) files: Vec<String>,
    /// Read the live rules from a file: a crdrift snapshot, or answers of ListRepoSyncRule as the API or the
    /// aliyun command line prints them; - is standard input
    #[arg(long, env = "CRDRIFT_LIVE", value_name = "FILE", conflicts_with = "emulate")]
    pub(super) live: Option<PathBuf>,
    /// Serve this snapshot with the embedded emulator and read it back as if it were the API: signed requests,
    /// pages and all, no account needed
    #[arg(long, env = "CRDRIFT_EMULATE", value_name = "SNAPSHOT")]
    pub(super) emulate: Option<PathBuf>,
    /// Write the result in a format: text or json, to a path or to standard output; may be given several times
    #[arg(short, long, env = "CRDRIFT_OUTPUT", value_name = "FORMAT[=PATH]", default_value = "text",
        action = ArgAction::Append)]
    pub(super) output: Vec<Output>,
    /// Show the rules that are in sync too
    #[arg(long, env = "CRDRIFT_ALL")]
    pub(super) all: bool,
    /// From which severity on an open finding is drift
    #[arg(long, env = "CRDRIFT_FAIL_ON", value_enum, default_value = "error", value_name = "SEVERITY")]
    pub(super) fail_on: FailOn,
    /// The exit code of drift; 0 makes drift a success
    #[arg(long, env = "CRDRIFT_DRIFT_EXIT_CODE", default_value_t = 2, value_name = "CODE")]
    pub(super) drift_exit_code: u8,
    #[command(flatten)]
    pub(super) reading: ReadingArgs,
}

/// How the API is read.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Reading")]
pub(super) struct ReadingArgs {
    /// How long reading may take in all, retries included, in seconds
    #[arg(long, env = "CRDRIFT_TIMEOUT", default_value = "120", value_name = "SECONDS", value_parser = seconds)]
    pub(super) timeout: Duration,
    /// The profile of the aliyun command line to take credentials from, where an instance declares none
    #[arg(long, env = "CRDRIFT_PROFILE", value_name = "NAME")]
    pub(super) profile: Option<String>,
    /// Ask again for every rule that would be reported missing or unmanaged [default]
    #[arg(long, env = "CRDRIFT_CONFIRM", overrides_with = "no_confirm")]
    confirm: bool,
    /// Trust one listing, even where rules may have changed while it was read
    #[arg(long, env = "CRDRIFT_NO_CONFIRM")]
    no_confirm: bool,
    /// List every instance until two listings agree
    #[arg(long, env = "CRDRIFT_CONSISTENT")]
    pub(super) consistent: bool,
}

impl ReadingArgs {
    /// Whether findings are asked for once more; the last of the two flags counts.
    pub(super) fn confirm(&self) -> bool {
        self.confirm || !self.no_confirm
    }
}

const PLAN_EXAMPLES: &str = "\
Examples:
  crdrift plan examples/quickstart/rules.yaml --emulate examples/quickstart/live.json
  crdrift plan rules/ -o text -o json=result.json
  aliyun cr ListRepoSyncRule --InstanceId cri-… | crdrift plan rules.yaml --live -";

const PLAN_EXAMPLES_AND_CODES: &str = "\
Examples:
  crdrift plan examples/quickstart/rules.yaml --emulate examples/quickstart/live.json
  crdrift plan rules/ -o text -o json=result.json
  aliyun cr ListRepoSyncRule --InstanceId cri-… | crdrift plan rules.yaml --live -

Exit codes:
  0   in sync: everything was read whole, and nothing is open at or above --fail-on
  1   failed: rules file invalid, no credentials, output not writable
  2   drift, or an open finding at or above --fail-on
  3   incomplete: some instance could not be read whole, whatever the rest showed
  64  the command line cannot be understood";

/// A severity, as `--fail-on` takes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum FailOn {
    /// Only errors
    Error,
    /// Warnings and errors
    Warning,
    /// Everything
    Info,
}

impl From<FailOn> for Severity {
    fn from(it: FailOn) -> Self {
        match it {
            FailOn::Error => Self::Error,
            FailOn::Warning => Self::Warning,
            FailOn::Info => Self::Info,
        }
    }
}

/// Check rules files, offline: every error in one run, each with its place
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  crdrift validate\n  crdrift validate rules/ 'teams/**/*.yaml'")]
pub(super) struct ValidateArgs {
    /// Rules files, folders of them (*.yaml, *.yml), or globs
    #[arg(default_value = "rules.yaml", value_name = "FILES")]
    pub(super) files: Vec<String>,
}

/// Print a JSON Schema: of the rules file, of snapshots, or of the result document
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  crdrift schema rules > rules.v1.schema.json")]
pub(super) struct SchemaArgs {
    /// Of which document
    #[arg(value_enum)]
    pub(super) document: Document,
}

/// A document with a schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Document {
    /// The rules file
    Rules,
    /// A snapshot of live rules
    Snapshot,
    /// The result document of `-o json`
    Result,
}

/// Serve a snapshot as if it were the API, on loopback, until interrupted
///
/// Takes signed requests as the service does, so that crdrift, the aliyun command line and the official SDKs can be
/// tried without an account. It prints its address and the keys to use, a line each.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  crdrift emulate examples/quickstart/live.json --listen 127.0.0.1:7878")]
pub(super) struct EmulateArgs {
    /// A crdrift snapshot, or answers of ListRepoSyncRule; - is standard input
    #[arg(value_name = "SNAPSHOT")]
    pub(super) snapshot: PathBuf,
    /// Address to listen on; port 0 takes a free one
    #[arg(long, env = "CRDRIFT_LISTEN", default_value = "127.0.0.1:0", value_name = "ADDR:PORT")]
    pub(super) listen: SocketAddr,
    /// Allow an address that other machines can reach
    #[arg(long, env = "CRDRIFT_ALLOW_REMOTE")]
    pub(super) allow_remote: bool,
    /// The access key id to accept, instead of the fixed one
    #[arg(long, env = "CRDRIFT_ACCESS_KEY_ID", value_name = "ID")]
    pub(super) access_key_id: Option<String>,
    /// The access key secret to accept, instead of the fixed one
    #[arg(long, env = "CRDRIFT_ACCESS_KEY_SECRET", value_name = "SECRET", hide_env_values = true)]
    pub(super) access_key_secret: Option<String>,
}

/// Print a completion script for a shell
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  crdrift completions bash > /etc/bash_completion.d/crdrift")]
pub(super) struct CompletionsArgs {
    /// For which shell
    #[arg(value_enum)]
    pub(super) shell: Shell,
}

fn seconds(text: &str) -> Result<Duration, String> {
    let seconds: f64 = text.parse().map_err(|_| "a number of seconds is meant".to_owned())?;
    let duration = Duration::try_from_secs_f64(seconds).map_err(|_| "a number of seconds is meant".to_owned())?;
    if duration.is_zero() || duration > Duration::from_secs(24 * 60 * 60) {
        return Err("it must be more than 0 seconds and at most a day".to_owned());
    }
    Ok(duration)
}
