//! A check as the state shows it.

use std::sync::Arc;

use super::state::LastCheck;
use crate::finding::Severity;
use crate::report::{FindingStatus, Report, ReportedError, ResultNumbers};

/// A check that ended, in numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckSummary {
    /// The check.
    pub last: LastCheck,
    /// The numbers of its metrics.
    pub numbers: Arc<ResultNumbers>,
    /// Open findings: errors, warnings and notes.
    pub open: [usize; 3],
    /// The time since when the oldest open finding is open, epoch milliseconds.
    pub oldest_open_ms: Option<i64>,
    /// The rules: in sync, missing, changed, renamed, unmanaged.
    pub rules: [usize; 5],
    /// True if no rules file has an error.
    pub rules_valid: bool,
}

impl CheckSummary {
    /// Returns the summary of a result. A finding without a time of its own counts from the start of the check; the
    /// store knows better.
    #[must_use]
    pub fn from_report(report: &Report) -> Self {
        let open = || {
            let findings = report.findings.iter();
            findings.filter(|it| it.status == FindingStatus::Open)
        };
        let count = |severity: Severity| open().filter(|it| it.severity == severity).count();
        let summary = &report.summary;
        Self {
            last: LastCheck {
                started_ms: report.started_ms,
                duration_ms: report.duration_ms,
                outcome: report.verdict.outcome,
                reason: report.verdict.reason.clone(),
                exit_code: report.verdict.exit_code,
            },
            numbers: Arc::new(ResultNumbers::from_report(report)),
            open: [Severity::Error, Severity::Warning, Severity::Info].map(count),
            oldest_open_ms: open()
                .map(|it| it.first_seen_ms.unwrap_or(report.started_ms))
                .min(),
            rules: [
                summary.in_sync,
                summary.missing,
                summary.changed,
                summary.renamed,
                summary.unmanaged,
            ],
            rules_valid: report.errors.iter().all(|it| it.code == ReportedError::RUN),
        }
    }
}
