//! `data-residency`: what is in an area stays there. Each hop is looked at on its own: a way out has one that leaves.

use super::Regions;
use super::regions::describe_region;
use super::view::{Subject, View};
use super::violation::{Violation, ViolationSubject};
use crate::model::Field;

/// Images do not leave an area: a rule that starts in one of its regions, or in one that is not known, ends in one.
#[derive(Debug)]
pub struct DataResidency(pub Regions);

impl DataResidency {
    pub(super) fn violations<'a>(
        &self,
        view: &View<'a>,
        subjects: &[Subject<'a>],
    ) -> Vec<Violation<'a>> {
        let leaving = subjects.iter().copied().filter(|it| self.leaves(view, *it));
        leaving
            .map(|subject| self.violation(view, subject))
            .collect()
    }

    fn leaves<'a>(&self, view: &View<'a>, subject: Subject<'a>) -> bool {
        let inside = |region: &str| self.0.contain(region);
        view.region(&subject.rule.source).is_none_or(inside)
            && !view.region(&subject.rule.target).is_some_and(inside)
    }

    fn violation<'a>(&self, view: &View<'a>, subject: Subject<'a>) -> Violation<'a> {
        let (from, to) = (
            view.region(&subject.rule.source),
            view.region(&subject.rule.target),
        );
        Violation {
            about: ViolationSubject::Rule(subject),
            field: Some(Field::ToRegion),
            message: format!(
                "{} copies from {} to {}, outside {}",
                view.describe(subject),
                describe_region(from),
                describe_region(to),
                self.0,
            ),
            help: "remove the rule, or choose a target inside the area".to_owned(),
            content: [from, to]
                .map(|it| it.unwrap_or_default().to_owned())
                .into(),
        }
    }
}
