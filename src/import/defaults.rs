//! The `defaults` of a file: values that most of its rules share.

use std::collections::BTreeMap;

use super::draft::{RuleDraft, pair};
use crate::model::Field;
use crate::source::{NodeKind, Tree};

/// The fields that `defaults` may have, in the order of the file.
pub(super) const FIELDS: [Field; 6] = [
    Field::Trigger,
    Field::NamespaceNameFilter,
    Field::RepoNameFilter,
    Field::TagFilter,
    Field::Priority,
    Field::LinkId,
];

/// The `defaults` of a file.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct SharedDefaults {
    values: BTreeMap<Field, DefaultValue>,
    /// True if a value depends on the rest of the file, through an alias or a merge key.
    is_unknown: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum DefaultValue {
    Known(String),
    /// A value with references, or no scalar.
    Unknown,
}

impl SharedDefaults {
    /// Returns the defaults of a new file: the values that more than half of its rules have.
    pub(super) fn new(drafts: &[RuleDraft]) -> Self {
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
            // A rule cannot have no link if the defaults set one.
            let least = if field == Field::LinkId {
                drafts.len()
            } else {
                values.len() / 2 + 1
            };
            if count >= least.max(2) && !field.is_default(value) {
                defaults
                    .values
                    .insert(field, DefaultValue::Known(value.to_owned()));
            }
        }
        defaults
    }

    /// Returns the defaults of an existing file.
    pub(super) fn from_text(text: &str) -> Self {
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
        defaults.is_unknown = tree.kind(node) != NodeKind::Mapping;
        for (key, value) in tree.entries(node) {
            let key = tree.scalar(key).unwrap_or_default();
            defaults.is_unknown |= key == "<<";
            let given = tree.scalar(value).filter(|value| !value.contains("${"));
            let given = given.map_or(DefaultValue::Unknown, |value| {
                DefaultValue::Known(value.to_owned())
            });
            if let Some(field) = FIELDS.into_iter().find(|field| field.as_str() == key) {
                defaults.values.insert(field, given);
            }
        }
        defaults
    }

    /// Returns `true` if a rule must set a field itself; `None` if the defaults set a field that the rule must not have.
    pub(super) fn must_be_set(&self, field: Field, value: Option<&str>) -> Option<bool> {
        let given = self.values.get(&field);
        let Some(value) = value else {
            // A filter that the scope does not use is not compared; a link is.
            let has_unwanted_link = field == Field::LinkId && (given.is_some() || self.is_unknown);
            return (!has_unwanted_link).then_some(false);
        };
        Some(match given {
            Some(DefaultValue::Known(given)) => given != value,
            Some(DefaultValue::Unknown) => true,
            None => self.is_unknown || !field.is_default(value),
        })
    }

    /// Returns the lines, with the key.
    pub(super) fn lines(&self) -> Vec<String> {
        let pairs = FIELDS
            .iter()
            .filter_map(|field| match self.values.get(field)? {
                DefaultValue::Known(value) => Some(pair(*field, value)),
                DefaultValue::Unknown => None,
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
