//! The limits on the requests of accounts.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};

use super::script::ScriptAccount;

const SECOND: SignedDuration = SignedDuration::from_secs(1);

/// The accounts with a limit, and their requests of the current second.
#[derive(Debug, Default)]
pub(super) struct AccountRates(HashMap<String, Mutex<AccountRate>>);

#[derive(Debug)]
struct AccountRate {
    /// The limit, requests a second.
    limit: u32,
    /// The first request of the current second.
    since: Timestamp,
    /// The requests since then.
    requests: u32,
}

impl AccountRates {
    /// Returns the limits of a script's accounts.
    pub(super) fn new(accounts: &[ScriptAccount]) -> Self {
        let mut rates = HashMap::new();
        for account in accounts {
            if let Some(limit) = account.requests_per_second {
                let rate = AccountRate {
                    limit,
                    since: Timestamp::UNIX_EPOCH,
                    requests: 0,
                };
                rates.insert(account.uid.clone(), Mutex::new(rate));
            }
        }
        Self(rates)
    }

    /// Counts a request of an account. Returns false above its limit.
    pub(super) fn take(&self, account: &str, now: Timestamp) -> bool {
        let Some(rate) = self.0.get(account) else {
            return true;
        };
        let mut rate = rate.lock().unwrap_or_else(PoisonError::into_inner);
        if now.duration_since(rate.since).abs() >= SECOND {
            rate.since = now;
            rate.requests = 0;
        }
        rate.requests = rate.requests.saturating_add(1);
        rate.requests <= rate.limit
    }
}

#[cfg(test)]
mod tests {
    use super::{AccountRates, SECOND};
    use crate::script::Script;
    use jiff::Timestamp;

    #[test]
    fn a_limit_counts_from_second_to_second() {
        let script = "version: 1\naccounts: [{uid: '1', requests_per_second: 2}, {uid: '2'}]";
        let rates = AccountRates::new(&Script::parse(script).unwrap().accounts);
        let mut now: Timestamp = "2026-03-01T08:00:00Z".parse().unwrap();
        for _ in 0..3 {
            assert!(rates.take("1", now));
            assert!(rates.take("1", now));
            assert!(!rates.take("1", now));
            assert!(rates.take("2", now));
            now += SECOND;
        }
        // A clock that is set back begins another second.
        assert!(rates.take("1", now - SECOND - SECOND - SECOND));
    }
}
