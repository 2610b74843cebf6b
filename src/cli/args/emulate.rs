//! `emulate`.

#![allow(
    clippy::doc_markdown,
    reason = "these comments are printed as help, where backticks mean nothing"
)]

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Args;

/// Serve a snapshot as the API, on loopback, until interrupted
///
/// Accepts signed requests as the service does, so that crdrift, the aliyun command line and the official SDKs can be
/// tried without an account. Prints its address and the keys to use, one on each line.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  crdrift emulate live.json --listen 127.0.0.1:7878\n  \
    crdrift emulate live.json --faults faults.yaml"
)]
pub(in crate::cli) struct EmulateArgs {
    /// Snapshot of crdrift, or responses of ListRepoSyncRule; - is standard input
    #[arg(value_name = "SNAPSHOT")]
    pub(in crate::cli) snapshot: PathBuf,
    /// Script with faults and accounts (crdrift schema faults)
    #[arg(long, env = "CRDRIFT_FAULTS", value_name = "FILE")]
    pub(in crate::cli) faults: Option<PathBuf>,
    /// Address to listen on; port 0 selects a free port
    #[arg(
        long,
        env = "CRDRIFT_LISTEN",
        default_value = "127.0.0.1:0",
        value_name = "ADDR:PORT"
    )]
    pub(in crate::cli) listen: SocketAddr,
    /// Allow an address that other machines can reach
    #[arg(long, env = "CRDRIFT_ALLOW_REMOTE")]
    pub(in crate::cli) allow_remote: bool,
    /// Access key id to accept instead of the built-in one
    #[arg(long, env = "CRDRIFT_ACCESS_KEY_ID", value_name = "ID")]
    pub(in crate::cli) access_key_id: Option<String>,
    /// Access key secret to accept instead of the built-in one
    #[arg(
        long,
        env = "CRDRIFT_ACCESS_KEY_SECRET",
        value_name = "SECRET",
        hide_env_values = true
    )]
    pub(in crate::cli) access_key_secret: Option<String>,
}
