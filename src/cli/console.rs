//! How much is printed on standard error, and when output is coloured.

use clap::ValueEnum;

/// How much is printed on standard error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Verbosity {
    /// Errors and the reason for the exit code.
    Quiet,
    /// Warnings too.
    #[default]
    Normal,
    /// Requests and their results too.
    Verbose,
}

/// When to use colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(super) enum ColorChoice {
    /// Where the stream is a terminal and the environment allows it
    #[default]
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}
