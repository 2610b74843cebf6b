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

/// Write down what the declared instances list, for plan --live and for the emulator
///
/// Reads what plan reads, with the same care, and writes it where only this user can read it. An instance that could
/// not be read whole is written down as such. Prints the SHA-256 of what it wrote, as sha256sum does.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  crdrift snapshot rules/ --out live.json > live.json.sha256\n  \
    crdrift plan rules/ --live live.json"
)]
pub(in crate::cli) struct SnapshotArgs {
    #[command(flatten)]
    pub(in crate::cli) desired: DesiredArgs,
    /// Where to write it; - is standard output
    #[arg(long, env = "CRDRIFT_SNAPSHOT_OUT", value_name = "PATH")]
    pub(in crate::cli) out: PathBuf,
    /// Write [account-1] for an account's id, wherever one is: in messages, in new fields, in names and filters.
    /// Where a rule has one in its name, the snapshot differs from the rules file
    #[arg(long, env = "CRDRIFT_REDACT_ACCOUNTS")]
    pub(in crate::cli) redact_accounts: bool,
    #[command(flatten)]
    pub(in crate::cli) emulator: EmulatorSourceArgs,
    #[command(flatten)]
    pub(in crate::cli) consistency: ConsistencyArgs,
    #[command(flatten)]
    pub(in crate::cli) connection: ConnectionArgs,
}
