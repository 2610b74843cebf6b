//! `validate`.

use clap::Args;

use super::desired::DesiredArgs;

/// Check rules files, offline: every error in one run, each with its place
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  crdrift validate\n  crdrift validate rules/ 'teams/**/*.yaml'\n  \
    crdrift validate --desired-from terraform infra/")]
pub(in crate::cli) struct ValidateArgs {
    #[command(flatten)]
    pub(in crate::cli) desired: DesiredArgs,
}
