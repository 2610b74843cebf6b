//! The lengths of the lists beside the changes of a plan.

use crate::report::{FindingStatus, Report};

/// The lengths of the lists of a plan, so that it has at most sixty lines beside its changes.
#[derive(Debug, Clone, Copy)]
pub(super) struct ListLimits {
    /// The most instances, where one is incomplete.
    pub(super) instances: usize,
    /// The most errors of one code.
    pub(super) errors: usize,
    /// The most lines that continue the messages of errors.
    pub(super) continued_errors: usize,
    /// The most lines of all findings; `None` for no limit.
    pub(super) finding_lines: Option<usize>,
    /// The most accepted findings and resolved differences of each kind.
    pub(super) accepted: usize,
}

impl ListLimits {
    /// Returns the limits of a plan that lists everything, or those of one with the lists of the report.
    pub(super) fn new(report: &Report, all: bool) -> Self {
        if all {
            return Self {
                instances: usize::MAX,
                errors: usize::MAX,
                continued_errors: usize::MAX,
                finding_lines: None,
                accepted: usize::MAX,
            };
        }
        let is_waived = |status: &FindingStatus| matches!(status, FindingStatus::Waived(_));
        let lists = [
            report.findings.iter().any(|it| is_waived(&it.status)),
            report.baseline.is_some(),
            report.base.is_some(),
            report.expectation.is_some(),
        ];
        let (instances, finding_lines, accepted) = match lists.iter().filter(|it| **it).count() {
            0 => (8, 30, 3),
            1 => (8, 18, 3),
            _ => (4, 10, 1),
        };
        Self {
            instances,
            errors: 10,
            continued_errors: 20,
            finding_lines: Some(finding_lines),
            accepted,
        }
    }
}
