//! The embedded emulator in the place of the API.

#![allow(
    clippy::doc_markdown,
    reason = "these comments are printed as help, where backticks mean nothing"
)]

use std::path::PathBuf;

use clap::Args;

/// The embedded emulator in the place of the API.
#[derive(Debug, Args)]
#[command(next_help_heading = super::LIVE_SIDE)]
pub(in crate::cli) struct EmulatorSourceArgs {
    /// Serve this snapshot with the embedded emulator, and read it as the API: with signed requests and pages, and
    /// without an account
    #[arg(long, env = "CRDRIFT_EMULATE", value_name = "SNAPSHOT")]
    pub(in crate::cli) emulate: Option<PathBuf>,
    /// Script with faults and accounts of the emulator (crdrift schema faults)
    #[arg(
        long,
        env = "CRDRIFT_FAULTS",
        value_name = "FILE",
        requires = "emulate"
    )]
    pub(in crate::cli) faults: Option<PathBuf>,
}
