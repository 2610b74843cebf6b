//! The clock of a service, as far as it differs from ours.

use std::sync::atomic::{AtomicI64, Ordering};

use jiff::{SignedDuration, Timestamp};

use super::transport::Response;

/// What to add to our clock to have the service's. Each service has its own: one with a wrong clock must not
/// spoil the others.
#[derive(Debug, Default)]
pub(super) struct ServiceClock {
    offset_ms: AtomicI64,
}

impl ServiceClock {
    /// The date to put on a request.
    pub(super) fn date(&self, now: Timestamp) -> Timestamp {
        let offset = SignedDuration::from_millis(self.offset_ms.load(Ordering::Relaxed));
        now.checked_add(offset).unwrap_or(now)
    }

    /// Takes the service's clock for right, where its answer tells the time.
    pub(super) fn correct(&self, now: Timestamp, answer: &Response) {
        if let Some(at_service) = answer.date() {
            let offset = at_service.as_millisecond().saturating_sub(now.as_millisecond());
            self.offset_ms.store(offset, Ordering::Relaxed);
        }
    }
}
