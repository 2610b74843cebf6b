//! The nonces that were used: a signed request is accepted once.

use std::collections::{HashSet, VecDeque};

use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};

/// How long a nonce is remembered. A request is accepted 15 minutes before and after its date, so the same
/// bytes cannot pass again after twice that.
const REMEMBERED: SignedDuration = SignedDuration::from_mins(30);

/// How many nonces are remembered; beyond it the oldest are forgotten early. About 10 MB.
const LIMIT: usize = 100_000;

type Digested = [u8; 32];

/// The nonces of the last half hour, per access key.
#[derive(Debug, Default)]
pub(super) struct Nonces {
    used: HashSet<Digested>,
    by_age: VecDeque<(Timestamp, Digested)>,
}

impl Nonces {
    /// Takes a nonce in; false if it was there already.
    ///
    /// Digests are kept instead of texts: a client may send nonces of any length.
    pub(super) fn take(&mut self, access_key_id: &str, nonce: &str, now: Timestamp) -> bool {
        self.forget(now);
        let digest = Sha256::new()
            .chain_update(access_key_id)
            .chain_update([0])
            .chain_update(nonce)
            .finalize()
            .into();
        let fresh = self.used.insert(digest);
        if fresh {
            self.by_age.push_back((now, digest));
        }
        fresh
    }

    fn forget(&mut self, now: Timestamp) {
        while let Some((taken, digest)) = self.by_age.front()
            && (now.duration_since(*taken) > REMEMBERED || self.by_age.len() >= LIMIT)
        {
            self.used.remove(digest);
            self.by_age.pop_front();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{LIMIT, Nonces};
    use jiff::{SignedDuration, Timestamp};

    #[test]
    fn a_nonce_is_good_once_per_key_and_half_hour() {
        let mut nonces = Nonces::default();
        let start = Timestamp::UNIX_EPOCH;
        assert!(nonces.take("key", "nonce", start));
        assert!(!nonces.take("key", "nonce", start));
        assert!(nonces.take("ke", "ynonce", start));
        assert!(nonces.take("other", "nonce", start));
        assert!(!nonces.take("key", "nonce", start + SignedDuration::from_mins(30)));
        assert!(nonces.take("key", "nonce", start + SignedDuration::from_mins(31)));
    }

    #[test]
    fn memory_is_bounded() {
        let mut nonces = Nonces::default();
        for nonce in 0..LIMIT + 10 {
            assert!(nonces.take("key", &nonce.to_string(), Timestamp::UNIX_EPOCH));
        }
        assert_eq!((nonces.used.len(), nonces.by_age.len()), (LIMIT, LIMIT));
        assert!(!nonces.take("key", &LIMIT.to_string(), Timestamp::UNIX_EPOCH));
    }
}
