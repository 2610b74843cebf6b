//! `explain`.

use clap::Args;

use super::output::LanguageArg;

/// Explain the code of a finding: its meaning, its risk, its fix and its waiver
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  crdrift explain drift/changed-rule\n  crdrift explain drift/changed-rule --lang zh\n  crdrift explain --list"
)]
pub(in crate::cli) struct ExplainArgs {
    /// Code of a finding, such as drift/changed-rule or policy/no-abroad
    #[arg(conflicts_with = "list", value_name = "CODE")]
    pub(in crate::cli) code: Option<String>,
    /// List every code with its severity and meaning
    #[arg(long, env = "CRDRIFT_LIST")]
    pub(in crate::cli) list: bool,
    /// Language of the explanation
    #[arg(
        long,
        env = "CRDRIFT_LANG",
        value_enum,
        default_value_t,
        value_name = "LANGUAGE"
    )]
    pub(in crate::cli) lang: LanguageArg,
}
