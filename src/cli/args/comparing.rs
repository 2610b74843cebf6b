//! What is compared: what every command takes that compares rules files with what is live.

#![allow(clippy::doc_markdown, reason = "these comments are printed as help, where backticks mean nothing")]

use std::path::PathBuf;

use clap::Args;

use super::connection::ConnectionArgs;
use super::desired::DesiredArgs;
use super::emulation::EmulationArgs;
use super::judging::JudgingArgs;
use super::reading::ReadingArgs;

/// What is compared.
#[derive(Debug, Args)]
pub(in crate::cli) struct ComparingArgs {
    #[command(flatten)]
    pub(in crate::cli) desired: DesiredArgs,
    /// Read the live rules from a file: a crdrift snapshot, or answers of ListRepoSyncRule as the API or the
    /// aliyun command line prints them; - is standard input
    #[arg(long, env = "CRDRIFT_LIVE", value_name = "FILE", conflicts_with = "emulate")]
    pub(in crate::cli) live: Option<PathBuf>,
    #[command(flatten)]
    pub(in crate::cli) emulation: EmulationArgs,
    #[command(flatten)]
    pub(in crate::cli) judging: JudgingArgs,
    #[command(flatten)]
    pub(in crate::cli) reading: ReadingArgs,
    #[command(flatten)]
    pub(in crate::cli) connection: ConnectionArgs,
}
