//! `policy`.

use clap::{Args, Subcommand};

/// Work on the policies of the rules files
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

/// Hold every policy against the examples that are given with it, offline
///
/// Exits with 0 if each example passes or fails as it says, with 2 if one does not.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  crdrift policy test\n  crdrift policy test rules/ 'policies/*.yaml'"
)]
pub(in crate::cli) struct PolicyTestArgs {
    /// Rules files, folders of them (*.yaml, *.yml), or globs
    #[arg(default_value = "rules.yaml", value_name = "FILES")]
    pub(in crate::cli) files: Vec<String>,
}
