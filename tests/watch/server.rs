//! A server on loopback with a state of its own and a real store.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, OnceLock};

use crdrift::i18n::Language;
use crdrift::redaction::SecretRegistry;
use crdrift::report;
use crdrift::store::{DeliveryRouter, NewResult, Store, StoreAccess, StoreUrl};
use crdrift::watch::{CheckSummary, EstateView, Server, ServerOptions, SharedState, WatchState};
use tempfile::TempDir;
use tokio::runtime::Runtime;

use crate::support::{crdrift, read};

/// The time of the tests, epoch milliseconds.
pub(super) const NOW_MS: i64 = 1_795_600_000_000;

/// A server of a test.
pub(super) struct TestServer {
    runtime: Runtime,
    server: Option<Server>,
    pub(super) state: SharedState,
    pub(super) clock: Arc<AtomicI64>,
    folder: TempDir,
}

/// Returns options with ports of the system's choice.
pub(super) fn options() -> ServerOptions {
    ServerOptions {
        listen: "127.0.0.1:0".parse().expect("an address"),
        metrics_listen: None,
        hosts: vec!["drift.example.com".to_owned()],
        password: None,
        language: Language::English,
        mask_ids: false,
        version: "0.1.0".to_owned(),
        secrets: SecretRegistry::default(),
    }
}

/// Returns a state without estates whose loop turns.
pub(super) fn state() -> WatchState {
    WatchState {
        started_ms: NOW_MS - 3_600_000,
        turned_ms: NOW_MS,
        has_tried: true,
        is_store_up: true,
        is_config_valid: true,
        ..WatchState::default()
    }
}

/// Returns the result of the quick start, of an estate and a time.
pub(super) fn result(estate: &str, started_ms: i64) -> String {
    static TEMPLATE: OnceLock<serde_json::Value> = OnceLock::new();
    let template = TEMPLATE.get_or_init(|| {
        crdrift()
            .file("rules.yaml", read("examples/quickstart/rules.yaml"))
            .file("live.json", read("examples/quickstart/live.json"))
            .args(["plan", "--live", "live.json", "-o", "json"])
            .run()
            .json()
    });
    let mut result = template.clone();
    result["estate"] = estate.into();
    result["desired"]["estate"] = estate.into();
    result["started_at"] = report::rfc3339(started_ms).into();
    serde_json::to_string_pretty(&result).expect("JSON") + "\n"
}

/// Returns an estate with one check.
pub(super) fn checked(text: &str) -> EstateView {
    let report = report::read(text.as_bytes()).expect("a result");
    let mut view = EstateView {
        owner: Some("shop-team".to_owned()),
        schedule: "every 15m".to_owned(),
        interval_ms: 900_000,
        next_ms: Some(NOW_MS + 600_000),
        has_lease: true,
        ..EstateView::default()
    };
    view.finish_check(&CheckSummary::from_report(&report));
    view
}

impl TestServer {
    pub(super) fn start(options: ServerOptions, state: WatchState) -> Self {
        let runtime = Runtime::new().expect("a runtime");
        let folder = TempDir::new_in("/dev/shm").or_else(|_| TempDir::new());
        let folder = folder.expect("a temporary folder");
        let path = folder.path().join("history.db");
        let state = SharedState::new(state);
        let clock = Arc::new(AtomicI64::new(NOW_MS));
        let now = Arc::clone(&clock);
        let server = runtime.block_on(crdrift::watch::start(
            options,
            state.clone(),
            Arc::new(move || open(&path)),
            Arc::new(move || now.load(Ordering::Relaxed)),
        ));
        Self {
            runtime,
            server: Some(server.expect("addresses of the system's choice")),
            state,
            clock,
            folder,
        }
    }

    /// Starts a server with the estate `shop`, which was checked a minute ago.
    pub(super) fn with_shop(options: ServerOptions) -> (Self, String) {
        let server = Self::start(options, state());
        let text = result("shop", NOW_MS - 60_000);
        server.record(&text);
        let view = checked(&text);
        server
            .state
            .change(|state| state.estates.insert("shop".to_owned(), view));
        (server, text)
    }

    pub(super) fn address(&self) -> SocketAddr {
        self.server.as_ref().expect("it runs").address()
    }

    pub(super) fn metrics_address(&self) -> SocketAddr {
        let server = self.server.as_ref().expect("it runs");
        server.metrics_address().expect("an address of its own")
    }

    /// Returns the path of the store.
    pub(super) fn store_path(&self) -> PathBuf {
        self.folder.path().join("history.db")
    }

    /// Records a result.
    pub(super) fn record(&self, text: &str) {
        self.record_with(text, None);
    }

    /// Opens the store.
    pub(super) fn store(&self) -> Store {
        open(&self.store_path()).expect("a store")
    }

    /// Records a result with its deliveries.
    pub(super) fn record_with(&self, text: &str, router: Option<&dyn DeliveryRouter>) {
        let report = report::read(text.as_bytes()).expect("a result");
        let result = NewResult {
            name: "result.json",
            text,
            report: &report,
            recorded_ms: NOW_MS,
            lease: None,
            router,
        };
        let mut store = self.store();
        store.record(&result).expect("the store is there");
    }

    pub(super) fn stop(&mut self) {
        let server = self.server.take().expect("it runs");
        self.runtime.block_on(server.stop());
    }
}

fn open(path: &std::path::Path) -> Result<Store, crdrift::store::StoreError> {
    let url = StoreUrl::parse(&format!("sqlite:{}", path.display())).expect("a URL");
    Store::open(&url, StoreAccess::Write, NOW_MS)
}
