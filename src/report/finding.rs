//! Findings as they are reported.

use super::Who;
use crate::diff::Origin;
use crate::finding::{Code, Fingerprint, RulePath, Severity};
use crate::i18n::Message;
use crate::model::Field;
use crate::source::Location;
use crate::waiver::Accepted;

/// A finding as it is reported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportedFinding {
    /// The code.
    pub code: Code,
    /// The severity.
    pub severity: Severity,
    /// The message.
    pub message: Message,
    /// The advice.
    pub help: Message,
    /// The alias of the instance it is about.
    pub instance: Option<String>,
    /// The rule it is about.
    pub rule: Option<String>,
    /// The declared owner of that rule.
    pub owner: Option<String>,
    /// The field it is about.
    pub field: Option<Field>,
    /// The fingerprint that identifies the finding.
    pub fingerprint: Fingerprint,
    /// The place in the rules files.
    pub location: Option<Location>,
    /// The status: open, waived or baselined.
    pub status: FindingStatus,
    /// The time it was first seen, epoch milliseconds; `None` where no history is kept.
    pub first_seen_ms: Option<i64>,
    /// True if it is new since the last result; `None` where no history is kept.
    pub transition: Option<Transition>,
    /// The origin of its difference; `None` where it has none, or no base was given.
    pub origin: Option<Origin>,
    /// True if it fails the run: open, at or above the threshold, and of an origin that counts.
    pub counts: bool,
    /// The paths of a loop, the one of the message first: at most [`ReportedFinding::MAX_PATHS`].
    pub paths: Vec<RulePath>,
    /// The number of further paths.
    pub omitted_paths: usize,
    /// The authors of the live rule, where they were asked for and no change has them.
    pub who: Option<Box<Who>>,
}

impl ReportedFinding {
    /// The maximum number of listed paths.
    pub const MAX_PATHS: usize = 100;

    /// Returns whether a finding at or above `fail_on` does not fail the run.
    pub(super) fn is_left_out(&self, fail_on: Severity) -> bool {
        self.severity >= fail_on && !self.counts && !self.code.makes_incomplete()
    }

    /// Returns the reason why a finding at or above `fail_on` does not fail the run; `None` where it does, and for a finding
    /// below it.
    pub(super) fn reason_not_counted(&self, fail_on: Severity) -> Option<String> {
        // Without a base, only a reviewed result can expect a finding.
        let reason = || match self.origin {
            Some(Origin::Introduced) => {
                "introduced by this change; resolved once the change is applied"
            }
            Some(Origin::Drifted) => "drifted before this change",
            Some(Origin::Conflicting) => "conflicting: changed both live and by this change",
            None => "expected by the reviewed result",
        };
        self.status
            .acceptance()
            .or_else(|| self.is_left_out(fail_on).then(|| reason().to_owned()))
    }
}

impl From<&ReportedFinding> for Accepted {
    fn from(finding: &ReportedFinding) -> Self {
        Self {
            instance: finding.instance.clone(),
            rule: finding.rule.clone(),
            code: finding.code.to_string(),
            field: finding.field.map(|field| field.to_string()),
            fingerprint: finding.fingerprint,
            rule_id: None,
        }
    }
}

/// The status of a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FindingStatus {
    /// The finding counts, at or above the threshold.
    Open,
    /// A waiver accepts it.
    Waived(Box<AppliedWaiver>),
    /// A baseline accepts it.
    Baselined,
}

impl FindingStatus {
    /// Returns the word of the result document.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Waived(_) => "waived",
            Self::Baselined => "baselined",
        }
    }

    /// Returns the reason why the finding does not count, in words; `None` where it does.
    pub(super) fn acceptance(&self) -> Option<String> {
        match self {
            Self::Open => None,
            Self::Waived(waiver) => {
                let AppliedWaiver {
                    reason,
                    owner,
                    expires,
                    ticket,
                    location: _,
                } = &**waiver;
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

/// A waiver applied to a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppliedWaiver {
    /// The reason for accepting the finding.
    pub reason: String,
    /// The owner.
    pub owner: String,
    /// The last day on which it is accepted: `YYYY-MM-DD`.
    pub expires: String,
    /// The ticket that tracks it.
    pub ticket: Option<String>,
    /// The place of the waiver.
    pub location: Option<Location>,
}

/// A baseline applied to a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppliedBaseline {
    /// The day on which it was written: `YYYY-MM-DD`.
    pub date: String,
    /// The accepted findings that no longer occur.
    pub resolved: Vec<Accepted>,
}

/// The comparison of the drift with a reviewed result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ComparedExpectation {
    /// The name of the reviewed result.
    pub name: String,
    /// The number of expected findings that occurred.
    pub expected: usize,
    /// The findings that the reviewed result does not list.
    pub unexpected: Vec<Accepted>,
    /// The findings that it lists and that did not occur.
    pub missing: Vec<Accepted>,
}

/// The transition of a finding since the previous result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transition {
    /// The previous result does not have it.
    Opened,
    /// The previous result has it.
    Still,
}

impl Transition {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Opened, Self::Still];

    /// Returns the word of the result document.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Opened => "opened",
            Self::Still => "still",
        }
    }
}
