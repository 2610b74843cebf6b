//! `render`.

#![allow(
    clippy::doc_markdown,
    reason = "these comments are printed as help, where backticks mean nothing"
)]

use std::path::PathBuf;

use clap::Args;

use super::output::OutputArgs;

/// Render a saved result in any format
///
/// Writes, byte for byte, the output that the run itself would have written in that format. The exit code depends on
/// the rendering, not on the result.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  crdrift render result.json -o markdown\n  \
    crdrift render result.json -o sarif=result.sarif -o junit=junit.xml")]
pub(in crate::cli) struct RenderArgs {
    /// Result document of -o json; - is standard input
    #[arg(value_name = "RESULT")]
    pub(in crate::cli) result: PathBuf,
    #[command(flatten)]
    pub(in crate::cli) output: OutputArgs,
}
