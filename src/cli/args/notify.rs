//! `notify`.

#![allow(
    clippy::doc_markdown,
    reason = "these comments are printed as help, where backticks mean nothing"
)]

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::store::StoreArg;

/// Notify the targets of a watch file of what a saved result opened or resolved
///
/// Records the result in the store of the watch file, and sends what it opened or resolved, as `crdrift watch` does. The same
/// result again sends nothing twice.
#[derive(Debug, Args)]
#[command(
    args_conflicts_with_subcommands = true,
    subcommand_negates_reqs = true,
    after_help = "Examples:\n  \
    crdrift notify result.json --config watch.yaml\n  \
    crdrift notify test ops --config watch.yaml\n  \
    crdrift notify explain result.json --config watch.yaml\n\n\
    Exit codes:\n  \
    0   every target that is to be notified has proven that it took the message\n  \
    1   failed: a message is not delivered, or the result is not recorded\n  \
    64  usage: invalid command line"
)]
pub(in crate::cli) struct NotifyArgs {
    #[command(subcommand)]
    pub(in crate::cli) command: Option<NotifyCommand>,
    /// Result document of -o json; - is standard input
    #[arg(value_name = "RESULT", required = true)]
    pub(in crate::cli) result: Option<PathBuf>,
    #[command(flatten)]
    pub(in crate::cli) config: ConfigArg,
    /// Longest time for retries; what is left then waits in the store
    #[arg(
        long,
        env = "CRDRIFT_NOTIFY_WAIT",
        value_name = "SECONDS",
        default_value_t = 60
    )]
    pub(in crate::cli) wait: u16,
}

/// The watch file.
#[derive(Debug, Args)]
pub(in crate::cli) struct ConfigArg {
    /// Watch file with the targets and the store
    #[arg(
        short,
        long,
        env = "CRDRIFT_CONFIG",
        value_name = "FILE",
        default_value = "watch.yaml"
    )]
    pub(in crate::cli) config: PathBuf,
}

#[derive(Debug, Subcommand)]
pub(in crate::cli) enum NotifyCommand {
    Test(NotifyTestArgs),
    Explain(NotifyExplainArgs),
}

/// Send two samples, of opened and of resolved findings
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  crdrift notify test ops --config watch.yaml")]
pub(in crate::cli) struct NotifyTestArgs {
    /// Name of the target
    #[arg(value_name = "NAME")]
    pub(in crate::cli) name: String,
    #[command(flatten)]
    pub(in crate::cli) config: ConfigArg,
}

/// Show which targets a result would notify, and why
///
/// Without a store, the result counts as the first one of its estate: every open finding is new.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    crdrift notify explain result.json --config watch.yaml\n  \
    crdrift notify explain result.json --store sqlite:history.db")]
pub(in crate::cli) struct NotifyExplainArgs {
    /// Result document of -o json; - is standard input
    #[arg(value_name = "RESULT")]
    pub(in crate::cli) result: PathBuf,
    #[command(flatten)]
    pub(in crate::cli) config: ConfigArg,
    /// Store with the results before: sqlite:PATH, or postgres://USER@HOST/DATABASE
    #[arg(
        long,
        env = "CRDRIFT_STORE",
        hide_env_values = true,
        value_name = "URL"
    )]
    pub(in crate::cli) store: Option<StoreArg>,
}
