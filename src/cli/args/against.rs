//! What a result is seen against: what was there before.

#![allow(clippy::doc_markdown, reason = "these comments are printed as help, where backticks mean nothing")]

use std::path::PathBuf;

use clap::Args;

/// What a result is seen against.
#[derive(Debug, Args)]
#[command(next_help_heading = "Against what was there before")]
pub(in crate::cli) struct AgainstArgs {
    /// Accept the findings of a baseline, as crdrift baseline writes it: only what is new counts
    #[arg(long, env = "CRDRIFT_BASELINE", value_name = "FILE")]
    pub(in crate::cli) baseline: Option<PathBuf>,
    /// The result document of an earlier run: says since when findings are there, and guards against listings that
    /// are empty or short all at once
    #[arg(long, env = "CRDRIFT_PREVIOUS", value_name = "RESULT")]
    pub(in crate::cli) previous: Option<PathBuf>,
}
