//! The identity of a finding: a digest of its code, rule, field and differing content.

use std::fmt;

use sha2::{Digest, Sha256};

use super::Code;
use crate::model::Field;

/// SHA-256 over code, rule key, field and the differing content.
///
/// Not over lines, message texts, aliases or ids that change when a rule is created again: moving a rule in its
/// file or wording a message better must not make an old finding new. What differs is in it: a waiver for one
/// difference does not cover the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fingerprint([u8; 32]);

impl Fingerprint {
    /// Computes the fingerprint of a finding.
    ///
    /// `rule` is the source instance's id and the rule's name, as far as the finding is about them; `content` is
    /// what differs. Each part is hashed with its length, so that no two different lists of parts are the same.
    #[must_use]
    pub fn new<'a>(
        code: &Code,
        rule: (&str, &str),
        field: Option<Field>,
        content: impl IntoIterator<Item = Option<&'a str>>,
    ) -> Self {
        let mut hash = Sha256::new();
        let mut part = |text: Option<&str>| {
            hash.update(
                text.map_or(u64::MAX, |text| text.len() as u64)
                    .to_be_bytes(),
            );
            hash.update(text.unwrap_or_default());
        };
        part(Some(code.as_str()));
        part(Some(rule.0));
        part(Some(rule.1));
        part(field.map(Field::as_str));
        content.into_iter().for_each(part);
        Self(hash.finalize().into())
    }

    /// The fingerprint that prints as this text: 64 lower-case hex digits.
    #[must_use]
    pub fn from_hex(text: &str) -> Option<Self> {
        let digits = text.as_bytes();
        if digits.len() != 64
            || !digits
                .iter()
                .all(|it| matches!(it, b'0'..=b'9' | b'a'..=b'f'))
        {
            return None;
        }
        let mut bytes = [0; 32];
        for (index, byte) in bytes.iter_mut().enumerate() {
            *byte = u8::from_str_radix(text.get(2 * index..2 * index + 2)?, 16).ok()?;
        }
        Some(Self(bytes))
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

#[cfg(test)]
mod tests {
    use super::{Code, Fingerprint};
    use crate::model::Field;

    #[test]
    fn fingerprints_are_stable() {
        // Baselines and waivers hold these: a change here makes every old finding new. Computed by other means:
        // SHA-256 of the parts, each behind its length in eight bytes, all ones where there is none.
        let fingerprint = Fingerprint::new(
            &Code::ChangedRule,
            ("cri-a", "r"),
            Some(Field::TagFilter),
            [Some(".*"), None],
        );
        assert_eq!(
            fingerprint.to_string(),
            "d73919620c6c57a1b4d4a283cfc619d9df198350ca201a13cc2f9fde36295871"
        );
    }

    #[test]
    fn a_printed_fingerprint_parses() {
        let fingerprint = Fingerprint::new(&Code::ChangedRule, ("cri-a", "r"), None, []);
        assert_eq!(
            Fingerprint::from_hex(&fingerprint.to_string()),
            Some(fingerprint)
        );
        for text in [
            "",
            "00",
            &"g".repeat(64),
            &"A".repeat(64),
            &"+1".repeat(32),
            &"é".repeat(32),
        ] {
            assert_eq!(Fingerprint::from_hex(text), None, "{text}");
        }
    }

    #[test]
    fn parts_are_separated() {
        let of = |rule, content: [Option<&str>; 2]| {
            Fingerprint::new(&Code::ChangedRule, rule, None, content)
        };
        assert_ne!(of(("a", "bc"), [None, None]), of(("ab", "c"), [None, None]));
        assert_ne!(
            of(("a", "b"), [Some(""), None]),
            of(("a", "b"), [None, None])
        );
        assert_ne!(
            of(("a", "b"), [Some("x"), None]),
            of(("a", "b"), [None, Some("x")])
        );
    }
}
