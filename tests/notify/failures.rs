//! Services that fail: nothing counts as delivered without its proof, and no secret is repeated.

use std::fs;

use crdrift::rules::TargetKind;
use crdrift::store::DeliveryState;

use super::{Bench, words};
use crate::receivers::ScriptedAnswer;
use crate::store::results::ResultPlan;

/// A text in every secret of the tests.
const PLANTED: &str = "planted";

/// Returns answers without the proof of a delivery, each with the words that it may have.
fn failures() -> Vec<(ScriptedAnswer, &'static [&'static str])> {
    let body = |status: u16, body: &str| ScriptedAnswer::Body(status, body.to_owned());
    let any: &[&str] = &["retry", "refused", "broken"];
    vec![
        (
            body(
                200,
                r#"{"errcode":310000,"errmsg":"keywords not in content","code":19024}"#,
            ),
            any,
        ),
        (
            body(
                200,
                r#"{"errcode":130101,"errmsg":"send too fast","code":11232}"#,
            ),
            any,
        ),
        (
            body(
                200,
                r#"{"errcode":93000,"errmsg":"invalid webhook url","code":19001}"#,
            ),
            any,
        ),
        (
            body(
                200,
                r#"{"errcode":45009,"errmsg":"api freq out of limit","code":9499}"#,
            ),
            any,
        ),
        (
            body(
                200,
                r#"{"errcode":460101,"errmsg":"message too long","code":19036}"#,
            ),
            any,
        ),
        (
            body(200, r#"{"errcode":-1,"errmsg":"busy","code":-1}"#),
            any,
        ),
        (
            body(
                200,
                r#"{"status":1111,"wait":5,"source":"x5","punish":"deny"}"#,
            ),
            &["retry"],
        ),
        (body(200, "<html>Please log in</html>"), &["retry"]),
        (ScriptedAnswer::TooMany(Some(7)), &["retry"]),
        (ScriptedAnswer::TooMany(None), &["retry"]),
        (body(500, "oops"), &["retry"]),
        (ScriptedAnswer::Redirect, &["broken"]),
        (ScriptedAnswer::Hang, &["retry"]),
        (ScriptedAnswer::Cut, &["retry"]),
        (ScriptedAnswer::Huge, &["retry"]),
        (ScriptedAnswer::Echo(500), &["retry"]),
        (ScriptedAnswer::Echo(404), &["broken"]),
        (ScriptedAnswer::Echo(200), &["retry"]),
        (ScriptedAnswer::Echo(400), &["refused"]),
    ]
}

#[test]
fn no_failure_is_a_delivery_and_none_repeats_a_secret() {
    let kinds = [
        TargetKind::Dingtalk,
        TargetKind::Feishu,
        TargetKind::Wecom,
        TargetKind::Slack,
        TargetKind::Webhook,
    ];
    for (number, (failure, expected)) in failures().into_iter().enumerate() {
        let bench = Bench::new(&kinds, |_| {});
        let mut store = bench.store.open();
        bench.record(&mut store, &ResultPlan::new("shop", 1, &[1]));
        for receiver in &bench.receivers {
            // A refused message is sent again in short.
            receiver.script([failure.clone(), failure.clone()]);
        }
        let reports = bench.deliver();
        let is_success = |it: &ScriptedAnswer| {
            matches!(
                it,
                ScriptedAnswer::Body(200, _) | ScriptedAnswer::Huge | ScriptedAnswer::Echo(200)
            )
        };
        for (target, words) in words(&reports) {
            // A webhook proves by its status alone.
            if target == "webhook" && is_success(&failure) {
                assert_eq!(words, ["delivered"], "{number} {failure:?}");
                continue;
            }
            assert_eq!(words.len(), 1, "{target} {failure:?}");
            assert!(
                expected.contains(&words[0]),
                "{target} {failure:?}: {reports:?}"
            );
        }
        let shown = format!(
            "{reports:?} {:?} {:?}",
            bench.deliverer,
            store.newest_deliveries(None, 100)
        );
        assert!(!shown.contains(PLANTED), "{failure:?}: {shown}");
        let path = bench
            .store
            .url
            .strip_prefix("sqlite:")
            .expect("a file")
            .to_owned();
        drop(store);
        for file in [path.clone(), format!("{path}-wal")] {
            let bytes = fs::read(&file).unwrap_or_default();
            let found = bytes
                .windows(PLANTED.len())
                .any(|it| it == PLANTED.as_bytes());
            assert!(!found, "{failure:?}: {file}");
        }
    }
}

#[test]
fn a_failed_message_is_sent_later_with_the_same_id() {
    let bench = Bench::new(&[TargetKind::Webhook, TargetKind::Slack], |_| {});
    let mut store = bench.store.open();
    bench.record(&mut store, &ResultPlan::new("shop", 1, &[1]));
    let broken = ScriptedAnswer::Body(500, "oops".to_owned());
    for receiver in &bench.receivers {
        receiver.script([broken.clone(), ScriptedAnswer::TooMany(Some(7))]);
    }
    let pass = |ms: i64| {
        bench.clock.advance(ms);
        words(&bench.deliver())
            .into_iter()
            .flat_map(|(_, words)| words)
            .collect::<Vec<_>>()
    };
    assert_eq!(pass(0), ["retry", "retry"]);
    assert!(pass(29_000).is_empty(), "not before the wait is over");
    assert_eq!(pass(1_000), ["retry", "retry"]);
    assert!(pass(6_999).is_empty(), "as long as the service asks for");
    assert_eq!(pass(1), ["delivered", "delivered"]);
    assert!(pass(3_600_000).is_empty());
    for receiver in &bench.receivers {
        receiver.check();
        assert_eq!(receiver.messages().len(), 1);
    }
    let records = store
        .newest_deliveries(Some("webhook"), 1)
        .expect("deliveries");
    assert_eq!(
        (records[0].state, records[0].tries),
        (DeliveryState::Delivered, 3)
    );
    assert_eq!(
        bench.receivers[0].messages()[0].id.as_ref(),
        Some(&records[0].id)
    );
}

#[test]
fn twelve_failures_are_the_last_one() {
    let bench = Bench::new(&[TargetKind::Slack], |_| {});
    let mut store = bench.store.open();
    bench.record(&mut store, &ResultPlan::new("shop", 1, &[1]));
    bench.receivers[0].script(vec![ScriptedAnswer::Body(503, String::new()); 20]);
    let mut found = Vec::new();
    for _ in 0..13 {
        found.extend(
            words(&bench.deliver())
                .into_iter()
                .flat_map(|(_, words)| words),
        );
        bench.clock.advance(30_000);
    }
    assert_eq!(found.len(), 12);
    assert_eq!(found.last(), Some(&"gave_up"));
    let state = store.newest_deliveries(None, 1).expect("deliveries")[0].state;
    assert_eq!(state, DeliveryState::GaveUp);
}

#[test]
fn a_broken_target_waits_for_the_next_configuration_and_delays_no_other() {
    let mut bench = Bench::new(&[TargetKind::Wecom, TargetKind::Feishu], |_| {});
    let mut store = bench.store.open();
    bench.record(&mut store, &ResultPlan::new("shop", 1, &[1]));
    let unknown = r#"{"errcode":93000,"errmsg":"invalid webhook url"}"#;
    bench.receivers[0].script([ScriptedAnswer::Body(200, unknown.to_owned())]);
    let reports = bench.deliver();
    assert_eq!(words(&reports)[0].1, ["broken"]);
    assert_eq!(words(&reports)[1].1, ["delivered"]);
    assert!(
        reports[0]
            .broken
            .as_deref()
            .is_some_and(|it| it.contains("93000")),
        "{reports:?}"
    );
    bench.record(&mut store, &ResultPlan::new("shop", 2, &[1, 2]));
    let reports = bench.deliver();
    assert!(reports[0].results.is_empty() && reports[0].broken.is_some());
    assert_eq!(words(&reports)[1].1, ["delivered"]);
    // Corrected: what waited is sent, and nothing twice.
    bench.reload();
    bench.clock.advance(1_000);
    assert_eq!(words(&bench.deliver())[0].1, ["delivered", "delivered"]);
    for receiver in &bench.receivers {
        receiver.check();
        assert_eq!(receiver.messages().len(), 2);
    }
}

#[test]
fn a_refused_message_is_sent_in_short() {
    let bench = Bench::new(&[TargetKind::Dingtalk], |_| {});
    let mut store = bench.store.open();
    bench.record(&mut store, &ResultPlan::new("shop", 1, &[1]));
    let too_long = r#"{"errcode":460101,"errmsg":"message too long, exceed 20000 bytes"}"#;
    bench.receivers[0].script([ScriptedAnswer::Body(200, too_long.to_owned())]);
    let reports = bench.deliver();
    assert_eq!(words(&reports)[0].1, ["delivered"]);
    assert!(
        reports[0].results[0].text().starts_with("in short: "),
        "{reports:?}"
    );
    let messages = bench.receivers[0].messages();
    assert_eq!(messages.len(), 1);
    assert_eq!(messages[0].rendered.title, "crdrift: shop: 1 opened");
    assert!(
        !messages[0].rendered.text.contains("rule-1"),
        "{messages:?}"
    );
}
