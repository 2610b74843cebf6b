//! One result in a series: its numbers.

use crate::finding::Severity;
use crate::report::{Outcome, Report, Status, Summary};

/// A day in milliseconds.
pub(super) const DAY_MS: i64 = 86_400_000;

/// A result as a series has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Point {
    /// What the result is called: mostly its path.
    pub name: String,
    /// SHA-256 of its bytes, lower-case hex.
    pub sha256: String,
    /// When its run started, epoch milliseconds.
    pub time_ms: i64,
    /// What came of the run.
    pub outcome: Outcome,
    /// Why.
    pub reason: String,
    /// How many rules were to be compared.
    pub declared: usize,
    /// Its numbers.
    pub summary: Summary,
    /// Its findings, counted.
    pub findings: Findings,
    /// What changed since the whole result before it; `None` where there is none, or where this one is not whole.
    pub movement: Option<Movement>,
    /// How many findings are open, by [`Age`]; `None` where the result is not whole.
    pub ages: Option<[usize; Age::ALL.len()]>,
    /// Since when the finding is open that is open longest, epoch milliseconds; `None` where none is open, and where
    /// that is not known of every open one.
    pub oldest_ms: Option<i64>,
    /// How long there was no whole result before this one, milliseconds, where that is so long that it is a gap.
    pub gap_ms: Option<i64>,
}

impl Point {
    /// A result by itself.
    pub(super) fn of(name: &str, sha256: &str, report: &Report) -> Self {
        Self {
            name: name.to_owned(),
            sha256: sha256.to_owned(),
            time_ms: report.started_ms,
            outcome: report.verdict.outcome,
            reason: report.verdict.reason.clone(),
            declared: report.desired_rules,
            summary: report.summary,
            findings: Findings::of(report),
            movement: None,
            ages: None,
            oldest_ms: None,
            gap_ms: None,
        }
    }

    /// Whether everything was read: only then do its numbers say what is the case. What is not whole is a gap in the
    /// series and never a sign that nothing drifts.
    #[must_use]
    pub const fn is_whole(&self) -> bool {
        self.outcome.is_complete()
    }

    /// How much of what is declared is live as declared, from 0 to 100; `None` where nothing is declared.
    #[must_use]
    pub fn share_percent(&self) -> Option<usize> {
        self.summary
            .in_sync
            .saturating_mul(100)
            .checked_div(self.declared)
    }
}

/// Findings, counted: by what became of them, and of each how many are how bad.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Findings {
    /// Those that count: errors, warnings and notes.
    pub open: [usize; Severity::ALL.len()],
    /// Those a waiver accepts.
    pub waived: [usize; Severity::ALL.len()],
    /// Those a baseline accepts.
    pub baselined: [usize; Severity::ALL.len()],
}

impl Findings {
    fn of(report: &Report) -> Self {
        let mut counted = Self::default();
        for it in &report.findings {
            let of = match it.status {
                Status::Open => &mut counted.open,
                Status::Waived(_) => &mut counted.waived,
                Status::Baselined => &mut counted.baselined,
            };
            let [errors, warnings, notes] = of;
            *match it.severity {
                Severity::Error => errors,
                Severity::Warning => warnings,
                Severity::Info => notes,
            } += 1;
        }
        counted
    }
}

/// What changed from one whole result to the next, in findings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Movement {
    /// Open now, and not open before.
    pub opened: usize,
    /// Open before, and no longer there.
    pub resolved: usize,
    /// Open before, and accepted now.
    pub accepted: usize,
}

/// How long a finding has been open.
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
    /// Not known, since a gap lies in between.
    Unknown,
}

impl Age {
    /// All there are, the youngest first.
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

    /// The age of what is that many milliseconds old.
    #[must_use]
    pub const fn of(ms: i64) -> Self {
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
