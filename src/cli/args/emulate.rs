//! `emulate`.

#![allow(
    clippy::doc_markdown,
    reason = "these comments are printed as help, where backticks mean nothing"
)]

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Args;

/// Serve a snapshot as if it were the API, on loopback, until interrupted
///
/// Takes signed requests as the service does, so that crdrift, the aliyun command line and the official SDKs can be
/// tried without an account. It prints its address and the keys to use, a line each.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  crdrift emulate examples/quickstart/live.json --listen 127.0.0.1:7878\n  \
    crdrift emulate live.json --faults faults.yaml"
)]
pub(in crate::cli) struct EmulateArgs {
    /// A crdrift snapshot, or answers of ListRepoSyncRule; - is standard input
    #[arg(value_name = "SNAPSHOT")]
    pub(in crate::cli) snapshot: PathBuf,
    /// What goes wrong, and which accounts there are: a script (crdrift schema faults)
    #[arg(long, env = "CRDRIFT_FAULTS", value_name = "FILE")]
    pub(in crate::cli) faults: Option<PathBuf>,
    /// Address to listen on; port 0 takes a free one
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
    /// The access key id to accept, instead of the fixed one
    #[arg(long, env = "CRDRIFT_ACCESS_KEY_ID", value_name = "ID")]
    pub(in crate::cli) access_key_id: Option<String>,
    /// The access key secret to accept, instead of the fixed one
    #[arg(
        long,
        env = "CRDRIFT_ACCESS_KEY_SECRET",
        value_name = "SECRET",
        hide_env_values = true
    )]
    pub(in crate::cli) access_key_secret: Option<String>,
}
