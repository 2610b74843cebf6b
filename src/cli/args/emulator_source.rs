//! The embedded emulator in the API's place, for commands that would ask the API.

#![allow(
    clippy::doc_markdown,
    reason = "these comments are printed as help, where backticks mean nothing"
)]

use std::path::PathBuf;

use clap::Args;

/// The embedded emulator in the API's place.
#[derive(Debug, Args)]
pub(in crate::cli) struct EmulatorSourceArgs {
    /// Serve this snapshot with the embedded emulator and read it back as if it were the API: signed requests,
    /// pages and all, no account needed
    #[arg(long, env = "CRDRIFT_EMULATE", value_name = "SNAPSHOT")]
    pub(in crate::cli) emulate: Option<PathBuf>,
    /// What goes wrong at the emulator, and which accounts it has: a script (crdrift schema faults)
    #[arg(
        long,
        env = "CRDRIFT_FAULTS",
        value_name = "FILE",
        requires = "emulate"
    )]
    pub(in crate::cli) faults: Option<PathBuf>,
}
