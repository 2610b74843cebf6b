//! The names a filter can meet, and their grammars.

use serde::Serialize;

use super::charset::CharSet;

/// What a filter is about. Two filters are the same when they agree on every name *of their kind*.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// An image tag: a first character `[A-Za-z0-9_]`, then up to 127 of `[A-Za-z0-9_.-]` (OCI distribution
    /// specification, "Pulling manifests").
    Tag,
    /// A repository inside its namespace: 1–255 of `[a-z0-9_./-]`, no separator first or last. The API page
    /// says 1–64, the console 2–64, the Terraform provider dropped its limit in 2024, and 255 is what the
    /// OCI specification leaves for the whole name. Only instances that allow multi-level names take `/`.
    Repository,
    /// A namespace: 2–120 of `[a-z0-9_.-]`, no separator first or last (API page of `CreateNamespace`).
    Namespace,
}

/// What names of a kind look like. Where sources disagree it is the widest: a difference that shows only on
/// a name that cannot exist is noise, a difference that is missed is a false "in sync".
#[derive(Debug)]
pub(super) struct Grammar {
    /// What a name may start with.
    pub(super) first: CharSet,
    /// What it may go on with.
    pub(super) rest: CharSet,
    /// What it may end in.
    pub(super) last: CharSet,
    /// The shortest length, in characters.
    pub(super) min: usize,
    /// The greatest length, in characters.
    pub(super) max: usize,
}

const LOWER_OR_DIGIT: CharSet = CharSet::LOWER.union(CharSet::DIGITS);
const TAG_REST: CharSet = CharSet::WORD.union(CharSet::of(b".-"));

const TAG: Grammar = Grammar {
    first: CharSet::WORD,
    rest: TAG_REST,
    last: TAG_REST,
    min: 1,
    max: 128,
};
const REPOSITORY: Grammar = Grammar {
    first: LOWER_OR_DIGIT,
    rest: LOWER_OR_DIGIT.union(CharSet::of(b"_./-")),
    last: LOWER_OR_DIGIT,
    min: 1,
    max: 255,
};
const NAMESPACE: Grammar = Grammar {
    first: LOWER_OR_DIGIT,
    rest: LOWER_OR_DIGIT.union(CharSet::of(b"_.-")),
    last: LOWER_OR_DIGIT,
    min: 2,
    max: 120,
};

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::Tag, Self::Repository, Self::Namespace];

    /// The plain word for it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Tag => "tag",
            Self::Repository => "repository",
            Self::Namespace => "namespace",
        }
    }

    /// Whether a thing of this kind can be called so.
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
    /// Every character that occurs in names.
    pub(super) const fn alphabet(&self) -> CharSet {
        self.first.union(self.rest)
    }

    /// How many characters of a text a name can begin with.
    pub(super) fn beginning(&self, text: &str) -> usize {
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
    use super::Kind;

    #[test]
    fn names_follow_the_grammar_of_their_kind() {
        let long = "a".repeat(129);
        for (kind, text, is_name) in [
            (Kind::Tag, "v1.0-rc_1", true),
            (Kind::Tag, "_", true),
            (Kind::Tag, ".v1", false),
            (Kind::Tag, "v1-", true),
            (Kind::Tag, "", false),
            (Kind::Tag, "a/b", false),
            (Kind::Tag, "标签", false),
            (Kind::Tag, &long[..128], true),
            (Kind::Tag, &long, false),
            (Kind::Repository, "a/b", true),
            (Kind::Repository, "a", true),
            (Kind::Repository, "a/", false),
            (Kind::Repository, "App", false),
            (Kind::Repository, &long, true),
            (Kind::Namespace, "a", false),
            (Kind::Namespace, "ab", true),
            (Kind::Namespace, "a/b", false),
            (Kind::Namespace, "ab-", false),
            (Kind::Namespace, &long, false),
        ] {
            assert_eq!(kind.is_name(text), is_name, "{kind:?} {text}");
        }
    }
}
