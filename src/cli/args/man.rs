//! `man`.

#![allow(
    clippy::doc_markdown,
    reason = "these comments are printed as help, where backticks mean nothing"
)]

use std::path::PathBuf;

use clap::Args;

/// Print the manual page of crdrift or of a command, or write all pages
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  crdrift man plan | man -l -\n  \
    crdrift man --out /usr/local/share/man/man1\n\n\
    Exit codes:\n  0   printed or written\n  1   failed: unwritable output\n  64  usage: unknown command")]
pub(in crate::cli) struct ManArgs {
    /// Command, such as plan or policy test [default: crdrift itself]
    #[arg(value_name = "COMMAND")]
    pub(in crate::cli) command: Vec<String>,
    /// Write every page into this folder, which is created if necessary: crdrift.1, crdrift-plan.1, ...
    #[arg(
        long,
        env = "CRDRIFT_MAN_OUT",
        value_name = "FOLDER",
        conflicts_with = "command"
    )]
    pub(in crate::cli) out: Option<PathBuf>,
}
