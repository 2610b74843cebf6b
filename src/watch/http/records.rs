//! The records of an estate in the store, read on a thread for blocking work over a connection that is kept.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::deliveries::MAX_DELIVERIES;
use crate::store::{
    DeliveryRecord, KeptResult, OpenFinding, RunSummary, Store, StoreError, StoreOpener,
};

/// The most runs of a timeline.
const MAX_RUNS: usize = 100;

/// The shortest period that is searched for the runs of a timeline, milliseconds.
const MIN_PERIOD_MS: i64 = 86_400_000;

/// The longest wait for the store.
const READ_TIMEOUT: Duration = Duration::from_secs(10);

/// The records of an estate.
#[derive(Debug, Default)]
pub(super) struct EstateRecords {
    /// The newest complete result that the store has.
    pub(super) complete: Option<KeptResult>,
    /// The newest runs, the newest first.
    pub(super) runs: Vec<RunSummary>,
    /// The findings that are open or accepted.
    pub(super) findings: Vec<OpenFinding>,
}

/// The store does not answer, or not in time. The loop reports its errors.
#[derive(Debug)]
pub(super) struct StoreUnavailable;

/// A reader of the store.
pub(super) struct StoreReader {
    open: StoreOpener,
    /// The connection between two readings.
    kept: Arc<Mutex<Option<Store>>>,
    /// One reading at a time: a store that hangs must not take every thread.
    turn: Arc<Semaphore>,
}

impl std::fmt::Debug for StoreReader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("StoreReader").finish_non_exhaustive()
    }
}

impl StoreReader {
    pub(super) fn new(open: StoreOpener) -> Self {
        Self {
            open,
            kept: Arc::default(),
            turn: Arc::new(Semaphore::new(1)),
        }
    }

    /// Calls `read` with the store. A kept connection that fails is replaced once: the database may have restarted.
    pub(super) async fn read<T: Send + 'static>(
        &self,
        read: impl Fn(&mut Store) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreUnavailable> {
        let open = Arc::clone(&self.open);
        let kept = Arc::clone(&self.kept);
        let turn = Arc::clone(&self.turn);
        let reading = move |turn: OwnedSemaphorePermit| {
            // A reading keeps its turn after its request has ended.
            let _turn = turn;
            let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(mut store) = kept.take()
                && let Ok(answer) = read(&mut store)
            {
                *kept = Some(store);
                return Ok(answer);
            }
            let mut store = open()?;
            let answer = read(&mut store)?;
            *kept = Some(store);
            Ok(answer)
        };
        let answer = async {
            let turn = turn.acquire_owned().await.ok()?;
            let answer: Result<T, StoreError> = tokio::task::spawn_blocking(move || reading(turn))
                .await
                .ok()?;
            answer.ok()
        };
        let answer = tokio::time::timeout(READ_TIMEOUT, answer).await;
        answer.ok().flatten().ok_or(StoreUnavailable)
    }

    /// Returns the newest deliveries of all estates and targets.
    pub(super) async fn deliveries(&self) -> Result<Vec<DeliveryRecord>, StoreUnavailable> {
        self.read(|store| store.newest_deliveries(None, MAX_DELIVERIES))
            .await
    }

    /// Returns the records of an estate that is checked once in `interval_ms`.
    pub(super) async fn estate(
        &self,
        name: &str,
        interval_ms: u64,
        now_ms: i64,
    ) -> Result<EstateRecords, StoreUnavailable> {
        let name = name.to_owned();
        let period = i64::try_from(interval_ms).unwrap_or(i64::MAX);
        let period = period
            .saturating_mul(i64::try_from(MAX_RUNS).unwrap_or(i64::MAX))
            .max(MIN_PERIOD_MS);
        let since_ms = now_ms.saturating_sub(period);
        self.read(move |store| read_estate(store, &name, since_ms))
            .await
    }
}

fn read_estate(store: &mut Store, name: &str, since_ms: i64) -> Result<EstateRecords, StoreError> {
    let mut runs = whole_runs(store, name, Some(since_ms))?;
    let complete = match newest_complete(&runs) {
        Some(id) => Some(id.clone()),
        None => newest_complete(&whole_runs(store, name, None)?).cloned(),
    };
    runs.truncate(MAX_RUNS);
    Ok(EstateRecords {
        complete: complete.map(|id| store.result(&id)).transpose()?,
        runs,
        findings: whole_findings(store, name)?,
    })
}

/// Returns the runs that compared everything: a plan of a selection is another estate of this name.
fn whole_runs(
    store: &mut Store,
    name: &str,
    since_ms: Option<i64>,
) -> Result<Vec<RunSummary>, StoreError> {
    let mut runs = store.runs(Some(name), None, since_ms)?;
    runs.retain(|run| run.selection.is_empty());
    Ok(runs)
}

/// Returns the open and accepted findings of the runs that compared everything.
pub(super) fn whole_findings(
    store: &mut Store,
    name: &str,
) -> Result<Vec<OpenFinding>, StoreError> {
    let mut findings = store.open_findings(Some(name), None, None)?;
    findings.retain(|finding| finding.selection.is_empty());
    Ok(findings)
}

fn newest_complete(runs: &[RunSummary]) -> Option<&crate::store::RunId> {
    let mut complete = runs
        .iter()
        .filter(|it| it.outcome.is_complete() && it.has_document);
    complete.next().map(|it| &it.id)
}
