//! The store of results.

#![allow(
    clippy::doc_markdown,
    reason = "these comments are printed as help, where backticks mean nothing"
)]

use std::convert::Infallible;
use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use clap::Args;

/// The URL of a store as it was given. It may have a password, so it is never printed.
#[derive(Clone)]
pub(in crate::cli) struct StoreArg(String);

impl StoreArg {
    /// Returns the text.
    pub(in crate::cli) fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for StoreArg {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl FromStr for StoreArg {
    type Err = Infallible;

    /// The parser of the command line would print an invalid value.
    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Debug for StoreArg {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("StoreArg")
    }
}

/// The store that a run records its result in.
#[derive(Debug, Args)]
#[command(next_help_heading = "Store")]
pub(in crate::cli) struct RecordingArgs {
    /// Record the result in a store: sqlite:PATH, or postgres://USER@HOST/DATABASE with the password in PGPASSWORD or
    /// PGPASSFILE. Without --previous, the newest complete result of the estate is the previous one
    #[arg(
        long,
        env = "CRDRIFT_STORE",
        hide_env_values = true,
        value_name = "URL"
    )]
    pub(in crate::cli) store: Option<StoreArg>,
    /// Keep results here while the store is away; the next run records them first [default: ~/.local/state/crdrift/spool]
    #[arg(long, env = "CRDRIFT_SPOOL", value_name = "DIRECTORY")]
    pub(in crate::cli) spool: Option<PathBuf>,
}
