//! The targets that are notified of a run, and why.

use crate::finding::Severity;
use crate::model::NameGlob;
use crate::report::Outcome;
use crate::rules::{NotifyEvent, NotifyTarget, TargetKind};
use crate::store::{
    DeliveryRouter, FindingFacts, FindingTransition, NewDelivery, RunTransitions, TransitionKind,
    UnreadEstate,
};

use super::{NotificationDocument, NotifySettings};

/// The time after which a single incomplete run is enough for a notification, milliseconds.
const INCOMPLETE_AFTER_MS: i64 = 2 * 3_600_000;

/// Decides which targets are notified of a run.
#[derive(Debug, Clone, Copy)]
pub struct NotifyRouter<'a> {
    settings: &'a NotifySettings,
}

/// The decision about a target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TargetChoice {
    /// The name of the target.
    pub target: String,
    /// The events that it is notified of; empty where it is not notified.
    pub events: Vec<NotifyEvent>,
    /// The number of findings that it is notified of.
    pub findings: usize,
    /// The reason, as a fragment of a sentence.
    pub reason: String,
}

/// The findings and events of a target.
#[derive(Debug)]
struct TargetSelection<'a> {
    events: Vec<NotifyEvent>,
    findings: Vec<&'a FindingTransition>,
    reason: String,
}

impl<'a> NotifyRouter<'a> {
    /// Returns a router.
    #[must_use]
    pub const fn new(settings: &'a NotifySettings) -> Self {
        Self { settings }
    }

    /// Returns the decision about each target, in the order of the watch file.
    #[must_use]
    pub fn explain(self, run: &RunTransitions<'_>) -> Vec<TargetChoice> {
        let targets = self.settings.targets.iter();
        targets
            .map(|target| {
                let selection = self.select(target, run);
                TargetChoice {
                    target: target.name.clone(),
                    events: selection.events,
                    findings: selection.findings.len(),
                    reason: selection.reason,
                }
            })
            .collect()
    }

    /// Returns the findings and events of a run that a target is notified of.
    fn select<'b>(self, target: &NotifyTarget, run: &'b RunTransitions<'_>) -> TargetSelection<'b> {
        let mut findings = Vec::new();
        let (mut left_out, mut changed) = (0, 0);
        for finding in &run.findings {
            let Some(event) = event_of(finding.kind) else {
                continue;
            };
            changed += 1;
            if !self.takes_finding(target, &run.estate, &finding.facts) {
                left_out += 1;
            } else if target.events.contains(&event) {
                findings.push(finding);
            }
        }
        let mut events: Vec<_> = NotifyEvent::ALL
            .into_iter()
            .filter(|event| findings.iter().any(|it| event_of(it.kind) == Some(*event)))
            .collect();
        let run_event = self.run_event(target, run);
        events.extend(run_event.filter(|it| target.events.contains(it)));
        let reason = if !events.is_empty() {
            describe_match(target)
        } else if let Some(event) = run_event {
            format!("`on` does not have `{}`", event.as_str())
        } else if changed == 0 {
            "no finding opened or resolved".to_owned()
        } else if left_out == changed {
            describe_mismatch(target, run)
        } else {
            "`on` has no event of its findings".to_owned()
        };
        TargetSelection {
            events,
            findings,
            reason,
        }
    }

    /// Returns whether a target is notified of a finding, whatever its events.
    pub(super) fn takes_finding(
        self,
        target: &NotifyTarget,
        estate: &str,
        facts: &FindingFacts,
    ) -> bool {
        if severity_of(facts) < Some(target.min_severity) {
            return false;
        }
        let takes_rest_only = target.is_default && !has_filter(target);
        let is_selected = !takes_rest_only && matches_finding(target, estate, facts);
        is_selected || (target.is_default && !self.is_taken(estate, facts))
    }

    /// Returns whether a target other than the default ones takes a finding. Alerts are not counted: they are a state, and
    /// no message.
    fn is_taken(self, estate: &str, facts: &FindingFacts) -> bool {
        let targets = self.settings.targets.iter();
        targets
            .filter(|it| it.kind != TargetKind::Alertmanager && !it.is_default)
            .any(|other| {
                let is_severe = severity_of(facts) >= Some(other.min_severity);
                is_severe && matches_finding(other, estate, facts)
            })
    }

    /// Returns whether a target is notified of events that are about no finding.
    pub(super) fn takes_run(self, target: &NotifyTarget, estate: &str) -> bool {
        let takes = |target: &NotifyTarget| {
            target.owners.is_empty() && matches_any(&target.estates, Some(estate))
        };
        if !target.is_default {
            return takes(target);
        }
        let is_taken = self
            .settings
            .targets
            .iter()
            .any(|it| it.kind != TargetKind::Alertmanager && !it.is_default && takes(it));
        let is_selected = !target.estates.is_empty() && takes(target);
        is_selected || !is_taken
    }

    /// Returns the event of a run that is about no finding.
    fn run_event(self, target: &NotifyTarget, run: &RunTransitions<'_>) -> Option<NotifyEvent> {
        let was_notified = |event: NotifyEvent| {
            let key = (target.name.clone(), event.as_str().to_owned());
            run.unread.notified.contains(&key)
        };
        if run.report.verdict.outcome.is_complete() {
            // Where routes changed in between, the target that was notified is notified of the end too.
            let is_known =
                was_notified(NotifyEvent::Incomplete) || was_notified(NotifyEvent::Failed);
            return is_known.then_some(NotifyEvent::Recovered);
        }
        let event = match run.report.verdict.outcome {
            Outcome::Failed => NotifyEvent::Failed,
            _ if self.is_long_incomplete(run) => NotifyEvent::Incomplete,
            _ => return None,
        };
        let is_new = !was_notified(event) && self.takes_run(target, &run.estate);
        is_new.then_some(event)
    }

    fn is_long_incomplete(self, run: &RunTransitions<'_>) -> bool {
        let unread = &run.unread;
        let since_ms = unread.incomplete_since_ms.unwrap_or(run.report.started_ms);
        unread.incomplete_runs >= self.settings.incomplete_after
            || run.report.started_ms.saturating_sub(since_ms) >= INCOMPLETE_AFTER_MS
    }

    /// Returns whether an estate is without a complete result for long enough.
    pub(super) fn is_long_unread(self, estate: &UnreadEstate) -> bool {
        estate.outcome == Outcome::Failed || estate.runs >= self.settings.incomplete_after
    }
}

impl DeliveryRouter for NotifyRouter<'_> {
    fn route(&self, run: &RunTransitions<'_>) -> Vec<NewDelivery> {
        let mut deliveries = Vec::new();
        for target in &self.settings.targets {
            // Alerts are sent again and again while a finding is open, and are no deliveries.
            if target.kind == TargetKind::Alertmanager {
                continue;
            }
            let selection = self.select(target, run);
            if selection.events.is_empty() {
                continue;
            }
            let language = self.settings.language_of(target);
            let document =
                NotificationDocument::new(run, &selection.events, &selection.findings, language);
            let Ok(document) = serde_json::to_string(&document) else {
                continue;
            };
            deliveries.push(NewDelivery {
                target: target.name.clone(),
                events: selection.events.iter().map(|it| it.as_str()).collect(),
                document,
            });
        }
        deliveries
    }
}

/// Returns the event of a transition. An accepted finding and one that is no longer compared are no event: people decided
/// that, and were there.
const fn event_of(kind: TransitionKind) -> Option<NotifyEvent> {
    match kind {
        TransitionKind::Opened | TransitionKind::Reopened => Some(NotifyEvent::Opened),
        TransitionKind::Resolved => Some(NotifyEvent::Resolved),
        TransitionKind::Accepted | TransitionKind::LeftScope => None,
    }
}

fn severity_of(facts: &FindingFacts) -> Option<Severity> {
    Severity::ALL
        .into_iter()
        .find(|it| it.as_str() == facts.severity)
}

fn has_filter(target: &NotifyTarget) -> bool {
    !(target.owners.is_empty() && target.estates.is_empty() && target.codes.is_empty())
}

fn matches_finding(target: &NotifyTarget, estate: &str, facts: &FindingFacts) -> bool {
    matches_any(&target.estates, Some(estate))
        && matches_any(&target.owners, facts.owner.as_deref())
        && matches_any(&target.codes, Some(&facts.code))
}

/// Returns whether one of the globs matches a value; without any, every value does.
fn matches_any(globs: &[NameGlob], value: Option<&str>) -> bool {
    globs.is_empty() || value.is_some_and(|value| globs.iter().any(|it| it.matches(value)))
}

fn describe_filters(target: &NotifyTarget) -> Vec<String> {
    let filters = [
        ("estates", &target.estates),
        ("owners", &target.owners),
        ("codes", &target.codes),
    ];
    let mut parts: Vec<_> = filters
        .into_iter()
        .filter(|(_, globs)| !globs.is_empty())
        .map(|(name, globs)| {
            let globs: Vec<_> = globs.iter().map(NameGlob::as_str).collect();
            format!("{name}: {}", globs.join(", "))
        })
        .collect();
    if target.min_severity > Severity::Info {
        parts.push(format!("min_severity: {}", target.min_severity.as_str()));
    }
    parts
}

fn describe_match(target: &NotifyTarget) -> String {
    let mut parts = describe_filters(target);
    if target.is_default {
        parts.push("default: no other target takes them".to_owned());
    }
    if parts.is_empty() {
        parts.push("takes every finding".to_owned());
    }
    parts.join("; ")
}

/// Returns why a target takes none of the findings of a run.
fn describe_mismatch(target: &NotifyTarget, run: &RunTransitions<'_>) -> String {
    if !matches_any(&target.estates, Some(&run.estate)) {
        return "`estates` does not match".to_owned();
    }
    let findings = || {
        let changed = run.findings.iter();
        changed
            .filter(|it| event_of(it.kind).is_some())
            .map(|it| &it.facts)
    };
    if findings().all(|it| severity_of(it) < Some(target.min_severity)) {
        return format!("every finding is below {}", target.min_severity.as_str());
    }
    if target.is_default && !has_filter(target) {
        return "default: other targets take every finding".to_owned();
    }
    if findings().all(|it| !matches_any(&target.owners, it.owner.as_deref())) {
        return "`owners` does not match".to_owned();
    }
    if findings().all(|it| !matches_any(&target.codes, Some(&it.code))) {
        return "`codes` does not match".to_owned();
    }
    "no finding matches all of its filters".to_owned()
}

#[cfg(test)]
mod tests;
