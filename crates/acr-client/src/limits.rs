//! The limits on requests, which several clients can share.

use std::collections::HashMap;
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::Semaphore;

use super::credentials::Identity;
use super::endpoint::ServiceUrl;
use super::reader::EndpointState;

/// The limits on requests: over all instances, and for each endpoint and identity, lowered by throttling. A clone shares
/// them, so that several clients of one process do not throttle each other.
#[derive(Debug, Clone)]
pub struct RequestLimits(Arc<SharedLimits>);

#[derive(Debug)]
struct SharedLimits {
    permits: Semaphore,
    endpoints: Mutex<HashMap<(ServiceUrl, Identity), Arc<EndpointState>>>,
}

impl RequestLimits {
    /// Returns limits for a number of concurrent requests over all instances.
    #[must_use]
    pub fn new(parallelism: NonZeroUsize) -> Self {
        Self(Arc::new(SharedLimits {
            permits: Semaphore::new(parallelism.get()),
            endpoints: Mutex::default(),
        }))
    }

    /// Returns the global limit of concurrent requests.
    pub(crate) fn permits(&self) -> &Semaphore {
        &self.0.permits
    }

    /// Returns the state of an endpoint for an identity; `create` makes the first one.
    pub(crate) fn endpoint(
        &self,
        key: (ServiceUrl, Identity),
        create: impl FnOnce(&(ServiceUrl, Identity)) -> EndpointState,
    ) -> Arc<EndpointState> {
        let mut endpoints = self
            .0
            .endpoints
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if let Some(state) = endpoints.get(&key) {
            return Arc::clone(state);
        }
        let state = Arc::new(create(&key));
        endpoints.insert(key, Arc::clone(&state));
        state
    }
}
