//! One result in a series: its numbers.

use crate::finding::Severity;
use crate::report::{FindingStatus, Outcome, Report, Summary};

/// A day in milliseconds.
pub(super) const DAY_MS: i64 = 86_400_000;

/// The numbers of a result in a series.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordedRun {
    /// The name of the result, usually its path.
    pub name: String,
    /// SHA-256 of its bytes, lower-case hex.
    pub sha256: String,
    /// The start of its run, epoch milliseconds.
    pub time_ms: i64,
    /// The outcome of the run.
    pub outcome: Outcome,
    /// The reason for the outcome.
    pub reason: String,
    /// The number of rules to compare.
    pub declared: usize,
    /// Its numbers.
    pub summary: Summary,
    /// Its findings, counted.
    pub findings: FindingCounts,
    /// The delta to the previous complete result; `None` where there is none, or where this one is incomplete.
    pub delta: Option<FindingDelta>,
    /// The number of open findings, by [`Age`]; `None` where the result is incomplete.
    pub ages: Option<[usize; Age::ALL.len()]>,
    /// The time since which the oldest open finding is open, epoch milliseconds; `None` where none is open, or where
    /// the time of any open one is unknown.
    pub oldest_ms: Option<i64>,
    /// The age of the oldest open finding; `None` where none is open, or where the result is incomplete.
    pub oldest: Option<OpenAge>,
    /// The time without a complete result before this one, milliseconds, where long enough to be a gap.
    pub gap_ms: Option<i64>,
}

impl RecordedRun {
    /// Returns the numbers of a result, without those that only a series has.
    pub(super) fn new(name: &str, sha256: &str, report: &Report) -> Self {
        Self {
            name: name.to_owned(),
            sha256: sha256.to_owned(),
            time_ms: report.started_ms,
            outcome: report.verdict.outcome,
            reason: report.verdict.reason.to_string(),
            declared: report.desired_rules,
            summary: report.summary,
            findings: FindingCounts::new(report),
            delta: None,
            ages: None,
            oldest_ms: None,
            oldest: None,
            gap_ms: None,
        }
    }

    /// Returns whether everything was read. An incomplete result is a gap in the series, and never means that nothing
    /// drifts.
    #[must_use]
    pub const fn is_complete(&self) -> bool {
        self.outcome.is_complete()
    }

    /// Returns the percentage of desired rules in sync; `None` where nothing is declared.
    #[must_use]
    pub fn share_percent(&self) -> Option<usize> {
        self.summary
            .in_sync
            .saturating_mul(100)
            .checked_div(self.declared)
    }
}

/// The number of findings by status and severity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct FindingCounts {
    /// Open findings: errors, warnings and notes.
    pub open: [usize; Severity::ALL.len()],
    /// Waived findings.
    pub waived: [usize; Severity::ALL.len()],
    /// Baselined findings.
    pub baselined: [usize; Severity::ALL.len()],
}

impl FindingCounts {
    fn new(report: &Report) -> Self {
        let mut counted = Self::default();
        for finding in &report.findings {
            let counts = match finding.status {
                FindingStatus::Open => &mut counted.open,
                FindingStatus::Waived(_) => &mut counted.waived,
                FindingStatus::Baselined => &mut counted.baselined,
            };
            let [errors, warnings, notes] = counts;
            *match finding.severity {
                Severity::Error => errors,
                Severity::Warning => warnings,
                Severity::Info => notes,
            } += 1;
        }
        counted
    }
}

/// The findings opened and resolved between two complete results.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct FindingDelta {
    /// Open now, and not open before.
    pub opened: usize,
    /// Open before, and absent now.
    pub resolved: usize,
    /// Open before, and accepted now.
    pub accepted: usize,
    /// Open before, and about an instance that is compared no longer.
    pub left_scope: usize,
}

/// The age of an open finding at a result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OpenAge {
    /// Milliseconds.
    pub ms: i64,
    /// True if it may be older: it was open before the first result, or over a gap.
    pub is_at_least: bool,
}

impl OpenAge {
    /// Returns the age of the older one of two findings.
    pub(super) fn oldest(self, other: Self) -> Self {
        Self {
            ms: self.ms.max(other.ms),
            is_at_least: self.is_at_least || other.is_at_least,
        }
    }
}

/// The class of the age of an open finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Age {
    /// Less than a day.
    Day,
    /// Less than seven days.
    Week,
    /// Less than thirty days.
    Month,
    /// Thirty days and more.
    Older,
    /// Unknown, since a gap lies in between.
    Unknown,
}

impl Age {
    /// All ages, the youngest first.
    pub const ALL: [Self; 5] = [
        Self::Day,
        Self::Week,
        Self::Month,
        Self::Older,
        Self::Unknown,
    ];

    /// The word of the documents.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Day => "under_1_day",
            Self::Week => "under_7_days",
            Self::Month => "under_30_days",
            Self::Older => "30_days_and_more",
            Self::Unknown => "unknown",
        }
    }

    /// Returns the class of an age in milliseconds.
    #[must_use]
    pub const fn from_ms(ms: i64) -> Self {
        if ms < DAY_MS {
            Self::Day
        } else if ms < 7 * DAY_MS {
            Self::Week
        } else if ms < 30 * DAY_MS {
            Self::Month
        } else {
            Self::Older
        }
    }
}
