//! How many requests came, and for what.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use acr_api::Action;

/// The requests that were counted up to some moment, refused ones included.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Requests(HashMap<(Option<&'static str>, Option<Box<str>>), u64>);

impl Requests {
    /// All requests.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.0.values().sum()
    }

    /// The requests for an action.
    #[must_use]
    pub fn of(&self, action: Action) -> u64 {
        self.named(action.as_str())
    }

    /// The requests for an operation by its name, as [`Selector::action`](super::Selector::action) has it.
    #[must_use]
    pub fn named(&self, operation: &str) -> u64 {
        self.0
            .iter()
            .filter(|((asked, _), _)| *asked == Some(operation))
            .map(|(_, count)| count)
            .sum()
    }

    /// The requests for an action on an instance of the seed.
    #[must_use]
    pub fn of_instance(&self, action: Action, instance_id: &str) -> u64 {
        self.0
            .get(&(Some(action.as_str()), Some(instance_id.into())))
            .copied()
            .unwrap_or_default()
    }
}

/// The running count.
#[derive(Debug, Default)]
pub(super) struct Tally(Mutex<Requests>);

impl Tally {
    /// Counts a request. `instance_id` is one of the seed's, or `None`: the count must not grow with what
    /// clients think up.
    pub(super) fn count(&self, operation: Option<&'static str>, instance_id: Option<&str>) {
        let mut requests = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *requests
            .0
            .entry((operation, instance_id.map(Into::into)))
            .or_default() += 1;
    }

    /// The count as it is now.
    pub(super) fn read(&self) -> Requests {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}
