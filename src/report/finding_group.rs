//! The open findings that no change shows, by code.

use super::finding_order::{FindingPart, findings_worst_first};
use super::{FindingStatus, Report, ReportedFinding};
use crate::finding::{Code, Severity};
use crate::source::pluralize;

/// The findings of one code, in the order of the report.
#[derive(Debug)]
pub(super) struct FindingGroup<'a> {
    pub(super) code: &'a Code,
    /// The highest severity.
    pub(super) severity: Severity,
    pub(super) findings: Vec<&'a ReportedFinding>,
}

impl FindingGroup<'_> {
    pub(super) const fn part(&self) -> FindingPart {
        FindingPart::from_code(self.code)
    }
}

/// Groups the open findings that no change shows, in the order of the plan.
pub(super) fn group_by_code(report: &Report) -> Vec<FindingGroup<'_>> {
    let mut groups: Vec<FindingGroup<'_>> = Vec::new();
    for finding in findings_worst_first(report) {
        if finding.code.is_shown_by_change() || finding.status != FindingStatus::Open {
            continue;
        }
        match groups.last_mut() {
            Some(group) if *group.code == finding.code => {
                group.severity = group.severity.max(finding.severity);
                group.findings.push(finding);
            }
            _ => groups.push(FindingGroup {
                code: &finding.code,
                severity: finding.severity,
                findings: vec![finding],
            }),
        }
    }
    groups
}

/// Returns the number of findings by severity: `4 errors, 143 warnings`; `None` if there are none.
pub(super) fn severity_totals(groups: &[FindingGroup<'_>]) -> Option<String> {
    let nouns = [
        (Severity::Error, "error"),
        (Severity::Warning, "warning"),
        (Severity::Info, "note"),
    ];
    let mut totals = Vec::new();
    for (severity, noun) in nouns {
        let findings = groups.iter().flat_map(|group| &group.findings);
        let count = findings.filter(|it| it.severity == severity).count();
        if count > 0 {
            totals.push(pluralize(count, noun));
        }
    }
    (!totals.is_empty()).then(|| totals.join(", "))
}
