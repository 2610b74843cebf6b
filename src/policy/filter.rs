//! What can be told of a filter by trying it on names.
//!
//! A filter is tried as a regular expression over whole names, which is how the registry most likely reads it. One
//! that Rust's dialect does not know (look-around, back-references) is taken for one that chooses: that is what
//! those are written for.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use super::Pattern;
use crate::model::MATCH_ALL;

/// The filters of a run, each compiled once.
#[derive(Debug, Default)]
pub(super) struct Filters<'a> {
    compiled: FxHashMap<&'a str, Option<Pattern>>,
    catch_all: FxHashMap<&'a str, bool>,
}

impl<'a> Filters<'a> {
    /// Whether a filter lets through every name it is tried on: each single character that a tag can have at its
    /// beginning or behind it, tags as they are in use, and a long one.
    pub(super) fn is_catch_all(&mut self, filter: &'a str) -> bool {
        if filter == MATCH_ALL {
            return true;
        }
        if surely_chooses(filter) {
            return false;
        }
        if let Some(known) = self.catch_all.get(filter) {
            return *known;
        }
        let it = PROBES.iter().all(|probe| self.matches(filter, probe));
        self.catch_all.insert(filter, it);
        it
    }

    /// Whether a filter matches a name; not where that cannot be told.
    pub(super) fn matches(&mut self, filter: &'a str, name: &str) -> bool {
        filter == MATCH_ALL
            || self
                .compiled
                .entry(filter)
                .or_insert_with(|| Pattern::new(filter).ok())
                .as_ref()
                .is_some_and(|it| it.matches(name))
    }
}

/// Whether a filter begins with a character it insists on: most do, and need not be compiled.
fn surely_chooses(filter: &str) -> bool {
    let mut characters = filter.trim_start_matches('^').chars();
    let first = characters.next().is_some_and(char::is_alphanumeric);
    first && !characters.next().is_some_and(|it| matches!(it, '?' | '*' | '{')) && !filter.contains('|')
}

/// What a catch-all lets through: a name can begin with a letter, a digit or `_`, and go on with `.` and `-` too.
static PROBES: LazyLock<Vec<String>> = LazyLock::new(|| {
    let first = || ('a'..='z').chain('A'..='Z').chain('0'..='9').chain(['_']);
    let alone = first().map(String::from);
    let behind = first().chain(['.', '-']).map(|it| format!("x{it}"));
    let usual = ["latest", "stable", "v1.2.3", "1.0", "2026-11-24", "release-1.2_rc.1", "sha-3f9a2b1"];
    alone.chain(behind).chain(usual.map(str::to_owned)).chain([format!("0{}", "a.-_Z9".repeat(21))]).collect()
});

#[cfg(test)]
mod tests {
    use super::Filters;

    #[test]
    fn a_catch_all_is_one_however_it_is_written() {
        let all =
            [".*", "^.*$", ".+", "(.*)", ".*?", "[a-zA-Z0-9_].*", r"[\w.-]+", "v.*|.*", "(v.*)?.*", r"\S+", ".{0,}"];
        let choosing = [
            "",
            "v.*",
            "release-.*",
            ".*-rc",
            "[^v].*",
            ".*[^t]",
            ".{1,50}",
            "^v.*",
            "v?",
            "a*",
            "a|b",
            r"\d+",
            "[a-z0-9]+",
            "(?!latest$).*",
            "(.)\\1*",
            "(",
            "[a-z]*",
            ".",
            "..*.",
            "v.*|w.*",
        ];
        let mut filters = Filters::default();
        for filter in all {
            assert!(filters.is_catch_all(filter), "{filter}");
        }
        for filter in choosing {
            assert!(!filters.is_catch_all(filter), "{filter}");
        }
    }
}
