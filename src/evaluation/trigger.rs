//! `require-trigger`: rules are automatic, or manual.

use super::selection::SelectedRules;
use super::violation::{PolicyViolation, ViolationSubject};
use crate::finding::quoted_value;
use crate::i18n::Message;
use crate::model::{Field, Trigger};
use crate::policy::RequireTrigger;

pub(super) fn violations<'a>(
    required: &RequireTrigger,
    rules: &SelectedRules<'_, 'a>,
) -> Vec<PolicyViolation<'a>> {
    let view = rules.view;
    let RequireTrigger(expected) = required;
    let quote =
        |trigger: &Trigger| quoted_value(&view.aliases, Field::Trigger, Some(trigger.as_str()));
    let mut violations = Vec::new();
    for subject in rules.iter() {
        let found = &subject.rule.trigger;
        if found == expected {
            continue;
        }
        violations.push(PolicyViolation {
            subject: ViolationSubject::Rule(subject),
            field: Some(Field::Trigger),
            message: Message::wrong_trigger(view.describe(subject), quote(expected), quote(found)),
            help: Message::trigger_help(expected.as_str()),
            content: vec![found.to_string()],
        });
    }
    violations
}
