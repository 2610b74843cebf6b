//! The clock of a service, as far as it differs from ours.

use std::sync::atomic::{AtomicI64, Ordering};

use jiff::{SignedDuration, Timestamp};

use super::transport::Response;

/// What to add to our clock to have the service's. Each service has its own: one with a wrong clock must not
/// spoil the others.
#[derive(Debug)]
pub(super) struct ServiceClock {
    offset_ms: AtomicI64,
    /// How far it was ahead of ours when it last told; `UNKNOWN` before that.
    ahead_ms: AtomicI64,
}

/// The most that a service may move the date of requests, either way: a signature for a day that is far away would be
/// good for a replay then. A machine's clock is wrong by hours, or by years, which its owner has to mend.
const MOST_MOVED: SignedDuration = SignedDuration::from_hours(24);

/// An offset that no clock has.
const UNKNOWN: i64 = i64::MIN;

impl Default for ServiceClock {
    fn default() -> Self {
        Self {
            offset_ms: AtomicI64::new(0),
            ahead_ms: AtomicI64::new(UNKNOWN),
        }
    }
}

impl ServiceClock {
    /// The date to put on a request.
    pub(super) fn date(&self, now: Timestamp) -> Timestamp {
        let offset = SignedDuration::from_millis(self.offset_ms.load(Ordering::Relaxed));
        now.checked_add(offset).unwrap_or(now)
    }

    /// Notes what time it is there, where an answer tells.
    pub(super) fn observe(&self, now: Timestamp, answer: &Response) {
        if let Some(ahead) = ahead_ms(now, answer) {
            self.ahead_ms.store(ahead, Ordering::Relaxed);
        }
    }

    /// How far it is ahead of ours, as far as answers told.
    pub(super) fn ahead(&self) -> Option<SignedDuration> {
        let ahead = self.ahead_ms.load(Ordering::Relaxed);
        (ahead != UNKNOWN).then(|| SignedDuration::from_millis(ahead))
    }

    /// Takes the service's clock for right, where its answer tells a time that is at most a day away.
    pub(super) fn correct(&self, now: Timestamp, answer: &Response) {
        if let Some(ahead) = ahead_ms(now, answer)
            && i128::from(ahead.unsigned_abs()) <= MOST_MOVED.as_millis()
        {
            self.offset_ms.store(ahead, Ordering::Relaxed);
        }
    }
}

fn ahead_ms(now: Timestamp, answer: &Response) -> Option<i64> {
    Some(
        answer
            .date()?
            .as_millisecond()
            .saturating_sub(now.as_millisecond()),
    )
}
