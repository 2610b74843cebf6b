//! An emulator of the API of Alibaba Cloud Container Registry on loopback: for tests of clients, official SDKs
//! included, and for anyone without an account.
//!
//! ```
//! use std::sync::Arc;
//!
//! use acr_api::{Listing, ReadStatus};
//! use acr_emulator::{MirrorMode, Options, Seed, start};
//!
//! # tokio::runtime::Runtime::new()?.block_on(async {
//! let listing = Listing {
//!     status: ReadStatus::Complete,
//!     rules: vec![serde_json::from_str(r#"{"SyncRuleId": "crsr-1", "TargetInstanceId": "cri-b"}"#)?],
//!     ..Listing::skipped("cri-a", None)
//! };
//! let seed = Seed::new(vec![listing], MirrorMode::Both);
//! let now = "2026-03-01T08:00:00Z".parse()?;
//! let emulator = start(Options::new(seed, Arc::new(move || now))).await?;
//! assert!(emulator.url().starts_with("http://127.0.0.1:"));
//! assert_eq!(emulator.request_counts().total(), 0);
//! emulator.shut_down().await;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! # })?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! `cargo run -p acr-emulator --example serve` serves a seed until Ctrl-C.
//!
//! # Types
//!
//! | type | purpose |
//! |---|---|
//! | [`start`], [`Options`], [`Emulator`] | start, configuration and handle of an emulator |
//! | [`Seed`], [`MirrorMode`] | the instances and rules to serve |
//! | [`AccessKeys`], [`AccessKey`] | the keys that requests may be signed with |
//! | [`Script`] | accounts, RAM policies, the ECS metadata service, events and faults, as a file |
//! | [`InjectedFault`], [`FaultSelector`], [`FaultEffect`] | an effect on selected requests |
//! | [`RequestCounts`] | the numbers of requests so far |
//!
//! # Guarantees
//!
//! - Only signed requests are served, with either signature; dates, nonces, tokens and permissions are checked in the
//!   order of the real gateway. Error codes and messages are the published ones.
//! - A rule appears at both its instances, unless [`MirrorMode::AsListed`] asks for the listings as they are.
//! - The clock is an argument, so a test can fix it.
//! - Memory is bounded: nonces, sessions, connections, request bodies and counters have limits.
//! - It listens on loopback only, unless [`Options::allow_remote`] permits other addresses.
//!
//! # Limits
//!
//! Actions that write do not exist. RAM conditions are rejected. Facts that are not published are decided in the
//! source, each with a comment.
//!
//! # Data flow
//!
//! `server` (bytes) → `request` (parameters) → `service`, which authenticates with `auth`, `keys` and `nonces`,
//! limits with `rates`,
//! authorizes with `accounts` and `ram`, and reads `seed`, `instances`, `events`, `sts` or `metadata` → `reply` (JSON or XML) →
//! `response` (bytes). `faults` contributes to `service`, `reply` and `response`.

mod accounts;
mod auth;
mod connection;
mod counts;
mod error;
mod events;
mod faults;
mod instances;
mod keys;
mod metadata;
mod mirror;
mod nonces;
mod operation;
mod paging;
mod ram;
mod rates;
mod reply;
mod request;
mod response;
mod script;
mod seed;
mod server;
mod service;
mod sts;
mod xml;

use std::fmt;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, RwLock};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

pub use accounts::DEFAULT_ACCOUNT_ID;
pub use counts::RequestCounts;
pub use faults::{FaultEffect, FaultSelector, InjectedFault, MissingFieldValue};
pub use keys::{
    AccessKey, AccessKeys, DEFAULT_ACCESS_KEY_ID, DEFAULT_ACCESS_KEY_SECRET, SecurityToken,
};
pub use paging::{OversizeHandling, PageLimit};
pub use ram::{OneOrMany, RamEffect, RamPolicy, RamPolicyVersion, RamStatement};
pub use script::{
    CredentialsUri, Metadata, OidcToken, RamRole, RamUser, Script, ScriptAccount, ScriptError,
    ScriptEvents, ScriptProblem,
};
pub use seed::{MirrorMode, Seed};

use accounts::AccountDirectory;
use counts::RequestCounter;
use events::EventLog;
use faults::FaultPlan;
use keys::KeyStore;
use metadata::MetadataService;
use nonces::NonceCache;
use rates::AccountRates;
use service::ApiService;

/// A source of the current time.
pub type ClockFn = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// The time that [`Emulator::shut_down`] waits for open requests.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(2);

/// The options of an emulator.
#[derive(Clone)]
pub struct Options {
    /// The address to listen on. The system selects a free port for port 0.
    pub listen: SocketAddr,
    /// Accept an address that other machines can reach.
    pub allow_remote: bool,
    /// The instances and rules to serve.
    pub seed: Seed,
    /// The access keys of the first account, with all permissions in it. The script can declare further keys.
    pub keys: AccessKeys,
    /// The clock for dates, tokens and nonces.
    pub clock: ClockFn,
    /// The maximum page size.
    pub page_limit: PageLimit,
    /// The response for an instance that the seed does not have.
    pub missing_instance: MissingInstance,
    /// Accounts, other services and faults.
    pub script: Script,
}

/// The form of `INSTANCE_NOT_EXIST`. Clients have met both.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum MissingInstance {
    /// HTTP 404. The status is published as 4xx only; an unknown access key has 404 too, which exposes clients that
    /// look at the status alone.
    #[default]
    NotFound,
    /// HTTP 200 with `IsSuccess: false`, which a client must not take for an instance without rules.
    UnderSuccess,
}

impl Options {
    /// Returns options that serve a seed on a free loopback port, with the default keys and limits.
    #[must_use]
    pub fn new(seed: Seed, clock: ClockFn) -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            allow_remote: false,
            seed,
            keys: AccessKeys::default(),
            clock,
            page_limit: PageLimit::default(),
            missing_instance: MissingInstance::default(),
            script: Script::default(),
        }
    }
}

impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Options")
            .field("listen", &self.listen)
            .field("keys", &self.keys)
            .finish_non_exhaustive()
    }
}

/// The reason for a failed start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// Other machines can reach the address, and [`Options::allow_remote`] is false.
    #[error("expected a loopback address, found {0}: the keys of the emulator are public")]
    NotLoopback(SocketAddr),
    /// The address is not available.
    #[error("cannot listen on {address}")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// The error of the system.
        source: std::io::Error,
    },
}

/// A running emulator. Dropping it stops it.
pub struct Emulator {
    address: SocketAddr,
    /// The regions without an endpoint of ActionTrail.
    unresolvable_regions: Vec<String>,
    service: Arc<ApiService>,
    /// Dropping the sender is the signal to stop; no value is ever sent.
    stop: watch::Sender<()>,
    serving: JoinHandle<()>,
}

/// Starts an emulator, which accepts connections when this function returns.
///
/// # Errors
///
/// [`StartError`] if the address is not loopback, or cannot be listened on.
pub async fn start(options: Options) -> Result<Emulator, StartError> {
    let Options {
        listen,
        allow_remote,
        mut seed,
        keys,
        clock,
        page_limit,
        missing_instance,
        script,
    } = options;
    if !listen.ip().to_canonical().is_loopback() && !allow_remote {
        return Err(StartError::NotLoopback(listen));
    }
    let failed = |source| StartError::Listen {
        address: listen,
        source,
    };
    let listener = TcpListener::bind(listen).await.map_err(failed)?;
    let address = listener.local_addr().map_err(failed)?;
    let rates = AccountRates::new(&script.accounts);
    let (accounts, owned) = AccountDirectory::new(script.accounts);
    let shift = match script.events.as_of() {
        Some(as_of) => clock().duration_since(as_of),
        None => SignedDuration::ZERO,
    };
    seed.shift_times(shift);
    let unresolvable_regions = script.events.unresolvable_regions.clone();
    let root = accounts.root().account;
    let events = EventLog::new(script.events, shift, seed.rules(), &root);
    let service = Arc::new(ApiService {
        seed: RwLock::new(seed),
        keys: KeyStore::new(keys, &accounts.root(), owned),
        accounts,
        rates,
        events,
        metadata: MetadataService::new(script.metadata, script.credentials_uri),
        clock,
        page_limit,
        missing_instance,
        faults: FaultPlan::new(script.faults),
        shift,
        nonces: Mutex::new(NonceCache::default()),
        counts: RequestCounter::default(),
    });
    let (stop, stopping) = watch::channel(());
    let serving = tokio::spawn(server::serve(listener, Arc::clone(&service), stopping));
    Ok(Emulator {
        address,
        unresolvable_regions,
        service,
        stop,
        serving,
    })
}

impl Emulator {
    /// Returns the address that the emulator listens on.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Returns the endpoint for clients.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Returns the endpoint of ActionTrail for clients in a region. That of a region without one has a label of more
    /// than 63 characters, which no resolver accepts; a client must permit plain HTTP for it.
    #[must_use]
    pub fn trail_url(&self, region: &str) -> String {
        if self.unresolvable_regions.iter().any(|it| it == region) {
            let label = "x".repeat(64);
            return format!("http://actiontrail.{label}.invalid");
        }
        self.url()
    }

    /// Returns the numbers of requests so far, including rejected requests.
    #[must_use]
    pub fn request_counts(&self) -> RequestCounts {
        self.service.counts.snapshot()
    }

    /// Stops the emulator: no new connections, and up to two seconds for open requests.
    pub async fn shut_down(self) {
        let Self {
            stop, mut serving, ..
        } = self;
        drop(stop);
        if tokio::time::timeout(SHUTDOWN_TIMEOUT, &mut serving)
            .await
            .is_err()
        {
            serving.abort();
        }
    }
}

impl fmt::Debug for Emulator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Emulator")
            .field("address", &self.address)
            .finish_non_exhaustive()
    }
}
