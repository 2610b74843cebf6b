//! The store of a running watch: opened again after it was away, with a spool for the results in between.

use crate::report::{self, Report};
use crate::store::{
    DeliveryRouter, Lease, NewResult, RecordOutcome, Spool, SpoolOutcome, Store, StoreAccess,
    StoreError, StoreUrl,
};

/// A result to record, and the conditions.
#[derive(Debug, Clone, Copy)]
pub struct CheckedResult<'a> {
    /// The result document.
    pub text: &'a str,
    /// The same, read.
    pub report: &'a Report,
    /// The lease that the process has to have still; `None` where the store could not give one.
    pub lease: Option<&'a Lease>,
    /// Decides which targets are notified.
    pub router: &'a dyn DeliveryRouter,
    /// The time, epoch milliseconds.
    pub now_ms: i64,
}

/// The connection to a store that may be away.
#[derive(Debug)]
pub struct StoreLink {
    url: StoreUrl,
    spool: Option<Spool>,
    store: Option<Store>,
    /// The errors since the start.
    errors: u64,
    /// True if the last call succeeded.
    is_up: bool,
}

impl StoreLink {
    /// Returns a connection that opens the store at the first call.
    #[must_use]
    pub fn new(url: StoreUrl, spool: Option<Spool>) -> Self {
        Self {
            url,
            spool,
            store: None,
            errors: 0,
            is_up: false,
        }
    }

    /// Returns the number of errors since the start.
    #[must_use]
    pub const fn errors(&self) -> u64 {
        self.errors
    }

    /// Returns whether the last call succeeded.
    #[must_use]
    pub const fn is_up(&self) -> bool {
        self.is_up
    }

    /// Calls `work` with the store, which is opened first if need be. A store that is away is opened again by the next
    /// call.
    ///
    /// # Errors
    ///
    /// Those of opening the store and of the call.
    pub fn call<T>(
        &mut self,
        now_ms: i64,
        work: impl FnOnce(&mut Store) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let opened = match self.store.take() {
            Some(store) => Ok(store),
            None => Store::open(&self.url, StoreAccess::Write, now_ms),
        };
        let done = opened.and_then(|mut store| {
            let done = work(&mut store);
            if !matches!(&done, Err(error) if error.is_transient()) {
                self.store = Some(store);
            }
            done
        });
        // A lease that was lost is an answer of the store.
        self.is_up = matches!(&done, Ok(_) | Err(StoreError::LeaseLost { .. }));
        if !self.is_up {
            self.errors += 1;
        }
        done
    }

    /// Records a result, after the results that wait in the spool.
    ///
    /// # Errors
    ///
    /// Those of the store. The result then waits in the spool, unless the lease is lost; if the spool fails too, the error
    /// says so.
    pub fn record(&mut self, result: &CheckedResult<'_>) -> Result<RecordOutcome, StoreError> {
        let spool = self.spool.clone();
        let recorded = self.call(result.now_ms, |store| {
            if let Some(spool) = &spool {
                store.record_spooled(spool, Some(result.router), result.now_ms)?;
            }
            record(store, result)
        });
        let Err(error) = recorded else {
            return recorded;
        };
        if matches!(error, StoreError::LeaseLost { .. }) {
            return Err(error);
        }
        let Some(spool) = &self.spool else {
            return Err(error);
        };
        match spool.add(result.report.started_ms, result.text) {
            Ok(()) => Err(error),
            Err(full) => Err(StoreError::Unreachable {
                store: self.url.to_string(),
                reason: format!(
                    "{error}; the result is lost, since the spool has an error: {full}"
                ),
            }),
        }
    }

    /// Records the results of the spool.
    ///
    /// # Errors
    ///
    /// Those of the store.
    pub fn record_spooled(
        &mut self,
        router: &dyn DeliveryRouter,
        now_ms: i64,
    ) -> Result<SpoolOutcome, StoreError> {
        let Some(spool) = self.spool.clone() else {
            return Ok(SpoolOutcome::default());
        };
        if spool.results().is_ok_and(|results| results.is_empty()) {
            return Ok(SpoolOutcome::default());
        }
        self.call(now_ms, |store| {
            store.record_spooled(&spool, Some(router), now_ms)
        })
    }
}

fn record(store: &mut Store, result: &CheckedResult<'_>) -> Result<RecordOutcome, StoreError> {
    let id = report::Digest::hash(result.text.as_bytes()).to_string();
    store.record(&NewResult {
        name: id.get(..12).unwrap_or(&id),
        text: result.text,
        report: result.report,
        recorded_ms: result.now_ms,
        lease: result.lease,
        router: Some(result.router),
    })
}
