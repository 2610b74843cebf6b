//! `forbid-catch-all-filter`: filters select names.

use filter_language::{NameKind, Session};

use super::filter::{FilterBreadth, breadth};
use super::selection::SelectedRules;
use super::violation::{PolicyViolation, ViolationSubject};
use crate::model::{Field, SyncRule};
use crate::policy::ForbidCatchAllFilter;

pub(super) fn violations<'a>(
    forbidden: &ForbidCatchAllFilter,
    rules: &SelectedRules<'_, 'a>,
    session: &mut Session,
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
                message: format!("{name}: {field} \"{filter}\" {problem}"),
                help: format!("set a `{field}` that selects names, such as \"{example}\""),
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
fn describe_breadth(breadth: FilterBreadth, kind: NameKind) -> Option<String> {
    let noun = match kind {
        NameKind::Repository => "repository",
        NameKind::Namespace => "namespace",
        NameKind::Tag => "tag",
    };
    match breadth {
        FilterBreadth::Some => None,
        FilterBreadth::Everything => Some(format!("matches every {noun}")),
        FilterBreadth::EverythingInside => {
            Some(format!("matches every {noun} if a partial match is enough"))
        }
        FilterBreadth::Unknown => Some(format!(
            "may match every {noun}: the filter could not be analyzed"
        )),
    }
}

const fn example(kind: NameKind) -> &'static str {
    match kind {
        NameKind::Repository => "app-.*",
        NameKind::Namespace => "team-.*",
        NameKind::Tag => "release-.*",
    }
}
