//! Whether a live rule can be declared at all, by the very checks that a declared one goes through.

use super::invisible_problem::InvisibleProblem;
use super::problem::Problem;
use super::{filters, names};
use crate::model::{Direction, Endpoint, Field, Instance, Priority, Scope, SyncRule, Trigger};
use crate::source::is_look_alike;

/// The longest name that fits into a value with `${…}` in it, in bytes.
const LONGEST_NAME: usize = 4_096;

/// Whether a rules file can declare a rule as it is live.
///
/// # Errors
///
/// Why not, as a sentence without its full stop; values in it are safe to show.
pub fn declarable(rule: &SyncRule) -> Result<(), String> {
    known(rule)?;
    fits_scope(rule)?;
    let told = |problem: Problem| problem.to_string();
    names::rule(rule.name.as_str()).map_err(told)?;
    if rule.name.as_str().len() > LONGEST_NAME {
        return Err(format!("the rule name is longer than {LONGEST_NAME} bytes"));
    }
    for end in [&rule.source, &rule.target] {
        end.namespace
            .iter()
            .try_for_each(|it| names::namespace(it.as_str()))
            .map_err(told)?;
        end.repo
            .iter()
            .try_for_each(|it| names::repo(it.as_str()))
            .map_err(told)?;
    }
    rule.link_id
        .iter()
        .try_for_each(|it| names::link(it.as_str()))
        .map_err(told)?;
    for (field, text) in [
        (Field::TagFilter, Some(&*rule.tag_filter)),
        (Field::RepoNameFilter, rule.scope.repo_name_filter()),
        (
            Field::NamespaceNameFilter,
            rule.scope.namespace_name_filter(),
        ),
    ] {
        if let Some(text) = text {
            if let Some(character) = text.chars().find(|character| is_look_alike(*character)) {
                return Err(told(
                    InvisibleProblem::in_value(Some(field.as_str()), character).into(),
                ));
            }
            filters::validate(text).map_err(|fault| {
                format!("its `{field}` is no regular expression: {}", fault.why)
            })?;
        }
    }
    Ok(())
}

/// Whether a rules file can declare an instance.
///
/// # Errors
///
/// As for [`declarable`].
pub fn declarable_instance(instance: &Instance) -> Result<(), String> {
    let told = |problem: Problem| problem.to_string();
    names::instance_id(instance.id.as_str()).map_err(told)?;
    names::region(instance.region.as_str()).map_err(told)
}

fn known(rule: &SyncRule) -> Result<(), String> {
    let unknown = |field: &str| Err(format!("this version does not know its `{field}`"));
    match rule {
        SyncRule {
            scope: Scope::Unknown { .. },
            ..
        } => unknown("scope"),
        SyncRule {
            trigger: Trigger::Unknown(_),
            ..
        } => unknown("trigger"),
        SyncRule {
            direction: Direction::Unknown(_),
            ..
        } => unknown("direction"),
        SyncRule {
            priority: Priority::Unknown(_),
            ..
        } => unknown("priority"),
        SyncRule {
            priority: Priority::Level(level),
            ..
        } if !(1..=5).contains(level) => Err(format!(
            "its priority is {level}, and the levels are 1 to 5"
        )),
        _ => Ok(()),
    }
}

fn fits_scope(rule: &SyncRule) -> Result<(), String> {
    let names = |end: &Endpoint| (end.namespace.is_some(), end.repo.is_some());
    let named = match rule.scope {
        Scope::Repo => (true, true),
        Scope::Namespace { .. } => (true, false),
        Scope::Instance { .. } => (false, false),
        Scope::Unknown { .. } => return Ok(()),
    };
    if names(&rule.source) == named && names(&rule.target) == named {
        return Ok(());
    }
    Err(format!(
        "its ends do not name what a rule of scope {} needs",
        rule.scope
    ))
}
