//! The errors of a run that failed.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::{LiveSource, Outcome, Provenance, Report, Summary, Verdict};
use crate::finding::Severity;
use crate::i18n::Message;
use crate::source::Location;

/// An error that ended a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportedError {
    /// The code, such as `rules/unknown-key`, or [`ReportedError::RUN`].
    pub code: String,
    /// The message.
    pub message: Message,
    /// The parts of the message that a person reads better on a line each: the sources of credentials that were tried.
    pub parts: Vec<Message>,
    /// The remedy, where one is known.
    pub help: Option<Message>,
    /// The place in a rules file, where it has one.
    pub location: Option<Location>,
}

impl ReportedError {
    /// The code of an error that belongs to no rules file.
    pub const RUN: &str = "run/failed";

    /// Returns an error that belongs to no rules file.
    #[must_use]
    pub fn from_message(message: impl Into<Message>, help: Option<Message>) -> Self {
        Self {
            code: Self::RUN.to_owned(),
            message: message.into(),
            parts: Vec::new(),
            help,
            location: None,
        }
    }
}

impl Report {
    /// Returns the result of a run that failed before anything was loaded. `started_ms` is epoch milliseconds.
    #[must_use]
    pub fn failed(
        command: &str,
        started_ms: i64,
        reason: Message,
        errors: Vec<ReportedError>,
    ) -> Self {
        Self {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            command: command.to_owned(),
            estate: None,
            verdict: Verdict {
                outcome: Outcome::Failed,
                exit_code: 1,
                reason,
            },
            errors,
            started_ms,
            duration_ms: 0,
            run: Provenance::default(),
            files: Vec::new(),
            desired_rules: 0,
            selected: None,
            live: LiveSource::None,
            live_files: Vec::new(),
            taken_ms: None,
            instances: Vec::new(),
            fail_on: Severity::Error,
            summary: Summary::default(),
            in_sync: BTreeMap::new(),
            in_sync_rules: Vec::new(),
            rule_ids: Vec::new(),
            policies: Vec::new(),
            topology: None,
            changes: Vec::new(),
            findings: Vec::new(),
            baseline: None,
            base: None,
            expectation: None,
        }
    }

    /// Returns whether the rules files alone were checked: nothing live was compared.
    #[must_use]
    pub fn is_validation(&self) -> bool {
        self.command == "validate"
    }

    /// Returns the errors of a failed run, at least one; none of any other run.
    pub(super) fn shown_errors(&self) -> Cow<'_, [ReportedError]> {
        match self.verdict.outcome {
            Outcome::Failed if self.errors.is_empty() => vec![ReportedError::from_message(
                self.verdict.reason.clone(),
                None,
            )]
            .into(),
            Outcome::Failed => self.errors.as_slice().into(),
            _ => Cow::Borrowed(&[]),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::report::sample::{drawn, failed, hostile_texts};
    use crate::report::{Format, Options};

    #[test]
    fn every_format_reports_the_failure_and_each_error() {
        for format in Format::ALL {
            let text = drawn(&failed(), format, Options::default());
            let is_silent = matches!(format, Format::Prometheus);
            for expected in ["rules/unknown-key", "team.yaml"] {
                assert!(
                    is_silent || text.contains(expected),
                    "{} has no {expected}: {text}",
                    format.name()
                );
            }
            insta::assert_snapshot!(format!("failed_{}", format.name()), text);
        }
    }

    #[test]
    fn a_hostile_error_commands_neither_terminal_nor_runner() {
        for text in hostile_texts() {
            let mut report = failed();
            for error in &mut report.errors {
                error.message = text.clone().into();
                error.help = Some(text.clone().into());
                if let Some(location) = &mut error.location {
                    location.file = text.as_str().into();
                }
            }
            for format in [Format::Text, Format::Github] {
                let drawn = drawn(&report, format, Options::default());
                assert!(
                    drawn.chars().all(|it| it == '\n' || !it.is_control()),
                    "{text:?}: {drawn:?}"
                );
                let commands = drawn.lines().filter(|line| line.contains("##["));
                assert_eq!(commands.count(), 0, "{drawn}");
            }
        }
    }
}
