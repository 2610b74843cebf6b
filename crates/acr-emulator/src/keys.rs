//! Access keys.

use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;
use uuid::Uuid;

use super::accounts::Principal;
use super::error::ErrorResponse;

/// The id of the default access key. It is public.
pub const DEFAULT_ACCESS_KEY_ID: &str = "crdrift-emulator-key";

/// The secret of [`DEFAULT_ACCESS_KEY_ID`].
pub const DEFAULT_ACCESS_KEY_SECRET: &str = "crdrift-emulator-secret";

/// An access key that signs requests.
#[derive(Clone)]
pub struct AccessKey {
    /// `AccessKeyId`.
    pub id: String,
    /// `AccessKeySecret`.
    pub secret: String,
    /// The token of a temporary key; `None` for a permanent one.
    pub security_token: Option<SecurityToken>,
}

/// The token of a temporary key.
#[derive(Clone)]
pub struct SecurityToken {
    /// `SecurityToken`.
    pub token: String,
    /// The time of expiry; `None` if it never expires.
    pub expires_at: Option<Timestamp>,
}

/// Prints the id only: the keys can be real ones.
impl fmt::Debug for AccessKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AccessKey")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for SecurityToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SecurityToken")
            .field("expires_at", &self.expires_at)
            .finish_non_exhaustive()
    }
}

/// A set of access keys.
#[derive(Debug, Clone)]
pub struct AccessKeys(HashMap<String, AccessKey>);

impl Default for AccessKeys {
    /// Returns the set of the public default key, [`DEFAULT_ACCESS_KEY_ID`].
    fn default() -> Self {
        Self::from_iter([AccessKey {
            id: DEFAULT_ACCESS_KEY_ID.to_owned(),
            secret: DEFAULT_ACCESS_KEY_SECRET.to_owned(),
            security_token: None,
        }])
    }
}

impl FromIterator<AccessKey> for AccessKeys {
    /// Returns the set of some keys. The last of several keys with the same id counts.
    fn from_iter<I: IntoIterator<Item = AccessKey>>(keys: I) -> Self {
        Self(keys.into_iter().map(|key| (key.id.clone(), key)).collect())
    }
}

/// A key and its owner.
#[derive(Debug, Clone)]
struct KeyEntry {
    key: AccessKey,
    caller: Principal,
}

/// All valid keys: the configured ones, and those of role sessions.
#[derive(Debug)]
pub(super) struct KeyStore {
    configured: HashMap<String, KeyEntry>,
    sessions: Mutex<SessionKeys>,
}

#[derive(Debug, Default)]
struct SessionKeys {
    entries: HashMap<String, KeyEntry>,
    by_age: VecDeque<String>,
}

/// The maximum number of sessions. Beyond it the oldest are dropped, expired or not.
const MAX_SESSIONS: usize = 10_000;

impl KeyStore {
    /// Returns a store with keys of `root` and keys with other owners.
    pub(super) fn new(
        keys: AccessKeys,
        root: &Principal,
        owned: Vec<(AccessKey, Principal)>,
    ) -> Self {
        let roots = keys.0.into_values().map(|key| (key, root.clone()));
        let entry =
            |(key, caller): (AccessKey, Principal)| (key.id.clone(), KeyEntry { key, caller });
        Self {
            configured: roots.chain(owned).map(entry).collect(),
            sessions: Mutex::default(),
        }
    }

    /// Returns the secret and the owner of a key. A temporary key requires its own token, and a permanent one accepts
    /// none.
    pub(super) fn find(
        &self,
        id: &str,
        token: Option<&str>,
        now: Timestamp,
    ) -> Result<(String, Principal), ErrorResponse> {
        let sessions = self.sessions.lock().unwrap_or_else(PoisonError::into_inner);
        let KeyEntry { key, caller } = self
            .configured
            .get(id)
            .or_else(|| sessions.entries.get(id))
            .ok_or_else(ErrorResponse::unknown_key)?;
        match (&key.security_token, token) {
            (None, Some(_)) => Err(ErrorResponse::mismatched_token()),
            (Some(_), None) => Err(ErrorResponse::missing_token()),
            (Some(expected), Some(found)) if expected.token != found => {
                Err(self.wrong_token(&sessions, found))
            }
            (Some(expected), Some(_)) if expected.expires_at.is_some_and(|end| end <= now) => {
                Err(ErrorResponse::expired_token())
            }
            (None, None) | (Some(_), Some(_)) => Ok((key.secret.clone(), caller.clone())),
        }
    }

    /// Issues a temporary key for a caller. Returns the key and its token.
    pub(super) fn issue(&self, caller: Principal, expires_at: Timestamp) -> (AccessKey, String) {
        let random = || Uuid::new_v4().simple().to_string();
        let token = format!("crdrift-emulator-token-{}", random());
        let security_token = Some(SecurityToken {
            token: token.clone(),
            expires_at: Some(expires_at),
        });
        let key = AccessKey {
            id: format!("STS.{}", random()),
            secret: random(),
            security_token,
        };
        let mut sessions = self.sessions.lock().unwrap_or_else(PoisonError::into_inner);
        if sessions.by_age.len() >= MAX_SESSIONS
            && let Some(oldest) = sessions.by_age.pop_front()
        {
            sessions.entries.remove(&oldest);
        }
        sessions.by_age.push_back(key.id.clone());
        sessions.entries.insert(
            key.id.clone(),
            KeyEntry {
                key: key.clone(),
                caller,
            },
        );
        (key, token)
    }

    /// Returns the error for a token that does not belong to the key: the token belongs to another key, or does not
    /// exist.
    fn wrong_token(&self, sessions: &SessionKeys, token: &str) -> ErrorResponse {
        let mut entries = self.configured.values().chain(sessions.entries.values());
        let is_known = entries.any(|entry| match &entry.key.security_token {
            Some(known) => known.token == token,
            None => false,
        });
        if is_known {
            ErrorResponse::mismatched_token()
        } else {
            ErrorResponse::malformed_token()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{AccessKey, AccessKeys, KeyStore, MAX_SESSIONS, SecurityToken};
    use crate::accounts::AccountDirectory;

    fn key(id: &str, token: Option<(&str, Option<&str>)>) -> AccessKey {
        let security_token = token.map(|(token, expires)| SecurityToken {
            token: token.to_owned(),
            expires_at: expires.map(|time| time.parse().unwrap()),
        });
        AccessKey {
            id: id.to_owned(),
            secret: "never-printed".to_owned(),
            security_token,
        }
    }

    #[test]
    fn tokens_are_checked_both_ways() {
        let keys = AccessKeys::from_iter([
            key("plain", None),
            key("temporary", Some(("t-1", Some("2026-03-01T09:00:00Z")))),
            key("expired", Some(("t-2", Some("2026-03-01T08:00:00Z")))),
        ]);
        let keys = KeyStore::new(
            keys,
            &AccountDirectory::new(Vec::new()).0.root(),
            Vec::new(),
        );
        let now = "2026-03-01T08:00:00Z".parse().unwrap();
        let cases = [
            ("plain", None, Ok("plain")),
            (
                "plain",
                Some("t-1"),
                Err("InvalidSecurityToken.MismatchWithAccessKey"),
            ),
            ("temporary", Some("t-1"), Ok("temporary")),
            ("temporary", None, Err("MissingSecurityToken")),
            (
                "temporary",
                Some("t-2"),
                Err("InvalidSecurityToken.MismatchWithAccessKey"),
            ),
            (
                "temporary",
                Some("t-3"),
                Err("InvalidSecurityToken.Malformed"),
            ),
            ("expired", Some("t-2"), Err("InvalidSecurityToken.Expired")),
            ("unknown", None, Err("InvalidAccessKeyId.NotFound")),
        ];
        for (id, token, expected) in cases {
            let found = keys.find(id, token, now);
            let found = found.as_ref().map(|_| id).map_err(|error| &*error.code);
            assert_eq!(found, expected, "{id} with {token:?}");
        }
    }

    #[test]
    fn sessions_expire_and_are_bounded() {
        let root = AccountDirectory::new(Vec::new()).0.root();
        let keys = KeyStore::new(AccessKeys::default(), &root, Vec::new());
        let (now, end) = (
            "2026-03-01T08:00:00Z".parse().unwrap(),
            "2026-03-01T09:00:00Z".parse().unwrap(),
        );
        let (key, token) = keys.issue(root.clone(), end);
        assert_eq!(keys.find(&key.id, Some(&token), now).unwrap().0, key.secret);
        assert_eq!(
            keys.find(&key.id, Some(&token), end).unwrap_err().code,
            "InvalidSecurityToken.Expired"
        );
        for _ in 0..MAX_SESSIONS {
            keys.issue(root.clone(), end);
        }
        assert_eq!(keys.sessions.lock().unwrap().entries.len(), MAX_SESSIONS);
        assert_eq!(
            keys.find(&key.id, Some(&token), now).unwrap_err().code,
            "InvalidAccessKeyId.NotFound"
        );
    }

    #[test]
    fn debug_output_has_no_secrets() {
        let shown = format!(
            "{:?}",
            AccessKeys::from_iter([key("temporary", Some(("t-1", None)))])
        );
        assert!(
            shown.contains("temporary")
                && !shown.contains("never-printed")
                && !shown.contains("t-1"),
            "{shown}"
        );
    }
}
