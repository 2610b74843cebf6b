//! The server of pages, metrics and health: it only reads, and a browser cannot make it do anything else.
//!
//! Every request passes [`guard`]: a bounded address, a `Host` that the operator allows, the password where there is
//! one, `GET` or `HEAD`, and a bounded time. The pages show [`SharedState`] and what the store has; no answer waits for
//! the API.

mod api;
mod connection;
mod deliveries;
mod events;
mod guard;
mod health;
mod hosts;
mod metrics;
mod page;
mod password;
mod records;
mod response;
mod routes;

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use secrecy::SecretString;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

pub use self::api::schema;
use self::connection::{ConnectionInfo, PageListener};
use self::events::EventSource;
use self::hosts::PageHosts;
use self::password::PagePassword;
use self::records::StoreReader;
use super::SharedState;
use crate::i18n::Language;
use crate::redaction::SecretRegistry;
use crate::report::Mask;
use crate::store::StoreOpener;

/// The longest wait for open requests at the end.
const STOP_TIMEOUT: Duration = Duration::from_secs(3);

/// The time, epoch milliseconds.
pub type WatchClock = Arc<dyn Fn() -> i64 + Send + Sync>;

/// The options of the server.
#[derive(Debug, Clone)]
pub struct ServerOptions {
    /// The address of the pages.
    pub listen: SocketAddr,
    /// The address of the metrics, where they have one of their own. It needs no password.
    pub metrics_listen: Option<SocketAddr>,
    /// The names that `Host` may have besides those of this machine and the address of the connection.
    pub hosts: Vec<String>,
    /// The password of the pages; any user name goes with it.
    pub password: Option<SecretString>,
    /// The language of the pages.
    pub language: Language,
    /// True if the ids of instances and accounts are masked.
    pub mask_ids: bool,
    /// The version of this program.
    pub version: String,
    /// The secrets that no response contains.
    pub secrets: SecretRegistry,
}

/// The parts that answers are made of.
#[derive(Debug)]
struct ServerContext {
    language: Language,
    mask: Option<Mask>,
    version: String,
    secrets: SecretRegistry,
    hosts: PageHosts,
    password: Option<PagePassword>,
    /// True if the metrics have an address of their own.
    has_metrics_address: bool,
    state: SharedState,
    stores: StoreReader,
    events: EventSource,
    clock: ServerClock,
}

/// The clock of the server.
#[derive(Clone)]
struct ServerClock(WatchClock);

impl std::fmt::Debug for ServerClock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ServerClock")
    }
}

impl ServerContext {
    fn now_ms(&self) -> i64 {
        (self.clock.0)()
    }
}

/// A running server.
#[derive(Debug)]
pub struct Server {
    address: SocketAddr,
    metrics_address: Option<SocketAddr>,
    stop: watch::Sender<bool>,
    tasks: Vec<JoinHandle<()>>,
}

impl Server {
    /// Returns the address of the pages.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Returns the address of the metrics, where they have one of their own.
    #[must_use]
    pub const fn metrics_address(&self) -> Option<SocketAddr> {
        self.metrics_address
    }

    /// Stops: closes the streams of events, and waits a moment for open requests.
    pub async fn stop(self) {
        self.stop.send_replace(true);
        let all = futures_util::future::join_all(self.tasks);
        // Requests that are still open end with the process.
        let _ = tokio::time::timeout(STOP_TIMEOUT, all).await;
    }
}

/// Starts the server.
///
/// # Errors
///
/// The error of an address that cannot be listened on.
pub async fn start(
    options: ServerOptions,
    state: SharedState,
    stores: StoreOpener,
    clock: WatchClock,
) -> io::Result<Server> {
    let listener = TcpListener::bind(options.listen).await?;
    let metrics_listener = match options.metrics_listen {
        Some(address) => Some(TcpListener::bind(address).await?),
        None => None,
    };
    let address = listener.local_addr()?;
    let metrics_address = match &metrics_listener {
        Some(listener) => Some(listener.local_addr()?),
        None => None,
    };
    let (stop, stopping) = watch::channel(false);
    let (events, publisher) = events::publish(state.clone(), clock(), stopping.clone());
    let context = Arc::new(ServerContext {
        language: options.language,
        mask: options.mask_ids.then(Mask::default),
        version: options.version,
        secrets: options.secrets,
        hosts: PageHosts::new(&options.hosts),
        password: options.password.as_ref().map(PagePassword::new),
        has_metrics_address: metrics_listener.is_some(),
        state,
        stores: StoreReader::new(stores),
        events,
        clock: ServerClock(clock),
    });
    let mut tasks = vec![tokio::spawn(publisher)];
    let pages = routes::pages(Arc::clone(&context));
    tasks.push(tokio::spawn(serve(listener, pages, stopping.clone())));
    if let Some(listener) = metrics_listener {
        let metrics = routes::metrics(context);
        tasks.push(tokio::spawn(serve(listener, metrics, stopping)));
    }
    Ok(Server {
        address,
        metrics_address,
        stop,
        tasks,
    })
}

async fn serve(listener: TcpListener, router: axum::Router, mut stopping: watch::Receiver<bool>) {
    let router = router.into_make_service_with_connect_info::<ConnectionInfo>();
    let signal = async move {
        let _ = stopping.wait_for(|is_stopping| *is_stopping).await;
    };
    // Serving has no errors of its own: a failed connection is the client's to report.
    let _ = axum::serve(PageListener::new(listener), router)
        .with_graceful_shutdown(signal)
        .await;
}
