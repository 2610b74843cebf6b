//! The API, pretended on loopback: what the client is tried against, and what anybody without an account reads.
//!
//! [`start`] serves a [`Seed`] as the service would: signed requests only, pages, filters, both ends of every
//! rule, and the gateway's own refusals. It knows the protocol ([`crate::acr`]) and not the client.
//!
//! A request travels `server` (bytes) → `request` (parameters) → `service`, which checks in the gateway's order
//! with `claim`, `keys` and `nonces`, asks `accounts` and `ram` whether the caller may, and answers from `seed`,
//! `instances`, `sts` or `metadata` → `reply` (bytes again) → `delivery`. A [`Script`] adds accounts and bad weather
//! (`faults`).

mod accounts;
mod claim;
mod connection;
mod delivery;
mod ends;
mod faults;
mod instances;
mod keys;
mod metadata;
mod nonces;
mod operation;
mod paging;
mod ram;
mod refusal;
mod reply;
mod request;
mod script;
mod seed;
mod server;
mod service;
mod sts;
mod tally;
mod xml;

use std::fmt;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, RwLock};
use std::time::Duration;

use jiff::Timestamp;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

pub use accounts::DEFAULT_ACCOUNT_ID;
pub use faults::{Effect, Fault, Missing, Selector};
pub use keys::{AccessKey, DEFAULT_ACCESS_KEY_ID, DEFAULT_ACCESS_KEY_SECRET, Keys, SecurityToken};
pub use paging::{Beyond, PageLimit};
pub use ram::{OneOrMany, Policy, PolicyEffect, PolicyVersion, Statement};
pub use script::{Account, CredentialsUri, Metadata, OidcToken, Role, Script, ScriptError, User};
pub use seed::{Ends, Seed};
pub use tally::Requests;

use accounts::Accounts;
use faults::Faults;
use keys::KeyRing;
use metadata::Machine;
use nonces::Nonces;
use service::Service;
use tally::Tally;

/// What the emulator takes for the time.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// How long [`Emulator::shut_down`] waits for requests under way.
const GRACE: Duration = Duration::from_secs(2);

/// What to serve, where and how.
#[derive(Clone)]
pub struct Options {
    /// Where to listen; with port 0 the system picks a free one.
    pub listen: SocketAddr,
    /// Whether an address other machines can reach is accepted.
    pub allow_remote: bool,
    /// What to serve.
    pub seed: Seed,
    /// The keys requests may be signed with, beside those of the script's users. They are the first account's own,
    /// and may do everything in it.
    pub keys: Keys,
    /// The time requests are judged by.
    pub clock: Clock,
    /// The largest page.
    pub page_limit: PageLimit,
    /// What is said of an instance the seed does not have.
    pub missing_instance: MissingInstance,
    /// Accounts, and what goes wrong.
    pub script: Script,
}

/// How `INSTANCE_NOT_EXIST` is said; clients have met both.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum MissingInstance {
    /// HTTP 404. It is published nowhere which 4xx it is; with 404, which an unknown access key has too, a client
    /// that goes by the status alone is found out.
    #[default]
    NotFound,
    /// HTTP 200 and `IsSuccess: false`, which a client must not take for an instance without rules.
    UnderSuccess,
}

impl Options {
    /// Serves a seed on a free port of loopback, with the default keys and limits.
    #[must_use]
    pub fn new(seed: Seed, clock: Clock) -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            allow_remote: false,
            seed,
            keys: Keys::default(),
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

/// Why the emulator did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// Other machines could reach it, and nobody said that they may.
    #[error(
        "{0} is not a loopback address; the emulator's keys are public, so say explicitly that others may reach it"
    )]
    NotLoopback(SocketAddr),
    /// The address cannot be listened on.
    #[error("cannot listen on {address}")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// Why.
        source: std::io::Error,
    },
}

/// A running emulator; dropping it stops it.
pub struct Emulator {
    address: SocketAddr,
    service: Arc<Service>,
    /// Never sends: that it is gone is the signal.
    stop: watch::Sender<()>,
    serving: JoinHandle<()>,
}

/// Starts an emulator. It accepts connections when this returns.
///
/// # Errors
///
/// See [`StartError`].
pub async fn start(options: Options) -> Result<Emulator, StartError> {
    let Options {
        listen,
        allow_remote,
        seed,
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
    let (accounts, owned) = Accounts::new(script.accounts);
    let service = Arc::new(Service {
        seed: RwLock::new(seed),
        keys: KeyRing::new(keys, &accounts.root(), owned),
        accounts,
        machine: Machine::new(script.metadata, script.credentials_uri),
        clock,
        page_limit,
        missing_instance,
        faults: Faults::new(script.faults),
        nonces: Mutex::new(Nonces::default()),
        tally: Tally::default(),
    });
    let (stop, stopping) = watch::channel(());
    let serving = tokio::spawn(server::serve(listener, Arc::clone(&service), stopping));
    Ok(Emulator {
        address,
        service,
        stop,
        serving,
    })
}

impl Emulator {
    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The endpoint to give to a client.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The requests so far, refused ones included.
    #[must_use]
    pub fn requests(&self) -> Requests {
        self.service.tally.read()
    }

    /// Stops: no new connections, and the requests under way are answered if they are done within two seconds.
    pub async fn shut_down(self) {
        let Self {
            stop, mut serving, ..
        } = self;
        drop(stop);
        if tokio::time::timeout(GRACE, &mut serving).await.is_err() {
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
