//! The budget of requests of a running watch: its share in it, which the store divides among the processes.

use std::sync::Arc;
use std::time::Duration;

use acr_client::RateLimit;
use tokio::task::JoinHandle;
use tokio::time::sleep;

use super::checker::Checker;
use crate::store::LeaseRequest;

/// The time between two renewals of a share: the others take as long to leave their part to a new process.
const RENEWAL: Duration = Duration::from_secs(5);

/// The time until the share of a process that was killed returns to the others.
const LIFE: Duration = Duration::from_secs(45);

impl Checker {
    /// Renews the share of this process, and sets the limit on the rate of its requests. While the store is away, the last
    /// share stays; a process that never had one takes the whole budget.
    pub(super) fn renew_share(&self) {
        let (limits, now_ms) = (self.shared.limits(), self.shared.now_ms());
        let Some(rate) = self.rate else {
            limits.set_rate(RateLimit::Unlimited);
            return;
        };
        let mut link = self.lock_store();
        // Behind the lock: an entry that was removed at the end must not come back.
        if self.is_stopping() {
            return;
        }
        let request = LeaseRequest {
            holder: &self.holder,
            duration: LIFE,
            now_ms,
        };
        match link.call(now_ms, |store| store.renew_share(&request)) {
            Ok(share) => limits.set_rate(rate.part(share.fraction())),
            Err(_) if limits.rate() == RateLimit::Unlimited => {
                limits.set_rate(RateLimit::PerSecond(rate));
            }
            Err(_) => {}
        }
    }
}

/// The task that renews a share; ended when dropped.
pub(super) struct ShareKeeper(Option<JoinHandle<()>>);

impl ShareKeeper {
    /// Starts the task, where the rate of requests has a limit.
    pub(super) fn start(checker: &Arc<Checker>) -> Self {
        if checker.rate.is_none() {
            return Self(None);
        }
        let checker = Arc::clone(checker);
        Self(Some(tokio::spawn(async move {
            loop {
                sleep(RENEWAL).await;
                let checker = Arc::clone(&checker);
                // A renewal that panicked is repeated as one that failed.
                let _ = tokio::task::spawn_blocking(move || checker.renew_share()).await;
            }
        })))
    }
}

impl Drop for ShareKeeper {
    fn drop(&mut self) {
        if let Some(task) = &self.0 {
            task.abort();
        }
    }
}
