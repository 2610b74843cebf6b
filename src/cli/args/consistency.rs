//! The consistency of listings.

#![allow(
    clippy::doc_markdown,
    reason = "these comments are printed as help, where backticks mean nothing"
)]

use clap::Args;

/// The consistency of listings.
#[derive(Debug, Args)]
#[command(next_help_heading = super::LIVE_SIDE)]
pub(in crate::cli) struct ConsistencyArgs {
    /// Confirm every missing, unmanaged or one-sided rule with a second request; this is the default
    #[arg(long, env = "CRDRIFT_CONFIRM", overrides_with = "no_confirm")]
    confirm: bool,
    /// Trust a single listing, although rules may change while it is read
    #[arg(long, env = "CRDRIFT_NO_CONFIRM")]
    no_confirm: bool,
    /// List every instance until two listings agree
    #[arg(long, env = "CRDRIFT_CONSISTENT")]
    pub(in crate::cli) consistent: bool,
}

impl ConsistencyArgs {
    /// Returns whether findings are confirmed; the last of the two flags counts.
    pub(in crate::cli) fn confirm(&self) -> bool {
        self.confirm || !self.no_confirm
    }
}
