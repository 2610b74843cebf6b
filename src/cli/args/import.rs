//! `import`.

#![allow(
    clippy::doc_markdown,
    reason = "these comments are printed as help, where backticks mean nothing"
)]

use std::path::PathBuf;

use clap::{ArgAction, Args, ValueEnum};

use super::connection::ConnectionArgs;
use super::emulator_source::EmulatorSourceArgs;

/// Write the live rules down as rules files, as a person would have written them
///
/// Asks the service which instances there are, lists each of them until two listings agree, and writes what no rules file
/// declares yet: aliases from the instances' names, what most rules have in common as defaults, rules that differ in one
/// thing as a matrix. Comments that begin with "review:" mark possible mistakes. A plan on the result is clean, but
/// for duplicates, which nobody can declare.
///
/// A new file is written. Into a file that is there only what is missing is put, where it belongs; the difference is
/// shown, and written with --write. Where an instance could not be read whole, nothing is written.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  crdrift import --region cn-shanghai --region cn-shenzhen\n  \
    crdrift import --live live.json --out rules/ --split namespace\n  \
    crdrift import --emulate examples/quickstart/live.json --out -\n  \
    crdrift import --write"
)]
pub(in crate::cli) struct ImportArgs {
    /// Where to write: a file, a folder with --split, or - for standard output
    #[arg(
        long,
        env = "CRDRIFT_IMPORT_OUT",
        value_name = "PATH",
        default_value = "rules.yaml"
    )]
    pub(in crate::cli) out: PathBuf,
    /// Write several files into the folder --out: one for each source namespace, and one for the instances
    #[arg(long, env = "CRDRIFT_SPLIT", value_enum, value_name = "BY")]
    pub(in crate::cli) split: Option<SplitBy>,
    /// Write into files that are there; without this the difference is only shown
    #[arg(long, env = "CRDRIFT_WRITE")]
    pub(in crate::cli) write: bool,
    /// Other rules files of the same estate: what they declare is not imported again; may be given several times
    #[arg(long, env = "CRDRIFT_RULES", value_name = "FILES", action = ArgAction::Append)]
    pub(in crate::cli) rules: Vec<String>,
    /// Only this instance; may be given several times
    #[arg(long, env = "CRDRIFT_INSTANCE_ID", value_name = "ID", action = ArgAction::Append)]
    pub(in crate::cli) instance_id: Vec<String>,
    /// Where to look for instances; may be given several times. Without it, where the declared instances are
    #[arg(long, env = "CRDRIFT_REGION", value_name = "REGION", action = ArgAction::Append)]
    pub(in crate::cli) region: Vec<String>,
    /// The endpoint to ask in place of the region's; it goes into the rules file, too
    #[arg(
        long,
        env = "CRDRIFT_ENDPOINT",
        value_name = "URL",
        requires = "region"
    )]
    pub(in crate::cli) endpoint: Option<String>,
    /// Import from a file: a crdrift snapshot, or answers of ListRepoSyncRule as the API or the aliyun command line
    /// prints them; - is standard input
    #[arg(
        long,
        env = "CRDRIFT_LIVE",
        value_name = "FILE",
        conflicts_with = "emulate"
    )]
    pub(in crate::cli) live: Option<PathBuf>,
    #[command(flatten)]
    pub(in crate::cli) emulator: EmulatorSourceArgs,
    #[command(flatten)]
    pub(in crate::cli) connection: ConnectionArgs,
}

/// What goes into a file of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum SplitBy {
    /// The rules of each source namespace
    Namespace,
}
