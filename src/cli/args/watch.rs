//! `watch`.

#![allow(
    clippy::doc_markdown,
    reason = "these comments are printed as help, where backticks mean nothing"
)]

use std::net::SocketAddr;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use clap::builder::NonEmptyStringValueParser;

use super::connection::ClientArgs;
use super::emulator_source::EmulatorSourceArgs;
use super::shard::ShardArgs;
use super::store::RecordingArgs;

/// Compare rules files with live rules on a schedule, show a page, and notify
///
/// Checks each estate of a watch file at its times, records the results in the store, serves a page with metrics, and
/// notifies the targets of the file. Several processes share the estates through one PostgreSQL. SIGHUP reads the watch
/// file again and checks every estate now; SIGTERM ends the process.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
#[allow(
    clippy::struct_excessive_bools,
    reason = "each is a switch of the command line"
)]
pub(in crate::cli) struct WatchArgs {
    /// Rules files of one estate, folders of them, or globs; without a watch file [default: rules.yaml]
    #[arg(value_name = "FILES", conflicts_with = "config")]
    pub(in crate::cli) files: Vec<String>,
    /// Watch file with estates and targets; its keys: crdrift schema watch
    #[arg(short, long, env = "CRDRIFT_CONFIG", value_name = "FILE")]
    pub(in crate::cli) config: Option<PathBuf>,
    /// Time between two checks of FILES: 30s, 15m, 1h
    #[arg(long, env = "CRDRIFT_EVERY", default_value = "15m", value_name = "TIME", value_parser = interval,
        conflicts_with = "config")]
    pub(in crate::cli) every: Duration,
    /// Name of the estate of FILES in the store, on the page and in metrics [default: estate: of the files, else their
    /// paths]
    #[arg(long, env = "CRDRIFT_ESTATE", value_name = "NAME", value_parser = NonEmptyStringValueParser::new(),
        conflicts_with = "config")]
    pub(in crate::cli) estate: Option<String>,
    /// Check every estate once, record, notify, and exit with the worst code
    #[arg(long, env = "CRDRIFT_ONCE")]
    pub(in crate::cli) once: bool,
    /// Exit code of drift and other findings, with --once; 0 makes them a success
    #[arg(
        long,
        env = "CRDRIFT_DRIFT_EXIT_CODE",
        default_value_t = 2,
        value_name = "CODE"
    )]
    pub(in crate::cli) drift_exit_code: u8,
    /// Number of estates to check at the same time
    #[arg(long, env = "CRDRIFT_CHECKS", default_value = "4", value_name = "N")]
    pub(in crate::cli) checks: NonZeroUsize,
    /// Time for running checks to end after SIGTERM
    #[arg(long, env = "CRDRIFT_GRACE", default_value = "20s", value_name = "TIME", value_parser = interval)]
    pub(in crate::cli) grace: Duration,
    /// Address of the page and the metrics [default: listen: of the watch file, else 127.0.0.1:9464]
    #[arg(long, env = "CRDRIFT_LISTEN", value_name = "ADDR:PORT")]
    pub(in crate::cli) listen: Option<SocketAddr>,
    /// Allow an address that other machines can reach
    #[arg(long, env = "CRDRIFT_ALLOW_REMOTE")]
    pub(in crate::cli) allow_remote: bool,
    /// Mask the ids of instances and accounts on the page and in logs
    #[arg(long, env = "CRDRIFT_MASK_IDS")]
    pub(in crate::cli) mask_ids: bool,
    #[command(flatten)]
    pub(in crate::cli) shard: ShardArgs,
    #[command(flatten)]
    pub(in crate::cli) emulator: EmulatorSourceArgs,
    #[command(flatten)]
    pub(in crate::cli) client: ClientArgs,
    #[command(flatten)]
    pub(in crate::cli) recording: RecordingArgs,
}

const EXAMPLES: &str = "\
Examples:
  crdrift watch rules.yaml --emulate live.json --every 5s
  crdrift watch rules/ --every 15m --store sqlite:history.db
  crdrift watch --config watch.yaml
  crdrift watch --config watch.yaml --once
  crdrift watch --config watch.yaml --once --shard 2/16";

/// Parses a time of the command line.
fn interval(text: &str) -> Result<Duration, String> {
    crate::rules::parse_interval(text)
        .ok_or_else(|| "expected a time from 1s to 31d, such as 15m".to_owned())
}
