//! Alerts: the state of a store for Alertmanager, which takes it again and again.

use super::document::NotifiedFinding;
use super::router::NotifyRouter;
use crate::report::Outcome;
use crate::rules::{NotifyEvent, NotifyTarget};
use crate::source::{sanitize, sanitize_line};
use crate::store::{
    ClosedFinding, EpisodeStatus, FindingFacts, OpenFinding, Store, StoreError, UnreadEstate,
};

/// The time for which the end of an alert is sent, milliseconds.
const RESOLVED_MS: i64 = 5 * 60_000;

/// The number of digits of a fingerprint in a label.
const FINGERPRINT_DIGITS: usize = 16;

/// An alert.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alert {
    /// The name of the estate.
    pub estate: String,
    /// The labels, which identify it.
    pub labels: Vec<(&'static str, String)>,
    /// The annotations.
    pub annotations: Vec<(&'static str, String)>,
    /// The start, epoch milliseconds.
    pub starts_ms: i64,
    /// The end, epoch milliseconds: later than now while it is active.
    pub ends_ms: i64,
}

/// The state that alerts are made of.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AlertSource {
    /// The findings that are open or accepted.
    pub findings: Vec<OpenFinding>,
    /// The findings that closed lately.
    pub closed: Vec<ClosedFinding>,
    /// The estates whose newest run is incomplete or failed.
    pub unread: Vec<UnreadEstate>,
}

impl AlertSource {
    /// Reads the state of an estate, or of all.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub fn read(store: &mut Store, estate: Option<&str>, now_ms: i64) -> Result<Self, StoreError> {
        let mut unread = store.unread_estates()?;
        unread.retain(|it| estate.is_none_or(|name| it.estate == name));
        // An alert is the state of a whole estate: a plan of a selection may never run again, and its alert never end.
        let mut findings = store.open_findings(estate, None, None)?;
        findings.retain(|finding| finding.selection.is_empty());
        Ok(Self {
            findings,
            closed: store.closed_findings(estate, now_ms - RESOLVED_MS)?,
            unread,
        })
    }
}

/// Returns the alerts of a target. Active ones end at `ends_ms` unless they are sent again before.
#[must_use]
pub fn alerts(
    router: NotifyRouter<'_>,
    target: &NotifyTarget,
    source: &AlertSource,
    (now_ms, ends_ms): (i64, i64),
) -> Vec<Alert> {
    let mut alerts = Vec::new();
    let takes = |event: NotifyEvent| target.events.contains(&event);
    for finding in &source.findings {
        let is_open = finding.facts.status == EpisodeStatus::Open;
        let is_routed = router.takes_finding(target, &finding.estate, &finding.facts);
        if is_open && is_routed && takes(NotifyEvent::Opened) {
            alerts.push(Alert::from_facts(
                &finding.estate,
                (&finding.fingerprint, &finding.facts),
                (finding.since_ms, ends_ms),
            ));
        }
    }
    for finding in &source.closed {
        let is_open_again = source.findings.iter().any(|open| {
            open.facts.status == EpisodeStatus::Open
                && open.fingerprint == finding.fingerprint
                && open.estate == finding.estate
        });
        let is_routed = router.takes_finding(target, &finding.estate, &finding.facts);
        if is_routed && !is_open_again && takes(NotifyEvent::Opened) {
            alerts.push(Alert::from_facts(
                &finding.estate,
                (&finding.fingerprint, &finding.facts),
                (finding.opened_ms, finding.closed_ms.min(now_ms)),
            ));
        }
    }
    for estate in &source.unread {
        let event = match estate.outcome {
            Outcome::Failed => NotifyEvent::Failed,
            _ => NotifyEvent::Incomplete,
        };
        if takes(event) && router.takes_run(target, &estate.estate) && router.is_long_unread(estate)
        {
            alerts.push(Alert::from_unread(estate, ends_ms));
        }
    }
    alerts
}

impl Alert {
    fn from_facts(
        estate: &str,
        (fingerprint, facts): (&str, &FindingFacts),
        (starts_ms, ends_ms): (i64, i64),
    ) -> Self {
        let text = |text: &Option<String>| text.as_deref().map(sanitize).map(String::from);
        Self {
            estate: estate.to_owned(),
            labels: vec![
                ("alertname", "CrdriftFinding".to_owned()),
                ("estate", sanitize(estate).into()),
                ("code", facts.code.clone()),
                ("severity", facts.severity.clone()),
                ("owner", text(&facts.owner).unwrap_or_default()),
                ("fingerprint", shorten(fingerprint)),
            ],
            annotations: vec![
                ("summary", sanitize_line(&facts.message).into()),
                ("instance", text(&facts.instance).unwrap_or_default()),
                ("rule", text(&facts.rule).unwrap_or_default()),
                ("field", text(&facts.field).unwrap_or_default()),
            ],
            starts_ms,
            ends_ms,
        }
    }

    /// Returns the alert of a finding in a document.
    pub(super) fn from_notified(
        estate: &str,
        finding: &NotifiedFinding,
        times: (i64, i64),
    ) -> Self {
        let facts = FindingFacts {
            status: EpisodeStatus::Open,
            code: finding.code.clone(),
            severity: finding.severity.clone(),
            instance: finding.instance.clone(),
            rule: finding.rule.clone(),
            field: finding.field.clone(),
            owner: finding.owner.clone(),
            message: finding.message.clone(),
            accepted_by: None,
            accepted_reason: None,
            accepted_until: None,
        };
        Self::from_facts(estate, (&finding.fingerprint, &facts), times)
    }

    fn from_unread(estate: &UnreadEstate, ends_ms: i64) -> Self {
        let name = match estate.outcome {
            Outcome::Failed => "CrdriftFailed",
            _ => "CrdriftIncomplete",
        };
        Self {
            estate: estate.estate.clone(),
            labels: vec![
                ("alertname", name.to_owned()),
                ("estate", sanitize(&estate.estate).into()),
                ("severity", "warning".to_owned()),
            ],
            annotations: vec![("summary", sanitize_line(&estate.reason).into())],
            starts_ms: estate.since_ms,
            ends_ms,
        }
    }
}

fn shorten(fingerprint: &str) -> String {
    let short = fingerprint.get(..FINGERPRINT_DIGITS);
    short.unwrap_or(fingerprint).to_owned()
}
