//! The names that filters match, as policies need to know them.

use filter_language::{FilterSession, NameKind, Reading};

use crate::model::{MATCH_ALL, NameGlob};

/// The names that a filter matches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FilterBreadth {
    /// Every name.
    Everything,
    /// Every name as a search, and not every whole name.
    EverythingInside,
    /// Not every name.
    Some,
    /// Undecided.
    Unknown,
}

/// Returns the breadth of a filter.
pub(super) fn breadth(session: &mut FilterSession, filter: &str, kind: NameKind) -> FilterBreadth {
    if filter == MATCH_ALL {
        return FilterBreadth::Everything;
    }
    if begins_with_literal(filter) {
        return FilterBreadth::Some;
    }
    let mut matches_everything = |reading| {
        let coverage = session.coverage(filter, kind, reading);
        coverage.map(|it| it.unmatched.is_none())
    };
    let whole = matches_everything(Reading::Whole);
    let search = matches_everything(Reading::Search);
    match (whole, search) {
        (Ok(true), _) => FilterBreadth::Everything,
        (Ok(false), Ok(true)) => FilterBreadth::EverythingInside,
        (Ok(false), Ok(false)) => FilterBreadth::Some,
        (Err(_), _) | (_, Err(_)) => FilterBreadth::Unknown,
    }
}

/// Returns true unless a filter is known to match no name of a glob, neither as whole names nor as searches.
pub(super) fn may_intersect(
    session: &mut FilterSession,
    filter: &str,
    glob: &NameGlob,
    kind: NameKind,
) -> bool {
    if filter == MATCH_ALL {
        return true;
    }
    // The expression of a glob is anchored at both ends, so only the filter is read as a search.
    let both = [filter, glob.as_regex()];
    Reading::ALL
        .into_iter()
        .any(|reading| !matches!(session.intersection(&both, kind, reading), Ok(None)))
}

/// Returns true if a filter is known to match a whole name.
pub(super) fn matches(
    session: &mut FilterSession,
    filter: &str,
    kind: NameKind,
    name: &str,
) -> bool {
    filter == MATCH_ALL || session.is_match(filter, name, kind, Reading::Whole) == Ok(true)
}

/// Returns true if reading a filter from the left shows that every match begins with one character, as that of most
/// filters does.
fn begins_with_literal(filter: &str) -> bool {
    let mut characters = filter.trim_start_matches('^').chars();
    let is_literal = characters.next().is_some_and(char::is_alphanumeric);
    let is_optional = matches!(characters.next(), Some('?' | '*' | '{'));
    is_literal && !is_optional && !filter.contains('|')
}

#[cfg(test)]
mod tests {
    use super::{FilterBreadth, breadth, may_intersect};
    use crate::model::NameGlob;
    use filter_language::{FilterSession, NameKind};

    #[test]
    fn a_filter_and_a_glob_intersect_unless_known_otherwise() {
        let cases = [
            (".*", "customer-*", true),
            ("customer-.*", "customer-*", true),
            ("platform-.*", "customer-*", true),
            ("^platform-.*$", "customer-*", false),
            ("^platform-.*$", "*-1", true),
            ("^(a|b)$", "{a,b}x", false),
            ("^[ab]x$", "{a,b}x", true),
            ("^a.*", "b?", false),
            ("^a\\.b$", "a.b", true),
            ("(.)\\1", "customer-*", true),
        ];
        let mut session = FilterSession::default();
        for (filter, glob, expected) in cases {
            let pattern = NameGlob::new(glob).expect(glob);
            assert_eq!(
                may_intersect(&mut session, filter, &pattern, NameKind::Namespace),
                expected,
                "{filter} {glob}"
            );
            assert_eq!(
                may_intersect(&mut session, filter, &pattern, NameKind::Namespace),
                expected,
                "{filter} {glob}, remembered"
            );
        }
    }

    #[test]
    fn a_catch_all_is_one_however_it_is_written() {
        let cases: [(FilterBreadth, &[&str]); 4] = [
            (
                FilterBreadth::Everything,
                &[
                    ".*",
                    "^.*$",
                    ".+",
                    "(.*)",
                    ".*?",
                    "[a-zA-Z0-9_].*",
                    r"[\w.-]+",
                    "v.*|.*",
                    "(v.*)?.*",
                    ".{0,128}",
                ],
            ),
            (
                FilterBreadth::EverythingInside,
                &["v?", "a*", "[a-z]*", "", "(v.*)?", ".", "(?!latest$).*"],
            ),
            (
                FilterBreadth::Some,
                &[
                    "v.*",
                    "^v.*",
                    "release-.*",
                    ".*-rc",
                    "[^v].*",
                    "a|b",
                    r"\d+",
                    "^(?!latest$).*$",
                    "a{2}",
                    "v.*|w.*",
                    "..*..",
                ],
            ),
            (FilterBreadth::Unknown, &["(.)\\1*", "("]),
        ];
        let mut session = FilterSession::default();
        for (expected, written) in cases {
            for filter in written {
                assert_eq!(
                    breadth(&mut session, filter, NameKind::Tag),
                    expected,
                    "{filter}"
                );
            }
        }
    }
}
