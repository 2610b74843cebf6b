//! Patterns over names, as `ignore:` entries have them.

use globset::{Glob, GlobBuilder, GlobMatcher, GlobSet, GlobSetBuilder};

/// A glob over rule names: `*` and `?` stand for any characters, `[…]` and `{a,b}` as in a shell.
#[derive(Debug, Clone)]
pub struct NameGlob(GlobMatcher);

impl NameGlob {
    /// Compiles a pattern.
    ///
    /// # Errors
    ///
    /// Says what is wrong with the pattern, as a fragment of a sentence.
    pub fn new(pattern: &str) -> Result<Self, String> {
        GlobBuilder::new(pattern)
            .literal_separator(false)
            .build()
            .map(|glob: Glob| Self(glob.compile_matcher()))
            .map_err(|error| error.kind().to_string())
    }

    /// Whether the whole name matches.
    #[must_use]
    pub fn matches(&self, name: &str) -> bool {
        self.0.is_match(name)
    }

    /// The pattern as it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.glob().glob()
    }
}

/// Many globs that are asked at once, at about the cost of one.
#[derive(Debug, Clone)]
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
            set.add(glob.0.glob().clone());
        }
        set.build().map(Self).map_err(|error| error.kind().to_string())
    }

    /// Which of the globs match the whole name, as indices in the order they were given.
    #[must_use]
    pub fn matching(&self, name: &str) -> Vec<usize> {
        self.0.matches(name)
    }
}
