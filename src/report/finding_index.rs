//! An index of the findings by rule.

use std::collections::BTreeMap;

use super::{FindingStatus, Report, ReportedChange, ReportedFinding};

/// The findings of each rule, by the alias of its source instance and its name.
#[derive(Debug)]
pub(super) struct FindingIndex<'a>(BTreeMap<(&'a str, &'a str), Vec<&'a ReportedFinding>>);

impl<'a> FindingIndex<'a> {
    pub(super) fn new(report: &'a Report) -> Self {
        let mut by_rule: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for finding in &report.findings {
            if let (Some(instance), Some(rule)) = (&finding.instance, &finding.rule) {
                by_rule
                    .entry((instance.as_str(), rule.as_str()))
                    .or_default()
                    .push(finding);
            }
        }
        Self(by_rule)
    }

    /// Returns the findings about a rule.
    pub(super) fn findings<'b>(
        &'b self,
        instance: &'b str,
        rule: &'b str,
    ) -> &'b [&'b ReportedFinding] {
        let by_rule: &BTreeMap<(&'b str, &'b str), Vec<&'b ReportedFinding>> = &self.0;
        by_rule.get(&(instance, rule)).map_or(&[], Vec::as_slice)
    }

    /// Returns the reason why a change is accepted; `None` where any of it is open, or where there is none.
    pub(super) fn acceptance(&self, change: &ReportedChange) -> Option<String> {
        self.accepting_status(change)?.acceptance()
    }

    /// Returns the status that accepts a change; `None` where any of it is open, or where there is none.
    pub(super) fn accepting_status<'b>(
        &'b self,
        change: &'b ReportedChange,
    ) -> Option<&'b FindingStatus> {
        if !change.accepted {
            return None;
        }
        let findings = self.findings(&change.instance, &change.name);
        let mut statuses = findings.iter().map(|finding| &finding.status);
        statuses.rfind(|status| **status != FindingStatus::Open)
    }
}
