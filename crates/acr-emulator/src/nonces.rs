//! Used nonces: a signed request is accepted once.

use std::collections::{HashSet, VecDeque};

use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};

/// The time for which a nonce is kept. A request is accepted 15 minutes before and after its date, so after twice that
/// it cannot be replayed.
const RETENTION: SignedDuration = SignedDuration::from_mins(30);

/// The maximum number of nonces, about 10 MB. Beyond it the oldest are dropped early.
const MAX_NONCES: usize = 100_000;

type NonceDigest = [u8; 32];

/// The nonces of the last half hour, per access key.
#[derive(Debug, Default)]
pub(super) struct NonceCache {
    used: HashSet<NonceDigest>,
    by_age: VecDeque<(Timestamp, NonceDigest)>,
}

impl NonceCache {
    /// Inserts a nonce. Returns false for a used one.
    ///
    /// The cache has digests instead of texts: a nonce can have any length.
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
            && (now.duration_since(*taken) > RETENTION || self.by_age.len() >= MAX_NONCES)
        {
            self.used.remove(digest);
            self.by_age.pop_front();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{MAX_NONCES, NonceCache};
    use jiff::{SignedDuration, Timestamp};

    #[test]
    fn nonces_are_used_once_per_key() {
        let mut nonces = NonceCache::default();
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
        let mut nonces = NonceCache::default();
        for nonce in 0..MAX_NONCES + 10 {
            assert!(nonces.take("key", &nonce.to_string(), Timestamp::UNIX_EPOCH));
        }
        assert_eq!(
            (nonces.used.len(), nonces.by_age.len()),
            (MAX_NONCES, MAX_NONCES)
        );
        assert!(!nonces.take("key", &MAX_NONCES.to_string(), Timestamp::UNIX_EPOCH));
    }
}
