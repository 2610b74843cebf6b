//! The authors of changes.

#![allow(
    clippy::doc_markdown,
    reason = "these comments are printed as help, where backticks mean nothing"
)]

use std::path::PathBuf;

use clap::Args;

/// The authors of changes.
#[derive(Debug, Args)]
#[command(next_help_heading = "Authors of changes")]
pub(in crate::cli) struct WhoArgs {
    /// Show who made each change: when, and with which client, from the events of ActionTrail; needs
    /// actiontrail:LookupEvents, which reveals all management events of the account
    #[arg(long, env = "CRDRIFT_WHO")]
    pub(in crate::cli) who: bool,
    /// With --who: profile that looks up the events, in place of the one that reads the instance;
    /// without effect on --who-events
    #[arg(
        long,
        env = "CRDRIFT_WHO_PROFILE",
        value_name = "NAME",
        requires = "who"
    )]
    pub(in crate::cli) who_profile: Option<String>,
    /// With --who: read the events from a file in place of the service: responses of LookupEvents as the API or the
    /// aliyun command line prints them, one or many; - is standard input
    #[arg(
        long,
        env = "CRDRIFT_WHO_EVENTS",
        value_name = "FILE",
        requires = "who"
    )]
    pub(in crate::cli) who_events: Option<PathBuf>,
    /// With --who: show the addresses of clients too
    #[arg(long, env = "CRDRIFT_WHO_IP", requires = "who")]
    pub(in crate::cli) who_ip: bool,
}
