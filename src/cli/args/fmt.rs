//! `fmt`.

#![allow(
    clippy::doc_markdown,
    reason = "these comments are printed as help, where backticks mean nothing"
)]

use clap::Args;

/// Format rules files in the canonical layout; comments and meaning stay
///
/// Orders the keys, puts each end of a rule on one line, and quotes filters and ambiguous texts. The result is parsed and
/// compared before a file is replaced; a file with a part that would be lost is left unchanged.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  crdrift fmt\n  crdrift fmt --check rules/\n  crdrift fmt - < rules.yaml"
)]
pub(in crate::cli) struct FmtArgs {
    /// Rules files, folders of them (*.yaml, *.yml), or globs; - is standard input, to standard output
    #[arg(default_value = "rules.yaml", value_name = "FILES")]
    pub(in crate::cli) files: Vec<String>,
    /// Write nothing: print the changes, and exit with 2 if there are any
    #[arg(long, env = "CRDRIFT_CHECK")]
    pub(in crate::cli) check: bool,
}
