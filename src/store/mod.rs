//! Results kept in a database: SQLite for one host, PostgreSQL for several.
//!
//! A result is recorded once, however often and in whatever order it arrives. Findings are kept as episodes, from the run
//! that opened them to the run that closed them, so that the size of a store follows what changes, and not the number of
//! runs. What [`crate::history`] computes from saved results is the specification of what a store answers.
//!
//! Recording takes the lock of its estate first: then the order of writers does not matter. A result that is older than the
//! newest one is kept, and applied when its estate is read or recorded next, by applying the results again in the order of
//! their time. If the newer ones are incomplete, it is applied at once, and its changes are notified.
//!
//! Several processes share the estates of a store by leases: one of them checks an estate at a time, and a recording
//! under a lease that was lost is refused. They share the budgets of requests by entries that end like leases.

mod database;
mod delivery;
mod document;
mod episode;
mod error;
mod estate;
mod lease;
mod migrations;
mod open_findings;
mod persist;
mod postgres;
mod prune;
mod record;
mod replay;
mod runs;
mod share;
mod spool;
mod sqlite;
mod status;
mod url;

pub use database::{Database, SqlRow, SqlValue};
pub use delivery::{
    ClaimRequest, ClaimedDelivery, ClosedFinding, DeliveryClaim, DeliveryMark, DeliveryRecord,
    DeliveryRouter, DeliveryState, FindingTransition, NewDelivery, PendingCount, RunTransitions,
    SendBudget, TransitionKind, UnreadEstate, UnreadPeriod,
};
pub use episode::{EpisodeStatus, FindingFacts};
pub use error::StoreError;
pub use lease::{DueEstate, Lease, LeaseRequest, LeaseStatus};
pub use open_findings::OpenFinding;
pub use prune::{Pruned, Retention};
pub use record::{NewResult, RecordOutcome};
pub use runs::{KeptResult, RunId, RunSummary};
pub use share::BudgetShare;
pub use spool::{Spool, SpoolOutcome, SpooledResult};
pub use status::EstateStatus;
pub use url::{PasswordKey, PostgresUrl, StoreUrl};

use std::sync::Arc;

use self::migrations::SchemaState;
use self::postgres::PostgresDatabase;
use self::sqlite::SqliteDatabase;

/// The use of a store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StoreAccess {
    /// Reading only: the store has to exist.
    Read,
    /// Reading and recording: a new store is made.
    Write,
}

/// A function that opens a store.
pub type StoreOpener = Arc<dyn Fn() -> Result<Store, StoreError> + Send + Sync>;

/// A store of results. Its calls wait for the database; call them outside of asynchronous tasks.
#[derive(Debug)]
pub struct Store {
    database: Box<dyn Database>,
    schema: SchemaState,
}

impl Store {
    /// Opens a store. `now_ms` is the time of its creation, epoch milliseconds.
    ///
    /// # Errors
    ///
    /// [`StoreError`]: the database is away, is none of crdrift, or has a schema that this version cannot use.
    pub fn open(url: &StoreUrl, access: StoreAccess, now_ms: i64) -> Result<Self, StoreError> {
        let mut database: Box<dyn Database> = match url {
            StoreUrl::Sqlite(path) => Box::new(SqliteDatabase::open(path, access)?),
            StoreUrl::Postgres(url) => Box::new(PostgresDatabase::open(url)?),
        };
        if access == StoreAccess::Read && !database.has_table("crdrift_store")? {
            return Err(StoreError::Missing {
                store: url.to_string(),
            });
        }
        let schema = migrations::migrate(&mut *database, access, now_ms)?;
        Ok(Self { database, schema })
    }

    /// Returns the database, for statements of tests.
    pub fn database(&mut self) -> &mut dyn Database {
        &mut *self.database
    }

    /// Refuses to write into a store of a newer version.
    fn refuse_newer_schema(&self) -> Result<(), StoreError> {
        match self.schema {
            SchemaState::Current => Ok(()),
            SchemaState::Newer { found } => Err(StoreError::NewerSchema {
                found,
                known: migrations::KNOWN,
            }),
        }
    }

    /// Calls `work` in a transaction, whose changes are kept only if it succeeds.
    fn transact<T>(
        &mut self,
        work: impl FnOnce(&mut dyn Database) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        self.database.begin()?;
        let done = work(&mut *self.database);
        match done {
            Ok(done) => self.database.commit().map(|()| done),
            Err(error) => {
                self.database.roll_back();
                Err(error)
            }
        }
    }
}
