//! Reads one instance: one page (`call`), one listing (`listing`), or the response to a query (`paged_response`).

pub(crate) mod call;
pub(crate) mod listing;
mod page_contract;
pub(crate) mod paged_response;
pub(crate) mod problem;
mod size_limit;

use std::sync::Arc;
use std::sync::atomic::AtomicU32;

use acr_api::PageQuery;

use super::Client;
use super::budget::Budget;
use super::clock::ServiceClock;
use super::credentials::Identity;
use super::endpoint::ServiceUrl;
use super::limiter::Limiter;
use super::target::Target;

/// The state of one endpoint for one identity, shared by all instances that are read through it.
#[derive(Debug)]
pub(crate) struct EndpointState {
    /// The URL of the endpoint.
    pub(crate) url: ServiceUrl,
    /// The credentials to sign with.
    pub(crate) identity: Identity,
    /// The limit of concurrent requests.
    pub(crate) limiter: Limiter,
    /// The page size to request; lowered once the service refuses it.
    pub(crate) page_size: AtomicU32,
    /// The clock of the service.
    pub(crate) clock: ServiceClock,
}

impl EndpointState {
    /// Returns the state before the first request.
    pub(crate) fn new(
        url: ServiceUrl,
        identity: Identity,
        parallelism: usize,
        page_size: u32,
    ) -> Self {
        Self {
            url,
            identity,
            limiter: Limiter::new(parallelism),
            page_size: AtomicU32::new(page_size),
            clock: ServiceClock::default(),
        }
    }
}

/// Reads one instance.
#[derive(Debug)]
pub(crate) struct InstanceReader<'a> {
    pub(crate) client: &'a Client,
    pub(crate) endpoint: Arc<EndpointState>,
    pub(crate) target: &'a Target,
    pub(crate) budget: Budget,
    /// True to keep the bodies of responses beside the parsed pages.
    pub(crate) keeps_bodies: bool,
    /// The number of requests sent.
    pub(crate) requests: AtomicU32,
}

impl InstanceReader<'_> {
    /// Returns the query for all rules: the instance alone, since the effect of the other parameters is not documented.
    pub(crate) fn full_query(&self) -> PageQuery {
        PageQuery {
            instance_id: self.target.instance_id.to_string(),
            ..PageQuery::default()
        }
    }
}
