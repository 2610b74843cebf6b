//! The limits on requests, which several clients can share.

use std::collections::HashMap;
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{OnceCell, Semaphore, watch};
use tokio::time::Instant;

use super::credentials::Identity;
use super::endpoint::ServiceUrl;
use super::rate::{AccountPace, RateLimit};
use super::reader::EndpointState;

/// The most access keys whose accounts are kept. Keys of roles change by the hour.
const MAX_KEYS: usize = 1_000;

/// The time after which an account that could not be determined is requested again.
const RETRY_AFTER: Duration = Duration::from_secs(10 * 60);

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
    accounts: Mutex<HashMap<String, AccountOfKey>>,
    paces: Mutex<HashMap<AccountKey, Arc<AccountPace>>>,
}

/// The account of an access key.
#[derive(Debug)]
struct AccountOfKey {
    account: Arc<OnceCell<AccountKey>>,
    created: Instant,
}

impl AccountOfKey {
    fn new(created: Instant) -> Self {
        Self {
            account: Arc::default(),
            created,
        }
    }

    /// Returns whether the account could not be determined, and may be by now.
    fn is_outdated(&self, now: Instant) -> bool {
        let is_unknown = matches!(self.account.get(), Some(AccountKey::AccessKey(_)));
        is_unknown && now.duration_since(self.created) >= RETRY_AFTER
    }
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

    /// Returns the account of an access key, which the first caller determines. A failure to determine it is kept for a
    /// time.
    pub(crate) fn account(&self, access_key_id: &str) -> Arc<OnceCell<AccountKey>> {
        self.account_at(access_key_id, Instant::now())
    }

    fn account_at(&self, access_key_id: &str, now: Instant) -> Arc<OnceCell<AccountKey>> {
        let mut accounts = lock(&self.0.accounts);
        if accounts.len() >= MAX_KEYS && !accounts.contains_key(access_key_id) {
            accounts.clear();
        }
        let entry = accounts.entry(access_key_id.to_owned());
        let entry = entry.or_insert_with(|| AccountOfKey::new(now));
        if entry.is_outdated(now) {
            *entry = AccountOfKey::new(now);
        }
        Arc::clone(&entry.account)
    }

    /// Returns the pace of an account.
    pub(crate) fn pace(&self, account: &AccountKey) -> Arc<AccountPace> {
        Arc::clone(lock(&self.0.paces).entry(account.clone()).or_default())
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroUsize;

    use tokio::time::Instant;

    use super::{AccountKey, RETRY_AFTER, RequestLimits};

    #[tokio::test]
    async fn an_unknown_account_is_requested_again_after_a_time() {
        let limits = RequestLimits::new(NonZeroUsize::MIN);
        let start = Instant::now();
        let determine = async |now: Instant, found: &AccountKey| {
            let account = limits.account_at("a", now);
            account.get_or_init(async || found.clone()).await.clone()
        };
        let unknown = AccountKey::AccessKey("a".to_owned());
        let known = AccountKey::Account("1".to_owned());
        assert_eq!(determine(start, &unknown).await, unknown);
        assert_eq!(determine(start, &known).await, unknown);
        let later = start + RETRY_AFTER;
        assert_eq!(determine(later, &known).await, known);
        assert_eq!(determine(later + RETRY_AFTER, &unknown).await, known);
    }
}
