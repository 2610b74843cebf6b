//! `data-residency`: images do not leave certain regions. Each rule is checked on its own: of a way out, one rule
//! leaves.

use super::regions::{describe_region, describe_regions};
use super::selection::SelectedRules;
use super::violation::{PolicyViolation, ViolationSubject};
use crate::i18n::Message;
use crate::model::Field;
use crate::policy::DataResidency;

pub(super) fn violations<'a>(
    residency: &DataResidency,
    rules: &SelectedRules<'_, 'a>,
) -> Vec<PolicyViolation<'a>> {
    let view = rules.view;
    let DataResidency(regions) = residency;
    let mut violations = Vec::new();
    for subject in rules.iter() {
        let source = view.region(&subject.rule.source);
        let target = view.region(&subject.rule.target);
        let may_start_inside = source.is_none_or(|region| regions.contain(region));
        let ends_inside = target.is_some_and(|region| regions.contain(region));
        if !may_start_inside || ends_inside {
            continue;
        }
        violations.push(PolicyViolation {
            subject: ViolationSubject::Rule(subject),
            field: Some(Field::ToRegion),
            message: Message::leaves_area(
                view.describe(subject),
                describe_region(source),
                describe_region(target),
                describe_regions(regions),
            ),
            help: Message::area_help(),
            content: [source, target]
                .map(|region| region.unwrap_or_default().to_owned())
                .into(),
        });
    }
    violations
}
