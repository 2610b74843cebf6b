//! `require-trigger`: rules are automatic, or manual.

use super::selection::SelectedRules;
use super::violation::{PolicyViolation, ViolationSubject};
use crate::model::{Field, Trigger};
use crate::policy::RequireTrigger;

pub(super) fn violations<'a>(
    required: &RequireTrigger,
    rules: &SelectedRules<'_, 'a>,
) -> Vec<PolicyViolation<'a>> {
    let view = rules.view;
    let RequireTrigger(expected) = required;
    let quote = |trigger: &Trigger| view.aliases.quoted(Field::Trigger, Some(trigger.as_str()));
    let mut violations = Vec::new();
    for subject in rules.iter() {
        let found = &subject.rule.trigger;
        if found == expected {
            continue;
        }
        violations.push(PolicyViolation {
            subject: ViolationSubject::Rule(subject),
            field: Some(Field::Trigger),
            message: format!(
                "{}: expected trigger {}, found {}",
                view.describe(subject),
                quote(expected),
                quote(found)
            ),
            help: format!("set `trigger: {expected}`; a live rule has to be replaced for that"),
            content: vec![found.to_string()],
        });
    }
    violations
}
