//! Findings as they are reported.

use crate::diff::Origin;
use crate::finding::{Code, Fingerprint, Severity};
use crate::model::Field;
use crate::source::Location;
use crate::waiver::Accepted;

/// A finding as it is reported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportedFinding {
    /// What kind of thing it is.
    pub code: Code,
    /// How bad it is.
    pub severity: Severity,
    /// What is the case.
    pub message: String,
    /// What to do about it.
    pub help: String,
    /// The alias of the instance it is about.
    pub instance: Option<String>,
    /// The rule it is about.
    pub rule: Option<String>,
    /// The field it is about.
    pub field: Option<Field>,
    /// What makes it this finding and no other.
    pub fingerprint: Fingerprint,
    /// Where in the rules files it belongs.
    pub location: Option<Location>,
    /// Whether it counts.
    pub status: Status,
    /// When it was first seen, epoch milliseconds; `None` where no history is kept.
    pub first_seen_ms: Option<i64>,
    /// Whether it is new since the last result; `None` where no history is kept.
    pub transition: Option<Transition>,
    /// Since when the difference it is about is there; `None` where it is about none, or no base was given.
    pub origin: Option<Origin>,
    /// Whether it makes the result drift: it is open, bad enough, and of an origin that counts.
    pub counts: bool,
}

impl ReportedFinding {
    /// Why the finding does not make the result drift although it is as bad as `fail_on`, in words; `None` where it
    /// does, and where it is not that bad.
    pub(super) fn excused(&self, fail_on: Severity) -> Option<String> {
        let is_excused = self.severity >= fail_on && !self.counts && !self.code.is_about_reading();
        // Where no base was given, only a reviewed result can have said so.
        let told = || match self.origin {
            Some(Origin::Introduced) => {
                "introduced by this change: live follows once it is applied"
            }
            Some(Origin::Drifted) => "was there before this change",
            Some(Origin::Conflicting) => "changed here and live",
            None => "as the reviewed result says",
        };
        self.status
            .accepted()
            .or_else(|| is_excused.then(|| told().to_owned()))
    }
}

impl From<&ReportedFinding> for Accepted {
    fn from(it: &ReportedFinding) -> Self {
        Self {
            instance: it.instance.clone(),
            rule: it.rule.clone(),
            code: it.code.to_string(),
            field: it.field.map(|field| field.to_string()),
            fingerprint: it.fingerprint,
        }
    }
}

/// Whether a finding counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Status {
    /// It does.
    Open,
    /// A waiver accepts it.
    Waived(AppliedWaiver),
    /// A baseline accepts it.
    Baselined,
}

impl Status {
    /// The word of the result document.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Waived(_) => "waived",
            Self::Baselined => "baselined",
        }
    }

    /// Why the finding does not count, in words; `None` where it does.
    pub(super) fn accepted(&self) -> Option<String> {
        match self {
            Self::Open => None,
            Self::Waived(AppliedWaiver {
                reason,
                owner,
                expires,
                ticket,
                ..
            }) => {
                let ticket = ticket
                    .as_ref()
                    .map(|it| format!(" ({it})"))
                    .unwrap_or_default();
                Some(format!(
                    "waived until {expires} by {owner}: {reason}{ticket}"
                ))
            }
            Self::Baselined => Some("in the baseline".to_owned()),
        }
    }
}

/// What a waiver says of the findings it accepts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppliedWaiver {
    /// Why the finding is accepted.
    pub reason: String,
    /// Who answers for it.
    pub owner: String,
    /// The last day on which it is accepted: `YYYY-MM-DD`.
    pub expires: String,
    /// The ticket that tracks it.
    pub ticket: Option<String>,
    /// Where the waiver is written.
    pub location: Option<Location>,
}

/// What a baseline says of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppliedBaseline {
    /// The day on which it was written: `YYYY-MM-DD`.
    pub date: String,
    /// What it accepts and is no longer there.
    pub resolved: Vec<Accepted>,
}

/// What drifts against what a reviewed result says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expectation {
    /// What the result is called.
    pub name: String,
    /// How many findings are as it says.
    pub expected: usize,
    /// What drifts beyond that.
    pub unexpected: Vec<Accepted>,
    /// What it says and does not drift.
    pub missing: Vec<Accepted>,
}

/// What became of a finding since the last result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transition {
    /// It was not there.
    Opened,
    /// It was there.
    Still,
}

impl Transition {
    /// All there are.
    pub const ALL: [Self; 2] = [Self::Opened, Self::Still];

    /// The word of the result document.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Opened => "opened",
            Self::Still => "still",
        }
    }
}
