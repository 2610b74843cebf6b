//! The values that most rules of a file share, written once.

use std::collections::BTreeMap;

use super::draft::{Draft, pair};
use crate::model::Field;
use crate::source::{Kind, Tree};

/// The fields that `defaults` may have, in the order of the file.
pub(super) const FIELDS: [Field; 6] = [
    Field::Trigger,
    Field::NamespaceNameFilter,
    Field::RepoNameFilter,
    Field::TagFilter,
    Field::Priority,
    Field::LinkId,
];

/// The values of a file's `defaults`.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct Defaults {
    given: BTreeMap<Field, Given>,
    /// True if their values cannot be known without reading the whole file.
    unclear: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Given {
    Value(String),
    /// Something that has to be filled in first.
    Unclear,
}

impl Defaults {
    /// The defaults that make a file of these rules the shortest: what more than half of them have.
    pub(super) fn new(drafts: &[Draft]) -> Self {
        let mut defaults = Self::default();
        for (at, field) in FIELDS.into_iter().enumerate() {
            let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
            let values: Vec<_> = drafts
                .iter()
                .filter_map(|draft| draft.fields.get(at)?.as_deref())
                .collect();
            for value in &values {
                *counts.entry(value).or_default() += 1;
            }
            let Some((value, count)) = counts.into_iter().max_by_key(|(_, count)| *count) else {
                continue;
            };
            // A rule cannot say that it has no link where the defaults give one.
            let least = if field == Field::LinkId {
                drafts.len()
            } else {
                values.len() / 2 + 1
            };
            if count >= least.max(2) && !field.is_default(value) {
                defaults.given.insert(field, Given::Value(value.to_owned()));
            }
        }
        defaults
    }

    /// The defaults of a file that is there.
    pub(super) fn in_text(text: &str) -> Self {
        let parsed = Tree::parse(text);
        let mut defaults = Self::default();
        let Some((tree, root)) = parsed
            .tree
            .as_ref()
            .and_then(|tree| Some((tree, tree.root()?)))
        else {
            return defaults;
        };
        let mut entries = tree.entries(root);
        let Some((_, node)) = entries.find(|(key, _)| tree.scalar(*key) == Some("defaults")) else {
            return defaults;
        };
        defaults.unclear = tree.kind(node) != Kind::Mapping;
        for (key, value) in tree.entries(node) {
            let key = tree.scalar(key).unwrap_or_default();
            defaults.unclear |= key == "<<";
            let given = tree.scalar(value).filter(|value| !value.contains("${"));
            let given = given.map_or(Given::Unclear, |value| Given::Value(value.to_owned()));
            if let Some(field) = FIELDS.into_iter().find(|field| field.as_str() == key) {
                defaults.given.insert(field, given);
            }
        }
        defaults
    }

    /// Returns whether a rule has to give a field itself; `None` where it cannot get rid of what the defaults give.
    pub(super) fn must_be_given(&self, field: Field, value: Option<&str>) -> Option<bool> {
        let given = self.given.get(&field);
        let Some(value) = value else {
            // Filters that a scope has no use for are not compared; a link is.
            let in_the_way = field == Field::LinkId && (given.is_some() || self.unclear);
            return (!in_the_way).then_some(false);
        };
        Some(match given {
            Some(Given::Value(given)) => given != value,
            Some(Given::Unclear) => true,
            None => self.unclear || !field.is_default(value),
        })
    }

    /// Their lines, with the key.
    pub(super) fn lines(&self) -> Vec<String> {
        let pairs = FIELDS
            .iter()
            .filter_map(|field| match self.given.get(field)? {
                Given::Value(value) => Some(pair(*field, value)),
                Given::Unclear => None,
            });
        let pairs: Vec<_> = pairs.collect();
        match pairs.as_slice() {
            [] => Vec::new(),
            [only] if !only.contains("  # ") => vec![format!("defaults: {{ {only} }}")],
            _ => std::iter::once("defaults:".to_owned())
                .chain(pairs.iter().map(|it| format!("  {it}")))
                .collect(),
        }
    }
}
