//! The verbosity of standard error, and the colours of output.

use clap::ValueEnum;

/// The amount of text on standard error.
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

/// The values of `--color`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(super) enum ColorChoice {
    /// On a terminal, unless the environment forbids it
    #[default]
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}
