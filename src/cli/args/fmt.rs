//! `fmt`.

#![allow(
    clippy::doc_markdown,
    reason = "these comments are printed as help, where backticks mean nothing"
)]

use clap::Args;

/// Bring rules files into the canonical layout; comments and meaning stay
///
/// Keys come in the order of the format, each end of a rule on one line, quotes where a text could be misread and round
/// every filter. What is written is parsed and compared before the file is touched; a file that cannot be kept whole is
/// left alone.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  crdrift fmt\n  crdrift fmt --check rules/\n  crdrift fmt - < rules.yaml"
)]
pub(in crate::cli) struct FmtArgs {
    /// Rules files, folders of them (*.yaml, *.yml), or globs; - is standard input, to standard output
    #[arg(default_value = "rules.yaml", value_name = "FILES")]
    pub(in crate::cli) files: Vec<String>,
    /// Write nothing: print what would change, and end with 2 where anything would
    #[arg(long, env = "CRDRIFT_CHECK")]
    pub(in crate::cli) check: bool,
}
