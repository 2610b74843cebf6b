//! Where results go, and how they look: what every command that makes a report takes.

#![allow(clippy::doc_markdown, reason = "these comments are printed as help, where backticks mean nothing")]

use clap::{ArgAction, Args};

use crate::cli::output::Output;
use crate::report::{Options, Style};

/// Where results go, and how they look.
#[derive(Debug, Args)]
#[command(next_help_heading = "Output")]
pub(in crate::cli) struct OutputArgs {
    /// Write the result in a format, to a path or to standard output; may be given several times. Formats: text,
    /// json, ndjson
    #[arg(short, long, env = "CRDRIFT_OUTPUT", value_name = "FORMAT[=PATH]", default_value = "text",
        action = ArgAction::Append)]
    pub(in crate::cli) output: Vec<Output>,
    /// text: a line for each change and finding
    #[arg(long, env = "CRDRIFT_COMPACT")]
    compact: bool,
}

impl OutputArgs {
    /// How reports are drawn.
    pub(in crate::cli) fn options(&self, style: Style) -> Options {
        Options { style, compact: self.compact }
    }
}
