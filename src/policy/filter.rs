//! What filters let through.

use rustc_hash::FxHashMap;

use crate::model::{Field, MATCH_ALL, NameGlob};
use crate::pattern::{Budget, Comparer, Kind, Pattern, Reading};

/// Steps that a filter may take to be worked out: about 10 ms.
const STEPS: u64 = 10_000_000;
/// The same for each further one, after some could not be worked out: a hostile estate must not cost minutes.
const FEWER_STEPS: u64 = 200_000;
/// How many those are.
const PATIENCE: u32 = 50;

/// What a filter lets through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reach {
    /// Every name there can be.
    Everything,
    /// Every name, should the registry look for it inside of names; else not.
    EverythingInside,
    /// Not every name.
    Some,
    /// What could not be worked out.
    Unknown,
}

/// The filters of a side, each worked out once.
#[derive(Debug, Default)]
pub(super) struct Filters<'a> {
    comparer: Comparer,
    reaches: FxHashMap<(Kind, &'a str), Reach>,
    patterns: FxHashMap<(Kind, &'a str), Option<Pattern>>,
    /// Whether a filter and a glob have a name in common, by the glob as a regular expression.
    meetings: FxHashMap<(Kind, &'a str, Box<str>), bool>,
    unknown: u32,
}

impl<'a> Filters<'a> {
    /// What a filter lets through.
    pub(super) fn reach(&mut self, filter: &'a str, kind: Kind) -> Reach {
        if filter == MATCH_ALL {
            return Reach::Everything;
        }
        if surely_chooses(filter) {
            return Reach::Some;
        }
        if let Some(known) = self.reaches.get(&(kind, filter)) {
            return *known;
        }
        let reach = self.work_out(filter, kind);
        self.unknown += u32::from(reach == Reach::Unknown);
        self.reaches.insert((kind, filter), reach);
        reach
    }

    /// Whether a filter lets anything through that a glob matches, unless it surely does not.
    pub(super) fn may_meet(&mut self, filter: &'a str, glob: &NameGlob, kind: Kind) -> bool {
        if filter == MATCH_ALL {
            return true;
        }
        let key = (kind, filter, glob.as_regex().into());
        if let Some(known) = self.meetings.get(&key) {
            return *known;
        }
        let budget = self.budget();
        // A glob is anchored at both ends, so that the second reading is one of the filter alone.
        let both = [filter, glob.as_regex()];
        let met = Reading::ALL.map(|reading| self.comparer.meet(&both, kind, reading, &budget));
        self.unknown += u32::from(met.iter().any(Result::is_err));
        let apart = met.iter().all(|it| matches!(it, Ok(None)));
        self.meetings.insert(key, !apart);
        !apart
    }

    fn budget(&self) -> Budget<'static> {
        let steps = if self.unknown < PATIENCE { STEPS } else { FEWER_STEPS };
        Budget { steps, ..Budget::default() }
    }

    fn work_out(&mut self, filter: &str, kind: Kind) -> Reach {
        let budget = self.budget();
        let mut everything = |reading| {
            let extent = self.comparer.extent(filter, kind, reading, &budget);
            extent.map(|it| it.unmatched.is_none())
        };
        match (everything(Reading::Whole), everything(Reading::Search)) {
            (Ok(true), _) => Reach::Everything,
            (Ok(false), Ok(true)) => Reach::EverythingInside,
            (Ok(false), Ok(false)) => Reach::Some,
            _ => Reach::Unknown,
        }
    }

    /// Whether a filter surely lets a name through.
    pub(super) fn matches(&mut self, filter: &'a str, kind: Kind, name: &str) -> bool {
        if filter == MATCH_ALL {
            return true;
        }
        let pattern = self.patterns.entry((kind, filter)).or_insert_with(|| Pattern::new(filter, kind).ok());
        pattern.as_ref().is_some_and(|it| it.is_match(name, Reading::Whole))
    }
}

/// What a filter's names are.
pub(super) const fn kind_of(field: Field) -> Kind {
    match field {
        Field::RepoNameFilter => Kind::Repository,
        Field::NamespaceNameFilter => Kind::Namespace,
        _ => Kind::Tag,
    }
}

/// Whether a filter begins with a character it insists on: most do, and need not be worked out.
fn surely_chooses(filter: &str) -> bool {
    let mut characters = filter.trim_start_matches('^').chars();
    let first = characters.next().is_some_and(char::is_alphanumeric);
    first && !characters.next().is_some_and(|it| matches!(it, '?' | '*' | '{')) && !filter.contains('|')
}

#[cfg(test)]
mod tests {
    use super::{Filters, Reach};
    use crate::model::NameGlob;
    use crate::pattern::Kind;

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
        let mut filters = Filters::default();
        for (filter, glob, expected) in cases {
            let pattern = NameGlob::new(glob).expect(glob);
            assert_eq!(filters.may_meet(filter, &pattern, Kind::Namespace), expected, "{filter} {glob}");
            assert_eq!(filters.may_meet(filter, &pattern, Kind::Namespace), expected, "{filter} {glob}, remembered");
        }
    }

    #[test]
    fn a_catch_all_is_one_however_it_is_written() {
        let cases: [(Reach, &[&str]); 4] = [
            (
                Reach::Everything,
                &[".*", "^.*$", ".+", "(.*)", ".*?", "[a-zA-Z0-9_].*", r"[\w.-]+", "v.*|.*", "(v.*)?.*", ".{0,128}"],
            ),
            (Reach::EverythingInside, &["v?", "a*", "[a-z]*", "", "(v.*)?", ".", "(?!latest$).*"]),
            (
                Reach::Some,
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
            (Reach::Unknown, &["(.)\\1*", "("]),
        ];
        let mut filters = Filters::default();
        for (expected, written) in cases {
            for filter in written {
                assert_eq!(filters.reach(filter, Kind::Tag), expected, "{filter}");
            }
        }
    }
}
