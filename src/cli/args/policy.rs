//! `policy`.

use clap::{Args, Subcommand};

/// Test the policies of rules files
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  crdrift policy test\n  crdrift policy test rules/ 'policies/*.yaml'"
)]
pub(in crate::cli) struct PolicyArgs {
    #[command(subcommand)]
    pub(in crate::cli) command: PolicyCommand,
}

#[derive(Debug, Subcommand)]
pub(in crate::cli) enum PolicyCommand {
    Test(PolicyTestArgs),
}

/// Check every policy against its examples, offline
///
/// Exits with 0 if each example has its expected result, and with 2 if one does not.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  crdrift policy test\n  crdrift policy test rules/ 'policies/*.yaml'"
)]
pub(in crate::cli) struct PolicyTestArgs {
    /// Rules files, folders of them (*.yaml, *.yml), or globs
    #[arg(default_value = "rules.yaml", value_name = "FILES")]
    pub(in crate::cli) files: Vec<String>,
}
