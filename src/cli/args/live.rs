//! The source of the live rules.

#![allow(
    clippy::doc_markdown,
    reason = "these comments are printed as help, where backticks mean nothing"
)]

use std::path::PathBuf;

use clap::{ArgAction, Args};

use super::connection::ConnectionArgs;
use super::consistency::ConsistencyArgs;
use super::emulator_source::EmulatorSourceArgs;

/// The source of the live rules.
#[derive(Debug, Args)]
#[command(next_help_heading = super::LIVE_SIDE)]
pub(in crate::cli) struct LiveArgs {
    /// Read the live rules from a file: a crdrift snapshot, or responses of ListRepoSyncRule as the API or the aliyun
    /// command line prints them; - is standard input. May be given several times, as for the parts of a snapshot
    #[arg(
        long,
        env = "CRDRIFT_LIVE",
        value_name = "FILE",
        action = ArgAction::Append,
        conflicts_with = "emulate"
    )]
    pub(in crate::cli) live: Vec<PathBuf>,
    #[command(flatten)]
    pub(in crate::cli) emulator: EmulatorSourceArgs,
    #[command(flatten)]
    pub(in crate::cli) consistency: ConsistencyArgs,
    #[command(flatten)]
    pub(in crate::cli) connection: ConnectionArgs,
}

impl LiveArgs {
    /// Returns whether a file or the emulator takes the place of the API.
    pub(in crate::cli) fn names_file(&self) -> bool {
        !self.live.is_empty() || self.emulator.emulate.is_some()
    }
}
