//! `naming`: names match a pattern.

use super::selection::SelectedRules;
use super::view::endpoint_names;
use super::violation::{PolicyViolation, ViolationSubject};
use crate::i18n::Message;
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
            message: Message::name_mismatch(
                rules.view.describe(subject),
                field.as_str(),
                name,
                pattern.as_str(),
            ),
            help: Message::name_help(),
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
