//! Findings as they are reported.

use crate::finding::{Code, Fingerprint, Severity};
use crate::model::Field;
use crate::source::Location;

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
            Self::Waived(AppliedWaiver { reason, owner, expires, ticket, .. }) => {
                let ticket = ticket.as_ref().map(|it| format!(" ({it})")).unwrap_or_default();
                Some(format!("waived until {expires} by {owner}: {reason}{ticket}"))
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
