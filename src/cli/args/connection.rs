//! How the services are reached: what every command that asks them takes.

#![allow(
    clippy::doc_markdown,
    reason = "these comments are printed as help, where backticks mean nothing"
)]

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueEnum};

/// The most requests that may be under way at once; more would only be throttled.
const MOST_REQUESTS: usize = 256;

/// How the services are reached.
#[derive(Debug, Args)]
#[command(next_help_heading = "Connection")]
pub(in crate::cli) struct ConnectionArgs {
    /// The longest time for reading in all, retries included, in seconds; failures that may pass are waited out for
    /// three quarters of it
    #[arg(long, env = "CRDRIFT_TIMEOUT", default_value = "120", value_name = "SECONDS", value_parser = seconds)]
    pub(in crate::cli) timeout: Duration,
    /// How many requests may be under way at once, over all instances; throttling lowers it for the endpoint that
    /// throttles
    #[arg(long, env = "CRDRIFT_PARALLELISM", default_value = "16", value_name = "N", value_parser = requests)]
    pub(in crate::cli) parallelism: NonZeroUsize,
    /// The profile of the aliyun command line or of the credentials file to use, where an instance declares none
    #[arg(long, env = "CRDRIFT_PROFILE", value_name = "NAME")]
    pub(in crate::cli) profile: Option<String>,
    /// Do not ask whose the credentials are; without this, an instance whose rules file declares an account is not
    /// compared if they are another's
    #[arg(long, env = "CRDRIFT_NO_ACCOUNT_CHECK")]
    pub(in crate::cli) no_account_check: bool,
    /// Which of the services' endpoints to ask, those of the registry and of the security token service
    #[arg(
        long,
        env = "CRDRIFT_NETWORK",
        value_enum,
        default_value_t,
        value_name = "NETWORK"
    )]
    pub(in crate::cli) network: Network,
    /// Certificates to trust besides the system's, such as those of a proxy: a PEM file
    #[arg(long, env = "CRDRIFT_CA_FILE", value_name = "FILE")]
    pub(in crate::cli) ca_file: Option<PathBuf>,
    /// Allow endpoints with plain http on other machines: whoever is in between can read everything, and repeat
    /// the requests for 15 minutes
    #[arg(long, env = "CRDRIFT_INSECURE_HTTP")]
    pub(in crate::cli) insecure_http: bool,
}

/// Which of the services' endpoints.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(in crate::cli) enum Network {
    /// Those on the internet
    #[default]
    Public,
    /// Those inside a VPC of the instance's region
    Vpc,
}

impl ConnectionArgs {
    /// The client's options that follow.
    pub(in crate::cli) fn options(&self) -> acr_client::Options {
        acr_client::Options {
            parallelism: self.parallelism,
            network: match self.network {
                Network::Public => acr_client::Network::Public,
                Network::Vpc => acr_client::Network::Vpc,
            },
            insecure_http: self.insecure_http,
            ca_file: self.ca_file.clone(),
            ..acr_client::Options::default()
        }
    }
}

fn seconds(text: &str) -> Result<Duration, String> {
    let seconds: f64 = text
        .parse()
        .map_err(|_| "a number of seconds is meant".to_owned())?;
    let duration = Duration::try_from_secs_f64(seconds)
        .map_err(|_| "a number of seconds is meant".to_owned())?;
    if duration.is_zero() || duration > Duration::from_secs(24 * 60 * 60) {
        return Err("it must be more than 0 seconds and at most a day".to_owned());
    }
    Ok(duration)
}

fn requests(text: &str) -> Result<NonZeroUsize, String> {
    let number = text
        .parse()
        .ok()
        .filter(|number: &NonZeroUsize| number.get() <= MOST_REQUESTS);
    number.ok_or_else(|| format!("a number from 1 to {MOST_REQUESTS} is meant"))
}
