//! Patterns over names, as `ignore:` entries and policies have them.

use globset::{Glob, GlobBuilder, GlobMatcher, GlobSet, GlobSetBuilder};

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
    /// Says what is wrong with the pattern, as a fragment of a sentence.
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
        (!pattern.contains(['*', '?', '[', ']', '{', '}', '\\'])).then_some(pattern)
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

/// The end of patterns and names of a set. `globset` takes names for paths, where `..` and what ends with `/` have no
/// file name; none does with this.
const END: char = 'x';

/// Many globs that are asked at once, at about the cost of one.
#[derive(Debug, Clone, Default)]
pub struct NameGlobs(GlobSet);

impl NameGlobs {
    /// Combines globs.
    ///
    /// # Errors
    ///
    /// Says why the globs are too much together, as a fragment of a sentence.
    pub fn new<'a>(globs: impl IntoIterator<Item = &'a NameGlob>) -> Result<Self, String> {
        let mut set = GlobSetBuilder::new();
        for glob in globs {
            let ended = format!("{}{END}", glob.as_str());
            let ended = GlobBuilder::new(&ended).literal_separator(false).build();
            set.add(ended.map_err(|error| error.kind().to_string())?);
        }
        set.build()
            .map(Self)
            .map_err(|error| error.kind().to_string())
    }

    /// Returns the indices of the globs that match the whole name, in ascending order.
    #[must_use]
    pub fn matching(&self, name: &str) -> Vec<usize> {
        self.0.matches(format!("{name}{END}"))
    }
}

#[cfg(test)]
mod tests {
    use super::{MAX_LENGTH, NameGlob, NameGlobs};

    #[test]
    fn globs_match_whole_names_alone_and_together() {
        let globs = ["tmp-*", "*/x", "a{b,c}?", "[0-9]"]
            .map(|pattern| NameGlob::new(pattern).expect(pattern));
        let set = NameGlobs::new(&globs).expect("a set");
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
        let set = NameGlobs::new(&globs).expect("a set");
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
    fn what_is_no_glob_or_too_large_is_refused() {
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
