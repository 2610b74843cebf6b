//! The texts of outcomes, states and severities.

use crate::diff::ChangeKind;
use crate::finding::Severity;
use crate::i18n::ReportTexts;
use crate::model::ReadStatus;
use crate::policy::AppliesTo;
use crate::report::{FindingStatus, NoChanges, Outcome, PolicySubject};

impl ReportTexts {
    pub(super) const fn outcome(&self, outcome: Outcome) -> &'static str {
        match outcome {
            Outcome::InSync => self.outcome_in_sync,
            Outcome::Passed => self.outcome_passed,
            Outcome::Drift => self.outcome_drift,
            Outcome::Findings => self.outcome_findings,
            Outcome::Incomplete => self.outcome_incomplete,
            Outcome::Failed => self.outcome_failed,
        }
    }

    pub(super) const fn kind(&self, kind: ChangeKind) -> &'static str {
        match kind {
            ChangeKind::Missing => self.missing,
            ChangeKind::Changed => self.changed,
            ChangeKind::Renamed => self.renamed,
            ChangeKind::Unmanaged => self.unmanaged,
            ChangeKind::Duplicate => self.duplicate,
            ChangeKind::InSync => self.in_sync,
        }
    }

    pub(super) const fn without_changes(&self, reason: NoChanges) -> &'static str {
        match reason {
            NoChanges::Proven | NoChanges::Accepted => self.no_changes,
            NoChanges::InPart => self.no_changes_in_part,
            NoChanges::Unknown => self.changes_unknown,
            NoChanges::NotCompared => self.nothing_compared,
        }
    }

    pub(super) const fn status(&self, status: ReadStatus) -> &'static str {
        match status {
            ReadStatus::Complete => self.complete,
            ReadStatus::Denied => self.denied,
            ReadStatus::Throttled => self.throttled,
            ReadStatus::Unreachable => self.unreachable,
            ReadStatus::Inconsistent => self.inconsistent,
            ReadStatus::NotFound => self.not_found,
            ReadStatus::Skipped => self.skipped,
        }
    }

    /// Returns the warning about an instance whose listing is not complete.
    pub(super) fn incomplete(&self, status: ReadStatus) -> String {
        match status {
            ReadStatus::Skipped => self.not_read_rules.to_owned(),
            _ => self.incomplete_rules(self.status(status)),
        }
    }

    pub(super) const fn severity_of(&self, severity: Severity) -> &'static str {
        match severity {
            Severity::Error => self.error,
            Severity::Warning => self.warning,
            Severity::Info => self.info,
        }
    }

    pub(super) const fn state_of(&self, status: &FindingStatus) -> &'static str {
        match status {
            FindingStatus::Open => self.open,
            FindingStatus::Waived(_) => self.waived,
            FindingStatus::Baselined => self.baselined,
        }
    }

    /// Returns the number of subjects of a policy.
    pub(super) fn count_subjects(&self, count: usize, subject: PolicySubject) -> String {
        match subject {
            PolicySubject::Rule => self.count_rules(count),
            PolicySubject::Namespace => self.count_namespaces(count),
            PolicySubject::Repository => self.count_repositories(count),
        }
    }

    pub(super) const fn sides(&self, sides: AppliesTo) -> &'static str {
        match sides {
            AppliesTo::Desired => self.declared_rules,
            AppliesTo::Live => self.live_rules,
            AppliesTo::Both => self.rules_of_both,
        }
    }
}
