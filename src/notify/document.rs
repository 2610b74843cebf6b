//! The notification document, version 1: `schemas/notification.v1.schema.json`.
//!
//! It is what the store keeps of a delivery, and what the target `webhook` receives.

use jiff::Timestamp;
use schemars::{JsonSchema, Schema};
use serde::{Deserialize, Serialize};

use crate::finding::Severity;
use crate::i18n::{Language, Message};
use crate::report::{Outcome, Report, rfc3339};
use crate::rules::NotifyEvent;
use crate::source::{sanitize_to, truncate};
use crate::store::{FindingTransition, RunTransitions, TransitionKind};

/// The most findings of a document.
const MAX_FINDINGS: usize = 200;

/// The most characters of a sentence that is quoted as it is.
const MAX_SENTENCE: usize = 300;

/// The changes by a run that a target is notified of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(title = "crdrift notification", rename = "Notification")]
pub struct NotificationDocument {
    /// The version of this format: `1.0`.
    pub format_version: String,
    /// The events of the run that the target is notified of.
    #[schemars(extend("items" = {"enum": ["opened", "resolved", "incomplete", "recovered", "failed"]}))]
    pub events: Vec<String>,
    /// The name of the estate, or the paths of its rules files.
    pub estate: String,
    /// The selection, as command line options; null where everything was compared.
    pub selection: Option<String>,
    /// The language of the sentences.
    #[schemars(extend("enum" = ["en", "zh-CN"]))]
    pub language: String,
    /// True for a sample of `crdrift notify test`.
    #[serde(default, skip_serializing_if = "is_false")]
    pub test: bool,
    /// The run.
    pub run: NotifiedRun,
    /// The number of findings that the run opened, of those that the target takes.
    pub opened: usize,
    /// The number of findings that are resolved, of those that the target takes.
    pub resolved: usize,
    /// The findings, the worst first: at most 200.
    pub findings: Vec<NotifiedFinding>,
    /// The number of further findings; absent for none.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub omitted_findings: usize,
    /// The page of the estate; absent where the watch file has no `base_url`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
}

/// A run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct NotifiedRun {
    /// The SHA-256 of the result document, lower-case hex.
    pub id: String,
    /// The start: RFC 3339, UTC.
    pub started_at: Option<String>,
    /// The outcome, in one word.
    #[schemars(extend("enum" = Outcome::words()))]
    pub outcome: String,
    /// The exit code.
    pub exit_code: u8,
    /// The reason for it.
    pub reason: String,
    /// Open errors of the estate behind the run, whichever target takes them.
    pub open_errors: usize,
    /// Open warnings.
    pub open_warnings: usize,
    /// Open notes.
    pub open_infos: usize,
}

/// A finding that a run opened or resolved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct NotifiedFinding {
    /// The change: `reopened` is a finding that was accepted before.
    #[schemars(extend("enum" = ["opened", "reopened", "resolved"]))]
    pub transition: String,
    /// SHA-256, lower-case hex: the identity of the finding over all runs.
    pub fingerprint: String,
    /// The code.
    pub code: String,
    /// The severity.
    #[schemars(extend("enum" = ["error", "warning", "info"]))]
    pub severity: String,
    /// The alias of the instance it is about.
    pub instance: Option<String>,
    /// The rule it is about.
    pub rule: Option<String>,
    /// The declared owner of the rule.
    pub owner: Option<String>,
    /// The field it is about.
    pub field: Option<String>,
    /// The message.
    pub message: String,
    /// The meaning of a difference between two filters, with names that only one of them matches; absent for others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub witness: Option<String>,
    /// The time since when it is or was open: RFC 3339, UTC.
    pub since: Option<String>,
}

#[allow(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde passes a reference"
)]
const fn is_false(value: &bool) -> bool {
    !*value
}

#[allow(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde passes a reference"
)]
const fn is_zero(number: &usize) -> bool {
    *number == 0
}

/// Returns the JSON Schema of a notification document.
#[must_use]
pub fn document_schema() -> Schema {
    schemars::schema_for!(NotificationDocument)
}

impl NotificationDocument {
    /// Returns the document of a run for the target that takes these events and findings.
    #[must_use]
    pub fn new(
        run: &RunTransitions<'_>,
        events: &[NotifyEvent],
        findings: &[&FindingTransition],
        language: Language,
    ) -> Self {
        let mut notified: Vec<_> = findings
            .iter()
            .map(|it| NotifiedFinding::new(it, run.report, language))
            .collect();
        notified.sort_by(|one, other| one.sort_key().cmp(&other.sort_key()));
        let opened = notified.iter().filter(|it| it.is_open()).count();
        let resolved = notified.len() - opened;
        let omitted_findings = notified.len().saturating_sub(MAX_FINDINGS);
        notified.truncate(MAX_FINDINGS);
        let verdict = &run.report.verdict;
        let [open_errors, open_warnings, open_infos] = run.open;
        Self {
            format_version: "1.0".to_owned(),
            events: events.iter().map(|it| it.as_str().to_owned()).collect(),
            estate: run.estate.clone(),
            selection: Some(run.selection.clone()).filter(|it| !it.is_empty()),
            language: language.tag().to_owned(),
            test: false,
            run: NotifiedRun {
                id: run.run.0.clone(),
                started_at: rfc3339(run.report.started_ms),
                outcome: verdict.outcome.as_str().to_owned(),
                exit_code: verdict.exit_code,
                reason: shorten_message(&verdict.reason, language),
                open_errors,
                open_warnings,
                open_infos,
            },
            opened,
            resolved,
            findings: notified,
            omitted_findings,
            link: None,
        }
    }

    /// Returns the start of the run.
    pub(super) fn started(&self) -> Option<Timestamp> {
        self.run.started_at.as_ref()?.parse().ok()
    }

    /// Returns whether the document has an event.
    #[must_use]
    pub fn has_event(&self, event: NotifyEvent) -> bool {
        self.events.iter().any(|it| it == event.as_str())
    }

    /// Returns the language of the sentences.
    #[must_use]
    pub fn language(&self) -> Language {
        if self.language == Language::Chinese.tag() {
            Language::Chinese
        } else {
            Language::English
        }
    }
}

impl NotifiedFinding {
    fn new(transition: &FindingTransition, report: &Report, language: Language) -> Self {
        let facts = &transition.facts;
        let found = report
            .findings
            .iter()
            .find(|it| it.fingerprint.to_string() == transition.fingerprint);
        Self {
            transition: transition.kind.as_str().to_owned(),
            fingerprint: transition.fingerprint.clone(),
            code: facts.code.clone(),
            severity: facts.severity.clone(),
            instance: facts.instance.clone(),
            rule: facts.rule.clone(),
            owner: facts.owner.clone(),
            field: facts.field.clone(),
            message: found.map_or_else(
                || sanitize_to(&facts.message, MAX_SENTENCE).into_owned(),
                |it| shorten_message(&it.message, language),
            ),
            witness: found.and_then(|_| find_witness(transition, report, language)),
            since: rfc3339(transition.opened_ms),
        }
    }

    /// Returns whether the finding is open now.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.transition != TransitionKind::Resolved.as_str()
    }

    /// Opened ones before resolved ones, then the worst first.
    pub(super) fn sort_key(&self) -> impl Ord + '_ {
        (
            !self.is_open(),
            severity_rank(&self.severity),
            &self.code,
            &self.instance,
            &self.rule,
            &self.field,
            &self.fingerprint,
        )
    }
}

/// Returns the place of a severity in [`Severity::ALL`], the worst first.
fn severity_rank(severity: &str) -> usize {
    let mut all = Severity::ALL.iter();
    all.position(|it| it.as_str() == severity)
        .unwrap_or(Severity::ALL.len())
}

/// Returns the meaning of the filters of a changed rule.
fn find_witness(
    transition: &FindingTransition,
    report: &Report,
    language: Language,
) -> Option<String> {
    let facts = &transition.facts;
    let rule = facts.rule.as_deref()?;
    let change = report.changes.iter().find(|change| {
        change.name == rule && facts.instance.as_deref() == Some(change.instance.as_str())
    })?;
    let field = change
        .fields
        .iter()
        .find(|it| facts.field.as_deref() == Some(it.field.as_str()))?;
    let meaning = field.meaning.as_ref()?;
    Some(shorten_message(&meaning.summary, language))
}

/// Returns a message whose values have at most 80 characters each, without any character that moves a cursor or hides text.
fn shorten_message(message: &Message, language: Language) -> String {
    let mut shortened = message.clone();
    shortened.update(&mut |value| *value = truncate(value));
    let rebuilt = shortened
        .source()
        .and_then(|it| Message::from_template(it.name(), it.arguments().to_vec()));
    rebuilt.map_or_else(
        || sanitize_to(message.as_str(), MAX_SENTENCE).into_owned(),
        |it| it.to_language(language),
    )
}
