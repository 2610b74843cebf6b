//! The order of the findings of a plan, which every format for people follows.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::{FindingStatus, Report, ReportedFinding, worst_first};
use crate::finding::{Code, Severity};

/// The part of a plan that a finding belongs to, in the order of the parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum FindingPart {
    /// Findings about reading the instances.
    Reading,
    /// Findings of guards.
    Guards,
    /// Findings that a change of the plan shows.
    Changes,
    /// Other findings.
    Others,
}

impl FindingPart {
    pub(super) const fn from_code(code: &Code) -> Self {
        match code {
            Code::IncompleteRead | Code::WrongAccount => Self::Reading,
            Code::MassChange => Self::Guards,
            _ if code.is_shown_by_change() => Self::Changes,
            _ => Self::Others,
        }
    }
}

/// Returns the findings of a report in the order of its plan: open ones first, by part; those of changes as the changes
/// are ordered, the others by code, the worst code first.
#[must_use]
pub fn findings_worst_first(report: &Report) -> Vec<&ReportedFinding> {
    let mut positions: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for (position, change) in worst_first(report).into_iter().enumerate() {
        let rule = (change.instance.as_str(), change.name.as_str());
        positions.entry(rule).or_insert(position);
    }
    let severities = severities_by_code(report);
    let mut findings: Vec<_> = report.findings.iter().collect();
    findings.sort_by_cached_key(|finding| {
        let part = FindingPart::from_code(&finding.code);
        let position = match (part, &finding.instance, &finding.rule) {
            (FindingPart::Changes, Some(instance), Some(rule)) => {
                positions.get(&(instance.as_str(), rule.as_str())).copied()
            }
            _ => None,
        };
        let code = finding.code.as_str();
        let severity = severities.get(code).copied();
        let is_accepted = finding.status != FindingStatus::Open;
        (is_accepted, part, position, Reverse(severity), code)
    });
    findings
}

/// Returns the worst open finding of a report: of those that fail the run, if there are any, the first most severe one of
/// the plan.
#[must_use]
pub fn worst_finding(report: &Report) -> Option<&ReportedFinding> {
    let mut findings = findings_worst_first(report);
    findings.retain(|finding| finding.status == FindingStatus::Open);
    findings.into_iter().min_by_key(|finding| {
        let fails = finding.counts || finding.code.makes_incomplete();
        (!fails, Reverse(finding.severity))
    })
}

/// Returns the highest severity of the open findings of each code.
fn severities_by_code(report: &Report) -> BTreeMap<&str, Severity> {
    let mut severities: BTreeMap<&str, Severity> = BTreeMap::new();
    for finding in &report.findings {
        if finding.status == FindingStatus::Open {
            let severity = severities
                .entry(finding.code.as_str())
                .or_insert(finding.severity);
            *severity = finding.severity.max(*severity);
        }
    }
    severities
}

#[cfg(test)]
mod tests {
    use super::{findings_worst_first, worst_finding};
    use crate::finding::{Code, Severity};
    use crate::report::sample::sample;
    use crate::report::{FindingStatus, Report, ReportedChange, ReportedFinding, worst_first};

    fn finding(code: Code, severity: Severity) -> ReportedFinding {
        ReportedFinding {
            code,
            severity,
            instance: None,
            rule: None,
            status: FindingStatus::Open,
            counts: true,
            ..sample().findings.swap_remove(0)
        }
    }

    /// A report with a finding about each change, in the order of the codes, and others.
    fn report() -> Report {
        let mut report = sample();
        report.findings = vec![
            finding(Code::WaiverUnused, Severity::Warning),
            finding(Code::FanIn, Severity::Warning),
            finding(Code::SyncLoop, Severity::Error),
            finding(Code::MassChange, Severity::Error),
            finding(Code::IncompleteRead, Severity::Error),
        ];
        let changes = report.changes.iter();
        let about_changes: Vec<_> = changes
            .filter_map(|change| {
                Some(ReportedFinding {
                    instance: Some(change.instance.clone()),
                    rule: Some(change.name.clone()),
                    ..finding(change.code()?, Severity::Error)
                })
            })
            .collect();
        report.findings.extend(about_changes);
        report
    }

    #[test]
    fn findings_are_ordered_as_the_plan_is() {
        let report = report();
        let ordered = findings_worst_first(&report);
        let codes: Vec<_> = ordered.iter().map(|it| it.code.as_str()).collect();
        assert_eq!(codes[..2], ["live/incomplete-read", "guard/mass-change"]);
        let changes = worst_first(&report).into_iter();
        let changes: Vec<_> = changes.filter_map(ReportedChange::code).collect();
        let changes: Vec<_> = changes.iter().map(Code::as_str).collect();
        assert_eq!(codes[2..2 + changes.len()], changes);
        assert_eq!(
            codes[2 + changes.len()..],
            ["topology/sync-loop", "topology/fan-in", "waiver/unused"]
        );
    }

    #[test]
    fn severity_decides_which_finding_is_the_worst() {
        let mut report = report();
        report.findings.retain(|it| it.code != Code::IncompleteRead);
        for finding in &mut report.findings {
            if finding.code == Code::MassChange {
                finding.severity = Severity::Warning;
            }
        }
        let worst = worst_finding(&report).map(|it| it.code.clone());
        let first = worst_first(&report)
            .first()
            .and_then(|change| change.code());
        assert_eq!(worst, first);
        for finding in &mut report.findings {
            finding.counts = finding.code == Code::FanIn;
        }
        let worst = worst_finding(&report).map(|it| it.code.clone());
        assert_eq!(worst, Some(Code::FanIn));
        for finding in &mut report.findings {
            finding.status = FindingStatus::Baselined;
        }
        assert_eq!(worst_finding(&report), None);
    }
}
