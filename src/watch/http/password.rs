//! The password of the pages, as HTTP Basic: the one kind that a stream of events can send too.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};

/// A password, kept as its digest.
pub(super) struct PagePassword([u8; 32]);

impl std::fmt::Debug for PagePassword {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PagePassword")
    }
}

impl PagePassword {
    pub(super) fn new(password: &SecretString) -> Self {
        Self(Sha256::digest(password.expose_secret()).into())
    }

    /// Returns whether an `Authorization` header has the password; its user name may be any. The time does not depend on
    /// the password: digests are compared, and all of their bytes.
    pub(super) fn is_in(&self, header: &[u8]) -> bool {
        let Some(credentials) = credentials(header) else {
            return false;
        };
        let Some(colon) = credentials.iter().position(|it| *it == b':') else {
            return false;
        };
        let given = credentials.get(colon + 1..).unwrap_or_default();
        let given: [u8; 32] = Sha256::digest(given).into();
        let pairs = self.0.iter().zip(given);
        let difference = pairs.fold(0, |all, (known, given)| all | (known ^ given));
        std::hint::black_box(difference) == 0
    }
}

/// Returns the user name and the password of a header, decoded.
fn credentials(header: &[u8]) -> Option<Vec<u8>> {
    let (scheme, rest) = header.split_at_checked(b"Basic ".len())?;
    let is_basic = scheme.eq_ignore_ascii_case(b"Basic ");
    is_basic.then(|| STANDARD.decode(rest.trim_ascii()).ok())?
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;

    use super::PagePassword;

    #[test]
    fn any_user_name_goes_with_the_password_and_nothing_else_does() {
        let password = PagePassword::new(&"pa:ss wörd".into());
        let header = |text: &str| format!("Basic {}", STANDARD.encode(text)).into_bytes();
        for given in ["me:pa:ss wörd", ":pa:ss wörd"] {
            assert!(password.is_in(&header(given)), "{given}");
        }
        assert!(
            password.is_in(
                &header("me:pa:ss wörd").to_ascii_lowercase()[..6]
                    .iter()
                    .copied()
                    .chain(header("me:pa:ss wörd")[6..].iter().copied())
                    .collect::<Vec<_>>()
            )
        );
        for given in ["me:pa", "me:", "me", "", "me:pa:ss wörd ", "pa:ss wörd"] {
            assert!(!password.is_in(&header(given)), "{given}");
        }
        for header in [
            &b"Basic"[..],
            b"Basic !",
            b"Bearer abc",
            b"",
            b"Basic\xff\xff",
        ] {
            assert!(!password.is_in(header));
        }
    }
}
