//! `validate`.

use clap::Args;

use super::desired::DesiredArgs;
use super::output::ValidationOutputArgs;

/// Check rules files offline: report every error with its place
///
/// A file named - is standard input.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  crdrift validate\n  crdrift validate rules/ 'teams/**/*.yaml'\n  \
    crdrift validate - < rules.yaml\n  \
    crdrift validate rules/ -o github\n  crdrift validate rules/ -o text -o sarif=rules.sarif\n  \
    crdrift validate --desired-from terraform infra/"
)]
pub(in crate::cli) struct ValidateArgs {
    #[command(flatten)]
    pub(in crate::cli) desired: DesiredArgs,
    #[command(flatten)]
    pub(in crate::cli) output: ValidationOutputArgs,
}
