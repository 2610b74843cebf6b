//! How the API is read: what every command that reads it takes.

#![allow(clippy::doc_markdown, reason = "these comments are printed as help, where backticks mean nothing")]

use std::time::Duration;

use clap::Args;

/// How the API is read.
#[derive(Debug, Args)]
#[command(next_help_heading = "Reading")]
pub(in crate::cli) struct ReadingArgs {
    /// How long reading may take in all, retries included, in seconds
    #[arg(long, env = "CRDRIFT_TIMEOUT", default_value = "120", value_name = "SECONDS", value_parser = seconds)]
    pub(in crate::cli) timeout: Duration,
    /// The profile of the aliyun command line to take credentials from, where an instance declares none
    #[arg(long, env = "CRDRIFT_PROFILE", value_name = "NAME")]
    pub(in crate::cli) profile: Option<String>,
    /// Ask again for every rule that would be reported missing or unmanaged [default]
    #[arg(long, env = "CRDRIFT_CONFIRM", overrides_with = "no_confirm")]
    confirm: bool,
    /// Trust one listing, even where rules may have changed while it was read
    #[arg(long, env = "CRDRIFT_NO_CONFIRM")]
    no_confirm: bool,
    /// List every instance until two listings agree
    #[arg(long, env = "CRDRIFT_CONSISTENT")]
    pub(in crate::cli) consistent: bool,
}

impl ReadingArgs {
    /// Whether findings are asked for once more; the last of the two flags counts.
    pub(in crate::cli) fn confirm(&self) -> bool {
        self.confirm || !self.no_confirm
    }
}

fn seconds(text: &str) -> Result<Duration, String> {
    let seconds: f64 = text.parse().map_err(|_| "a number of seconds is meant".to_owned())?;
    let duration = Duration::try_from_secs_f64(seconds).map_err(|_| "a number of seconds is meant".to_owned())?;
    if duration.is_zero() || duration > Duration::from_secs(24 * 60 * 60) {
        return Err("it must be more than 0 seconds and at most a day".to_owned());
    }
    Ok(duration)
}
