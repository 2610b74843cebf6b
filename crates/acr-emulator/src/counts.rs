//! Request counters.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use acr_api::ApiAction;

/// The numbers of requests by operation and instance, including rejected requests.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RequestCounts {
    operations: HashMap<(Option<&'static str>, Option<Box<str>>), u64>,
    throttled: u64,
}

impl RequestCounts {
    /// Returns the number of all requests.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.operations.values().sum()
    }

    /// Returns the number of requests above the limit of their account, which were rejected.
    #[must_use]
    pub const fn throttled(&self) -> u64 {
        self.throttled
    }

    /// Returns the number of requests of an action.
    #[must_use]
    pub fn count(&self, action: ApiAction) -> u64 {
        self.count_by_name(action.as_str())
    }

    /// Returns the number of requests of an operation, by its name in
    /// [`FaultSelector::action`](super::FaultSelector::action).
    #[must_use]
    pub fn count_by_name(&self, operation: &str) -> u64 {
        self.operations
            .iter()
            .filter(|((asked, _), _)| *asked == Some(operation))
            .map(|(_, count)| count)
            .sum()
    }

    /// Returns the number of requests of an action for an instance of the seed.
    #[must_use]
    pub fn count_for_instance(&self, action: ApiAction, instance_id: &str) -> u64 {
        self.operations
            .get(&(Some(action.as_str()), Some(instance_id.into())))
            .copied()
            .unwrap_or_default()
    }
}

/// The live counters.
#[derive(Debug, Default)]
pub(super) struct RequestCounter(Mutex<RequestCounts>);

impl RequestCounter {
    /// Counts a request. `instance_id` is an instance of the seed or `None`, so that the counters do not grow with
    /// arbitrary ids.
    pub(super) fn increment(&self, operation: Option<&'static str>, instance_id: Option<&str>) {
        let mut requests = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *requests
            .operations
            .entry((operation, instance_id.map(Into::into)))
            .or_default() += 1;
    }

    /// Counts a request above the limit of its account.
    pub(super) fn increment_throttled(&self) {
        let mut requests = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        requests.throttled += 1;
    }

    /// Returns a copy of the counters.
    pub(super) fn snapshot(&self) -> RequestCounts {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}
