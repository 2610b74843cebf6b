//! The outcome of a run, in one word.

use super::{
    Action, ComparedExpectation, FindingStatus, ReadInstance, Report, ReportedChange,
    ReportedFinding,
};
use crate::finding::{Code, Severity};
use crate::model::ReadStatus;

/// The outcome of a run, in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// All instances were read, no difference is open or accepted, and only notes are open.
    InSync,
    /// All instances were read and no open finding counts; warnings are open, or differences are accepted.
    Passed,
    /// An open difference of rules counts.
    Drift,
    /// No open difference counts, and other open findings do.
    Findings,
    /// At least one instance could not be read completely.
    Incomplete,
    /// The run itself failed.
    Failed,
}

/// The colour of an outcome: green is reserved for [`Tone::Good`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// All instances were read and nothing is open.
    Good,
    /// The exit code is 0, and there are warnings or accepted differences.
    Notice,
    /// The exit code is not 0.
    Bad,
}

impl Outcome {
    /// Every outcome, the best first.
    pub const ALL: [Self; 6] = [
        Self::InSync,
        Self::Passed,
        Self::Drift,
        Self::Findings,
        Self::Incomplete,
        Self::Failed,
    ];

    /// Returns the word of the result document.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::InSync => "in_sync",
            Self::Passed => "passed",
            Self::Drift => "drift",
            Self::Findings => "findings",
            Self::Incomplete => "incomplete",
            Self::Failed => "failed",
        }
    }

    /// Returns the outcome of a word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.as_str() == word)
    }

    /// Returns the words of the result document, in the order of [`Outcome::ALL`], for its schema.
    #[must_use]
    pub fn words() -> [&'static str; Self::ALL.len()] {
        Self::ALL.map(Self::as_str)
    }

    /// Returns the word at the beginning of a sentence.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::InSync => "In sync",
            Self::Passed => "Passed",
            Self::Drift => "Drift",
            Self::Findings => "Findings",
            Self::Incomplete => "Incomplete",
            Self::Failed => "Failed",
        }
    }

    /// Returns whether everything was read. Only then does a count of zero prove anything.
    #[must_use]
    pub const fn is_complete(self) -> bool {
        match self {
            Self::InSync | Self::Passed | Self::Drift | Self::Findings => true,
            Self::Incomplete | Self::Failed => false,
        }
    }

    /// Returns the colour of the outcome.
    #[must_use]
    pub const fn tone(self) -> Tone {
        match self {
            Self::InSync => Tone::Good,
            Self::Passed => Tone::Notice,
            Self::Drift | Self::Findings | Self::Incomplete | Self::Failed => Tone::Bad,
        }
    }

    /// Returns the outcome of a complete run, from its findings and their comparison with a reviewed result.
    #[must_use]
    pub fn from_findings<'a>(
        findings: impl IntoIterator<Item = FindingWeight<'a>>,
        expectation: Option<&ComparedExpectation>,
    ) -> Self {
        let mut outcome = Self::InSync;
        for finding in findings {
            outcome = outcome.worse_of(finding.outcome());
        }
        match expectation {
            Some(expectation)
                if !expectation.unexpected.is_empty() || !expectation.missing.is_empty() =>
            {
                Self::Drift
            }
            Some(_) | None => outcome,
        }
    }

    /// Returns the outcome of a document that was read. Documents of earlier versions call every run with exit code 0
    /// in sync, and every other complete run drift.
    pub(super) fn refine(
        self,
        findings: &[ReportedFinding],
        expectation: Option<&ComparedExpectation>,
    ) -> Self {
        let chosen = Self::from_findings(findings.iter().map(FindingWeight::from), expectation);
        match (self, chosen) {
            (Self::InSync, Self::Passed) | (Self::Drift, Self::Findings) => chosen,
            (written, _) => written,
        }
    }

    const fn worse_of(self, other: Self) -> Self {
        match (self, other) {
            (Self::Drift, _) | (_, Self::Drift) => Self::Drift,
            (Self::Findings, _) | (_, Self::Findings) => Self::Findings,
            (Self::Passed, _) | (_, Self::Passed) => Self::Passed,
            _ => Self::InSync,
        }
    }
}

/// The strength of a result without changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NoChanges {
    /// All rules were compared, and none differs.
    Proven,
    /// All rules were compared, and every difference is accepted.
    Accepted,
    /// The rules that were read do not differ; other instances are incomplete.
    InPart,
    /// No instance was read.
    Unknown,
    /// No rule was compared.
    NotCompared,
}

impl NoChanges {
    /// Returns the strength of a report without an open change.
    pub(super) fn from_report(report: &Report) -> Self {
        let is_read = |instance: &ReadInstance| instance.status == ReadStatus::Complete;
        let is_accepted =
            |change: &ReportedChange| change.accepted && change.action() != Action::None;
        match report.verdict.outcome {
            Outcome::Failed => Self::NotCompared,
            Outcome::Incomplete if report.instances.iter().any(is_read) => Self::InPart,
            Outcome::Incomplete => Self::Unknown,
            Outcome::InSync | Outcome::Passed | Outcome::Drift | Outcome::Findings => {
                if report.changes.iter().any(is_accepted) {
                    Self::Accepted
                } else {
                    Self::Proven
                }
            }
        }
    }

    /// Returns the text of a report.
    pub(super) const fn words(self) -> &'static str {
        match self {
            Self::Proven => "no changes",
            Self::Accepted => "no open changes",
            Self::InPart => "no changes in the rules read",
            Self::Unknown => "unknown, because no instance was read completely",
            Self::NotCompared => "unknown, because nothing was compared",
        }
    }
}

/// The part of a finding that the outcome depends on.
#[derive(Debug, Clone, Copy)]
pub struct FindingWeight<'a> {
    /// The code.
    pub code: &'a Code,
    /// The severity.
    pub severity: Severity,
    /// True if neither a waiver nor a baseline accepts it.
    pub is_open: bool,
    /// True if it is open, at or above the threshold, and of an origin that counts.
    pub counts: bool,
}

impl FindingWeight<'_> {
    /// Returns the outcome of a run with this finding alone.
    fn outcome(&self) -> Outcome {
        match (self.code.is_drift(), self.counts) {
            (true, true) => Outcome::Drift,
            (false, true) => Outcome::Findings,
            // An accepted difference is still a difference.
            (true, false) => Outcome::Passed,
            (false, false) if self.is_open && self.severity > Severity::Info => Outcome::Passed,
            (false, false) => Outcome::InSync,
        }
    }
}

impl<'a> From<&'a ReportedFinding> for FindingWeight<'a> {
    fn from(finding: &'a ReportedFinding) -> Self {
        Self {
            code: &finding.code,
            severity: finding.severity,
            is_open: finding.status == FindingStatus::Open,
            counts: finding.counts,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{FindingWeight, Outcome, Tone};
    use crate::finding::{Code, PolicyCode, Severity};
    use crate::report::ComparedExpectation;

    fn weight(code: &Code, severity: Severity, is_open: bool, counts: bool) -> FindingWeight<'_> {
        FindingWeight {
            code,
            severity,
            is_open,
            counts,
        }
    }

    #[test]
    fn one_finding_decides_the_word() {
        let policy = Code::Policy(PolicyCode::new("no-abroad"));
        let cases = [
            (
                weight(&Code::MissingRule, Severity::Error, true, true),
                Outcome::Drift,
            ),
            (
                weight(&Code::FilterSpelling, Severity::Warning, true, true),
                Outcome::Drift,
            ),
            (
                weight(&Code::FilterSpelling, Severity::Warning, true, false),
                Outcome::Passed,
            ),
            (
                weight(&Code::MissingRule, Severity::Info, true, false),
                Outcome::Passed,
            ),
            (
                weight(&Code::MissingRule, Severity::Error, true, false),
                Outcome::Passed,
            ),
            (
                weight(&Code::MissingRule, Severity::Error, false, false),
                Outcome::Passed,
            ),
            (
                weight(&Code::SyncLoop, Severity::Error, true, true),
                Outcome::Findings,
            ),
            (
                weight(&policy, Severity::Info, true, true),
                Outcome::Findings,
            ),
            (
                weight(&policy, Severity::Warning, true, false),
                Outcome::Passed,
            ),
            (
                weight(&policy, Severity::Error, false, false),
                Outcome::InSync,
            ),
            (
                weight(&Code::UnknownValue, Severity::Info, true, false),
                Outcome::InSync,
            ),
        ];
        for (finding, expected) in cases {
            assert_eq!(
                Outcome::from_findings([finding], None),
                expected,
                "{finding:?}"
            );
        }
        assert_eq!(Outcome::from_findings([], None), Outcome::InSync);
    }

    #[test]
    fn the_worst_of_several_findings_decides() {
        let warning = weight(&Code::FanIn, Severity::Warning, true, false);
        let sync_loop = weight(&Code::SyncLoop, Severity::Error, true, true);
        let missing = weight(&Code::MissingRule, Severity::Error, true, true);
        assert_eq!(
            Outcome::from_findings([sync_loop, warning], None),
            Outcome::Findings
        );
        assert_eq!(
            Outcome::from_findings([missing, sync_loop, warning], None),
            Outcome::Drift
        );
        let mut expectation = ComparedExpectation {
            name: "x".to_owned(),
            expected: 1,
            unexpected: vec![],
            missing: vec![],
        };
        assert_eq!(
            Outcome::from_findings([warning], Some(&expectation)),
            Outcome::Passed
        );
        expectation.missing.push(
            crate::report::sample::sample()
                .baseline
                .expect("a baseline")
                .resolved
                .remove(0),
        );
        assert_eq!(
            Outcome::from_findings([], Some(&expectation)),
            Outcome::Drift
        );
    }

    #[test]
    fn only_in_sync_is_good() {
        for outcome in Outcome::ALL {
            assert_eq!(
                outcome.tone() == Tone::Good,
                outcome == Outcome::InSync,
                "{outcome:?}"
            );
            assert_eq!(
                outcome.tone() != Tone::Bad,
                matches!(outcome, Outcome::InSync | Outcome::Passed)
            );
        }
    }
}
