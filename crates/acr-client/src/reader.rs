//! What reading one instance needs to know.

use std::sync::Arc;
use std::sync::atomic::AtomicU32;

use super::Client;
use super::clock::ServiceClock;
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
    /// What time it is there.
    pub(super) clock: ServiceClock,
}

impl Lane {
    pub(super) fn new(
        service: ServiceUrl,
        identity: Identity,
        most: usize,
        page_size: u32,
    ) -> Self {
        Self {
            service,
            identity,
            limiter: Limiter::new(most),
            page_size: AtomicU32::new(page_size),
            clock: ServiceClock::default(),
        }
    }
}

/// The reading of one instance.
#[derive(Debug)]
pub(super) struct Reader<'a> {
    pub(super) client: &'a Client,
    pub(super) lane: Arc<Lane>,
    pub(super) target: &'a Target,
    pub(super) budget: Budget,
    /// Whether the bodies of answers are kept beside what they say.
    pub(super) keeps_bodies: bool,
    /// Requests sent so far.
    pub(super) requests: AtomicU32,
}
