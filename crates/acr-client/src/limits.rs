//! The limits on requests, which several clients can share.

use std::collections::HashMap;
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{OnceCell, Semaphore, watch};

use super::credentials::Identity;
use super::endpoint::ServiceUrl;
use super::rate::{AccountPace, RateLimit};
use super::reader::EndpointState;

/// The most access keys whose accounts are kept. Keys of roles change by the hour.
const MAX_KEYS: usize = 1_000;

/// The limits on requests: over all instances, for each account, and for each endpoint and identity, lowered by
/// throttling. A clone shares them, so that several clients of one process do not throttle each other.
#[derive(Debug, Clone)]
pub struct RequestLimits(Arc<SharedLimits>);

#[derive(Debug)]
struct SharedLimits {
    permits: Semaphore,
    rate: watch::Sender<RateLimit>,
    endpoints: Mutex<HashMap<(ServiceUrl, Identity), Arc<EndpointState>>>,
    /// The accounts of access keys, by the id of the key.
    accounts: Mutex<HashMap<String, Arc<OnceCell<AccountKey>>>>,
    paces: Mutex<HashMap<AccountKey, Arc<AccountPace>>>,
}

/// The account that requests belong to.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum AccountKey {
    /// The UID of the account.
    Account(String),
    /// An access key whose account could not be determined, by its id.
    AccessKey(String),
}

impl RequestLimits {
    /// Returns limits for a number of concurrent requests over all instances, without a limit on their rate.
    #[must_use]
    pub fn new(parallelism: NonZeroUsize) -> Self {
        Self(Arc::new(SharedLimits {
            permits: Semaphore::new(parallelism.get()),
            rate: watch::Sender::new(RateLimit::Unlimited),
            endpoints: Mutex::default(),
            accounts: Mutex::default(),
            paces: Mutex::default(),
        }))
    }

    /// Sets the limit on the rate of requests for each account. It applies to the requests that wait, too.
    pub fn set_rate(&self, limit: RateLimit) {
        self.0.rate.send_if_modified(|current| {
            let is_new = *current != limit;
            *current = limit;
            is_new
        });
    }

    /// Returns the limit on the rate of requests for each account.
    #[must_use]
    pub fn rate(&self) -> RateLimit {
        *self.0.rate.borrow()
    }

    /// Returns the limit on the rate as it changes.
    pub(crate) fn subscribe_rate(&self) -> watch::Receiver<RateLimit> {
        self.0.rate.subscribe()
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
        let mut endpoints = lock(&self.0.endpoints);
        if let Some(state) = endpoints.get(&key) {
            return Arc::clone(state);
        }
        let state = Arc::new(create(&key));
        endpoints.insert(key, Arc::clone(&state));
        state
    }

    /// Returns the account of an access key, which the first caller determines.
    pub(crate) fn account(&self, access_key_id: &str) -> Arc<OnceCell<AccountKey>> {
        let mut accounts = lock(&self.0.accounts);
        if accounts.len() >= MAX_KEYS && !accounts.contains_key(access_key_id) {
            accounts.clear();
        }
        Arc::clone(accounts.entry(access_key_id.to_owned()).or_default())
    }

    /// Returns the pace of an account.
    pub(crate) fn pace(&self, account: &AccountKey) -> Arc<AccountPace> {
        Arc::clone(lock(&self.0.paces).entry(account.clone()).or_default())
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
