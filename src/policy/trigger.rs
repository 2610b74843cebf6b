//! `require-trigger`: rules are started by pushes, or by hand.

use super::view::{Subject, View};
use super::violation::{Violation, ViolationSubject};
use crate::model::{Field, Trigger};

/// Rules have this trigger.
#[derive(Debug)]
pub struct RequireTrigger(pub Trigger);

impl RequireTrigger {
    pub(super) fn violations<'a>(
        &self,
        view: &View<'a>,
        subjects: &[Subject<'a>],
    ) -> Vec<Violation<'a>> {
        let others = subjects
            .iter()
            .copied()
            .filter(|it| it.rule.trigger != self.0);
        others
            .map(|subject| self.violation(view, subject))
            .collect()
    }

    fn violation<'a>(&self, view: &View<'a>, subject: Subject<'a>) -> Violation<'a> {
        let quoted =
            |trigger: &Trigger| view.aliases.quoted(Field::Trigger, Some(trigger.as_str()));
        let (is, wanted) = (&subject.rule.trigger, &self.0);
        Violation {
            about: ViolationSubject::Rule(subject),
            field: Some(Field::Trigger),
            message: format!(
                "{}: expected trigger {}, found {}",
                view.describe(subject),
                quoted(wanted),
                quoted(is)
            ),
            help: format!("set `trigger: {wanted}`; a live rule has to be replaced for that"),
            content: vec![is.to_string()],
        }
    }
}
