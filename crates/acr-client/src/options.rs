//! What a reading is told: whom to ask, how, and what the client may use of the world outside.

use std::fmt;
use std::future::Future;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::time::{Instant, timeout_at};

use super::credentials::Identity;
use super::retry::Backoff;
use super::variables::reads_variable;

/// An instance to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// `InstanceId`.
    pub instance_id: Box<str>,
    /// The region whose endpoint serves it.
    pub region: Box<str>,
    /// The endpoint to ask instead: a URL, or a host name that is asked over HTTPS.
    pub endpoint: Option<Box<str>>,
    /// Whose credentials to ask with.
    pub identity: Identity,
}

/// How to read.
#[derive(Debug, Clone)]
pub struct Options {
    /// The longest wait for a connection.
    pub connect_timeout: Duration,
    /// The longest wait between two pieces of an answer.
    pub read_timeout: Duration,
    /// How many requests are under way at once, over all instances; also what each endpoint and account starts
    /// with. Throttling lowers the latter.
    pub parallelism: NonZeroUsize,
    /// Rules to ask for in one page. The API page states no maximum; 100 is that of the sibling action
    /// `ListRepository`. Where the service refuses it, 50 is asked for.
    pub page_size: u32,
    /// Whether an instance is listed until two listings agree.
    pub consistent: bool,
    /// How long to wait before asking again.
    pub backoff: Backoff,
    /// Which of the services' endpoints to ask.
    pub network: Network,
    /// Whether plain HTTP may go to other machines. Whoever is in between can then read everything and replay
    /// requests for 15 minutes.
    pub insecure_http: bool,
    /// Certificates to trust besides the system's: a PEM file.
    pub ca_file: Option<PathBuf>,
    /// The metadata service of the machine, where the role of an ECS instance is looked for.
    pub metadata_endpoint: Box<str>,
}

/// Where the services are asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Network {
    /// On the internet.
    #[default]
    Public,
    /// Inside a VPC of the region.
    Vpc,
}

impl Default for Options {
    /// The timeouts are those of the official SDKs.
    fn default() -> Self {
        Self {
            connect_timeout: Duration::from_secs(5),
            read_timeout: Duration::from_secs(10),
            parallelism: NonZeroUsize::MIN.saturating_add(15),
            page_size: 100,
            consistent: false,
            backoff: Backoff::default(),
            network: Network::Public,
            insecure_http: false,
            ca_file: None,
            metadata_endpoint: "http://100.100.100.200".into(),
        }
    }
}

/// A look into the environment.
type Variable = dyn Fn(&str) -> Option<String> + Send + Sync;

/// A record of secrets, kept so that nothing prints one.
pub trait SecretSink: Send + Sync {
    /// Adds a secret.
    fn add(&self, secret: &str);

    /// Adds the value of a key, such as one of a configuration file, if the key promises a secret.
    fn add_named(&self, key: &str, value: &str);
}

/// Keeps no record.
impl SecretSink for () {
    fn add(&self, _secret: &str) {}

    fn add_named(&self, _key: &str, _value: &str) {}
}

/// What the client takes from outside the program, so that a test can give something else.
#[derive(Clone)]
pub struct Outside {
    /// The time, for dates of requests and the expiry of tokens.
    pub now: Arc<dyn Fn() -> Timestamp + Send + Sync>,
    /// 128 bits that nobody can guess, for nonces and the jitter of waits; the low 32 must be uniform. A version 4
    /// UUID will do.
    pub random: Arc<dyn Fn() -> u128 + Send + Sync>,
    /// An environment variable.
    pub variable: Arc<Variable>,
    /// The home folder, where there is one.
    pub home: Option<PathBuf>,
    /// Takes in every key, token and password that the client reads or is given.
    pub secrets: Arc<dyn SecretSink>,
}

impl Outside {
    /// Returns an environment variable that is set to something, if it is one of the
    /// [listed](super::variables::reads_variable) ones.
    pub(super) fn variable(&self, name: &str) -> Option<String> {
        if !reads_variable(name) {
            return None;
        }
        (self.variable)(name).filter(|value| !value.trim().is_empty())
    }

    /// Whether a variable says yes: `true` in any case, as the SDKs read their switches.
    pub(super) fn is_on(&self, name: &str) -> bool {
        self.variable(name)
            .is_some_and(|value| value.trim().eq_ignore_ascii_case("true"))
    }
}

impl fmt::Debug for Outside {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Outside").finish_non_exhaustive()
    }
}

/// The time a run may take in all. What is not read when it ends is incomplete.
#[derive(Debug, Clone, Copy)]
pub struct Budget {
    total: Duration,
    ends: Instant,
}

impl Budget {
    /// A budget that begins now.
    #[must_use]
    pub fn starting_now(total: Duration) -> Self {
        // A time that no clock reaches is as good as a year.
        let total = total.min(Duration::from_secs(365 * 24 * 3600));
        Self {
            total,
            ends: Instant::now() + total,
        }
    }

    /// The whole of it.
    pub(super) const fn total(&self) -> Duration {
        self.total
    }

    /// What is left of it.
    #[must_use]
    pub fn left(&self) -> Duration {
        self.ends.saturating_duration_since(Instant::now())
    }

    /// Returns the time in which failures that may pass are waited for. The last quarter of the budget is kept, so that
    /// an instance that stays away costs the others nothing: what they list is asked for again after the listing.
    pub(super) fn patience(&self) -> Duration {
        self.left().saturating_sub(self.total / 4)
    }

    /// Does something within the budget; `None` where the budget ended first.
    pub(super) async fn within<T>(&self, work: impl Future<Output = T>) -> Option<T> {
        timeout_at(self.ends, work).await.ok()
    }
}
