//! The store of results, on both databases: SQLite in a file, PostgreSQL on a server that the tests start.

mod commands;
mod deliveries;
mod engines;
mod late;
mod laws;
mod leases;
mod migration;
mod postgres;
mod processes;
pub(crate) mod results;
mod shares;
mod tls;

use crdrift::report;
use crdrift::store::{NewResult, RecordOutcome, Store, StoreAccess, StoreError, StoreUrl};
use tempfile::TempDir;

/// A new store of a test.
pub(crate) struct TestStore {
    pub(crate) url: String,
    _folder: TempDir,
}

impl TestStore {
    /// Returns an empty store on SQLite.
    pub(crate) fn sqlite() -> Self {
        // In memory where that is a file system: the tests wait for the disk otherwise.
        let folder = TempDir::new_in("/dev/shm").or_else(|_| TempDir::new());
        let folder = folder.expect("a temporary folder");
        let url = format!("sqlite:{}", folder.path().join("history.db").display());
        Self {
            url,
            _folder: folder,
        }
    }

    /// Returns an empty store on PostgreSQL.
    pub(crate) fn postgres() -> Self {
        Self {
            url: postgres::new_database(),
            _folder: TempDir::new().expect("a temporary folder"),
        }
    }

    /// Returns an empty store on each database.
    pub(crate) fn on_both() -> [Self; 2] {
        [Self::sqlite(), Self::postgres()]
    }

    /// Opens the store.
    pub(crate) fn open(&self) -> Store {
        self.try_open().expect("a store")
    }

    /// Opens the store, or returns its error.
    fn try_open(&self) -> Result<Store, StoreError> {
        let url = StoreUrl::parse(&self.url).expect("a URL");
        Store::open(&url, StoreAccess::Write, 1_000)
    }
}

/// Records a result document.
fn record(store: &mut Store, text: &str) -> RecordOutcome {
    let report = report::read(text.as_bytes()).expect("a result");
    let result = NewResult {
        name: "result.json",
        text,
        report: &report,
        recorded_ms: 2_000,
        lease: None,
        router: None,
    };
    store.record(&result).expect("the store is there")
}
