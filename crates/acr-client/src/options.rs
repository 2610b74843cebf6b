//! The options of a client.

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::time::Duration;

use super::rate::RateLimit;
use super::retry::Backoff;

/// The options of a client.
#[derive(Debug, Clone)]
pub struct Options {
    /// The longest wait for a connection.
    pub connect_timeout: Duration,
    /// The longest wait between two parts of a response.
    pub read_timeout: Duration,
    /// The number of concurrent requests over all instances, and the initial limit of each endpoint and account, which
    /// throttling lowers.
    pub parallelism: NonZeroUsize,
    /// The largest number of requests per second to the registry and to ActionTrail for each account, over all endpoints
    /// and identities.
    pub rate: RateLimit,
    /// The number of rules to request per page. The API documents no maximum; 100 is that of the related action
    /// `ListRepository`. If the service refuses it, the client requests 50.
    pub page_size: u32,
    /// True to list each instance until two listings agree.
    pub consistent: bool,
    /// The largest number of calls of `LookupEvents` per second, over all accounts and regions; `None` for no limit. The
    /// service permits two per second and account.
    pub lookups_per_second: Option<NonZeroUsize>,
    /// The waits before retries.
    pub backoff: Backoff,
    /// The network of the services' endpoints.
    pub network: Network,
    /// True to allow plain HTTP to other machines. An attacker on the network can then read the responses and replay
    /// requests for 15 minutes.
    pub insecure_http: bool,
    /// A PEM file of certificates to trust besides the system's.
    pub ca_file: Option<PathBuf>,
    /// The URL of the ECS metadata service, which provides the role of an ECS instance.
    pub metadata_endpoint: Box<str>,
}

/// The network on which the services are reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Network {
    /// The internet.
    #[default]
    Public,
    /// A VPC of the region.
    Vpc,
}

impl Default for Options {
    /// Returns the timeouts of the official SDKs.
    fn default() -> Self {
        Self {
            connect_timeout: Duration::from_secs(5),
            read_timeout: Duration::from_secs(10),
            parallelism: NonZeroUsize::MIN.saturating_add(15),
            rate: RateLimit::Unlimited,
            page_size: 100,
            consistent: false,
            lookups_per_second: Some(NonZeroUsize::MIN.saturating_add(1)),
            backoff: Backoff::default(),
            network: Network::Public,
            insecure_http: false,
            ca_file: None,
            metadata_endpoint: "http://100.100.100.200".into(),
        }
    }
}
