//! `explain`.

use clap::Args;

/// Explain the code of a finding: what it means, why it matters, how to fix and how to waive it
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  crdrift explain drift/changed-rule\n  crdrift explain --list")]
pub(in crate::cli) struct ExplainArgs {
    /// The code, such as drift/changed-rule or policy/no-abroad
    #[arg(conflicts_with = "list", value_name = "CODE")]
    pub(in crate::cli) code: Option<String>,
    /// List every code with its severity and its meaning
    #[arg(long, env = "CRDRIFT_LIST")]
    pub(in crate::cli) list: bool,
}
