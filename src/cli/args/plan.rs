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
use crate::finding::Severity;

/// Compare the rules files with what is live, and print what would make live equal them
///
/// Reads the rules files, asks every declared instance for its sync rules, and compares the two by meaning. A rule is
/// reported missing or unmanaged only after it was asked for a second time.
#[derive(Debug, Args)]
#[command(after_help = PLAN_EXAMPLES, after_long_help = PLAN_EXAMPLES_AND_CODES)]
pub(in crate::cli) struct PlanArgs {
    #[command(flatten)]
    pub(in crate::cli) compare: CompareArgs,
    /// Show the rules that are in sync too
    #[arg(long, env = "CRDRIFT_ALL", help_heading = "Output")]
    pub(in crate::cli) all: bool,
    /// The name of the estate in reports and metrics; without it, what estate: of the rules files says, or their paths
    #[arg(long, env = "CRDRIFT_ESTATE", value_name = "NAME", value_parser = NonEmptyStringValueParser::new(),
        help_heading = "Output")]
    pub(in crate::cli) estate: Option<String>,
    /// The lowest severity at which an open finding counts as drift
    #[arg(
        long,
        env = "CRDRIFT_FAIL_ON",
        value_enum,
        default_value = "error",
        value_name = "SEVERITY"
    )]
    pub(in crate::cli) fail_on: FailOnArg,
    /// The exit code of drift; 0 makes drift a success
    #[arg(
        long,
        env = "CRDRIFT_DRIFT_EXIT_CODE",
        default_value_t = 2,
        value_name = "CODE"
    )]
    pub(in crate::cli) drift_exit_code: u8,
    /// Who runs it, as the result tells it; otherwise whom the pipeline names, or the user of the system
    #[arg(long, env = "CRDRIFT_RAN_BY", value_name = "NAME", value_parser = NonEmptyStringValueParser::new())]
    pub(in crate::cli) ran_by: Option<String>,
    #[command(flatten)]
    pub(in crate::cli) remedy: RemedyArgs,
    #[command(flatten)]
    pub(in crate::cli) selection: SelectionArgs,
    #[command(flatten)]
    pub(in crate::cli) reference: ReferenceArgs,
    #[command(flatten)]
    pub(in crate::cli) output: OutputArgs,
}

const PLAN_EXAMPLES: &str = "\
Examples:
  crdrift plan examples/quickstart/rules.yaml --emulate examples/quickstart/live.json
  crdrift plan rules/ -o text -o json=result.json
  crdrift plan rules/ --base origin/main
  aliyun cr ListRepoSyncRule --InstanceId cri-… | crdrift plan rules.yaml --live - --instance shanghai
  crdrift plan --desired-from terraform infra/ --rules rules.yaml
  crdrift plan rules/ --remedy=script=remedy.sh";

const PLAN_EXAMPLES_AND_CODES: &str = "\
Examples:
  crdrift plan examples/quickstart/rules.yaml --emulate examples/quickstart/live.json
  crdrift plan rules/ -o text -o json=result.json
  crdrift plan rules/ --base origin/main
  aliyun cr ListRepoSyncRule --InstanceId cri-… | crdrift plan rules.yaml --live - --instance shanghai
  crdrift plan --desired-from terraform infra/ --rules rules.yaml
  crdrift plan rules/ --remedy=script=remedy.sh

Exit codes:
  0   passed: everything was read whole, and nothing is open at or above --fail-on;
      in sync only where no difference and no warning is open
  1   failed: rules file invalid, no credentials, output not writable
  2   drift, or other open findings, at or above --fail-on
  3   incomplete: some instance could not be read whole, whatever the rest showed
  64  the command line cannot be understood";

/// A severity, as `--fail-on` takes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum FailOnArg {
    /// Only errors
    Error,
    /// Warnings and errors
    Warning,
    /// Everything
    Info,
}

impl From<FailOnArg> for Severity {
    fn from(it: FailOnArg) -> Self {
        match it {
            FailOnArg::Error => Self::Error,
            FailOnArg::Warning => Self::Warning,
            FailOnArg::Info => Self::Info,
        }
    }
}
