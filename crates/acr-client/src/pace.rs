//! A pace: the largest number of calls per second.

use std::collections::VecDeque;
use std::num::NonZeroUsize;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

/// A limit on the calls within any second. Calls are due in the order of arrival.
#[derive(Debug)]
pub(crate) struct CallPace {
    per_second: Option<NonZeroUsize>,
    /// The times of the last calls, oldest first, at most as many as are permitted in a second.
    recent: Mutex<VecDeque<Instant>>,
}

impl CallPace {
    /// Returns a pace; `None` permits everything.
    pub(crate) fn new(per_second: Option<NonZeroUsize>) -> Self {
        Self {
            per_second,
            recent: Mutex::default(),
        }
    }

    /// Waits until a call is due.
    pub(crate) async fn wait(&self) {
        let now = Instant::now();
        let due = self.reserve(now);
        if due > now {
            sleep_until(due).await;
        }
    }

    /// Returns the time at which a call that arrives now is due, and counts it.
    fn reserve(&self, now: Instant) -> Instant {
        const SECOND: Duration = Duration::from_secs(1);
        let Some(per_second) = self.per_second else {
            return now;
        };
        let mut recent = self.recent.lock().unwrap_or_else(PoisonError::into_inner);
        let first = if recent.len() < per_second.get() {
            None
        } else {
            recent.pop_front()
        };
        let due = first.map_or(now, |first| now.max(first + SECOND));
        recent.push_back(due);
        due
    }
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroUsize;
    use std::time::Duration;

    use tokio::time::Instant;

    use super::CallPace;

    #[test]
    fn no_second_has_more_calls_than_permitted() {
        let pace = CallPace::new(NonZeroUsize::new(2));
        let now = Instant::now();
        let seconds: Vec<_> = (0..6)
            .map(|_| (pace.reserve(now) - now).as_secs())
            .collect();
        assert_eq!(seconds, [0, 0, 1, 1, 2, 2]);
        let later = now + Duration::from_secs(9);
        assert_eq!(pace.reserve(later), later);
        assert_eq!(CallPace::new(None).reserve(now), now);
    }
}
