//! `naming`: names match a pattern.

use super::selection::SelectedRules;
use super::view::endpoint_names;
use super::violation::{PolicyViolation, ViolationSubject};
use crate::model::{Field, SyncRule};
use crate::policy::Naming;

pub(super) fn violations<'a>(
    naming: &Naming,
    rules: &SelectedRules<'_, 'a>,
) -> Vec<PolicyViolation<'a>> {
    let Naming { field, pattern } = naming;
    let mut violations = Vec::new();
    for subject in rules.iter() {
        let Some(name) = name(subject.rule, *field) else {
            continue;
        };
        if pattern.matches(name) {
            continue;
        }
        violations.push(PolicyViolation {
            subject: ViolationSubject::Rule(subject),
            field: Some(*field),
            message: format!(
                "{}: {field} \"{name}\" does not match \"{}\"",
                rules.view.describe(subject),
                pattern.as_str()
            ),
            help: "choose a matching name; a live rule has to be replaced for that".to_owned(),
            content: vec![name.to_owned()],
        });
    }
    violations
}

fn name(rule: &SyncRule, field: Field) -> Option<&str> {
    match field {
        Field::FromNamespace => endpoint_names(&rule.source).0,
        Field::FromRepo => endpoint_names(&rule.source).1,
        Field::ToNamespace => endpoint_names(&rule.target).0,
        Field::ToRepo => endpoint_names(&rule.target).1,
        _ => Some(rule.name.as_str()),
    }
}
