//! The options of commands that compare rules files with live rules.

#![allow(
    clippy::doc_markdown,
    reason = "these comments are printed as help, where backticks mean nothing"
)]

use clap::Args;

use super::desired::DesiredArgs;
use super::live::LiveArgs;
use super::triage::TriageArgs;

/// The options of a comparison.
#[derive(Debug, Args)]
pub(in crate::cli) struct CompareArgs {
    #[command(flatten)]
    pub(in crate::cli) desired: DesiredArgs,
    #[command(flatten)]
    pub(in crate::cli) live: LiveArgs,
    #[command(flatten)]
    pub(in crate::cli) triage: TriageArgs,
}
