//! `forbid-catch-all-filter`: filters choose.

use filter_language::Session;

use super::breach::{About, Breach};
use super::filter::{self, Reach, kind_of};
use super::view::{Subject, View};
use crate::model::{Field, SyncRule};

/// None of these filters lets everything through, whether the registry puts it to whole names or looks for it inside
/// of them. A filter that its rule has no use for is left alone.
#[derive(Debug)]
pub struct ForbidCatchAllFilter(pub Vec<Field>);

impl ForbidCatchAllFilter {
    pub(super) fn breaches<'a>(
        &self,
        view: &View<'a>,
        subjects: &[Subject<'a>],
        session: &mut Session,
    ) -> Vec<Breach<'a>> {
        let mut breaches = Vec::new();
        for subject in subjects.iter().copied() {
            for field in self.0.iter().copied() {
                let Some(filter) = filter_of(subject.rule, field) else {
                    continue;
                };
                let reach = filter::reach(session, filter, kind_of(field));
                if reach != Reach::Some {
                    breaches.push(breach(view, subject, (field, filter), reach));
                }
            }
        }
        breaches
    }
}

fn breach<'a>(
    view: &View<'a>,
    subject: Subject<'a>,
    (field, filter): (Field, &str),
    reach: Reach,
) -> Breach<'a> {
    let (noun, example) = match field {
        Field::RepoNameFilter => ("repository", "app-.*"),
        Field::NamespaceNameFilter => ("namespace", "team-.*"),
        _ => ("tag", "release-.*"),
    };
    let what = match reach {
        Reach::Unknown => format!("may match every {noun}: the filter could not be analyzed"),
        Reach::EverythingInside => {
            format!("matches every {noun} if a partial match is enough")
        }
        Reach::Everything | Reach::Some => format!("matches every {noun}"),
    };
    Breach {
        about: About::Rule(subject),
        field: Some(field),
        message: format!("{}: {field} \"{filter}\" {what}", view.told(subject)),
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
