//! The instances that a result compares.

use crate::model::ReadStatus;
use crate::report::Report;

/// Returns the aliases of the compared instances.
pub(super) fn compared_instances(report: &Report) -> impl Iterator<Item = &str> {
    let read = report.instances.iter();
    read.filter(|it| it.status != ReadStatus::Skipped)
        .map(|it| it.alias.as_str())
}

/// Returns whether a result compares the instance of a finding; a finding about no instance is always in scope.
#[must_use]
pub fn is_in_scope(report: &Report, instance: Option<&str>) -> bool {
    instance.is_none_or(|alias| compared_instances(report).any(|it| it == alias))
}
