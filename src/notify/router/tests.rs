use std::collections::BTreeSet;

use secrecy::SecretString;

use super::{NotifyRouter, TargetChoice};
use crate::finding::Severity;
use crate::i18n::Language;
use crate::model::NameGlob;
use crate::notify::{NotificationDocument, NotifySettings};
use crate::report::sample::sample;
use crate::report::{Outcome, Report};
use crate::rules::{NotifyEvent, NotifyTarget, TargetKind};
use crate::store::{
    DeliveryRouter, EpisodeStatus, FindingFacts, FindingTransition, RunId, RunTransitions,
    TransitionKind, UnreadPeriod,
};

fn target(name: &str) -> NotifyTarget {
    NotifyTarget {
        name: name.to_owned(),
        kind: TargetKind::Webhook,
        url: SecretString::from("https://x.example/".to_owned()),
        secret: None,
        events: NotifyEvent::ALL.to_vec(),
        owners: Vec::new(),
        estates: Vec::new(),
        codes: Vec::new(),
        min_severity: Severity::Info,
        language: None,
        is_default: false,
        prefix: NotifyTarget::DEFAULT_PREFIX.to_owned(),
    }
}

fn globs(patterns: &[&str]) -> Vec<NameGlob> {
    let globs = patterns.iter().map(|it| NameGlob::new(it).expect("a glob"));
    globs.collect()
}

fn settings(targets: Vec<NotifyTarget>) -> NotifySettings {
    NotifySettings {
        targets,
        base_url: None,
        language: Language::English,
        incomplete_after: 2,
    }
}

fn finding(kind: TransitionKind, owner: Option<&str>, severity: Severity) -> FindingTransition {
    FindingTransition {
        kind,
        fingerprint: format!("{kind:?} {owner:?} {severity:?}"),
        facts: FindingFacts {
            status: EpisodeStatus::Open,
            code: "drift/missing-rule".to_owned(),
            severity: severity.as_str().to_owned(),
            instance: None,
            rule: Some("web".to_owned()),
            field: None,
            owner: owner.map(str::to_owned),
            message: "rule \"web\" is missing".to_owned(),
            accepted_by: None,
            accepted_reason: None,
            accepted_until: None,
        },
        opened_ms: 0,
    }
}

/// Returns the choices for a run of the estate `shop`.
fn choose(
    settings: &NotifySettings,
    outcome: Outcome,
    findings: &[FindingTransition],
    unread: UnreadPeriod,
) -> Vec<TargetChoice> {
    let mut report: Report = sample();
    report.verdict.outcome = outcome;
    report.started_ms = 7_200_000;
    let id = RunId("0".repeat(64));
    let run = RunTransitions {
        run: &id,
        estate: "shop".to_owned(),
        selection: String::new(),
        report: &report,
        findings: findings.to_vec(),
        open: [0, 0, 0],
        unread,
    };
    let router = NotifyRouter::new(settings);
    let choices = router.explain(&run);
    // What is explained is what is delivered.
    let deliveries = router.route(&run);
    let notified = choices.iter().filter(|it| !it.events.is_empty());
    let notified: Vec<_> = notified
        .map(|it| (it.target.clone(), it.findings))
        .collect();
    let delivered: Vec<_> = deliveries
        .iter()
        .map(|it| {
            let document: NotificationDocument =
                serde_json::from_str(&it.document).expect("a document");
            (it.target.clone(), document.opened + document.resolved)
        })
        .collect();
    assert_eq!(notified, delivered);
    choices
}

/// Returns the names of the notified targets, each with the number of findings.
fn notified(choices: &[TargetChoice]) -> Vec<(&str, usize)> {
    let notified = choices.iter().filter(|it| !it.events.is_empty());
    notified
        .map(|it| (it.target.as_str(), it.findings))
        .collect()
}

#[test]
fn findings_go_to_their_owners_and_the_rest_to_the_default() {
    let team = NotifyTarget {
        owners: globs(&["shop-*"]),
        min_severity: Severity::Warning,
        ..target("team")
    };
    let base = NotifyTarget {
        estates: globs(&["base"]),
        ..target("base")
    };
    let rest = NotifyTarget {
        is_default: true,
        ..target("rest")
    };
    let settings = settings(vec![team, base, rest]);
    let opened = |owner, severity| finding(TransitionKind::Opened, owner, severity);
    for (finding, expected) in [
        (opened(Some("shop-1"), Severity::Error), "team"),
        (opened(Some("shop-1"), Severity::Info), "rest"),
        (opened(Some("other"), Severity::Error), "rest"),
        (opened(None, Severity::Error), "rest"),
    ] {
        let choices = choose(
            &settings,
            Outcome::Drift,
            &[finding],
            UnreadPeriod::default(),
        );
        assert_eq!(notified(&choices), [(expected, 1)]);
    }
}

#[test]
fn a_target_is_notified_of_its_events_only() {
    let quiet = NotifyTarget {
        events: vec![NotifyEvent::Resolved],
        ..target("quiet")
    };
    let settings = settings(vec![quiet, target("all")]);
    let both = [TransitionKind::Reopened, TransitionKind::Resolved]
        .map(|it| finding(it, None, Severity::Error));
    let choices = choose(&settings, Outcome::Drift, &both, UnreadPeriod::default());
    assert_eq!(notified(&choices), [("quiet", 1), ("all", 2)]);
    let decided = [TransitionKind::Accepted, TransitionKind::LeftScope]
        .map(|it| finding(it, None, Severity::Error));
    let choices = choose(
        &settings,
        Outcome::Passed,
        &decided,
        UnreadPeriod::default(),
    );
    assert!(notified(&choices).is_empty(), "people decided that");
    assert_eq!(choices[1].reason, "no finding opened or resolved");
}

#[test]
fn an_incomplete_estate_is_notified_late_once_and_to_operators() {
    let owners = NotifyTarget {
        owners: globs(&["*"]),
        ..target("owners")
    };
    let other = NotifyTarget {
        estates: globs(&["base"]),
        ..target("other")
    };
    let settings = settings(vec![owners, other, target("operators")]);
    let period = |runs: usize, since_ms: i64, notified: &[&str]| UnreadPeriod {
        incomplete_runs: runs,
        incomplete_since_ms: Some(since_ms),
        notified: notified
            .iter()
            .map(|event| ("operators".to_owned(), (*event).to_owned()))
            .collect::<BTreeSet<_>>(),
    };
    let events = |outcome, unread| {
        let choices = choose(&settings, outcome, &[], unread);
        let mut notified = choices.into_iter().filter(|it| !it.events.is_empty());
        let first = notified.next();
        assert!(notified.next().is_none());
        first.map(|it| (it.target, it.events))
    };
    let to_operators = |event| Some(("operators".to_owned(), vec![event]));
    let incomplete = Outcome::Incomplete;
    assert_eq!(events(incomplete, period(1, 7_200_000, &[])), None);
    let notified = to_operators(NotifyEvent::Incomplete);
    assert_eq!(events(incomplete, period(2, 7_200_000, &[])), notified);
    assert_eq!(
        events(incomplete, period(1, 0, &[])),
        notified,
        "for two hours"
    );
    assert_eq!(events(incomplete, period(3, 0, &["incomplete"])), None);
    assert_eq!(
        events(Outcome::Failed, period(0, 0, &[])),
        to_operators(NotifyEvent::Failed)
    );
    assert_eq!(events(Outcome::Failed, period(0, 0, &["failed"])), None);
    let recovered = to_operators(NotifyEvent::Recovered);
    assert_eq!(events(Outcome::InSync, period(1, 0, &[])), None);
    assert_eq!(
        events(Outcome::InSync, period(2, 0, &["incomplete"])),
        recovered
    );
    assert_eq!(events(Outcome::Drift, period(0, 0, &["failed"])), recovered);
}

#[test]
fn a_default_target_takes_the_runs_that_no_other_one_takes() {
    let owners = NotifyTarget {
        owners: globs(&["*"]),
        ..target("owners")
    };
    let rest = NotifyTarget {
        is_default: true,
        ..target("rest")
    };
    let failed = |targets| {
        let settings = settings(targets);
        let choices = choose(&settings, Outcome::Failed, &[], UnreadPeriod::default());
        let notified = notified(&choices)
            .into_iter()
            .map(|(name, _)| name.to_owned());
        notified.collect::<Vec<_>>()
    };
    assert_eq!(failed(vec![owners, rest.clone()]), ["rest"]);
    assert_eq!(failed(vec![target("all"), rest]), ["all"]);
}

#[test]
fn alerts_are_no_deliveries_and_take_nothing_from_others() {
    let alerts = NotifyTarget {
        kind: TargetKind::Alertmanager,
        ..target("alerts")
    };
    let rest = NotifyTarget {
        is_default: true,
        ..target("rest")
    };
    let settings = settings(vec![alerts, rest]);
    let report = sample();
    let id = RunId("0".repeat(64));
    let run = RunTransitions {
        run: &id,
        estate: "shop".to_owned(),
        selection: String::new(),
        report: &report,
        findings: vec![finding(TransitionKind::Opened, None, Severity::Error)],
        open: [1, 0, 0],
        unread: UnreadPeriod::default(),
    };
    let router = NotifyRouter::new(&settings);
    assert_eq!(
        notified(&router.explain(&run)),
        [("alerts", 1), ("rest", 1)]
    );
    let deliveries = router.route(&run);
    assert_eq!(deliveries.len(), 1);
    assert_eq!(deliveries[0].target, "rest");
}
