//! `forbid-catch-all-filter`: filters choose.

use filter_language::Session;

use super::filter::{self, FilterBreadth, kind_of};
use super::view::{Subject, View};
use super::violation::{Violation, ViolationSubject};
use crate::model::{Field, SyncRule};

/// None of these filters lets everything through, whether the registry puts it to whole names or looks for it inside
/// of them. A filter that its rule has no use for is left alone.
#[derive(Debug)]
pub struct ForbidCatchAllFilter(pub Vec<Field>);

impl ForbidCatchAllFilter {
    pub(super) fn violations<'a>(
        &self,
        view: &View<'a>,
        subjects: &[Subject<'a>],
        session: &mut Session,
    ) -> Vec<Violation<'a>> {
        let mut violations = Vec::new();
        for subject in subjects.iter().copied() {
            for field in self.0.iter().copied() {
                let Some(filter) = filter_of(subject.rule, field) else {
                    continue;
                };
                let breadth = filter::breadth(session, filter, kind_of(field));
                if breadth != FilterBreadth::Some {
                    violations.push(violation(view, subject, (field, filter), breadth));
                }
            }
        }
        violations
    }
}

fn violation<'a>(
    view: &View<'a>,
    subject: Subject<'a>,
    (field, filter): (Field, &str),
    breadth: FilterBreadth,
) -> Violation<'a> {
    let (noun, example) = match field {
        Field::RepoNameFilter => ("repository", "app-.*"),
        Field::NamespaceNameFilter => ("namespace", "team-.*"),
        _ => ("tag", "release-.*"),
    };
    let what = match breadth {
        FilterBreadth::Unknown => {
            format!("may match every {noun}: the filter could not be analyzed")
        }
        FilterBreadth::EverythingInside => {
            format!("matches every {noun} if a partial match is enough")
        }
        FilterBreadth::Everything | FilterBreadth::Some => format!("matches every {noun}"),
    };
    Violation {
        about: ViolationSubject::Rule(subject),
        field: Some(field),
        message: format!("{}: {field} \"{filter}\" {what}", view.describe(subject)),
        help: format!("set a `{field}` that selects names, such as \"{example}\""),
        content: vec![filter.to_owned()],
    }
}

fn filter_of(rule: &SyncRule, field: Field) -> Option<&str> {
    match field {
        Field::RepoNameFilter => rule.scope.repo_name_filter(),
        Field::NamespaceNameFilter => rule.scope.namespace_name_filter(),
        _ => Some(&rule.tag_filter),
    }
}
