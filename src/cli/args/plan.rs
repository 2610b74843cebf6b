//! `plan`.

#![allow(
    clippy::doc_markdown,
    reason = "these comments are printed as help, where backticks mean nothing"
)]

use clap::builder::NonEmptyStringValueParser;
use clap::{Args, ValueEnum};

use super::compare::CompareArgs;
use super::output::OutputArgs;
use super::reference::ReferenceArgs;
use super::remedy::RemedyArgs;
use super::selection::SelectionArgs;
use super::store::RecordingArgs;
use super::who::WhoArgs;
use crate::finding::Severity;

/// Compare rules files with live rules, and print the changes that would bring live in line
///
/// Reads the rules files, lists the sync rules of every declared instance, and compares the two by meaning. A rule is
/// reported missing or unmanaged only after a second request confirms it.
#[derive(Debug, Args)]
#[command(after_help = PLAN_EXAMPLES, after_long_help = PLAN_EXAMPLES_AND_CODES)]
pub(in crate::cli) struct PlanArgs {
    #[command(flatten)]
    pub(in crate::cli) compare: CompareArgs,
    /// Name of the estate in reports and metrics [default: estate: of the rules files, else their paths]
    #[arg(long, env = "CRDRIFT_ESTATE", value_name = "NAME", value_parser = NonEmptyStringValueParser::new(),
        help_heading = super::OUTPUT)]
    pub(in crate::cli) estate: Option<String>,
    /// Lowest severity of open findings that fail the run
    #[arg(
        long,
        env = "CRDRIFT_FAIL_ON",
        value_enum,
        default_value = "error",
        value_name = "SEVERITY",
        help_heading = super::VERDICT
    )]
    pub(in crate::cli) fail_on: FailOnArg,
    /// Exit code of drift and other findings; 0 makes them a success
    #[arg(
        long,
        env = "CRDRIFT_DRIFT_EXIT_CODE",
        default_value_t = 2,
        value_name = "CODE",
        help_heading = super::VERDICT
    )]
    pub(in crate::cli) drift_exit_code: u8,
    /// Operator recorded in the result [default: CI actor, else OS user]
    #[arg(long, env = "CRDRIFT_RAN_BY", value_name = "NAME", value_parser = NonEmptyStringValueParser::new(),
        help_heading = super::OUTPUT)]
    pub(in crate::cli) ran_by: Option<String>,
    #[command(flatten)]
    pub(in crate::cli) who: WhoArgs,
    #[command(flatten)]
    pub(in crate::cli) remedy: RemedyArgs,
    #[command(flatten)]
    pub(in crate::cli) selection: SelectionArgs,
    #[command(flatten)]
    pub(in crate::cli) reference: ReferenceArgs,
    #[command(flatten)]
    pub(in crate::cli) recording: RecordingArgs,
    #[command(flatten)]
    pub(in crate::cli) output: OutputArgs,
}

const PLAN_EXAMPLES: &str = "\
Examples:
  crdrift plan rules.yaml --emulate live.json
  crdrift plan rules/ -o text -o json=result.json
  crdrift plan rules/ --base origin/main
  crdrift plan rules.yaml --live responses.json --instance shanghai
  crdrift plan --desired-from terraform infra/ --rules rules.yaml
  crdrift plan rules/ --remedy=script=remedy.sh
  crdrift plan rules/ --store sqlite:history.db";

const PLAN_EXAMPLES_AND_CODES: &str = "\
Examples:
  crdrift plan rules.yaml --emulate live.json
  crdrift plan rules/ -o text -o json=result.json
  crdrift plan rules/ --base origin/main
  crdrift plan rules.yaml --live responses.json --instance shanghai
  crdrift plan --desired-from terraform infra/ --rules rules.yaml
  crdrift plan rules/ --remedy=script=remedy.sh
  crdrift plan rules/ --store sqlite:history.db

Exit codes:
  0   passed: every instance is complete, and no finding is open at or above --fail-on;
      in sync only where no difference and no warning is open
  1   failed: invalid rules file, no credentials, unwritable output
  2   drift, or other open findings, at or above --fail-on
  3   incomplete: an instance could not be read completely, whatever the others show
  64  usage: invalid command line";

/// The values of `--fail-on`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum FailOnArg {
    /// Only errors
    Error,
    /// Warnings and errors
    Warning,
    /// Findings of every severity
    Info,
}

impl From<FailOnArg> for Severity {
    fn from(value: FailOnArg) -> Self {
        match value {
            FailOnArg::Error => Self::Error,
            FailOnArg::Warning => Self::Warning,
            FailOnArg::Info => Self::Info,
        }
    }
}
