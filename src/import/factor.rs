//! Rules that differ in one thing only, and in their names by that thing, become one rule with a matrix.

use std::collections::HashMap;

use super::draft::{Draft, Key, Part, Template};

/// The most rules that one matrix makes; the format allows ten times as many.
const MOST_IN_ONE: usize = 1_000;
/// The most rules that all matrices of a run make: the format's limit.
const MOST_IN_ALL: usize = 100_000;
/// The minimum number of namespaces for a matrix of rules of single repositories: fewer are rather a coincidence.
const MANY_NAMESPACES: usize = 4;

/// Folds rules along every axis, one after the other. The order of what is left is that of the first of each.
pub(super) fn factor_matrix(mut drafts: Vec<Draft>) -> Vec<Draft> {
    if drafts.len() > MOST_IN_ALL {
        return drafts;
    }
    drafts.sort_by(|one, other| one.order().cmp(&other.order()));
    for key in [Key::Target, Key::Repo, Key::Namespace, Key::TargetNamespace] {
        drafts = along(drafts, key);
    }
    drafts
}

/// Folds the rules that differ in one thing.
fn along(drafts: Vec<Draft>, key: Key) -> Vec<Draft> {
    let mut groups: HashMap<Draft, Vec<usize>> = HashMap::new();
    for (at, draft) in drafts.iter().enumerate() {
        if let Some((general, _)) = generalized(draft, key) {
            groups.entry(general).or_default().push(at);
        }
    }
    let mut folded: Vec<Option<Draft>> = drafts.into_iter().map(Some).collect();
    for (mut general, members) in groups {
        let size = general
            .matrix
            .iter()
            .map(|(_, values)| values.len())
            .product::<usize>()
            * members.len();
        let least = if key == Key::Namespace && general.from.repo.is_some() {
            MANY_NAMESPACES
        } else {
            2
        };
        if members.len() < least || size > MOST_IN_ONE {
            continue;
        }
        let members = members
            .iter()
            .filter_map(|at| Some((*at, folded.get_mut(*at)?.take()?)));
        let members: Vec<(usize, Draft)> = members.collect();
        let values = members
            .iter()
            .filter_map(|(_, draft)| Some(generalized(draft, key)?.1))
            .collect();
        general.matrix.push((key, values));
        if let Some(slot) = members.first().and_then(|(at, _)| folded.get_mut(*at)) {
            *slot = Some(general);
        }
    }
    folded.into_iter().flatten().collect()
}

/// A rule with a key in place of the one thing, and that thing; `None` where its name does not tell it.
fn generalized(draft: &Draft, key: Key) -> Option<(Draft, String)> {
    let value = match key {
        Key::Target => draft.to.instance.text()?,
        Key::Namespace | Key::TargetNamespace => draft.to.namespace.as_ref()?.text()?,
        Key::Repo => draft.to.repo.as_ref()?.text()?,
    };
    let value = value.to_owned();
    let mut general = draft.clone();
    let place = match key {
        Key::Target => &mut general.to.instance,
        Key::Namespace | Key::TargetNamespace => general.to.namespace.as_mut()?,
        Key::Repo => general.to.repo.as_mut()?,
    };
    *place = Part::Key(key);
    let source = match key {
        Key::Namespace => Some(general.from.namespace.as_mut()?),
        Key::Repo => Some(general.from.repo.as_mut()?),
        Key::Target | Key::TargetNamespace => None,
    };
    if let Some(source) = source {
        if source.text() != Some(&value) {
            return None;
        }
        *source = Part::Key(key);
    }
    general.name = named_by(&draft.name, &value, key)?;
    Some((general, value))
}

/// A name with a key in place of a value, where the value is a word of it.
fn named_by(name: &Template, value: &str, key: Key) -> Option<Template> {
    let mut parts = Vec::with_capacity(name.0.len() + 2);
    let mut found = false;
    for part in &name.0 {
        let Part::Text(text) = part else {
            parts.push(part.clone());
            continue;
        };
        let mut rest = text.as_str();
        while let Some((before, behind)) = split_at_word(rest, value) {
            // `$` before a reference would make a literal of it.
            if before.ends_with('$') {
                return None;
            }
            found = true;
            if !before.is_empty() {
                parts.push(Part::Text(before.to_owned()));
            }
            parts.push(Part::Key(key));
            rest = behind;
        }
        if !rest.is_empty() {
            parts.push(Part::Text(rest.to_owned()));
        }
    }
    found.then_some(Template(parts))
}

/// Splits a text around the first occurrence of a value as a whole word.
fn split_at_word<'t>(text: &'t str, value: &str) -> Option<(&'t str, &'t str)> {
    if value.is_empty() {
        return None;
    }
    let mut places = text
        .match_indices(value)
        .filter_map(|(at, found)| text.split_at_checked(at).zip(Some(found.len())));
    places.find_map(|((before, rest), length)| {
        let behind = rest.get(length..)?;
        let apart =
            !before.ends_with(char::is_alphanumeric) && !behind.starts_with(char::is_alphanumeric);
        apart.then_some((before, behind))
    })
}
