//! `import`.

#![allow(
    clippy::doc_markdown,
    reason = "these comments are printed as help, where backticks mean nothing"
)]

use std::path::PathBuf;

use clap::{ArgAction, Args, ValueEnum};

use super::connection::ConnectionArgs;
use super::emulator_source::EmulatorSourceArgs;

/// Write the live rules as rules files, in the form a person would choose
///
/// Finds the instances of the account, lists each until two listings agree, and writes the rules that no rules file
/// declares yet: with aliases from the instances' names, common values as defaults, and similar rules as a matrix.
/// Comments that begin with "review:" mark possible mistakes. A plan of the result is clean, except for duplicates,
/// which cannot be declared.
///
/// A new file is written. An existing file is extended: the diff is printed, and written with --write. Nothing is
/// written while an instance is incomplete.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  crdrift import --region cn-shanghai --region cn-shenzhen\n  \
    crdrift import --live live.json --out rules/ --split namespace\n  \
    crdrift import --emulate live.json --out -\n  \
    crdrift import --write"
)]
pub(in crate::cli) struct ImportArgs {
    /// File to write, or folder with --split; - is standard output
    #[arg(
        long,
        env = "CRDRIFT_IMPORT_OUT",
        value_name = "PATH",
        default_value = "rules.yaml"
    )]
    pub(in crate::cli) out: PathBuf,
    /// Split the rules over files in the folder --out: one for each source namespace, and one for the instances
    #[arg(long, env = "CRDRIFT_SPLIT", value_enum, value_name = "BY")]
    pub(in crate::cli) split: Option<SplitBy>,
    /// Write into existing files; by default the diff is only printed
    #[arg(long, env = "CRDRIFT_WRITE")]
    pub(in crate::cli) write: bool,
    /// Other rules files of the estate, whose rules are not imported again; may be given several times
    #[arg(long, env = "CRDRIFT_RULES", value_name = "FILES", action = ArgAction::Append)]
    pub(in crate::cli) rules: Vec<String>,
    /// Import only this instance; may be given several times
    #[arg(long, env = "CRDRIFT_INSTANCE_ID", value_name = "ID", action = ArgAction::Append)]
    pub(in crate::cli) instance_id: Vec<String>,
    /// Region to search for instances; may be given several times [default: the regions of the declared instances]
    #[arg(long, env = "CRDRIFT_REGION", value_name = "REGION", action = ArgAction::Append)]
    pub(in crate::cli) region: Vec<String>,
    /// Endpoint to call in place of the region's; it is written into the rules file, too
    #[arg(
        long,
        env = "CRDRIFT_ENDPOINT",
        value_name = "URL",
        requires = "region"
    )]
    pub(in crate::cli) endpoint: Option<String>,
    /// Import from a file: a crdrift snapshot, or responses of ListRepoSyncRule as the API or the aliyun command line
    /// prints them; - is standard input. May be given several times, as for the parts of a snapshot
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
    pub(in crate::cli) connection: ConnectionArgs,
}

/// The values of `--split`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum SplitBy {
    /// The rules of each source namespace
    Namespace,
}
