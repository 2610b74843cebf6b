//! What makes a finding this finding: its code, its rule, its field and what differs.

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
            hash.update(text.map_or(u64::MAX, |text| text.len() as u64).to_be_bytes());
            hash.update(text.unwrap_or_default());
        };
        part(Some(code.as_str()));
        part(Some(rule.0));
        part(Some(rule.1));
        part(field.map(Field::as_str));
        content.into_iter().for_each(part);
        Self(hash.finalize().into())
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
    fn a_fingerprint_never_changes_its_meaning() {
        // Baselines and waivers hold these: a change here makes every old finding new. Computed by other means:
        // SHA-256 of the parts, each behind its length in eight bytes, all ones where there is none.
        let it = Fingerprint::new(&Code::ChangedRule, ("cri-a", "r"), Some(Field::TagFilter), [Some(".*"), None]);
        assert_eq!(it.to_string(), "d73919620c6c57a1b4d4a283cfc619d9df198350ca201a13cc2f9fde36295871");
    }

    #[test]
    fn parts_do_not_run_together() {
        let of = |rule, content: [Option<&str>; 2]| Fingerprint::new(&Code::ChangedRule, rule, None, content);
        assert_ne!(of(("a", "bc"), [None, None]), of(("ab", "c"), [None, None]));
        assert_ne!(of(("a", "b"), [Some(""), None]), of(("a", "b"), [None, None]));
        assert_ne!(of(("a", "b"), [Some("x"), None]), of(("a", "b"), [None, Some("x")]));
    }
}
