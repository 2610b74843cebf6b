//! The rate of requests: a budget for each account, and the turns of its requests.

use std::time::Duration;

use tokio::sync::{Mutex, MutexGuard, watch};
use tokio::time::{Instant, sleep_until};

/// A number of requests per second.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct RequestRate(f64);

impl RequestRate {
    /// The lowest rate: a request in 1,000 seconds.
    pub const MIN_PER_SECOND: f64 = 0.001;

    /// The highest rate. More than this is no limit: timers have a resolution of a millisecond.
    pub const MAX_PER_SECOND: f64 = 1_000.0;

    /// Returns a rate; `None` for a number that is not from [`Self::MIN_PER_SECOND`] to [`Self::MAX_PER_SECOND`].
    #[must_use]
    pub fn new(per_second: f64) -> Option<Self> {
        (Self::MIN_PER_SECOND..=Self::MAX_PER_SECOND)
            .contains(&per_second)
            .then_some(Self(per_second))
    }

    /// Returns a part of the rate. `fraction` is from 0 to 1.
    #[must_use]
    pub fn part(self, fraction: f64) -> RateLimit {
        let rate = self.0 * fraction.min(1.0);
        if rate > 0.0 {
            RateLimit::PerSecond(Self(rate))
        } else {
            RateLimit::Paused
        }
    }

    /// Returns the number of requests per second.
    #[must_use]
    pub const fn per_second(self) -> f64 {
        self.0
    }

    /// Returns the time between the starts of two requests.
    fn interval(self) -> Duration {
        /// The longest interval. A longer one could overflow the clock.
        const MAX_INTERVAL: Duration = Duration::from_secs(24 * 3600);
        Duration::try_from_secs_f64(1.0 / self.0).map_or(MAX_INTERVAL, |it| it.min(MAX_INTERVAL))
    }
}

/// The limit on the rate of requests for each account.
#[derive(Debug, Clone, Copy, Default, PartialEq, PartialOrd)]
pub enum RateLimit {
    /// No limit but that of the concurrent requests.
    #[default]
    Unlimited,
    /// A rate, spread evenly over each second.
    PerSecond(RequestRate),
    /// No request starts until the limit changes.
    Paused,
}

/// The pace of the requests for one account. A turn belongs to one request at a time, in the order of arrival.
#[derive(Debug, Default)]
pub(crate) struct AccountPace {
    last: Mutex<LastStart>,
}

/// The start of the last request.
#[derive(Debug, Default)]
struct LastStart(Option<Instant>);

/// The time at which the next request is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum NextStart {
    Now,
    At(Instant),
    Never,
}

/// The turn of one request. While it is held, no other request for the account starts; dropping it without a start gives it
/// to the next request.
#[derive(Debug)]
pub(crate) struct PaceTurn<'a>(MutexGuard<'a, LastStart>);

impl AccountPace {
    /// Waits for a turn. A change of the limit applies to the requests that wait.
    pub(crate) async fn turn(&self, mut limit: watch::Receiver<RateLimit>) -> PaceTurn<'_> {
        let last = self.last.lock().await;
        loop {
            let current = *limit.borrow_and_update();
            let due = async {
                match last.next(current) {
                    NextStart::Now => {}
                    NextStart::At(due) => sleep_until(due).await,
                    NextStart::Never => std::future::pending().await,
                }
            };
            tokio::select! {
                biased;
                () = due => return PaceTurn(last),
                // The sender is in the limits of the client, which outlive its requests.
                Ok(()) = limit.changed() => {}
            }
        }
    }
}

impl LastStart {
    /// Returns the time of the next start under a limit.
    fn next(&self, limit: RateLimit) -> NextStart {
        match (limit, self.0) {
            (RateLimit::Paused, _) => NextStart::Never,
            (RateLimit::Unlimited, _) | (RateLimit::PerSecond(_), None) => NextStart::Now,
            (RateLimit::PerSecond(rate), Some(last)) => NextStart::At(last + rate.interval()),
        }
    }
}

impl PaceTurn<'_> {
    /// Counts a request that starts now, and ends the turn.
    pub(crate) fn start(mut self) {
        self.0.0 = Some(Instant::now());
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use futures_util::FutureExt;
    use tokio::sync::watch;
    use tokio::time::Instant;

    use super::{AccountPace, LastStart, NextStart, RateLimit, RequestRate};

    fn rate(per_second: f64) -> RequestRate {
        RequestRate::new(per_second).expect("a rate")
    }

    /// Returns the starts of requests that are always ready, in milliseconds. The limit of a start is that at its time.
    fn starts(count: usize, limit: impl Fn(u128) -> RateLimit) -> Vec<u128> {
        let first = Instant::now();
        let (mut last, mut now) = (LastStart::default(), first);
        let mut starts = Vec::new();
        while starts.len() < count {
            match last.next(limit((now - first).as_millis())) {
                NextStart::At(due) if due > now => now += Duration::from_millis(1),
                NextStart::Never => now += Duration::from_millis(1),
                NextStart::At(_) | NextStart::Now => {
                    last.0 = Some(now);
                    starts.push((now - first).as_millis());
                }
            }
        }
        starts
    }

    #[test]
    fn requests_are_spread_over_each_second() {
        let at = |per_second| starts(5, move |_| RateLimit::PerSecond(rate(per_second)));
        assert_eq!(at(4.0), [0, 250, 500, 750, 1_000]);
        assert_eq!(at(0.5), [0, 2_000, 4_000, 6_000, 8_000]);
        assert_eq!(at(2.5), [0, 400, 800, 1_200, 1_600]);
        assert_eq!(starts(3, |_| RateLimit::Unlimited), [0, 0, 0]);
    }

    #[test]
    fn a_change_of_the_limit_applies_to_the_next_start() {
        let limit = |now_ms| match now_ms {
            0..1_500 => RateLimit::PerSecond(rate(1.0)),
            1_500..3_000 => RateLimit::Paused,
            _ => RateLimit::PerSecond(rate(10.0)),
        };
        assert_eq!(starts(5, limit), [0, 1_000, 3_000, 3_100, 3_200]);
    }

    #[test]
    fn the_parts_of_a_rate_are_at_most_the_whole() {
        assert_eq!(rate(8.0).part(0.25), RateLimit::PerSecond(rate(2.0)));
        assert_eq!(rate(8.0).part(2.0), RateLimit::PerSecond(rate(8.0)));
        assert_eq!(rate(8.0).part(0.0), RateLimit::Paused);
        for per_second in [0.0, -1.0, f64::NAN, f64::INFINITY, 0.000_1, 1_001.0] {
            assert_eq!(RequestRate::new(per_second), None, "{per_second}");
        }
    }

    #[tokio::test]
    async fn a_turn_that_is_dropped_goes_to_the_next_request() {
        let pace = AccountPace::default();
        let limit = watch::Sender::new(RateLimit::PerSecond(rate(0.001)));
        let turn = || pace.turn(limit.subscribe());
        let first = turn().now_or_never().expect("the first turn");
        assert!(turn().now_or_never().is_none(), "one request has the turn");
        drop(first);
        turn()
            .now_or_never()
            .expect("a turn that was not used")
            .start();
        let mut waiting = Box::pin(turn());
        assert!(
            (&mut waiting).now_or_never().is_none(),
            "not before its time"
        );
        limit.send_replace(RateLimit::Unlimited);
        waiting.await.start();
    }
}
