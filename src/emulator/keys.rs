//! The access keys the emulator knows.

use std::collections::HashMap;
use std::fmt;

use jiff::Timestamp;

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
        f.debug_struct("AccessKey").field("id", &self.id).finish_non_exhaustive()
    }
}

impl fmt::Debug for SecurityToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SecurityToken").field("expires_at", &self.expires_at).finish_non_exhaustive()
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

impl Keys {
    /// The key of a request, if its token fits. The token is checked both ways: a temporary key needs its own, and
    /// another key takes none.
    pub(super) fn find(&self, id: &str, token: Option<&str>, now: Timestamp) -> Result<&AccessKey, Refusal> {
        let key = self.0.get(id).ok_or_else(Refusal::unknown_key)?;
        match (&key.security_token, token) {
            (None, Some(_)) => Err(Refusal::mismatched_token()),
            (Some(_), None) => Err(Refusal::missing_token()),
            (Some(held), Some(given)) if held.token != given => Err(self.foreign(given)),
            (Some(held), Some(_)) if held.expires_at.is_some_and(|end| end <= now) => Err(Refusal::expired_token()),
            (None, None) | (Some(_), Some(_)) => Ok(key),
        }
    }

    /// Why a token that is not the key's own is refused: it is another key's, or nobody's.
    fn foreign(&self, token: &str) -> Refusal {
        let known = self.0.values().any(|key| key.security_token.as_ref().is_some_and(|held| held.token == token));
        if known { Refusal::mismatched_token() } else { Refusal::malformed_token() }
    }
}

#[cfg(test)]
mod tests {
    use super::{AccessKey, Keys, SecurityToken};

    fn key(id: &str, token: Option<(&str, Option<&str>)>) -> AccessKey {
        let security_token = token.map(|(token, expires)| SecurityToken {
            token: token.to_owned(),
            expires_at: expires.map(|time| time.parse().unwrap()),
        });
        AccessKey { id: id.to_owned(), secret: "never-printed".to_owned(), security_token }
    }

    #[test]
    fn tokens_are_checked_both_ways() {
        let keys = Keys::from_iter([
            key("plain", None),
            key("temporary", Some(("t-1", Some("2026-03-01T09:00:00Z")))),
            key("expired", Some(("t-2", Some("2026-03-01T08:00:00Z")))),
        ]);
        let now = "2026-03-01T08:00:00Z".parse().unwrap();
        let cases = [
            ("plain", None, Ok("plain")),
            ("plain", Some("t-1"), Err("InvalidSecurityToken.MismatchWithAccessKey")),
            ("temporary", Some("t-1"), Ok("temporary")),
            ("temporary", None, Err("MissingSecurityToken")),
            ("temporary", Some("t-2"), Err("InvalidSecurityToken.MismatchWithAccessKey")),
            ("temporary", Some("t-3"), Err("InvalidSecurityToken.Malformed")),
            ("expired", Some("t-2"), Err("InvalidSecurityToken.Expired")),
            ("nobody", None, Err("InvalidAccessKeyId.NotFound")),
        ];
        for (id, token, expected) in cases {
            let found = keys.find(id, token, now);
            let found = found.as_ref().map(|key| key.id.as_str()).map_err(|refusal| &*refusal.code);
            assert_eq!(found, expected, "{id} with {token:?}");
        }
    }

    #[test]
    fn secrets_are_not_shown() {
        let shown = format!("{:?}", Keys::from_iter([key("temporary", Some(("t-1", None)))]));
        assert!(shown.contains("temporary") && !shown.contains("never-printed") && !shown.contains("t-1"), "{shown}");
    }
}
