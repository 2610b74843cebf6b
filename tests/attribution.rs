//! Laws of the authors of changes, over generated events.

use acr_api::TrailEvent;
use crdrift::attribution::{EventAnswer, QuestionInputs, attribute, questions};
use crdrift::check::{Inputs, RunInfo, check};
use crdrift::report::{LiveSource, Who, WhoStatus};
use crdrift::waiver::TriageConfig;
use crdrift::{rules, snapshot};
use jiff::Timestamp;
use jiff::civil::date;
use proptest::prelude::*;
use serde_json::{Value, json};

const RULES: &str = "version: 1
instances:
  a: { id: cri-a, region: cn-hangzhou }
  b: { id: cri-b, region: cn-shanghai, read: false }
rules:
  - { name: gone, from: { instance: a, namespace: n }, to: { instance: b, namespace: n }, tag_filter: \".*\" }
  - { name: edited, from: { instance: a, namespace: m }, to: { instance: b, namespace: m }, tag_filter: \"v.*\" }
";

/// 2026-03-10T12:00:00Z.
const NOW_MS: i64 = 1_773_144_000_000;

fn live() -> String {
    let rule = |name: &str, namespace: &str| {
        json!({"SyncRuleId": format!("crsr-{name}"), "SyncRuleName": name, "LocalInstanceId": "cri-a",
            "LocalNamespaceName": namespace, "TargetInstanceId": "cri-b", "TargetNamespaceName": namespace,
            "SyncScope": "NAMESPACE", "TagFilter": ".*", "SyncDirection": "FROM", "SyncTrigger": "PASSIVE",
            "CreateTime": NOW_MS - 3_600_000, "ModifiedTime": NOW_MS - 3_600_000})
    };
    let rules = [rule("edited", "m"), rule("extra", "x")];
    json!({"format_version": "1.0", "taken_at": null,
        "listings": [{"instance_id": "cri-a", "status": "complete", "rules": rules}]})
    .to_string()
}

/// Returns the authors of the three changes.
fn authors(events: Vec<TrailEvent>) -> Vec<Who> {
    let options = rules::Options::without_variables();
    let files = [("rules.yaml", RULES.as_bytes().to_vec())];
    let loaded = rules::load_texts(files, &options).expect("valid rules");
    let live = snapshot::read(live().as_bytes()).expect("a snapshot");
    let live = snapshot::live_state(live, &loaded.desired);
    let inputs = Inputs {
        desired: &loaded.desired,
        sources: &loaded.sources,
        live: &live,
        policies: &loaded.policies,
        triage: TriageConfig {
            waivers: &loaded.waivers,
            baseline: None,
            today: date(2026, 3, 10),
            expiring_within: 14,
        },
        severities: &loaded.severities,
        previous: None,
        base: None,
        expected: None,
        run: RunInfo::new("plan", NOW_MS, LiveSource::Snapshot),
    };
    let report = check(&inputs, &mut inputs.session());
    let questions = questions(QuestionInputs {
        report: &report,
        desired: &loaded.desired,
        live: &live,
        previous: None,
        baselined: &[],
        is_foreign: &[],
    });
    let answer = EventAnswer {
        events,
        ..EventAnswer::default()
    };
    let authors = attribute(&questions, &[answer], &[0, 0], NOW_MS);
    assert_eq!(authors.len(), 3);
    authors.into_iter().map(|(_, who)| who).collect()
}

/// Events over a vocabulary so small that ids, names and times collide all the time.
fn event() -> impl Strategy<Value = Value> {
    let word = |words: &'static [&'static str]| prop::sample::select(words);
    (
        word(&["CreateRepoSyncRule", "DeleteRepoSyncRule", "DeleteNamespace"]),
        word(&["gone", "edited", "extra"]),
        prop::option::of(word(&["crsr-edited", "crsr-extra", "crsr-old", "crsr-other"])),
        0_i64..120,
        word(&["alice", "bob"]),
        prop::bool::weighted(0.2),
        0_u32..1_000_000,
    )
        .prop_map(|(action, name, id, minutes, user, fails, number)| {
            let time = Timestamp::from_millisecond(NOW_MS - minutes * 60_000).expect("a time");
            let parameters = json!({"InstanceId": "cri-a", "SyncRuleName": name, "SyncRuleId": id,
                "NamespaceName": "n", "TagFilter": ".*"});
            json!({"eventId": number.to_string(), "eventName": action, "eventTime": time.to_string(),
                "serviceName": "Cr", "errorCode": if fails { "Denied" } else { "" },
                "userIdentity": {"type": "ram-user", "userName": user}, "requestParameters": parameters,
                "responseElements": {"SyncRuleId": id}})
        })
}

fn parse(events: &[Value]) -> Vec<TrailEvent> {
    events.iter().filter_map(TrailEvent::from_json).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn the_order_and_the_repetition_of_events_mean_nothing(
        events in prop::collection::vec(event(), 0..12).prop_shuffle(),
    ) {
        let mut other: Vec<_> = events.iter().rev().cloned().collect();
        other.extend(events.iter().cloned());
        // Two different events of one id do not exist.
        let mut ids = std::collections::HashSet::new();
        prop_assume!(events.iter().all(|event| ids.insert(event["eventId"].to_string())));
        prop_assert_eq!(authors(parse(&events)), authors(parse(&other)));
    }

    #[test]
    fn failed_calls_attribute_nothing(events in prop::collection::vec(event(), 0..12)) {
        let failed: Vec<_> = events
            .into_iter()
            .map(|mut event| {
                event["errorCode"] = "Denied".into();
                event
            })
            .collect();
        for who in authors(parse(&failed)) {
            prop_assert_ne!(who.status, WhoStatus::Found);
            prop_assert!(who.events.is_empty());
        }
    }

    #[test]
    fn events_are_named_once_found_and_at_most_five(events in prop::collection::vec(event(), 0..40)) {
        for who in authors(parse(&events)) {
            prop_assert_eq!(who.status == WhoStatus::Found, !who.events.is_empty());
            prop_assert_eq!(who.confidence, who.events.iter().map(|event| event.confidence).min());
            prop_assert!(who.events.len() <= 6, "five of each side at most, and one side is certain");
            prop_assert!(who.events.windows(2).all(|pair| pair[0].time_ms <= pair[1].time_ms));
        }
    }
}
