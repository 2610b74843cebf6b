//! Filters as rules files give them: `pattern` decides, and this says it in the words of the files.

use std::collections::HashSet;
use std::ops::Range;

use filter_language::{self, NameKind, Session, SyntaxError};

use super::document::{Document, Entry};
use super::problem::Problem;
use crate::model::Field;

/// The longest filter, in characters.
pub(super) const MAX_LENGTH: usize = 1_024;
/// How many filters are remembered as sound.
const MAX_SOUND: usize = 10_000;

/// Why a filter is refused.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Fault {
    /// The bytes of the filter that are wrong; all of them where it is the whole.
    pub(super) part: Range<usize>,
    pub(super) why: &'static str,
    pub(super) help: &'static str,
}

/// Checks that Java compiles a filter, and that it fits on one line.
///
/// # Errors
///
/// The first thing that is wrong with it.
pub(super) fn validate(filter: &str) -> Result<(), Fault> {
    let whole = |why, help| {
        Err(Fault {
            part: 0..filter.len(),
            why,
            help,
        })
    };
    if filter.is_empty() {
        return whole("it is empty", "`.*` matches everything");
    }
    if filter.chars().nth(MAX_LENGTH).is_some() {
        return whole(
            "it is longer than 1024 characters",
            "split the rule, or find what the names have in common",
        );
    }
    if filter.contains(|it: char| it.is_control()) {
        return whole(
            "it has a line break or a control character in it",
            "no name has one; write it on one line, in single quotes",
        );
    }
    filter_language::check(filter).map_err(
        |SyntaxError {
             offset, problem, ..
         }| {
            let wrong = filter.get(offset..).and_then(|rest| rest.chars().next());
            let part = match wrong {
                Some(wrong) => offset..offset + wrong.len_utf8(),
                None => 0..filter.len(),
            };
            Fault {
                part,
                why: problem,
                help: help(filter.get(offset..).unwrap_or_default()),
            }
        },
    )
}

/// Returns what to do about the text that Java refuses.
fn help(wrong: &str) -> &'static str {
    match wrong.chars().next() {
        Some('*') => "this is not a glob: \"anything\" is `.*`; a star itself is `\\*`",
        Some('?' | '+') => "the character itself is escaped with a backslash",
        Some('{') if wrong.contains(',') => {
            "alternatives are written `(a|b)`; a brace itself is `\\{`"
        }
        Some('{') => "a count is written `{2}` or `{2,3}`; a brace itself is `\\{`",
        Some('(') if wrong.starts_with("(?P") => {
            "a group is named by `(?<name>…)`, or needs no name"
        }
        Some('(') => "close it with `)`; a parenthesis itself is `\\(`",
        Some(')') => "open the group with `(`; a parenthesis itself is `\\)`",
        Some('[') => "close it with `]`; a bracket itself is `\\[`",
        Some('\\') => "a backslash itself is `\\\\`; a letter is written without one",
        _ => "filters are read as java.util.regex.Pattern reads them",
    }
}

/// The checks of all filters of a run.
#[derive(Debug, Default)]
pub(super) struct FilterChecks {
    session: Session,
    /// Filters of which there is nothing to report.
    sound: HashSet<(NameKind, Box<str>)>,
}

impl FilterChecks {
    /// Reports what is wrong with the filter of a key.
    pub(super) fn report(
        &mut self,
        document: &mut Document<'_>,
        entry: &Entry<'_>,
        field: Field,
        filter: &str,
    ) {
        if let Some((problem, part)) = self.check(field, filter) {
            let place = document.part_of_value(entry, filter, part);
            document.problems.push(problem, place);
        }
    }

    /// Returns what is wrong with a filter: an error where Java refuses it, a warning where Java may refuse it or where
    /// it matches no name.
    pub(super) fn check(&mut self, field: Field, filter: &str) -> Option<(Problem, Range<usize>)> {
        let (key, kind) = (field.as_str(), kind_of(field));
        let known = (kind, Box::from(filter));
        if self.sound.contains(&known) {
            return None;
        }
        if let Err(Fault { part, why, help }) = validate(filter) {
            return Some((Problem::InvalidFilter { key, why, help }, part));
        }
        let whole = 0..filter.len();
        if let Some(doubt) = filter_language::find_uncertainty(filter) {
            return Some((
                Problem::DoubtfulFilter {
                    key,
                    why: doubt.to_string(),
                },
                whole,
            ));
        }
        if self.session.has_no_match(filter, kind) {
            let problem = Problem::FilterMatchesNothing {
                key,
                noun: kind.as_str(),
                help: names_help(filter, kind),
            };
            return Some((problem, whole));
        }
        if self.sound.len() < MAX_SOUND {
            self.sound.insert(known);
        }
        None
    }
}

/// The kind of the names that a filter is about.
fn kind_of(field: Field) -> NameKind {
    match field {
        Field::RepoNameFilter => NameKind::Repository,
        Field::NamespaceNameFilter => NameKind::Namespace,
        _ => NameKind::Tag,
    }
}

/// Returns what names look like, by what the filter gets wrong about them.
fn names_help(filter: &str, kind: NameKind) -> &'static str {
    let is_regex_literal = filter.len() > 1 && filter.starts_with('/') && filter.ends_with('/');
    match kind {
        _ if filter.trim() != filter => "no name begins or ends with a blank: remove it",
        _ if is_regex_literal => "write the expression without the slashes around it",
        _ if filter.contains(',') => "no name has a comma: alternatives are written `a|b`",
        NameKind::Tag => {
            "a tag is 1 to 128 letters, digits, `_`, `.` and `-`, and begins with none of `.` and `-`"
        }
        _ if filter.contains(|it: char| it.is_ascii_uppercase()) => {
            "names of repositories and namespaces are lower case"
        }
        NameKind::Repository => {
            "a repository is lower-case letters and digits, with `_`, `.`, `/` and `-` between them"
        }
        NameKind::Namespace => {
            "a namespace is 2 to 120 lower-case letters and digits, with `_`, `.` and `-` between them"
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{FilterChecks, Problem, validate};
    use crate::model::Field;

    #[test]
    fn what_java_compiles_is_valid() {
        let filters = [
            ".*",
            "v.*",
            "^v1\\.2$",
            "(a|b)+",
            "a{2}",
            "a{2,}",
            "a{2,3}?",
            "a++",
            "a??",
            "[a-z]",
            "[]a]",
            "[a[bc]]",
            "[a-z&&[^b]]*",
            "^(?!.*-rc$).*$",
            "(?<!a)b",
            "(?<name>a)\\k<name>",
            "(?>a)",
            "(?i-s)a",
            "^*",
            "}",
            "]",
            "\\Q(\\E",
            "\\p{L}",
            "(\\d)\\1",
            "标签.*",
            "a|",
            "()",
            "|a",
            "\\\\",
            "{2}",
            "a|{2}",
        ];
        for filter in filters {
            assert_eq!(validate(filter), Ok(()), "{filter}");
        }
        assert_eq!(validate(&"a".repeat(1_024)), Ok(()));
        assert!(validate(&"a".repeat(1_025)).is_err());
    }

    #[test]
    fn what_java_refuses_is_refused_at_its_place() {
        let cases = [
            ("", 0..0, "`.*` matches everything"),
            ("*", 0..1, "not a glob"),
            ("*-rc", 0..1, "not a glob"),
            ("v**", 2..3, "not a glob"),
            ("a+++", 3..4, "escaped with a backslash"),
            ("[z-a]", 1..2, "java.util.regex"),
            ("a{2,1}", 1..2, "`(a|b)`"),
            ("v{", 1..2, "`{2}`"),
            ("{v1,v2}", 0..1, "`(a|b)`"),
            ("x{,5}", 1..2, "`(a|b)`"),
            ("\\y", 0..1, "without one"),
            ("\\p{Foo}", 0..1, "without one"),
            ("(?P<a>v)", 0..1, "`(?<name>…)`"),
            ("[[:digit:]", 0..1, "close it with `]`"),
            ("标(签", 3..4, "close it with `)`"),
            ("a)", 1..2, "open the group"),
            ("a\\", 1..2, "a backslash itself"),
            ("a\n", 0..2, "no name has one"),
        ];
        for (filter, part, help) in cases {
            let fault = validate(filter).expect_err(filter);
            assert_eq!(fault.part, part, "{filter}");
            assert!(fault.help.contains(help), "{filter}: {}", fault.help);
        }
    }

    #[test]
    fn what_matches_no_name_is_told_by_field() {
        let mut checks = FilterChecks::default();
        let cases = [
            (Field::TagFilter, "v1 ", "blank"),
            (Field::TagFilter, "latest,stable", "comma"),
            (Field::TagFilter, "/^v1$/", "slashes"),
            (Field::TagFilter, "[.]v", "a tag is"),
            (Field::RepoNameFilter, "Web.*", "lower case"),
            (Field::RepoNameFilter, "-web", "a repository is"),
            (Field::NamespaceNameFilter, "a", "a namespace is"),
        ];
        for (field, filter, expected) in cases {
            let Some((Problem::FilterMatchesNothing { key, help, .. }, _)) =
                checks.check(field, filter)
            else {
                panic!("{filter} matches something")
            };
            assert!(
                key == field.as_str() && help.contains(expected),
                "{filter}: {help}"
            );
        }
        for filter in ["\\N{DIGIT ONE}", "(?<=a*b*)c"] {
            assert!(
                matches!(
                    checks.check(Field::TagFilter, filter),
                    Some((Problem::DoubtfulFilter { .. }, _))
                ),
                "{filter}"
            );
        }
        for filter in ["Web.*", "v1", "(v)\\1", "latest|stable"] {
            assert!(checks.check(Field::TagFilter, filter).is_none(), "{filter}");
            assert!(
                checks.check(Field::TagFilter, filter).is_none(),
                "{filter}, again"
            );
        }
    }
}
