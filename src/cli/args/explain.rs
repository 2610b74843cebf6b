//! `explain`.

use clap::Args;

/// Explain the code of a finding: its meaning, its risk, its fix and its waiver
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  crdrift explain drift/changed-rule\n  crdrift explain --list")]
pub(in crate::cli) struct ExplainArgs {
    /// Code of a finding, such as drift/changed-rule or policy/no-abroad
    #[arg(conflicts_with = "list", value_name = "CODE")]
    pub(in crate::cli) code: Option<String>,
    /// List every code with its severity and meaning
    #[arg(long, env = "CRDRIFT_LIST")]
    pub(in crate::cli) list: bool,
}
