//! `validate`.

use clap::Args;

/// Check rules files, offline: every error in one run, each with its place
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  crdrift validate\n  crdrift validate rules/ 'teams/**/*.yaml'")]
pub(in crate::cli) struct ValidateArgs {
    /// Rules files, folders of them (*.yaml, *.yml), or globs
    #[arg(default_value = "rules.yaml", value_name = "FILES")]
    pub(in crate::cli) files: Vec<String>,
}
