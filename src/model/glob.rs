//! Patterns over names, as `ignore:` entries and policies have them.

use globset::{Glob, GlobBuilder, GlobMatcher};
use rustc_hash::FxHashMap;

/// The longest pattern, in bytes. `globset` panics on one that outgrows its size limit, which this is far from.
const MAX_LENGTH: usize = 1_024;

/// A glob over names: `*` and `?` stand for any characters, `[…]` and `{a,b}` as in a shell.
#[derive(Debug, Clone)]
pub struct NameGlob(GlobMatcher);

impl NameGlob {
    /// Compiles a pattern.
    ///
    /// # Errors
    ///
    /// Returns the reason, as a fragment of a sentence.
    pub fn new(pattern: &str) -> Result<Self, String> {
        if pattern.len() > MAX_LENGTH {
            return Err(format!("longer than {MAX_LENGTH} bytes"));
        }
        GlobBuilder::new(pattern)
            .literal_separator(false)
            .build()
            .map(|glob: Glob| Self(glob.compile_matcher()))
            .map_err(|error| error.kind().to_string())
    }

    /// The pattern that matches a name and no other.
    #[must_use]
    pub fn escape(name: &str) -> String {
        // A backslash escapes outside of brackets, which `globset::escape` does not know.
        globset::escape(name).replace('\\', "[\\]")
    }

    /// Returns whether the whole name matches.
    #[must_use]
    pub fn matches(&self, name: &str) -> bool {
        self.0.is_match(name)
    }

    /// The one name that it matches, where it has no wildcard.
    #[must_use]
    pub fn literal(&self) -> Option<&str> {
        let pattern = self.as_str();
        is_literal(pattern).then_some(pattern)
    }

    /// The pattern as a regular expression that has to match a whole name.
    #[must_use]
    pub fn as_regex(&self) -> &str {
        let regex = self.0.glob().regex();
        // What `globset` says of bytes means nothing to others.
        regex.strip_prefix("(?-u)").unwrap_or(regex)
    }

    /// The pattern as it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.glob().glob()
    }
}

/// The maximum number of patterns of a set that no index finds: those with a wildcard inside.
const MAX_SEARCHED: usize = 1_000;

/// A set of globs that finds those which match a name. Patterns without a wildcard, and those with one `*` at the start or
/// the end, cost a lookup; the others are tried one by one.
#[derive(Debug, Clone, Default)]
pub struct NameGlobs {
    /// The indices of the globs that match one name, by that name.
    literals: FxHashMap<Box<str>, Vec<usize>>,
    /// The indices of the globs `PREFIX*`, by their prefix.
    prefixes: FxHashMap<Box<str>, Vec<usize>>,
    /// The indices of the globs `*SUFFIX`, by their suffix.
    suffixes: FxHashMap<Box<str>, Vec<usize>>,
    others: Vec<(usize, NameGlob)>,
}

impl NameGlobs {
    /// Indexes globs.
    #[must_use]
    pub fn new<'a>(globs: impl IntoIterator<Item = &'a NameGlob>) -> Self {
        let mut set = Self::default();
        for (index, glob) in globs.into_iter().enumerate() {
            let pattern = glob.as_str();
            let index_of_kind = if is_literal(pattern) {
                Some((&mut set.literals, pattern))
            } else if let Some(prefix) = pattern.strip_suffix('*').filter(|it| is_literal(it)) {
                Some((&mut set.prefixes, prefix))
            } else if let Some(suffix) = pattern.strip_prefix('*').filter(|it| is_literal(it)) {
                Some((&mut set.suffixes, suffix))
            } else {
                None
            };
            match index_of_kind {
                Some((globs, key)) => globs.entry(key.into()).or_default().push(index),
                None => set.others.push((index, glob.clone())),
            }
        }
        set
    }

    /// Checks the number of globs that are tried one by one, since their cost grows with every name.
    ///
    /// # Errors
    ///
    /// Returns the limit that they exceed, as a fragment of a sentence.
    pub fn check_size(&self) -> Result<(), String> {
        if self.others.len() <= MAX_SEARCHED {
            return Ok(());
        }
        Err(format!(
            "expected at most {MAX_SEARCHED} patterns with a wildcard inside, found {}",
            self.others.len()
        ))
    }

    /// Returns the indices of the globs that match the whole name, in ascending order.
    #[must_use]
    pub fn matching(&self, name: &str) -> Vec<usize> {
        let mut found = Vec::new();
        found.extend(self.literals.get(name).into_iter().flatten());
        let boundaries = name.char_indices().map(|(at, _)| at);
        for at in boundaries.chain([name.len()]) {
            let (prefix, suffix) = name.split_at(at);
            found.extend(self.prefixes.get(prefix).into_iter().flatten());
            found.extend(self.suffixes.get(suffix).into_iter().flatten());
        }
        for (index, glob) in &self.others {
            if glob.matches(name) {
                found.push(*index);
            }
        }
        found.sort_unstable();
        found
    }
}

/// Returns whether a pattern matches itself and no other name.
fn is_literal(pattern: &str) -> bool {
    !pattern.contains(['*', '?', '[', ']', '{', '}', '\\'])
}

#[cfg(test)]
mod tests {
    use super::{MAX_LENGTH, MAX_SEARCHED, NameGlob, NameGlobs};

    #[test]
    fn globs_match_whole_names_alone_and_together() {
        let globs = ["tmp-*", "*/x", "a{b,c}?", "[0-9]"]
            .map(|pattern| NameGlob::new(pattern).expect(pattern));
        let set = NameGlobs::new(&globs);
        for (name, expected) in [
            ("tmp-1/x", [0, 1].as_slice()),
            ("acd", &[2]),
            ("7", &[3]),
            ("xtmp-1", &[]),
            ("77", &[]),
            ("", &[]),
        ] {
            assert_eq!(set.matching(name), expected, "{name}");
            for (at, glob) in globs.iter().enumerate() {
                assert_eq!(
                    glob.matches(name),
                    expected.contains(&at),
                    "{name} {}",
                    glob.as_str()
                );
            }
        }
    }

    #[test]
    fn one_glob_and_many_agree_about_names_that_look_like_paths() {
        let patterns = [
            "*", "**", "*.", "*..", "..", ".", "*.x", "*.rs", "**/*.rs", "**/..", "**/a", "a/..",
            "*/", "*/..", "a*", "?", "??", "", "[.]*", "{a,..}", "*a", "a/**", ".*", "x", "*x",
        ];
        let globs = patterns.map(|pattern| NameGlob::new(pattern).expect(pattern));
        let set = NameGlobs::new(&globs);
        for name in [
            "..", ".", "", "a", "a/", "a/..", "a/.", "/", "//", "...", ".x", "a.x", "a.", "a..",
            "a.rs", "b/a.rs", ".rs", "../a", "../..", "x", "ax", "a\\..", "a\n",
        ] {
            let expected: Vec<usize> = globs
                .iter()
                .enumerate()
                .filter(|(_, glob)| glob.matches(name))
                .map(|(at, _)| at)
                .collect();
            assert_eq!(set.matching(name), expected, "{name:?}");
        }
    }

    #[test]
    fn a_set_has_a_limited_number_of_patterns_that_are_tried_one_by_one() {
        let set = |pattern: &str, count: usize| {
            let glob = NameGlob::new(pattern).expect(pattern);
            NameGlobs::new(&vec![glob; count]).check_size()
        };
        for indexed in ["tmp", "tmp-*", "*-tmp", "*"] {
            assert!(set(indexed, MAX_SEARCHED + 1).is_ok(), "{indexed}");
        }
        assert!(set("a*b", MAX_SEARCHED).is_ok());
        assert_eq!(
            set("a*b", MAX_SEARCHED + 1).expect_err("one too many"),
            "expected at most 1000 patterns with a wildcard inside, found 1001"
        );
    }

    #[test]
    fn an_invalid_or_a_large_glob_is_rejected() {
        assert!(NameGlob::new("[a").is_err());
        assert!(NameGlob::new(&"?".repeat(MAX_LENGTH + 1)).is_err());
        for large in ["?", "*", "[!a]", "{a,b}", "\u{6807}"] {
            let pattern = large.repeat(MAX_LENGTH / large.len());
            assert!(NameGlob::new(&pattern).is_ok(), "{large}");
        }
    }

    #[test]
    fn an_escaped_name_matches_itself_alone() {
        for name in [
            "plain", "a*b", "a?b", "[x]", "]", "{a,b}", "a\\b", "\\*", "!x", "标签", "a/b", "^-\n",
        ] {
            let glob = NameGlob::new(&NameGlob::escape(name)).expect(name);
            assert!(glob.matches(name), "{name}: {}", glob.as_str());
            assert!(
                !glob.matches(&format!("{name}x")) && !glob.matches("ab") && !glob.matches("x"),
                "{name}"
            );
        }
    }
}
