//! `baseline`.

#![allow(
    clippy::doc_markdown,
    reason = "these comments are printed as help, where backticks mean nothing"
)]

use std::path::PathBuf;

use clap::Args;

use super::compare::CompareArgs;

/// Record the open findings, so that plan --baseline fails only on new ones
///
/// Compares as plan does, and records every open finding with the fingerprint of its difference: the next difference of
/// the same rule is a new finding. Waived findings are not recorded. No baseline is written while an instance is
/// incomplete. Findings that an existing baseline does not hold are listed, and need --accept-new.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  crdrift baseline rules/ --out baseline.json\n  \
    crdrift plan rules/ --baseline baseline.json\n  \
    crdrift baseline rules/ --out baseline.json --accept-new"
)]
pub(in crate::cli) struct BaselineArgs {
    /// File to write; - is standard output
    #[arg(long, env = "CRDRIFT_BASELINE_OUT", value_name = "FILE")]
    pub(in crate::cli) out: PathBuf,
    /// Accept findings that the existing baseline does not hold
    #[arg(long, env = "CRDRIFT_ACCEPT_NEW")]
    pub(in crate::cli) accept_new: bool,
    #[command(flatten)]
    pub(in crate::cli) compare: CompareArgs,
}
