//! `render`.

#![allow(
    clippy::doc_markdown,
    reason = "these comments are printed as help, where backticks mean nothing"
)]

use std::path::PathBuf;

use clap::Args;

use super::output::OutputArgs;

/// Draw a saved result again, in any format
///
/// What comes out is what the run itself would have printed in that format, byte for byte. The exit code tells
/// whether drawing worked, not what the result says.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  crdrift render result.json -o markdown\n  \
    crdrift render result.json -o sarif=result.sarif -o junit=junit.xml")]
pub(in crate::cli) struct RenderArgs {
    /// A result document, as -o json writes it; - is standard input
    #[arg(value_name = "RESULT")]
    pub(in crate::cli) result: PathBuf,
    #[command(flatten)]
    pub(in crate::cli) output: OutputArgs,
}
