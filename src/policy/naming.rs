//! `naming`: names have a form.

use super::Pattern;
use super::view::{Subject, View, named};
use super::violation::{Violation, ViolationSubject};
use crate::model::Field;

/// A field of the rule has a form. A rule that has no such field is left alone.
#[derive(Debug)]
pub struct Naming {
    /// Which field: the name, a namespace, or a repository.
    pub field: Field,
    /// The form.
    pub pattern: Pattern,
}

impl Naming {
    pub(super) fn violations<'a>(
        &self,
        view: &View<'a>,
        subjects: &[Subject<'a>],
    ) -> Vec<Violation<'a>> {
        let Self { field, pattern } = self;
        let mut violations = Vec::new();
        for subject in subjects.iter().copied() {
            let [from, to] = [&subject.rule.source, &subject.rule.target].map(named);
            let value = match field {
                Field::FromNamespace => from.0,
                Field::FromRepo => from.1,
                Field::ToNamespace => to.0,
                Field::ToRepo => to.1,
                _ => Some(subject.rule.name.as_str()),
            };
            let Some(value) = value.filter(|value| !pattern.matches(value)) else {
                continue;
            };
            violations.push(Violation {
                about: ViolationSubject::Rule(subject),
                field: Some(*field),
                message: format!(
                    "{}: {field} \"{value}\" does not match \"{}\"",
                    view.describe(subject),
                    pattern.as_str()
                ),
                help: "choose a matching name; a live rule has to be replaced for that".to_owned(),
                content: vec![value.to_owned()],
            });
        }
        violations
    }
}
