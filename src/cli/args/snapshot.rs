//! `snapshot`.

#![allow(
    clippy::doc_markdown,
    reason = "these comments are printed as help, where backticks mean nothing"
)]

use std::path::PathBuf;

use clap::Args;

use super::connection::ConnectionArgs;
use super::consistency::ConsistencyArgs;
use super::desired::DesiredArgs;
use super::emulator_source::EmulatorSourceArgs;
use super::shard::ShardArgs;

/// Save the listings of the declared instances, for plan --live and for the emulator
///
/// Reads as plan does, and writes a file that only this user can read. An incomplete instance is recorded as such.
/// Prints the SHA-256 of the file, as sha256sum does.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  crdrift snapshot rules/ --out live.json > live.json.sha256\n  \
    crdrift plan rules/ --live live.json\n  \
    crdrift snapshot rules/ --shard 2/16 --out part-2.json"
)]
pub(in crate::cli) struct SnapshotArgs {
    #[command(flatten)]
    pub(in crate::cli) desired: DesiredArgs,
    /// File to write; - is standard output
    #[arg(long, env = "CRDRIFT_SNAPSHOT_OUT", value_name = "PATH")]
    pub(in crate::cli) out: PathBuf,
    /// Write [account-1] for the id of an account, in messages, unknown fields, names and filters. A rule with an id in
    /// its name then differs from the rules file
    #[arg(long, env = "CRDRIFT_REDACT_ACCOUNTS", conflicts_with = "shard")]
    pub(in crate::cli) redact_accounts: bool,
    #[command(flatten)]
    pub(in crate::cli) shard: ShardArgs,
    #[command(flatten)]
    pub(in crate::cli) emulator: EmulatorSourceArgs,
    #[command(flatten)]
    pub(in crate::cli) consistency: ConsistencyArgs,
    #[command(flatten)]
    pub(in crate::cli) connection: ConnectionArgs,
}
