//! Filters of rules files: `filter_language` decides, and this module words its decisions for the file.

use std::ops::Range;

use filter_language::{FilterSession, NameKind, SyntaxError};
use rustc_hash::{FxHashMap, FxHashSet};

use super::problem::{Problem, RuleProblem};
use super::reader::{Entry, FileReader};
use crate::i18n::{Message, Phrase};
use crate::model::Field;

/// The longest filter, in characters.
const MAX_LENGTH: usize = 1_024;
/// The most filters of one kind that are remembered as valid.
const MAX_VALID: usize = 10_000;

/// The error of an invalid filter.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct FilterError {
    /// The invalid bytes of the filter; all of them where the whole filter is invalid.
    pub(super) part: Range<usize>,
    pub(super) why: Message,
    pub(super) help: Message,
}

/// Checks that Java compiles a filter, and that it fits on one line.
///
/// # Errors
///
/// The first error of the filter.
pub(super) fn validate(filter: &str) -> Result<(), FilterError> {
    let whole = |why: Phrase, help| {
        Err(FilterError {
            part: 0..filter.len(),
            why: why.into(),
            help,
        })
    };
    if filter.is_empty() {
        return whole(Phrase::empty_filter(), Message::help_match_everything());
    }
    if filter.chars().nth(MAX_LENGTH).is_some() {
        return whole(Phrase::filter_length(), Message::help_filter_length());
    }
    if filter.contains(char::is_control) {
        return whole(Phrase::filter_control(), Message::help_filter_on_one_line());
    }
    filter_language::check(filter).map_err(
        |SyntaxError {
             offset, problem, ..
         }| {
            let rest = filter.get(offset..).unwrap_or_default();
            let part = match rest.chars().next() {
                Some(character) => offset..offset + character.len_utf8(),
                None => 0..filter.len(),
            };
            FilterError {
                part,
                why: problem.into(),
                help: syntax_help(rest),
            }
        },
    )
}

/// Returns the help for text that Java rejects.
fn syntax_help(rejected: &str) -> Message {
    match rejected.chars().next() {
        Some('*') => Message::help_star(),
        Some('?' | '+') => Message::help_escape(),
        Some('{') if rejected.contains(',') => Message::help_alternatives("`(a|b)`", "`\\{`"),
        Some('{') => Message::help_count("`{2}`", "`{2,3}`", "`\\{`"),
        Some('(') if rejected.starts_with("(?P") => Message::help_named_group("`(?<name>…)`"),
        Some('(') => Message::help_close_group(),
        Some(')') => Message::help_open_group(),
        Some('[') => Message::help_close_class(),
        Some('\\') => Message::help_backslash(),
        _ => Message::help_java_syntax(),
    }
}

/// The checks of all filters of a run.
#[derive(Debug, Default)]
pub(super) struct FilterChecks {
    session: FilterSession,
    /// Filters without a problem.
    valid: FxHashMap<NameKind, FxHashSet<Box<str>>>,
}

impl FilterChecks {
    /// Reports the problem of the filter under a key, if any.
    pub(super) fn report(
        &mut self,
        reader: &mut FileReader<'_>,
        entry: &Entry<'_>,
        field: Field,
        filter: &str,
    ) {
        if let Some((problem, part)) = self.check(field, filter) {
            let place = reader.place_in_value(entry, filter, part);
            reader.problems.push(problem, place);
        }
    }

    /// Returns the problem of a filter and its part: an error where Java rejects the filter, a warning where Java may
    /// reject it or where it matches no name.
    pub(super) fn check(&mut self, field: Field, filter: &str) -> Option<(Problem, Range<usize>)> {
        let kind = name_kind(field);
        if self.valid.get(&kind).is_some_and(|it| it.contains(filter)) {
            return None;
        }
        if let Some((problem, part)) = self.find_problem(field, kind, filter) {
            return Some((problem.into(), part));
        }
        let valid = self.valid.entry(kind).or_default();
        if valid.len() < MAX_VALID {
            valid.insert(filter.into());
        }
        None
    }

    fn find_problem(
        &mut self,
        field: Field,
        kind: NameKind,
        filter: &str,
    ) -> Option<(RuleProblem, Range<usize>)> {
        let key = field.as_str();
        if let Err(FilterError { part, why, help }) = validate(filter) {
            return Some((RuleProblem::InvalidFilter { key, why, help }, part));
        }
        let whole = 0..filter.len();
        if let Some(uncertainty) = filter_language::find_uncertainty(filter) {
            let why = Message::from(&uncertainty);
            return Some((RuleProblem::DoubtfulFilter { key, why }, whole));
        }
        if self.session.has_no_match(filter, kind) {
            let problem = RuleProblem::FilterMatchesNothing {
                key,
                noun: match kind {
                    NameKind::Tag => Phrase::tag(),
                    NameKind::Repository => Phrase::repository(),
                    NameKind::Namespace => Phrase::namespace(),
                },
                help: name_help(filter, kind),
            };
            return Some((problem, whole));
        }
        None
    }
}

/// Returns the kind of the names that a filter matches.
fn name_kind(field: Field) -> NameKind {
    match field {
        Field::RepoNameFilter => NameKind::Repository,
        Field::NamespaceNameFilter => NameKind::Namespace,
        _ => NameKind::Tag,
    }
}

/// Returns the help for a filter that matches no name, by its most likely mistake.
fn name_help(filter: &str, kind: NameKind) -> Message {
    let is_regex_literal = filter.len() > 1 && filter.starts_with('/') && filter.ends_with('/');
    match kind {
        _ if filter.trim() != filter => Message::help_space_in_filter(),
        _ if is_regex_literal => Message::help_regex_literal(),
        _ if filter.contains(',') => Message::help_comma(),
        NameKind::Tag => Message::help_tag_form(),
        _ if filter.contains(|character: char| character.is_ascii_uppercase()) => {
            Message::help_lower_case_filter()
        }
        NameKind::Repository => Message::help_repository_form(),
        NameKind::Namespace => Message::help_namespace_form(),
    }
}

#[cfg(test)]
mod tests {
    use super::{FilterChecks, Problem, RuleProblem, validate};
    use crate::model::Field;

    #[test]
    fn expressions_of_java_are_valid() {
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
    fn syntax_errors_have_their_part() {
        let cases = [
            ("", 0..0, "`.*` to match everything"),
            ("*", 0..1, "not globs"),
            ("*-rc", 0..1, "not globs"),
            ("v**", 2..3, "not globs"),
            ("a+++", 3..4, "escape the literal"),
            ("[z-a]", 1..2, "java.util.regex"),
            ("a{2,1}", 1..2, "`(a|b)`"),
            ("v{", 1..2, "`{2}`"),
            ("{v1,v2}", 0..1, "`(a|b)`"),
            ("x{,5}", 1..2, "`(a|b)`"),
            ("\\y", 0..1, "without a backslash"),
            ("\\p{Foo}", 0..1, "without a backslash"),
            ("(?P<a>v)", 0..1, "`(?<name>…)`"),
            ("[[:digit:]", 0..1, "close the class"),
            ("标(签", 3..4, "close the group"),
            ("a)", 1..2, "open the group"),
            ("a\\", 1..2, "a literal backslash"),
            ("a\n", 0..2, "on one line"),
        ];
        for (filter, part, help) in cases {
            let error = validate(filter).expect_err(filter);
            assert_eq!(error.part, part, "{filter}");
            assert!(error.help.contains(help), "{filter}: {}", error.help);
        }
    }

    #[test]
    fn filters_without_a_match_are_reported_by_field() {
        let mut checks = FilterChecks::default();
        let cases = [
            (Field::TagFilter, "v1 ", "space"),
            (Field::TagFilter, "latest,stable", "comma"),
            (Field::TagFilter, "/^v1$/", "slashes"),
            (Field::TagFilter, "[.]v", "a tag is"),
            (Field::RepoNameFilter, "Web.*", "lower-case"),
            (Field::RepoNameFilter, "-web", "a repository is"),
            (Field::NamespaceNameFilter, "a", "a namespace is"),
        ];
        for (field, filter, expected) in cases {
            let Some((Problem::Rule(RuleProblem::FilterMatchesNothing { key, help, .. }), _)) =
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
                    Some((Problem::Rule(RuleProblem::DoubtfulFilter { .. }), _))
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
