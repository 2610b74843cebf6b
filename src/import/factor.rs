//! Rules that differ in one value, which their names contain, become one rule with a matrix.

use std::collections::HashMap;

use super::draft::{MatrixAxis, RuleDraft, Template, TemplatePart};

/// The most rules of one matrix; the file format allows ten times as many.
const MAX_MATRIX_RULES: usize = 1_000;
/// The most rules of all matrices of a run, as in the file format.
const MAX_RULES: usize = 100_000;
/// The least namespaces of a matrix of rules of single repositories: fewer are probably a coincidence.
const MIN_NAMESPACES: usize = 4;

/// Factors rules by every axis, one after the other. A rule with a matrix takes the place of its first rule.
pub(super) fn factor_matrix(mut drafts: Vec<RuleDraft>) -> Vec<RuleDraft> {
    if drafts.len() > MAX_RULES {
        return drafts;
    }
    drafts.sort_by(|one, other| one.sort_key().cmp(&other.sort_key()));
    for key in [
        MatrixAxis::Target,
        MatrixAxis::Repo,
        MatrixAxis::Namespace,
        MatrixAxis::TargetNamespace,
    ] {
        drafts = factor_by(drafts, key);
    }
    drafts
}

/// Factors the rules that differ in one axis.
fn factor_by(drafts: Vec<RuleDraft>, key: MatrixAxis) -> Vec<RuleDraft> {
    let mut groups: HashMap<RuleDraft, Vec<usize>> = HashMap::new();
    for (at, draft) in drafts.iter().enumerate() {
        if let Some((general, _)) = generalize(draft, key) {
            groups.entry(general).or_default().push(at);
        }
    }
    let mut factored: Vec<Option<RuleDraft>> = drafts.into_iter().map(Some).collect();
    for (mut general, members) in groups {
        let size = general
            .matrix
            .iter()
            .map(|(_, values)| values.len())
            .product::<usize>()
            * members.len();
        let least = if key == MatrixAxis::Namespace && general.from.repo.is_some() {
            MIN_NAMESPACES
        } else {
            2
        };
        if members.len() < least || size > MAX_MATRIX_RULES {
            continue;
        }
        let members = members
            .iter()
            .filter_map(|at| Some((*at, factored.get_mut(*at)?.take()?)));
        let members: Vec<(usize, RuleDraft)> = members.collect();
        let values = members
            .iter()
            .filter_map(|(_, draft)| Some(generalize(draft, key)?.1))
            .collect();
        general.matrix.push((key, values));
        if let Some(slot) = members.first().and_then(|(at, _)| factored.get_mut(*at)) {
            *slot = Some(general);
        }
    }
    factored.into_iter().flatten().collect()
}

/// Returns a rule with a matrix key for a value, and the value; `None` if the name does not contain the value.
fn generalize(draft: &RuleDraft, key: MatrixAxis) -> Option<(RuleDraft, String)> {
    let value = match key {
        MatrixAxis::Target => draft.to.instance.text()?,
        MatrixAxis::Namespace | MatrixAxis::TargetNamespace => {
            draft.to.namespace.as_ref()?.text()?
        }
        MatrixAxis::Repo => draft.to.repo.as_ref()?.text()?,
    };
    let value = value.to_owned();
    let mut general = draft.clone();
    let place = match key {
        MatrixAxis::Target => &mut general.to.instance,
        MatrixAxis::Namespace | MatrixAxis::TargetNamespace => general.to.namespace.as_mut()?,
        MatrixAxis::Repo => general.to.repo.as_mut()?,
    };
    *place = TemplatePart::MatrixAxis(key);
    let source = match key {
        MatrixAxis::Namespace => Some(general.from.namespace.as_mut()?),
        MatrixAxis::Repo => Some(general.from.repo.as_mut()?),
        MatrixAxis::Target | MatrixAxis::TargetNamespace => None,
    };
    if let Some(source) = source {
        if source.text() != Some(&value) {
            return None;
        }
        *source = TemplatePart::MatrixAxis(key);
    }
    general.name = parametrize_name(&draft.name, &value, key)?;
    Some((general, value))
}

/// Returns a name with a matrix key for a value; `None` if the value is not a word of the name.
fn parametrize_name(name: &Template, value: &str, key: MatrixAxis) -> Option<Template> {
    let mut parts = Vec::with_capacity(name.0.len() + 2);
    let mut found = false;
    for part in &name.0 {
        let TemplatePart::Text(text) = part else {
            parts.push(part.clone());
            continue;
        };
        let mut rest = text.as_str();
        while let Some((before, behind)) = split_at_word(rest, value) {
            // A `$` before a reference makes it a literal.
            if before.ends_with('$') {
                return None;
            }
            found = true;
            if !before.is_empty() {
                parts.push(TemplatePart::Text(before.to_owned()));
            }
            parts.push(TemplatePart::MatrixAxis(key));
            rest = behind;
        }
        if !rest.is_empty() {
            parts.push(TemplatePart::Text(rest.to_owned()));
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
