//! The connection to the services.

#![allow(
    clippy::doc_markdown,
    reason = "these comments are printed as help, where backticks mean nothing"
)]

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::time::Duration;

use acr_client::{RateLimit, RequestRate};
use clap::{Args, ValueEnum};

/// The largest number of concurrent requests; more would only be throttled.
const MAX_REQUESTS: NonZeroUsize = NonZeroUsize::MIN.saturating_add(255);

/// The connection to the services.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = super::LIVE_SIDE)]
pub(in crate::cli) struct ConnectionArgs {
    /// Time limit for all requests, retries included, in seconds; transient failures are retried for three quarters of
    /// it
    #[arg(long, env = "CRDRIFT_TIMEOUT", default_value = "120", value_name = "SECONDS", value_parser = seconds)]
    pub(in crate::cli) timeout: Duration,
    #[command(flatten)]
    pub(in crate::cli) client: ClientArgs,
}

/// The client of the services.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = super::LIVE_SIDE)]
pub(in crate::cli) struct ClientArgs {
    /// Number of concurrent requests over all instances; throttling lowers it for the throttling endpoint
    #[arg(long, env = "CRDRIFT_PARALLELISM", default_value = "16", value_name = "N", value_parser = requests)]
    pub(in crate::cli) parallelism: NonZeroUsize,
    /// Largest number of requests per second for each account, such as 20 or 0.5; shards and the watch processes of one
    /// store share it [default: no limit]
    #[arg(long, env = "CRDRIFT_RATE", value_name = "N", value_parser = rate)]
    pub(in crate::cli) rate: Option<RequestRate>,
    /// Profile of the aliyun command line or of the credentials file, for instances that declare none
    #[arg(long, env = "CRDRIFT_PROFILE", value_name = "NAME")]
    pub(in crate::cli) profile: Option<String>,
    /// Skip the check that the credentials are of the account that an instance declares; by default, an instance with
    /// another account is not compared
    #[arg(long, env = "CRDRIFT_NO_ACCOUNT_CHECK")]
    pub(in crate::cli) no_account_check: bool,
    /// Network of the endpoints of the registry and of the security token service
    #[arg(
        long,
        env = "CRDRIFT_NETWORK",
        value_enum,
        default_value_t,
        value_name = "NETWORK"
    )]
    pub(in crate::cli) network: NetworkArg,
    /// PEM file with certificates to trust besides the system's, such as those of a proxy
    #[arg(long, env = "CRDRIFT_CA_FILE", value_name = "FILE")]
    pub(in crate::cli) ca_file: Option<PathBuf>,
    /// Allow plain HTTP to other machines: every machine on the way can read the requests, and replay them for 15
    /// minutes
    #[arg(long, env = "CRDRIFT_INSECURE_HTTP")]
    pub(in crate::cli) insecure_http: bool,
}

/// The values of `--network`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(in crate::cli) enum NetworkArg {
    /// Endpoints on the internet
    #[default]
    Public,
    /// Endpoints inside a VPC of the instance's region
    Vpc,
}

impl ClientArgs {
    /// Returns the options of the client.
    pub(in crate::cli) fn options(&self) -> acr_client::Options {
        acr_client::Options {
            parallelism: self.parallelism,
            rate: self.rate.map_or(RateLimit::Unlimited, RateLimit::PerSecond),
            network: match self.network {
                NetworkArg::Public => acr_client::Network::Public,
                NetworkArg::Vpc => acr_client::Network::Vpc,
            },
            insecure_http: self.insecure_http,
            ca_file: self.ca_file.clone(),
            ..acr_client::Options::default()
        }
    }
}

fn seconds(text: &str) -> Result<Duration, String> {
    const MAX_SECONDS: u64 = 24 * 60 * 60;
    let seconds = text.parse().unwrap_or_default();
    match Duration::try_from_secs_f64(seconds) {
        Ok(duration) if !duration.is_zero() && duration <= Duration::from_secs(MAX_SECONDS) => {
            Ok(duration)
        }
        _ => Err(format!(
            "expected a number of seconds, more than 0 and at most {MAX_SECONDS}"
        )),
    }
}

fn rate(text: &str) -> Result<RequestRate, String> {
    let rate = text.parse().ok().and_then(RequestRate::new);
    rate.ok_or_else(|| {
        format!(
            "expected a number of requests per second from {} to {}",
            RequestRate::MIN_PER_SECOND,
            RequestRate::MAX_PER_SECOND
        )
    })
}

fn requests(text: &str) -> Result<NonZeroUsize, String> {
    match text.parse() {
        Ok(requests) if requests <= MAX_REQUESTS => Ok(requests),
        _ => Err(format!("expected a number from 1 to {MAX_REQUESTS}")),
    }
}
