//! `completions`.

use clap::Args;
use clap_complete::Shell;

/// Print a completion script for a shell
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  crdrift completions bash > /etc/bash_completion.d/crdrift")]
pub(in crate::cli) struct CompletionsArgs {
    /// Name of the shell
    #[arg(value_enum)]
    pub(in crate::cli) shell: Shell,
}
