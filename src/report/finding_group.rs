//! The open findings that no change shows, by code.

use std::cmp::Reverse;
use std::collections::BTreeMap;

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

/// The part of a plan that a group belongs to, in the order of the parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum FindingPart {
    /// Findings about reading the instances.
    Reading,
    /// Findings of guards.
    Guards,
    /// Other findings.
    Others,
}

impl FindingGroup<'_> {
    pub(super) const fn part(&self) -> FindingPart {
        match self.code {
            Code::IncompleteRead | Code::WrongAccount => FindingPart::Reading,
            Code::MassChange => FindingPart::Guards,
            _ => FindingPart::Others,
        }
    }
}

/// Groups the open findings that no change shows: by part, the worst severity first.
pub(super) fn group_by_code(report: &Report) -> Vec<FindingGroup<'_>> {
    let mut by_code: BTreeMap<&str, FindingGroup<'_>> = BTreeMap::new();
    for finding in &report.findings {
        if finding.code.is_shown_by_change() || finding.status != FindingStatus::Open {
            continue;
        }
        let group = by_code
            .entry(finding.code.as_str())
            .or_insert_with(|| FindingGroup {
                code: &finding.code,
                severity: finding.severity,
                findings: Vec::new(),
            });
        group.severity = group.severity.max(finding.severity);
        group.findings.push(finding);
    }
    let mut groups: Vec<FindingGroup<'_>> = by_code.into_values().collect();
    groups.sort_by_key(|group| (group.part(), Reverse(group.severity)));
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
