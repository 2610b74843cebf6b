//! How many requests one endpoint gets at once on behalf of one account.

use std::sync::{Mutex, PoisonError};

use tokio::sync::{Semaphore, SemaphorePermit};

/// A limit that adapts: it starts at the most, halves when the service is overloaded, and grows by one for each
/// round of successes (AIMD, as congestion control of TCP does it).
#[derive(Debug)]
pub(super) struct Limiter {
    most: usize,
    permits: Semaphore,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    limit: usize,
    /// Successes since the limit last changed.
    successes: usize,
    /// Permits that are out and to be withheld when they come back.
    owed: usize,
    /// Counts the cuts. A permit given before the last cut has no say in the next: requests that were under way
    /// together are throttled together, and that is one event.
    cuts: u64,
}

/// The right to have one request under way, waits between its attempts included.
#[derive(Debug)]
pub(super) struct Permit<'a> {
    limiter: &'a Limiter,
    slot: Option<SemaphorePermit<'a>>,
    cuts: u64,
}

impl Limiter {
    /// A limiter that starts with `most` and never exceeds it.
    pub(super) fn new(most: usize) -> Self {
        let state = State {
            limit: most,
            successes: 0,
            owed: 0,
            cuts: 0,
        };
        Self {
            most,
            permits: Semaphore::new(most),
            state: Mutex::new(state),
        }
    }

    /// Waits for a permit; first come, first served.
    pub(super) async fn acquire(&self) -> Permit<'_> {
        // The semaphore is never closed; were it, requests would go out unlimited and not get lost.
        let slot = self.permits.acquire().await.ok();
        Permit {
            limiter: self,
            slot,
            cuts: self.with(|state| state.cuts),
        }
    }

    fn with<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        change(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Permit<'_> {
    /// The service answered: after a whole round of answers there is room for one more.
    pub(super) fn succeeded(self) {
        let Limiter { most, permits, .. } = self.limiter;
        self.limiter.with(|state| {
            state.successes += 1;
            if state.successes < state.limit || state.limit >= *most {
                return;
            }
            state.successes = 0;
            state.limit += 1;
            if state.owed > 0 {
                state.owed -= 1;
            } else {
                permits.add_permits(1);
            }
        });
    }

    /// The service is overloaded: half as many from now on, one at least.
    pub(super) fn overloaded(&mut self) {
        let cuts = self.cuts;
        self.cuts = self.limiter.with(|state| {
            if cuts == state.cuts {
                let half = (state.limit / 2).max(1);
                let cut = state.limit - half;
                state.owed += cut - self.limiter.permits.forget_permits(cut);
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
        let withheld = self.limiter.with(|state| {
            let owed = state.owed > 0;
            state.owed -= usize::from(owed);
            owed
        });
        if withheld && let Some(slot) = self.slot.take() {
            slot.forget();
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
    fn one_overload_halves_once_however_many_requests_met_it() {
        let limiter = Limiter::new(16);
        let mut permits = take(&limiter);
        assert_eq!(permits.len(), 16);
        permits.iter_mut().for_each(Permit::overloaded);
        // A permit that met the overload and meets another speaks of a new one.
        permits.truncate(8);
        assert_eq!(take(&limiter).len(), 0, "eight are still out");
        drop(permits);
        let mut permits = take(&limiter);
        assert_eq!(permits.len(), 8);
        permits[0].overloaded();
        drop(permits);
        assert_eq!(take(&limiter).len(), 4);
    }

    #[test]
    fn it_never_falls_below_one_and_grows_by_one_a_round() {
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
    fn a_dropped_wait_costs_nothing() {
        let limiter = Limiter::new(1);
        let permit = take(&limiter);
        drop(limiter.acquire().now_or_never());
        drop(permit);
        assert_eq!(take(&limiter).len(), 1);
    }
}
