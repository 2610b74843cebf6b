//! `allowed-target-regions`: images are copied only to certain regions.

use super::selection::SelectedRules;
use super::violation::{PolicyViolation, ViolationSubject};
use crate::i18n::{Argument, Message};
use crate::model::{Field, NameGlob};
use crate::policy::{AllowedTargetRegions, Regions};

pub(super) fn violations<'a>(
    allowed: &AllowedTargetRegions,
    rules: &SelectedRules<'_, 'a>,
) -> Vec<PolicyViolation<'a>> {
    let view = rules.view;
    let AllowedTargetRegions(regions) = allowed;
    let mut violations = Vec::new();
    for subject in rules.iter() {
        let target = &subject.rule.target;
        let region = view.region(target);
        if region.is_some_and(|region| regions.contain(region)) {
            continue;
        }
        violations.push(PolicyViolation {
            subject: ViolationSubject::Rule(subject),
            field: Some(Field::ToRegion),
            message: Message::forbidden_region(
                view.describe(subject),
                view.aliases.end(target),
                describe_region(region),
                describe_regions(regions),
            ),
            help: Message::region_help(),
            content: vec![region.unwrap_or_default().to_owned()],
        });
    }
    violations
}

/// Returns a set of regions as a part of a sentence.
pub(super) fn describe_regions(regions: &Regions) -> Argument {
    let list = |globs: &[NameGlob]| -> Argument {
        let globs: Vec<&str> = globs.iter().map(NameGlob::as_str).collect();
        globs.into()
    };
    let included = list(&regions.included);
    if regions.except.is_empty() {
        return included;
    }
    Message::regions_without(included, list(&regions.except)).into()
}

/// Returns a region as a part of a sentence.
pub(super) fn describe_region(region: Option<&str>) -> Message {
    match region {
        Some(region) => Message::region_named(region),
        None => Message::unknown_region(),
    }
}
