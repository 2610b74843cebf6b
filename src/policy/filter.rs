//! What filters let through.

use filter_language::{NameKind, Reading, Session};

use crate::model::{Field, MATCH_ALL, NameGlob};

/// What a filter lets through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FilterBreadth {
    /// Every name there can be.
    Everything,
    /// Every name, should the registry look for it inside of names; else not.
    EverythingInside,
    /// Not every name.
    Some,
    /// What could not be worked out.
    Unknown,
}

/// What a filter lets through.
pub(super) fn breadth(session: &mut Session, filter: &str, kind: NameKind) -> FilterBreadth {
    if filter == MATCH_ALL {
        return FilterBreadth::Everything;
    }
    if surely_chooses(filter) {
        return FilterBreadth::Some;
    }
    let mut everything = |reading| {
        session
            .coverage(filter, kind, reading)
            .map(|it| it.unmatched.is_none())
    };
    match (everything(Reading::Whole), everything(Reading::Search)) {
        (Ok(true), _) => FilterBreadth::Everything,
        (Ok(false), Ok(true)) => FilterBreadth::EverythingInside,
        (Ok(false), Ok(false)) => FilterBreadth::Some,
        _ => FilterBreadth::Unknown,
    }
}

/// Whether a filter lets anything through that a glob matches, unless it surely does not.
pub(super) fn may_meet(
    session: &mut Session,
    filter: &str,
    glob: &NameGlob,
    kind: NameKind,
) -> bool {
    if filter == MATCH_ALL {
        return true;
    }
    // A glob is anchored at both ends, so that the second reading is one of the filter alone.
    let both = [filter, glob.as_regex()];
    Reading::ALL
        .into_iter()
        .any(|reading| !matches!(session.intersection(&both, kind, reading), Ok(None)))
}

/// Whether a filter surely lets a name through.
pub(super) fn matches(session: &mut Session, filter: &str, kind: NameKind, name: &str) -> bool {
    filter == MATCH_ALL || session.is_match(filter, name, kind, Reading::Whole) == Ok(true)
}

/// What a filter's names are.
pub(super) const fn kind_of(field: Field) -> NameKind {
    match field {
        Field::RepoNameFilter => NameKind::Repository,
        Field::NamespaceNameFilter => NameKind::Namespace,
        _ => NameKind::Tag,
    }
}

/// Whether a filter begins with a character it insists on: most do, and need not be worked out.
fn surely_chooses(filter: &str) -> bool {
    let mut characters = filter.trim_start_matches('^').chars();
    let first = characters.next().is_some_and(char::is_alphanumeric);
    first
        && !characters
            .next()
            .is_some_and(|it| matches!(it, '?' | '*' | '{'))
        && !filter.contains('|')
}

#[cfg(test)]
mod tests {
    use super::{FilterBreadth, breadth, may_meet};
    use crate::model::NameGlob;
    use filter_language::{NameKind, Session};

    #[test]
    fn a_filter_and_a_glob_meet_unless_they_surely_do_not() {
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
        let mut session = Session::default();
        for (filter, glob, expected) in cases {
            let pattern = NameGlob::new(glob).expect(glob);
            assert_eq!(
                may_meet(&mut session, filter, &pattern, NameKind::Namespace),
                expected,
                "{filter} {glob}"
            );
            assert_eq!(
                may_meet(&mut session, filter, &pattern, NameKind::Namespace),
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
        let mut session = Session::default();
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
