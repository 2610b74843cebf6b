//! `forbid-catch-all-filter`: filters select names.

use filter_language::{FilterSession, NameKind};

use super::filter::{FilterBreadth, breadth};
use super::selection::SelectedRules;
use super::violation::{PolicyViolation, ViolationSubject};
use crate::i18n::Message;
use crate::model::{Field, SyncRule};
use crate::policy::ForbidCatchAllFilter;

pub(super) fn violations<'a>(
    forbidden: &ForbidCatchAllFilter,
    rules: &SelectedRules<'_, 'a>,
    session: &mut FilterSession,
) -> Vec<PolicyViolation<'a>> {
    let ForbidCatchAllFilter(fields) = forbidden;
    let mut violations = Vec::new();
    for subject in rules.iter() {
        for field in fields.iter().copied() {
            let Some((filter, kind)) = filter(subject.rule, field) else {
                continue;
            };
            let breadth = breadth(session, filter, kind);
            let Some(problem) = describe_breadth(breadth, kind) else {
                continue;
            };
            let name = rules.view.describe(subject);
            let example = example(kind);
            violations.push(PolicyViolation {
                subject: ViolationSubject::Rule(subject),
                field: Some(field),
                message: Message::filter_too_wide(name, field.as_str(), filter, problem),
                help: Message::filter_help(field.as_str(), example),
                content: vec![filter.to_owned()],
            });
        }
    }
    violations
}

/// Returns the filter of a field, and the kind of its names; `None` where the scope of the rule has no such filter.
fn filter(rule: &SyncRule, field: Field) -> Option<(&str, NameKind)> {
    match field {
        Field::RepoNameFilter => Some((rule.scope.repo_name_filter()?, NameKind::Repository)),
        Field::NamespaceNameFilter => {
            Some((rule.scope.namespace_name_filter()?, NameKind::Namespace))
        }
        _ => Some((&rule.tag_filter, NameKind::Tag)),
    }
}

/// Returns the problem of a filter of some breadth; `None` where it selects names.
fn describe_breadth(breadth: FilterBreadth, kind: NameKind) -> Option<Message> {
    let noun = match kind {
        NameKind::Repository => Message::repository_noun(),
        NameKind::Namespace => Message::namespace_noun(),
        NameKind::Tag => Message::tag_noun(),
    };
    match breadth {
        FilterBreadth::Some => None,
        FilterBreadth::Everything => Some(Message::matches_every(noun)),
        FilterBreadth::EverythingInside => Some(Message::matches_every_in_part(noun)),
        FilterBreadth::Unknown => Some(Message::may_match_every(noun)),
    }
}

const fn example(kind: NameKind) -> &'static str {
    match kind {
        NameKind::Repository => "app-.*",
        NameKind::Namespace => "team-.*",
        NameKind::Tag => "release-.*",
    }
}
