//! Episodes of findings: what a result opens, continues and closes. Pure: rows in, rows out.

use std::collections::{BTreeMap, BTreeSet};

use super::estate::{EstateHead, RunKey};
use crate::history::FindingDelta;
use crate::history::is_in_scope;
use crate::report::{FindingStatus, Outcome, Report, ReportedFinding};

/// The status of a finding in a store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EpisodeStatus {
    /// The finding is open.
    Open,
    /// A waiver accepts it.
    Waived,
    /// A baseline accepts it.
    Baselined,
}

impl EpisodeStatus {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Open, Self::Waived, Self::Baselined];

    /// Returns the word of the result document.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Waived => "waived",
            Self::Baselined => "baselined",
        }
    }

    /// Returns the status of a word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.as_str() == word)
    }
}

/// The end of an episode.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum ClosingKind {
    Resolved,
    Accepted,
    Reopened,
    LeftScope,
}

impl ClosingKind {
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Resolved => "resolved",
            Self::Accepted => "accepted",
            Self::Reopened => "reopened",
            Self::LeftScope => "left_scope",
        }
    }
}

/// The values of a finding that can change while it stays the same finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FindingFacts {
    /// The status.
    pub status: EpisodeStatus,
    /// The code.
    pub code: String,
    /// The severity.
    pub severity: String,
    /// The alias of the instance.
    pub instance: Option<String>,
    /// The name of the rule.
    pub rule: Option<String>,
    /// The field.
    pub field: Option<String>,
    /// The owner of the rule.
    pub owner: Option<String>,
    /// The message.
    pub message: String,
    /// The owner of the waiver.
    pub accepted_by: Option<String>,
    /// The reason of the waiver.
    pub accepted_reason: Option<String>,
    /// The last day of the waiver.
    pub accepted_until: Option<String>,
}

impl FindingFacts {
    fn new(finding: &ReportedFinding) -> Self {
        let waiver = match &finding.status {
            FindingStatus::Waived(waiver) => Some(waiver),
            FindingStatus::Open | FindingStatus::Baselined => None,
        };
        let text = |text: &str| text.replace('\0', "\u{fffd}");
        Self {
            status: match finding.status {
                FindingStatus::Open => EpisodeStatus::Open,
                FindingStatus::Waived(_) => EpisodeStatus::Waived,
                FindingStatus::Baselined => EpisodeStatus::Baselined,
            },
            code: finding.code.to_string(),
            severity: finding.severity.as_str().to_owned(),
            instance: finding.instance.as_deref().map(text),
            rule: finding.rule.as_deref().map(text),
            field: finding.field.map(|it| it.to_string()),
            owner: finding.owner.as_deref().map(text),
            message: text(&finding.message),
            accepted_by: waiver.map(|it| text(&it.owner)),
            accepted_reason: waiver.map(|it| text(&it.reason)),
            accepted_until: waiver.map(|it| text(&it.expires)),
        }
    }
}

/// A finding from the run that opened it to the run that closed it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Episode {
    pub(super) opened: RunKey,
    /// The time since when it is open, as the results say: that of the run, or earlier.
    pub(super) opened_ms: i64,
    /// The number of the run that opened it among the complete ones.
    pub(super) first_number: i64,
    pub(super) facts: FindingFacts,
    pub(super) closing: Option<Closing>,
}

/// The run that closed an episode.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Closing {
    pub(super) kind: ClosingKind,
    pub(super) run: RunKey,
    /// The number of the last complete run that had the finding.
    pub(super) last_number: i64,
}

/// The reading of an instance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct InstanceReading {
    pub(super) alias: String,
    pub(super) status: String,
    /// The time of the first run with this status.
    pub(super) since_ms: i64,
    pub(super) last_complete_ms: Option<i64>,
}

/// An estate after a run: what the next result is compared with. Episodes that are closed are not in it.
#[derive(Debug, Default)]
pub(super) struct EstateState {
    pub(super) head: EstateHead,
    /// By fingerprint.
    pub(super) episodes: BTreeMap<String, Episode>,
    /// By the id of the instance.
    pub(super) readings: BTreeMap<String, InstanceReading>,
}

/// The effect of a run.
#[derive(Debug, Default)]
pub(super) struct RunEffect {
    /// The fingerprints of the new episodes.
    pub(super) opened: Vec<String>,
    /// The fingerprints of the episodes whose values differ now.
    pub(super) changed: Vec<String>,
    /// The closed episodes, by fingerprint.
    pub(super) closed: Vec<(String, Episode)>,
    /// The transitions of findings, and of the run with an empty fingerprint.
    pub(super) transitions: Vec<(&'static str, String)>,
    /// The delta to the previous complete run; `None` where there is none, or where this one is incomplete.
    pub(super) delta: Option<FindingDelta>,
}

impl EstateState {
    /// Applies a run that is newer than every run before.
    pub(super) fn apply(&mut self, run: &RunKey, report: &Report) -> RunEffect {
        let mut effect = RunEffect::default();
        let outcome = report.verdict.outcome;
        self.read_instances(run, report);
        let was_complete = self.head.outcome.is_none_or(Outcome::is_complete);
        if outcome.is_complete() {
            if !was_complete {
                effect.transitions.push(("recovered", String::new()));
            }
            let had_complete = self.head.last_complete.is_some();
            let delta = self.apply_findings(run, report, &mut effect);
            effect.delta = had_complete.then_some(delta);
            self.head.complete_runs += 1;
            self.head.last_complete = Some(run.clone());
        } else if self.head.outcome != Some(outcome) {
            let kind = if outcome == Outcome::Failed {
                "failed"
            } else {
                "incomplete"
            };
            effect.transitions.push((kind, String::new()));
        }
        self.head.newest = Some(run.clone());
        self.head.outcome = Some(outcome);
        effect
    }

    fn read_instances(&mut self, run: &RunKey, report: &Report) {
        for instance in &report.instances {
            let status = instance.status.as_str();
            let is_complete = status == "complete";
            let reading = self
                .readings
                .entry(instance.id.replace('\0', "\u{fffd}"))
                .or_insert_with(|| InstanceReading {
                    alias: String::new(),
                    status: String::new(),
                    since_ms: run.started_ms,
                    last_complete_ms: None,
                });
            if reading.status != status {
                reading.since_ms = run.started_ms;
                status.clone_into(&mut reading.status);
            }
            reading.alias = instance.alias.replace('\0', "\u{fffd}");
            if is_complete {
                reading.last_complete_ms = Some(run.started_ms);
            }
        }
    }

    /// Compares the findings of a complete result with the episodes.
    fn apply_findings(
        &mut self,
        run: &RunKey,
        report: &Report,
        effect: &mut RunEffect,
    ) -> FindingDelta {
        let found = FoundFindings::new(report);
        let mut delta = FindingDelta::default();
        let mut was_accepted = BTreeSet::new();
        let last_number = self.head.complete_runs;
        self.episodes.retain(|fingerprint, episode| {
            let is_open = episode.facts.status == EpisodeStatus::Open;
            let kind = match (is_open, found.status(fingerprint)) {
                (true, Some(true)) | (false, Some(false)) => return true,
                (true, Some(false)) => ClosingKind::Accepted,
                (false, Some(true)) => ClosingKind::Reopened,
                (_, None) if is_in_scope(report, episode.facts.instance.as_deref()) => {
                    ClosingKind::Resolved
                }
                (_, None) => ClosingKind::LeftScope,
            };
            match kind {
                ClosingKind::Reopened => {
                    was_accepted.insert(fingerprint.clone());
                }
                // An accepted finding was not open, so its end is no transition.
                _ if !is_open => {}
                ClosingKind::Resolved => delta.resolved += 1,
                ClosingKind::Accepted => delta.accepted += 1,
                ClosingKind::LeftScope => delta.left_scope += 1,
            }
            if is_open {
                effect
                    .transitions
                    .push((kind.as_str(), fingerprint.clone()));
            }
            let closing = Closing {
                kind,
                run: run.clone(),
                last_number,
            };
            let closed = Episode {
                closing: Some(closing),
                ..episode.clone()
            };
            effect.closed.push((fingerprint.clone(), closed));
            false
        });
        for (fingerprint, (finding, first_seen)) in found.findings {
            let facts = FindingFacts::new(finding);
            let seen_ms = first_seen.unwrap_or(run.started_ms);
            if let Some(episode) = self.episodes.get_mut(&fingerprint) {
                let is_earlier = seen_ms < episode.opened_ms;
                if is_earlier {
                    episode.opened_ms = seen_ms;
                }
                if is_earlier || episode.facts != facts {
                    episode.facts = facts;
                    effect.changed.push(fingerprint);
                }
                continue;
            }
            if facts.status == EpisodeStatus::Open {
                delta.opened += 1;
                let kind = if was_accepted.contains(&fingerprint) {
                    "reopened"
                } else {
                    "opened"
                };
                effect.transitions.push((kind, fingerprint.clone()));
            }
            let episode = Episode {
                opened: run.clone(),
                opened_ms: seen_ms.min(run.started_ms),
                first_number: last_number + 1,
                facts,
                closing: None,
            };
            self.episodes.insert(fingerprint.clone(), episode);
            effect.opened.push(fingerprint);
        }
        delta
    }
}

/// The findings of a result by fingerprint, each with the time it was first seen. Of two with one fingerprint, an open
/// one counts.
struct FoundFindings<'a> {
    findings: BTreeMap<String, (&'a ReportedFinding, Option<i64>)>,
}

impl<'a> FoundFindings<'a> {
    fn new(report: &'a Report) -> Self {
        let mut findings = BTreeMap::<String, (&ReportedFinding, Option<i64>)>::new();
        for finding in &report.findings {
            let is_open = finding.status == FindingStatus::Open;
            findings
                .entry(finding.fingerprint.to_string())
                .and_modify(|(kept, first_seen)| {
                    match (kept.status == FindingStatus::Open, is_open) {
                        (false, true) => {
                            *kept = finding;
                            *first_seen = finding.first_seen_ms;
                        }
                        (true, true) => {
                            *first_seen = first_seen
                                .iter()
                                .copied()
                                .chain(finding.first_seen_ms)
                                .min();
                        }
                        _ => {}
                    }
                })
                .or_insert((finding, finding.first_seen_ms));
        }
        Self { findings }
    }

    /// Returns whether a finding is open; `None` where the result does not have it.
    fn status(&self, fingerprint: &str) -> Option<bool> {
        let (finding, _) = self.findings.get(fingerprint)?;
        Some(finding.status == FindingStatus::Open)
    }
}
