//! `baseline`.

#![allow(
    clippy::doc_markdown,
    reason = "these comments are printed as help, where backticks mean nothing"
)]

use std::path::PathBuf;

use clap::Args;

use super::compare::CompareArgs;

/// Write down the findings there are, so that plan --baseline fails on new ones only
///
/// Compares as plan does. Every open finding is written down with its fingerprint, which is of what differs: the next
/// difference of the same rule is a new one. What a waiver accepts is not written down, and what could not be read
/// whole makes no baseline. Over an earlier baseline, what it would add is listed and needs --accept-new.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  crdrift baseline rules/ -o baseline.json\n  \
    crdrift plan rules/ --baseline baseline.json\n  \
    crdrift baseline rules/ -o baseline.json --accept-new"
)]
pub(in crate::cli) struct BaselineArgs {
    /// Where to write it; - is standard output
    #[arg(short, long, env = "CRDRIFT_BASELINE_OUT", value_name = "FILE")]
    pub(in crate::cli) out: PathBuf,
    /// Accept findings that the baseline which is there does not hold
    #[arg(long, env = "CRDRIFT_ACCEPT_NEW")]
    pub(in crate::cli) accept_new: bool,
    #[command(flatten)]
    pub(in crate::cli) compare: CompareArgs,
}
