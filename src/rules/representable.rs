//! Checks that a rules file can declare a live rule, with the checks of desired rules.

use super::problem::{InvisibleProblem, Problem};
use super::{filters, names};
use crate::model::{Direction, Endpoint, Field, Instance, Priority, Scope, SyncRule, Trigger};
use crate::source::is_look_alike;

/// The longest name, in bytes: its escaped text must fit into a value with references, at most 8,192 bytes.
const MAX_NAME_BYTES: usize = 4_096;

/// Checks that a rules file can declare a live rule.
///
/// # Errors
///
/// The reason, as a sentence without a full stop; the values in it are escaped.
pub fn check_representable(rule: &SyncRule) -> Result<(), String> {
    check_known_values(rule)?;
    check_scope(rule)?;
    check_names(rule).map_err(|problem| problem.to_string())?;
    if rule.name.as_str().len() > MAX_NAME_BYTES {
        return Err(format!(
            "the rule name is longer than {MAX_NAME_BYTES} bytes"
        ));
    }
    let filters = [
        (Field::TagFilter, Some(&*rule.tag_filter)),
        (Field::RepoNameFilter, rule.scope.repo_name_filter()),
        (
            Field::NamespaceNameFilter,
            rule.scope.namespace_name_filter(),
        ),
    ];
    for (field, filter) in filters {
        if let Some(filter) = filter {
            check_filter(field, filter)?;
        }
    }
    Ok(())
}

/// Checks that a rules file can declare an instance.
///
/// # Errors
///
/// As of [`check_representable`].
pub fn check_representable_instance(instance: &Instance) -> Result<(), String> {
    names::check_instance_id(instance.id.as_str())
        .and_then(|()| names::check_region(instance.region.as_str()))
        .map_err(|problem| problem.to_string())
}

fn check_known_values(rule: &SyncRule) -> Result<(), String> {
    let field = if matches!(rule.scope, Scope::Unknown { .. }) {
        "scope"
    } else if matches!(rule.trigger, Trigger::Unknown(_)) {
        "trigger"
    } else if matches!(rule.direction, Direction::Unknown(_)) {
        "direction"
    } else if matches!(rule.priority, Priority::Unknown(_)) {
        "priority"
    } else {
        return match &rule.priority {
            Priority::Level(level) if !(1..=5).contains(level) => Err(format!(
                "expected a `priority` between 1 and 5, found {level}"
            )),
            _ => Ok(()),
        };
    };
    Err(format!("this version does not know the `{field}`"))
}

fn check_scope(rule: &SyncRule) -> Result<(), String> {
    let names = |end: &Endpoint| (end.namespace.is_some(), end.repo.is_some());
    let expected = match rule.scope {
        Scope::Repo => (true, true),
        Scope::Namespace { .. } => (true, false),
        Scope::Instance { .. } => (false, false),
        Scope::Unknown { .. } => return Ok(()),
    };
    if names(&rule.source) == expected && names(&rule.target) == expected {
        return Ok(());
    }
    Err(format!(
        "the names of source and target do not fit scope {}",
        rule.scope
    ))
}

fn check_names(rule: &SyncRule) -> Result<(), Problem> {
    names::check_rule(rule.name.as_str())?;
    for endpoint in [&rule.source, &rule.target] {
        if let Some(namespace) = &endpoint.namespace {
            names::check_namespace(namespace.as_str())?;
        }
        if let Some(repo) = &endpoint.repo {
            names::check_repo(repo.as_str())?;
        }
    }
    match &rule.link_id {
        Some(link) => names::check_link(link.as_str()),
        None => Ok(()),
    }
}

fn check_filter(field: Field, filter: &str) -> Result<(), String> {
    if let Some(character) = filter.chars().find(|character| is_look_alike(*character)) {
        let problem = InvisibleProblem::in_value(Some(field.as_str()), character);
        return Err(problem.to_string());
    }
    filters::validate(filter)
        .map_err(|error| format!("invalid regular expression in `{field}`: {}", error.why))
}
