//! The difference between the clock of a service and the local one.

use std::sync::atomic::{AtomicI64, Ordering};

use jiff::{SignedDuration, Timestamp};

use super::transport::Response;

/// The clock of one service. Each service has its own, so that a wrong one cannot affect the others.
#[derive(Debug)]
pub(crate) struct ServiceClock {
    /// The correction of request dates, in milliseconds.
    correction_ms: AtomicI64,
    /// The last observed difference to the local clock, in milliseconds; `UNKNOWN` before the first response with a
    /// date.
    observed_ms: AtomicI64,
}

/// The largest correction of request dates. A service could otherwise obtain a signature for a date far ahead and
/// replay it then; a local clock that is wrong by more than a day is for the user to correct.
const MAX_CORRECTION: SignedDuration = SignedDuration::from_hours(24);

/// An offset that no clock has.
const UNKNOWN: i64 = i64::MIN;

impl Default for ServiceClock {
    fn default() -> Self {
        Self {
            correction_ms: AtomicI64::new(0),
            observed_ms: AtomicI64::new(UNKNOWN),
        }
    }
}

impl ServiceClock {
    /// Returns the date of a request that is sent now.
    pub(crate) fn date(&self, now: Timestamp) -> Timestamp {
        let correction = SignedDuration::from_millis(self.correction_ms.load(Ordering::Relaxed));
        now.checked_add(correction).unwrap_or(now)
    }

    /// Records the date of a response, if it has one.
    pub(crate) fn observe(&self, now: Timestamp, response: &Response) {
        if let Some(ahead) = ahead_ms(now, response) {
            self.observed_ms.store(ahead, Ordering::Relaxed);
        }
    }

    /// Returns the time by which the service is ahead of the local clock, if a response had a date.
    pub(crate) fn ahead(&self) -> Option<SignedDuration> {
        let ahead = self.observed_ms.load(Ordering::Relaxed);
        (ahead != UNKNOWN).then(|| SignedDuration::from_millis(ahead))
    }

    /// Adopts the date of a response for later requests, unless it is more than a day away.
    pub(crate) fn correct(&self, now: Timestamp, response: &Response) {
        if let Some(ahead) = ahead_ms(now, response)
            && i128::from(ahead.unsigned_abs()) <= MAX_CORRECTION.as_millis()
        {
            self.correction_ms.store(ahead, Ordering::Relaxed);
        }
    }
}

fn ahead_ms(now: Timestamp, response: &Response) -> Option<i64> {
    let date = response.date()?;
    Some(date.as_millisecond().saturating_sub(now.as_millisecond()))
}
