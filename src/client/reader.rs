//! What reading one instance needs to know.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU32, Ordering};

use jiff::Timestamp;

use super::Client;
use super::call::at_service;
use super::credentials::Identity;
use super::endpoint::ServiceUrl;
use super::limiter::Limiter;
use super::options::{Budget, Target};

/// What all readings of one endpoint with one identity share.
#[derive(Debug)]
pub(super) struct Lane {
    /// The endpoint.
    pub(super) service: ServiceUrl,
    /// Whose credentials.
    pub(super) identity: Identity,
    /// How much it takes.
    pub(super) limiter: Limiter,
    /// The page size to ask for; lowered once the service refuses it.
    pub(super) page_size: AtomicU32,
    /// What to add to our clock to have the service's, in milliseconds. Not shared among endpoints: one with a
    /// wrong clock must not spoil the others.
    clock_offset_ms: AtomicI64,
}

impl Lane {
    pub(super) fn new(service: ServiceUrl, identity: Identity, most: usize, page_size: u32) -> Self {
        Self {
            service,
            identity,
            limiter: Limiter::new(most),
            page_size: AtomicU32::new(page_size),
            clock_offset_ms: AtomicI64::new(0),
        }
    }

    /// The date to put on a request.
    pub(super) fn date(&self, now: Timestamp) -> Timestamp {
        at_service(now, self.clock_offset_ms.load(Ordering::Relaxed))
    }

    /// Takes the service's clock for right.
    pub(super) fn correct_clock(&self, now: Timestamp, at_service: Timestamp) {
        let offset = at_service.as_millisecond().saturating_sub(now.as_millisecond());
        self.clock_offset_ms.store(offset, Ordering::Relaxed);
    }
}

/// The reading of one instance.
#[derive(Debug)]
pub(super) struct Reader<'a> {
    pub(super) client: &'a Client,
    pub(super) lane: Arc<Lane>,
    pub(super) target: &'a Target,
    pub(super) budget: Budget,
    /// Requests sent so far.
    pub(super) requests: AtomicU32,
}
