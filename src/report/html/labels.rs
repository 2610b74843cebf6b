//! The texts of outcomes, states and severities.

use crate::diff::ChangeKind;
use crate::finding::Severity;
use crate::i18n::ReportTexts;
use crate::model::ReadStatus;
use crate::policy::AppliesTo;
use crate::report::{
    AppliedWaiver, FindingStatus, LiveSource, NoChanges, Origin, Outcome, PolicySubject,
    ReportedFinding,
};
use crate::source::sanitize_line;

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

    /// Returns the word for several findings of a severity.
    pub(super) const fn severity_plural(&self, severity: Severity) -> &'static str {
        match severity {
            Severity::Error => self.errors,
            Severity::Warning => self.warnings,
            Severity::Info => self.notes,
        }
    }

    /// Returns the origin of a difference, in words.
    pub(super) const fn origin(&self, origin: Origin) -> &'static str {
        match origin {
            Origin::Introduced => self.introduced,
            Origin::Drifted => self.drifted,
            Origin::Conflicting => self.conflicting,
        }
    }

    /// Returns the reason why a finding is accepted.
    pub(super) fn acceptance(&self, status: &FindingStatus) -> String {
        match status {
            FindingStatus::Open => self.open.to_owned(),
            FindingStatus::Baselined => self.in_baseline.to_owned(),
            FindingStatus::Waived(waiver) => {
                let AppliedWaiver {
                    reason,
                    owner,
                    expires,
                    ticket,
                    location: _,
                } = &**waiver;
                let [owner, expires, reason] =
                    [owner, expires, reason].map(|it| sanitize_line(it).into_owned());
                let waived = self.waived_until(&expires, &owner, &reason);
                match ticket {
                    Some(ticket) => self.with_ticket(&waived, &sanitize_line(ticket)),
                    None => waived,
                }
            }
        }
    }

    /// Returns the reason why a finding at or above `fail_on` does not fail the run; `None` where it does, and for a
    /// finding below it.
    pub(super) fn reason_not_counted(
        &self,
        finding: &ReportedFinding,
        fail_on: Severity,
    ) -> Option<String> {
        match (&finding.status, finding.origin) {
            (FindingStatus::Open, _) if !finding.is_left_out(fail_on) => None,
            (FindingStatus::Open, Some(Origin::Introduced)) => {
                Some(self.introduced_until_applied.to_owned())
            }
            (FindingStatus::Open, Some(origin)) => Some(self.origin(origin).to_owned()),
            (FindingStatus::Open, None) => Some(self.expected_by_review.to_owned()),
            (status, _) => Some(self.acceptance(status)),
        }
    }

    pub(super) const fn live_source(&self, source: LiveSource) -> &'static str {
        match source {
            LiveSource::Api => self.from_api,
            LiveSource::Snapshot => self.from_snapshot,
            LiveSource::Emulator => self.from_emulator,
            LiveSource::None => self.from_nothing,
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
