//! The access keys the emulator knows.

use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;
use uuid::Uuid;

use super::accounts::Caller;
use super::refusal::Refusal;

/// The id of the key the emulator accepts when no other is given. It is a key to nothing.
pub const DEFAULT_ACCESS_KEY_ID: &str = "crdrift-emulator-key";

/// The secret of [`DEFAULT_ACCESS_KEY_ID`].
pub const DEFAULT_ACCESS_KEY_SECRET: &str = "crdrift-emulator-secret";

/// An access key: what a request is signed with.
#[derive(Clone)]
pub struct AccessKey {
    /// `AccessKeyId`.
    pub id: String,
    /// `AccessKeySecret`.
    pub secret: String,
    /// The token a request must bring along; `None` for a key that is not temporary.
    pub security_token: Option<SecurityToken>,
}

/// What makes an access key a temporary one.
#[derive(Clone)]
pub struct SecurityToken {
    /// `SecurityToken`.
    pub token: String,
    /// When it stops being accepted; `None`: never.
    pub expires_at: Option<Timestamp>,
}

/// Shows the id only: keys given to the emulator may be real ones.
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

/// Every key a request may be signed with.
#[derive(Debug, Clone)]
pub struct Keys(HashMap<String, AccessKey>);

impl Default for Keys {
    /// The fixed, fake key of [`DEFAULT_ACCESS_KEY_ID`].
    fn default() -> Self {
        Self::from_iter([AccessKey {
            id: DEFAULT_ACCESS_KEY_ID.to_owned(),
            secret: DEFAULT_ACCESS_KEY_SECRET.to_owned(),
            security_token: None,
        }])
    }
}

impl FromIterator<AccessKey> for Keys {
    /// Of two keys with one id the later one counts.
    fn from_iter<I: IntoIterator<Item = AccessKey>>(keys: I) -> Self {
        Self(keys.into_iter().map(|key| (key.id.clone(), key)).collect())
    }
}

/// A key and whose it is.
#[derive(Debug, Clone)]
struct Held {
    key: AccessKey,
    caller: Caller,
}

/// Every key that is good: those that were given, and those that roles were assumed with.
#[derive(Debug)]
pub(super) struct KeyRing {
    given: HashMap<String, Held>,
    sessions: Mutex<Sessions>,
}

#[derive(Debug, Default)]
struct Sessions {
    held: HashMap<String, Held>,
    by_age: VecDeque<String>,
}

/// How many sessions are remembered; beyond it the oldest are forgotten, whether they have expired or not.
const SESSIONS: usize = 10_000;

impl KeyRing {
    /// A ring of keys that are `root`'s, and of keys that have callers of their own.
    pub(super) fn new(keys: Keys, root: &Caller, owned: Vec<(AccessKey, Caller)>) -> Self {
        let roots = keys.0.into_values().map(|key| (key, root.clone()));
        let held = |(key, caller): (AccessKey, Caller)| (key.id.clone(), Held { key, caller });
        Self {
            given: roots.chain(owned).map(held).collect(),
            sessions: Mutex::default(),
        }
    }

    /// The secret and the owner of a request's key, if its token fits. The token is checked both ways: a temporary
    /// key needs its own, and another key takes none.
    pub(super) fn find(
        &self,
        id: &str,
        token: Option<&str>,
        now: Timestamp,
    ) -> Result<(String, Caller), Refusal> {
        let sessions = self.sessions.lock().unwrap_or_else(PoisonError::into_inner);
        let Held { key, caller } = self
            .given
            .get(id)
            .or_else(|| sessions.held.get(id))
            .ok_or_else(Refusal::unknown_key)?;
        match (&key.security_token, token) {
            (None, Some(_)) => Err(Refusal::mismatched_token()),
            (Some(_), None) => Err(Refusal::missing_token()),
            (Some(held), Some(given)) if held.token != given => Err(self.foreign(&sessions, given)),
            (Some(held), Some(_)) if held.expires_at.is_some_and(|end| end <= now) => {
                Err(Refusal::expired_token())
            }
            (None, None) | (Some(_), Some(_)) => Ok((key.secret.clone(), caller.clone())),
        }
    }

    /// A new temporary key for a caller, and its token.
    pub(super) fn issue(&self, caller: Caller, expires_at: Timestamp) -> (AccessKey, String) {
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
        if sessions.by_age.len() >= SESSIONS
            && let Some(oldest) = sessions.by_age.pop_front()
        {
            sessions.held.remove(&oldest);
        }
        sessions.by_age.push_back(key.id.clone());
        sessions.held.insert(
            key.id.clone(),
            Held {
                key: key.clone(),
                caller,
            },
        );
        (key, token)
    }

    /// Why a token that is not the key's own is refused: it is another key's, or nobody's.
    fn foreign(&self, sessions: &Sessions, token: &str) -> Refusal {
        let mut held = self.given.values().chain(sessions.held.values());
        let known = held.any(|held| {
            held.key
                .security_token
                .as_ref()
                .is_some_and(|held| held.token == token)
        });
        if known {
            Refusal::mismatched_token()
        } else {
            Refusal::malformed_token()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{AccessKey, KeyRing, Keys, SESSIONS, SecurityToken};
    use crate::accounts::Accounts;

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
        let keys = Keys::from_iter([
            key("plain", None),
            key("temporary", Some(("t-1", Some("2026-03-01T09:00:00Z")))),
            key("expired", Some(("t-2", Some("2026-03-01T08:00:00Z")))),
        ]);
        let keys = KeyRing::new(keys, &Accounts::new(Vec::new()).0.root(), Vec::new());
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
            ("nobody", None, Err("InvalidAccessKeyId.NotFound")),
        ];
        for (id, token, expected) in cases {
            let found = keys.find(id, token, now);
            let found = found.as_ref().map(|_| id).map_err(|refusal| &*refusal.code);
            assert_eq!(found, expected, "{id} with {token:?}");
        }
    }

    #[test]
    fn sessions_are_good_until_they_expire_and_are_bounded() {
        let root = Accounts::new(Vec::new()).0.root();
        let keys = KeyRing::new(Keys::default(), &root, Vec::new());
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
        for _ in 0..SESSIONS {
            keys.issue(root.clone(), end);
        }
        assert_eq!(keys.sessions.lock().unwrap().held.len(), SESSIONS);
        assert_eq!(
            keys.find(&key.id, Some(&token), now).unwrap_err().code,
            "InvalidAccessKeyId.NotFound"
        );
    }

    #[test]
    fn secrets_are_not_shown() {
        let shown = format!(
            "{:?}",
            Keys::from_iter([key("temporary", Some(("t-1", None)))])
        );
        assert!(
            shown.contains("temporary")
                && !shown.contains("never-printed")
                && !shown.contains("t-1"),
            "{shown}"
        );
    }
}
