//! An adaptive limit on the concurrent requests to one endpoint for one account.

use std::sync::{Mutex, PoisonError};

use tokio::sync::{Semaphore, SemaphorePermit};

/// An adaptive limit. It starts at its maximum, is halved when the service is overloaded, and grows by one after each
/// round of successes (additive increase, multiplicative decrease, as in TCP congestion control).
#[derive(Debug)]
pub(crate) struct Limiter {
    max: usize,
    permits: Semaphore,
    state: Mutex<LimiterState>,
}

#[derive(Debug)]
struct LimiterState {
    limit: usize,
    /// The number of successes since the limit last changed.
    successes: usize,
    /// The number of permits in use that must not return to the semaphore.
    excess: usize,
    /// The number of times that the limit was halved. A permit from before the last time cannot halve it again:
    /// requests that run concurrently are throttled by one overload.
    cuts: u64,
}

/// The permission to have one request in progress, including the waits between its attempts.
#[derive(Debug)]
pub(crate) struct Permit<'a> {
    limiter: &'a Limiter,
    slot: Option<SemaphorePermit<'a>>,
    cuts: u64,
}

impl Limiter {
    /// Returns a limiter that starts at its maximum.
    pub(crate) fn new(max: usize) -> Self {
        let state = LimiterState {
            limit: max,
            successes: 0,
            excess: 0,
            cuts: 0,
        };
        Self {
            max,
            permits: Semaphore::new(max),
            state: Mutex::new(state),
        }
    }

    /// Waits for a permit, in order of arrival.
    pub(crate) async fn acquire(&self) -> Permit<'_> {
        // The semaphore is never closed; an error would only lift the limit.
        let slot = self.permits.acquire().await.ok();
        Permit {
            limiter: self,
            slot,
            cuts: self.with_state(|state| state.cuts),
        }
    }

    fn with_state<T>(&self, change: impl FnOnce(&mut LimiterState) -> T) -> T {
        change(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Permit<'_> {
    /// Records a success. After a full round of them the limit grows by one.
    pub(crate) fn succeeded(self) {
        let Limiter { max, permits, .. } = self.limiter;
        self.limiter.with_state(|state| {
            state.successes += 1;
            if state.successes < state.limit || state.limit >= *max {
                return;
            }
            state.successes = 0;
            state.limit += 1;
            if state.excess > 0 {
                state.excess -= 1;
            } else {
                permits.add_permits(1);
            }
        });
    }

    /// Records an overload of the service: halves the limit, to one at least.
    pub(crate) fn overloaded(&mut self) {
        let cuts = self.cuts;
        self.cuts = self.limiter.with_state(|state| {
            if cuts == state.cuts {
                let half = (state.limit / 2).max(1);
                let cut = state.limit - half;
                state.excess += cut - self.limiter.permits.forget_permits(cut);
                state.limit = half;
                state.successes = 0;
                state.cuts += 1;
            }
            state.cuts
        });
    }
}

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        let is_excess = self.limiter.with_state(|state| {
            let is_excess = state.excess > 0;
            if is_excess {
                state.excess -= 1;
            }
            is_excess
        });
        if is_excess && let Some(permit) = self.slot.take() {
            permit.forget();
        }
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;

    use super::{Limiter, Permit};

    fn take(limiter: &Limiter) -> Vec<Permit<'_>> {
        std::iter::from_fn(|| limiter.acquire().now_or_never()).collect()
    }

    #[test]
    fn one_overload_of_many_requests_halves_the_limit_once() {
        let limiter = Limiter::new(16);
        let mut permits = take(&limiter);
        assert_eq!(permits.len(), 16);
        permits.iter_mut().for_each(Permit::overloaded);
        // A permit that was throttled and is throttled again reports another overload.
        permits.truncate(8);
        assert_eq!(take(&limiter).len(), 0, "eight are still in use");
        drop(permits);
        let mut permits = take(&limiter);
        assert_eq!(permits.len(), 8);
        permits[0].overloaded();
        drop(permits);
        assert_eq!(take(&limiter).len(), 4);
    }

    #[test]
    fn the_limit_is_at_least_one_and_grows_by_one_per_round() {
        let limiter = Limiter::new(4);
        for _ in 0..9 {
            take(&limiter)[0].overloaded();
        }
        let mut sizes = Vec::new();
        for _ in 0..5 {
            let permits = take(&limiter);
            sizes.push(permits.len());
            permits.into_iter().for_each(Permit::succeeded);
        }
        assert_eq!(sizes, [1, 2, 3, 4, 4]);
    }

    #[test]
    fn a_cancelled_wait_takes_no_permit() {
        let limiter = Limiter::new(1);
        let permit = take(&limiter);
        drop(limiter.acquire().now_or_never());
        drop(permit);
        assert_eq!(take(&limiter).len(), 1);
    }
}
