//! Names that people recognize, to show in place of the shortest one.

use super::Reading;
use super::name_kind::NameKind;
use super::session::FilterSession;

/// Tags as people write them: moving ones, versions, dates, and the start of a commit id.
const TAGS: [&str; 9] = [
    "latest",
    "dev",
    "main",
    "v1.2.3",
    "v1.2.3-rc1",
    "1.0",
    "2026-01-31",
    "20260131",
    "4f2d9c1",
];
const REPOSITORIES: [&str; 3] = ["app", "web", "api"];
const NAMESPACES: [&str; 3] = ["team", "prod", "dev"];

/// The names that replace the part of the shortest name before a separator.
const STEMS: [&str; 2] = ["v1.2.3", "1.0"];
/// The texts that complete the shortest name.
const ENDINGS: [&str; 2] = ["1", "1.0"];

/// A search of a name that matches some filters, and does not match others.
#[derive(Debug, Clone, Copy)]
pub struct ExampleQuery<'a> {
    /// The filters that the name matches.
    pub matching: &'a [&'a str],
    /// The filters that the name does not match.
    pub excluding: &'a [&'a str],
    /// The kind of the name.
    pub kind: NameKind,
    /// The reading of the filters.
    pub reading: Reading,
    /// The shortest name of this kind.
    pub shortest: &'a str,
}

impl FilterSession {
    /// Returns a name that people recognize; the shortest one if there is none, or if the budget does not suffice to
    /// find it.
    ///
    /// ```
    /// use filter_language::{ExampleQuery, NameKind, Reading, FilterSession};
    ///
    /// let query = ExampleQuery {
    ///     matching: &[".*"],
    ///     excluding: &["v.*"],
    ///     kind: NameKind::Tag,
    ///     reading: Reading::Whole,
    ///     shortest: "0",
    /// };
    /// assert_eq!(FilterSession::default().find_example(query), "latest");
    /// ```
    pub fn find_example(&mut self, query: ExampleQuery<'_>) -> String {
        let candidates = candidates(query.kind, query.shortest);
        candidates
            .into_iter()
            .find(|name| self.is_example(query, name))
            .unwrap_or_else(|| query.shortest.to_owned())
    }

    fn is_example(&mut self, query: ExampleQuery<'_>, name: &str) -> bool {
        let ExampleQuery { kind, reading, .. } = query;
        let mut matches = |filter: &str| self.is_match(filter, name, kind, reading);
        query
            .matching
            .iter()
            .all(|filter| matches(filter) == Ok(true))
            && query
                .excluding
                .iter()
                .all(|filter| matches(filter) == Ok(false))
    }
}

/// Returns the names to try, the best first. If no common name qualifies, one that is like the shortest name may.
fn candidates(kind: NameKind, shortest: &str) -> Vec<String> {
    let common: &[&str] = match kind {
        NameKind::Tag => &TAGS,
        NameKind::Repository => &REPOSITORIES,
        NameKind::Namespace => &NAMESPACES,
    };
    let mut names: Vec<String> = common.iter().map(|name| (*name).to_owned()).collect();
    if kind == NameKind::Tag {
        for (at, separator) in shortest.match_indices(['-', '_', '.']) {
            let suffix = &shortest[at..];
            if suffix != separator {
                names.extend(STEMS.map(|stem| format!("{stem}{suffix}")));
            }
        }
        if shortest.ends_with(['-', '_', '.']) {
            names.extend(ENDINGS.map(|ending| format!("{shortest}{ending}")));
        }
    }
    names.retain(|name| kind.is_name(name));
    names
}

#[cfg(test)]
mod tests {
    use super::{ExampleQuery, candidates};
    use crate::{FilterSession, NameKind, Reading};

    fn example(matching: &[&str], excluding: &[&str], shortest: &str) -> String {
        let mut session = FilterSession::default();
        for filter in matching {
            let matches = session.is_match(filter, shortest, NameKind::Tag, Reading::Whole);
            assert_eq!(matches, Ok(true), "{filter} {shortest}");
        }
        session.find_example(ExampleQuery {
            matching,
            excluding,
            kind: NameKind::Tag,
            reading: Reading::Whole,
            shortest,
        })
    }

    #[test]
    fn common_names_come_first() {
        assert_eq!(example(&[".*"], &[], "0"), "latest");
        assert_eq!(example(&[".*"], &["latest|dev"], "0"), "main");
        assert_eq!(example(&[r"v\d+.*"], &[], "v0"), "v1.2.3");
        assert_eq!(example(&[r"v\d+.*"], &[r"v1\.2\.3"], "v0"), "v1.2.3-rc1");
        assert_eq!(example(&[r"\d+\.\d+"], &[], "0.0"), "1.0");
        assert_eq!(
            example(&[r"\d{4}-\d\d-\d\d"], &[], "0000-00-00"),
            "2026-01-31"
        );
        assert_eq!(example(&["[0-9a-f]{7}"], &[], "0000000"), "4f2d9c1");
    }

    #[test]
    fn names_like_the_shortest_one_come_next() {
        assert_eq!(example(&["edited-.*"], &[], "edited-"), "edited-1");
        assert_eq!(
            example(&[r"release-\d+\.45\..*"], &[], "release-0.45."),
            "release-0.45.1"
        );
        assert_eq!(example(&[".*-hotfix"], &[], "0-hotfix"), "v1.2.3-hotfix");
    }

    #[test]
    fn the_shortest_name_is_the_last_resort() {
        assert_eq!(example(&["[xyz]{3}"], &[], "xxx"), "xxx");
        assert_eq!(example(&[".*"], &[".{2,}"], "0"), "0");
    }

    #[test]
    fn candidates_are_names() {
        for kind in NameKind::ALL {
            for shortest in ["ab", "a-", "a.b-c_d", "", "é-"] {
                for name in candidates(kind, shortest) {
                    assert!(kind.is_name(&name), "{name}");
                }
            }
        }
    }
}
