//! `forbid-catch-all-filter`: filters choose.

use super::Selection;
use super::breach::{About, Breach};
use super::filter::Filters;
use super::view::View;
use crate::model::{Field, SyncRule};

/// None of these filters lets everything through. One that its rule has no use for is left alone.
#[derive(Debug)]
pub struct ForbidCatchAllFilter(pub Vec<Field>);

impl ForbidCatchAllFilter {
    /// The filters there are, each with what it chooses.
    pub const FILTERS: [(Field, &'static str); 3] =
        [(Field::TagFilter, "tag"), (Field::RepoNameFilter, "repository"), (Field::NamespaceNameFilter, "namespace")];

    pub(super) fn breaches<'a>(&self, view: &View<'a>, selection: &Selection) -> Vec<Breach<'a>> {
        let mut filters = Filters::default();
        let mut breaches = Vec::new();
        let asked: Vec<_> = Self::FILTERS.into_iter().filter(|(field, _)| self.0.contains(field)).collect();
        for subject in view.selected(selection) {
            for (field, what) in &asked {
                let filter = filter_of(subject.rule, *field);
                if !field.applies_to(&subject.rule.scope) || !filters.is_catch_all(filter) {
                    continue;
                }
                breaches.push(Breach {
                    about: About::Rule(subject),
                    field: Some(*field),
                    message: format!("{}: {field} \"{filter}\" matches every {what}", view.told(subject)),
                    help: format!("give it a `{field}` that says which are meant, such as \"{}\"", example(*field)),
                    content: vec![filter.to_owned()],
                });
            }
        }
        breaches
    }
}

fn filter_of(rule: &SyncRule, field: Field) -> &str {
    match field {
        Field::RepoNameFilter => &rule.repo_name_filter,
        Field::NamespaceNameFilter => &rule.namespace_name_filter,
        _ => &rule.tag_filter,
    }
}

const fn example(field: Field) -> &'static str {
    match field {
        Field::RepoNameFilter => "app-.*",
        Field::NamespaceNameFilter => "team-.*",
        _ => "release-.*",
    }
}
