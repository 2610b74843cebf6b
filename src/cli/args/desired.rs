//! The desired state: rules files, or Terraform's files with rules files beside them.

#![allow(
    clippy::doc_markdown,
    reason = "these comments are printed as help, where backticks mean nothing"
)]

use clap::{ArgAction, Args, ValueEnum};

/// The desired state.
#[derive(Debug, Args)]
pub(in crate::cli) struct DesiredArgs {
    /// Rules files, folders of them (*.yaml, *.yml), or globs; with --desired-from terraform, Terraform files
    #[arg(default_value = "rules.yaml", value_name = "FILES")]
    pub(in crate::cli) files: Vec<String>,
    #[command(flatten)]
    pub(in crate::cli) source: DesiredSourceArgs,
}

impl DesiredArgs {
    /// Returns every file, folder and glob, those of `--rules` last.
    pub(in crate::cli) fn paths(&self) -> Vec<String> {
        let paths = self.files.iter().chain(&self.source.rules);
        paths.cloned().collect()
    }
}

/// The tool whose files are named.
#[derive(Debug, Args)]
pub(in crate::cli) struct DesiredSourceArgs {
    /// Kind of FILES: rules files, or Terraform: the output of terraform show -json for a state or a plan, *.tf files
    /// with literal values, or folders of those
    #[arg(
        long,
        env = "CRDRIFT_DESIRED_FROM",
        value_enum,
        default_value_t,
        value_name = "SOURCE",
        help_heading = super::COMPARISON
    )]
    pub(in crate::cli) desired_from: DesiredSource,
    /// Rules files in addition to FILES; may be given several times. With --desired-from terraform they name instances,
    /// and hold the fields that Terraform cannot express
    #[arg(long, env = "CRDRIFT_RULES", value_name = "FILES", action = ArgAction::Append,
        help_heading = super::COMPARISON)]
    pub(in crate::cli) rules: Vec<String>,
}

/// The values of `--desired-from`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(in crate::cli) enum DesiredSource {
    /// Rules files
    #[default]
    Rules,
    /// Terraform's state, plan or configuration
    Terraform,
}
