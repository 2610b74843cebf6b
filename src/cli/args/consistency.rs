//! How sure a reading has to be: what every command takes that compares, or writes down what will be compared.

#![allow(
    clippy::doc_markdown,
    reason = "these comments are printed as help, where backticks mean nothing"
)]

use clap::Args;

/// How sure a reading has to be.
#[derive(Debug, Args)]
#[command(next_help_heading = "Reading")]
pub(in crate::cli) struct ConsistencyArgs {
    /// Ask again for every rule that would be reported missing, unmanaged or one-sided; this is the default
    #[arg(long, env = "CRDRIFT_CONFIRM", overrides_with = "no_confirm")]
    confirm: bool,
    /// Trust one listing, even where rules may have changed while it was read
    #[arg(long, env = "CRDRIFT_NO_CONFIRM")]
    no_confirm: bool,
    /// List every instance until two listings agree
    #[arg(long, env = "CRDRIFT_CONSISTENT")]
    pub(in crate::cli) consistent: bool,
}

impl ConsistencyArgs {
    /// Two listings that agree, and no question about single rules: what a command needs that takes everything over.
    pub(in crate::cli) const fn twice() -> Self {
        Self {
            confirm: false,
            no_confirm: true,
            consistent: true,
        }
    }

    /// Whether findings are asked for once more; the last of the two flags counts.
    pub(in crate::cli) fn confirm(&self) -> bool {
        self.confirm || !self.no_confirm
    }
}
