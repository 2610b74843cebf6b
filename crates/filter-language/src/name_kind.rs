//! The kinds of names that filters match, and their grammars.

use serde::Serialize;

use super::charset::CharSet;

/// The kind of the names that a filter matches. Two filters are equal if they agree on every name *of their kind*.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum NameKind {
    /// An image tag: a first character `[A-Za-z0-9_]`, then up to 127 of `[A-Za-z0-9_.-]` (OCI distribution
    /// specification, "Pulling manifests").
    Tag,
    /// A repository inside its namespace: 1–255 of `[a-z0-9_./-]`, no separator first or last. The API page
    /// says 1–64, the console 2–64, the Terraform provider dropped its limit in 2024, and 255 is the
    /// limit of the OCI specification for the whole name. Only instances that allow multi-level names take `/`.
    Repository,
    /// A namespace: 2–120 of `[a-z0-9_.-]`, no separator first or last (API page of `CreateNamespace`).
    Namespace,
}

/// The grammar of the names of a kind. Where sources disagree it is the most permissive one: a reported difference that
/// no real name shows is noise, but a missed difference is a false "in sync".
#[derive(Debug)]
pub(super) struct Grammar {
    /// The characters that a name may start with.
    pub(super) first: CharSet,
    /// The characters that may follow.
    pub(super) rest: CharSet,
    /// The characters that a name may end with.
    pub(super) last: CharSet,
    /// The minimum length, in characters.
    pub(super) min: usize,
    /// The maximum length, in characters.
    pub(super) max: usize,
}

const LOWER_OR_DIGIT: CharSet = CharSet::LOWER.union(CharSet::DIGITS);
const TAG_REST: CharSet = CharSet::WORD.union(CharSet::from_chars(b".-"));

const TAG: Grammar = Grammar {
    first: CharSet::WORD,
    rest: TAG_REST,
    last: TAG_REST,
    min: 1,
    max: 128,
};
const REPOSITORY: Grammar = Grammar {
    first: LOWER_OR_DIGIT,
    rest: LOWER_OR_DIGIT.union(CharSet::from_chars(b"_./-")),
    last: LOWER_OR_DIGIT,
    min: 1,
    max: 255,
};
const NAMESPACE: Grammar = Grammar {
    first: LOWER_OR_DIGIT,
    rest: LOWER_OR_DIGIT.union(CharSet::from_chars(b"_.-")),
    last: LOWER_OR_DIGIT,
    min: 2,
    max: 120,
};

impl NameKind {
    /// All kinds.
    pub const ALL: [Self; 3] = [Self::Tag, Self::Repository, Self::Namespace];

    /// Returns the English noun for names of this kind.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Tag => "tag",
            Self::Repository => "repository",
            Self::Namespace => "namespace",
        }
    }

    /// Returns whether the text is a valid name of this kind.
    #[must_use]
    pub fn is_name(self, text: &str) -> bool {
        self.grammar().is_name(text)
    }

    pub(super) const fn grammar(self) -> &'static Grammar {
        match self {
            Self::Tag => &TAG,
            Self::Repository => &REPOSITORY,
            Self::Namespace => &NAMESPACE,
        }
    }
}

impl Grammar {
    /// Returns every character that occurs in names.
    pub(super) const fn alphabet(&self) -> CharSet {
        self.first.union(self.rest)
    }

    /// Returns the length of the longest prefix of a text that a name can begin with, in characters.
    pub(super) fn longest_prefix(&self, text: &str) -> usize {
        let allowed = |(at, byte): &(usize, u8)| {
            if *at == 0 { &self.first } else { &self.rest }.contains(*byte)
        };
        text.bytes()
            .take(self.max)
            .enumerate()
            .take_while(allowed)
            .count()
    }

    fn is_name(&self, text: &str) -> bool {
        let bytes = text.as_bytes();
        let (Some(first), Some(last)) = (bytes.first(), bytes.last()) else {
            return false;
        };
        (self.min..=self.max).contains(&bytes.len())
            && self.first.contains(*first)
            && bytes.iter().skip(1).all(|byte| self.rest.contains(*byte))
            && self.last.contains(*last)
    }
}

#[cfg(test)]
mod tests {
    use super::NameKind;

    #[test]
    fn names_follow_their_grammar() {
        let long = "a".repeat(129);
        for (kind, text, is_name) in [
            (NameKind::Tag, "v1.0-rc_1", true),
            (NameKind::Tag, "_", true),
            (NameKind::Tag, ".v1", false),
            (NameKind::Tag, "v1-", true),
            (NameKind::Tag, "", false),
            (NameKind::Tag, "a/b", false),
            (NameKind::Tag, "标签", false),
            (NameKind::Tag, &long[..128], true),
            (NameKind::Tag, &long, false),
            (NameKind::Repository, "a/b", true),
            (NameKind::Repository, "a", true),
            (NameKind::Repository, "a/", false),
            (NameKind::Repository, "App", false),
            (NameKind::Repository, &long, true),
            (NameKind::Namespace, "a", false),
            (NameKind::Namespace, "ab", true),
            (NameKind::Namespace, "a/b", false),
            (NameKind::Namespace, "ab-", false),
            (NameKind::Namespace, &long, false),
        ] {
            assert_eq!(kind.is_name(text), is_name, "{kind:?} {text}");
        }
    }
}
