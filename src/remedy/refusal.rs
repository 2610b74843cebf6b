//! Reasons to write no command.

use crate::finding::Code;
use crate::report::{FindingStatus, Outcome, Report};
use crate::source::sanitize_line;

/// The reason that a report has no remedies: it proves too little to delete or create rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    reason: String,
}

impl Refusal {
    /// Creates a refusal with a reason: a fragment of a sentence, which is sanitized here.
    #[must_use]
    pub fn new(reason: &str) -> Self {
        Self {
            reason: sanitize_line(reason).into_owned(),
        }
    }

    /// Returns the sanitized reason.
    #[must_use]
    pub fn reason(&self) -> &str {
        &self.reason
    }

    /// Returns the refusal of a report that proves too little: a failed or incomplete run, or a guard that is open at any
    /// severity.
    #[must_use]
    pub fn from_report(report: &Report) -> Option<Self> {
        let is_open = |code: &Code| {
            report
                .findings
                .iter()
                .find(|it| it.status == FindingStatus::Open && it.code == *code)
        };
        match report.verdict.outcome {
            Outcome::Failed => Some(Self::new(&format!(
                "the run failed: {}",
                report.verdict.reason
            ))),
            Outcome::Incomplete => Some(Self::new(&format!(
                "the live rules are incomplete: {}",
                report.verdict.reason
            ))),
            Outcome::InSync | Outcome::Passed | Outcome::Drift | Outcome::Findings => {
                is_open(&Code::MassChange).map(|finding| {
                    Self::new(&format!(
                        "a guard of the rules files is triggered: {}",
                        finding.message
                    ))
                })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Refusal;
    use crate::finding::Code;
    use crate::report::sample::{in_sync, sample};
    use crate::report::{FindingStatus, Outcome};

    #[test]
    fn every_incomplete_outcome_refuses() {
        for outcome in Outcome::ALL {
            let mut report = in_sync();
            report.verdict.outcome = outcome;
            assert_eq!(
                Refusal::from_report(&report).is_none(),
                outcome.is_complete(),
                "{outcome:?}"
            );
        }
    }

    #[test]
    fn an_open_guard_refuses_whatever_its_severity() {
        let mut report = sample();
        report.verdict.outcome = Outcome::Passed;
        report.findings.retain(|it| it.code != Code::MassChange);
        assert_eq!(Refusal::from_report(&report), None);
        let finding = report
            .findings
            .first_mut()
            .expect("the sample has findings");
        finding.code = Code::MassChange;
        finding.status = FindingStatus::Open;
        finding.severity = crate::finding::Severity::Info;
        finding.message = "9 of 9 rules drift\u{1b}[2J".into();
        let refusal = Refusal::from_report(&report).expect("a refusal");
        assert!(
            refusal
                .reason()
                .starts_with("a guard of the rules files is triggered: 9 of 9"),
            "{refusal:?}"
        );
        assert!(!refusal.reason().contains('\u{1b}'), "{refusal:?}");
    }
}
