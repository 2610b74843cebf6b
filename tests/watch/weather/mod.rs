//! A week of weather in seconds: one process and its store go through the faults that an operator meets, and every
//! transition reaches each target once.

mod proxy;
mod trial;

use std::fmt::Write as _;

use crdrift::store::DeliveryState;
use serde_json::Value;

use self::trial::{ESTATES, NO_FAULTS, Trial, rules, wait_until};
use super::client::get;
use crate::receivers::{Receiver, ScriptedAnswer, TOKEN};

/// Every check is throttled, and complete before its deadline.
const THROTTLED_BRIEFLY: &str =
    "version: 1\nfaults: [{ when: { times: 2 }, do: { throttle: { retry_after_ms: 50 } } }]\n";

/// The service asks for a longer wait than the deadline allows.
const THROTTLED: &str = "version: 1\nfaults: [{ when: { instance: cri-shenzhen00000002 }, \
    do: { throttle: { retry_after_ms: 600000 } } }]\n";

const DENIED: &str = "version: 1\nfaults: [{ when: { instance: cri-shenzhen00000002 }, \
    do: { error: { status: 403, code: NoPrivilege } } }]\n";

/// Returns the messages of a webhook about an estate: the events, and each changed finding with its rule.
fn documents(hook: &Receiver, estate: &str) -> Vec<String> {
    let mut found = Vec::new();
    for message in hook.messages() {
        let text = message.rendered.text.strip_prefix("crdrift: ");
        let document: Value = serde_json::from_str(text.expect("a document")).expect("JSON");
        if document["estate"] != estate {
            continue;
        }
        let words = document["events"].as_array().expect("a list").iter();
        let words: Vec<&str> = words.map(|it| it.as_str().expect("a word")).collect();
        let mut line = words.join(",");
        for finding in document["findings"].as_array().expect("a list") {
            let word = |key: &str| finding[key].as_str().expect("a word");
            write!(line, "; {} {}", word("transition"), word("rule")).expect("text");
        }
        found.push(line);
    }
    found
}

fn titles(receiver: &Receiver) -> Vec<String> {
    let messages = receiver.messages();
    let titles = messages.iter().map(|it| it.rendered.title.clone());
    titles.collect()
}

#[test]
#[ignore = "takes half a minute; `.ci/long_tests` runs it"]
fn a_week_of_weather_is_notified_exactly_once() {
    let mut trial = Trial::start();
    for (estate, _) in ESTATES {
        trial.wait_for_checks(estate, "in_sync", 1);
    }
    // Drift.
    trial.live("shop", &["web"]);
    trial.live("base", &["mirror"]);
    trial.wait_for_messages(&trial.hook, 2);
    trial.wait_for_messages(&trial.team, 1);
    // Throttled: first so that the checks take longer, then so that they are incomplete.
    trial.write("shop.faults", THROTTLED_BRIEFLY);
    trial.wait_for_checks("shop", "drift", 1);
    trial.write("shop.faults", THROTTLED);
    trial.wait_for_messages(&trial.hook, 3);
    trial.wait_for_messages(&trial.operators, 1);
    // Denied, while the drift moves to another rule: incomplete checks prove nothing.
    trial.write("shop.faults", DENIED);
    trial.live("shop", &["api"]);
    trial.wait_for_checks("shop", "incomplete", 2);
    assert_eq!(trial.hook.messages().len(), 3);
    assert_eq!(trial.team.messages().len(), 1);
    trial.write("shop.faults", NO_FAULTS);
    trial.wait_for_messages(&trial.hook, 4);
    trial.wait_for_messages(&trial.operators, 2);
    trial.wait_for_messages(&trial.team, 2);
    // A broken rules file, while the drift goes. The operators' service refuses the message in full and in short.
    let refused = ScriptedAnswer::Echo(400);
    trial.operators.script([refused.clone(), refused.clone()]);
    trial.write("base.yaml", "version: 1\nrulez: []\n");
    trial.wait_for_messages(&trial.hook, 5);
    trial.wait_for_delivery("operators", 3, DeliveryState::Refused, 1);
    trial.live("base", &[]);
    trial.write("base.yaml", "version: 1\nrules: 1\n");
    trial.wait_for_checks("base", "failed", 2);
    trial.write("base.yaml", &rules("base", ESTATES[1].1));
    trial.wait_for_messages(&trial.hook, 6);
    trial.wait_for_messages(&trial.operators, 3);
    // The store is away, while drift goes, comes, and comes and goes.
    trial.proxy.cut();
    trial.wait_for("base: not recorded: cannot reach the store");
    trial.live("base", &["mirror"]);
    trial.wait_for("base: drift");
    trial.live("base", &[]);
    trial.wait_for("base: in_sync");
    trial.live("shop", &[]);
    trial.wait_for("shop: in_sync");
    trial.live("shop", &["web"]);
    trial.wait_for("shop: drift");
    assert_eq!(trial.hook.messages().len(), 6);
    trial.proxy.mend();
    trial.wait_for_messages(&trial.hook, 10);
    trial.wait_for_messages(&trial.team, 4);
    // The chat fails; the other targets do not wait for it.
    trial
        .team
        .script([ScriptedAnswer::Body(500, "oops".to_owned())]);
    trial.live("shop", &[]);
    trial.wait_for_messages(&trial.hook, 11);
    trial.wait_for_delivery("team", 5, DeliveryState::Pending, 1);
    trial.end_waits();
    trial.wait_for_messages(&trial.team, 5);
    // It has had too many messages.
    trial.team.script([ScriptedAnswer::TooMany(Some(1))]);
    trial.live("shop", &["api"]);
    trial.wait_for_messages(&trial.hook, 12);
    trial.wait_for_messages(&trial.team, 6);
    // It hangs, and the process is killed meanwhile; the drift changes before the next one starts.
    trial.team.script([ScriptedAnswer::Hang]);
    trial.live("shop", &[]);
    trial.wait_for_messages(&trial.hook, 13);
    let hangs = || trial.team.scripted() == 0;
    wait_until("request that hangs", hangs, || {
        format!("{:#?}", trial.deliveries())
    });
    // A message that arrived and is not recorded as delivered would be sent again.
    trial.wait_for_delivery("hook", 13, DeliveryState::Delivered, 1);
    trial.kill();
    assert_eq!(trial.team.messages().len(), 6);
    trial.live("shop", &["web"]);
    trial.start_watch();
    trial.wait_for_messages(&trial.team, 8);
    trial.wait_for_messages(&trial.hook, 14);
    // It does not know its address, until the operator has corrected it.
    trial.team.script([ScriptedAnswer::Echo(404)]);
    trial.live("shop", &[]);
    trial.wait_for_delivery("team", 9, DeliveryState::Broken, 1);
    trial.watch.as_ref().expect("a process").send("-HUP");
    trial.wait_for("read the configuration again: 3 estates");
    trial.wait_for_messages(&trial.team, 9);
    trial.wait_for_messages(&trial.hook, 15);
    trial.wait_for_checks("shop", "in_sync", 1);
    check_week(&mut trial);
}

/// Checks what arrived in all, and what the program wrote.
fn check_week(trial: &mut Trial) {
    let page = trial.page.expect("a page");
    let mut shown = String::new();
    for path in [
        "/",
        "/e/shop",
        "/deliveries",
        "/metrics",
        "/api/v1/status",
        "/api/v1/deliveries",
    ] {
        shown += &get(page, path).body;
    }
    let mut watch = trial.watch.take().expect("a process");
    let (code, rest) = watch.stop();
    assert_eq!(code, Some(0), "{rest}");
    trial.output += &rest;

    for receiver in [&trial.hook, &trial.operators, &trial.team] {
        receiver.check();
    }
    assert_eq!(
        documents(&trial.hook, "shop"),
        [
            "opened; opened web",
            "incomplete",
            "opened,resolved,recovered; opened api; resolved web",
            "resolved; resolved api",
            "opened; opened web",
            "resolved; resolved web",
            "opened; opened api",
            "resolved; resolved api",
            "opened; opened web",
            "resolved; resolved web",
        ]
    );
    assert_eq!(
        documents(&trial.hook, "base"),
        [
            "opened; opened mirror",
            "failed",
            "resolved,recovered; resolved mirror",
            "opened; opened mirror",
            "resolved; resolved mirror",
        ]
    );
    assert_eq!(documents(&trial.hook, "calm"), [""; 0]);
    assert_eq!(
        titles(&trial.operators),
        [
            "crdrift: shop: could not be read completely",
            "crdrift: shop: read completely again",
            "crdrift: base: read completely again",
        ]
    );
    let team = trial.team.messages();
    let opened_or_resolved = [
        ("1 opened", "web"),
        ("1 opened, 1 resolved", "api"),
        ("1 resolved", "api"),
        ("1 opened", "web"),
        ("1 resolved", "web"),
        ("1 opened", "api"),
        ("1 resolved", "api"),
        ("1 opened", "web"),
        ("1 resolved", "web"),
    ];
    assert_eq!(
        titles(&trial.team),
        opened_or_resolved.map(|(what, _)| format!("crdrift: shop: {what}"))
    );
    for (message, (_, rule)) in team.iter().zip(opened_or_resolved) {
        assert!(message.rendered.text.contains(rule), "{message:?}");
    }

    let deliveries = trial.deliveries();
    let of = |target: &'static str| deliveries.iter().filter(move |it| it.target == target);
    for (target, count) in [("hook", 15), ("operators", 4), ("team", 9)] {
        assert_eq!(of(target).count(), count, "{deliveries:#?}");
    }
    let undelivered = deliveries
        .iter()
        .filter(|it| it.state != DeliveryState::Delivered);
    let undelivered: Vec<_> = undelivered
        .map(|it| (&*it.target, it.events.join(","), it.state))
        .collect();
    assert_eq!(
        undelivered,
        [("operators", "failed".to_owned(), DeliveryState::Refused)]
    );
    let mut ids: Vec<_> = trial
        .hook
        .messages()
        .into_iter()
        .map(|it| it.id.expect("an id"))
        .collect();
    let mut known: Vec<_> = of("hook").map(|it| it.id.clone()).collect();
    ids.sort();
    known.sort();
    assert_eq!(ids, known);

    write!(shown, "{deliveries:?}{}", trial.output).expect("text");
    for args in [&["runs", "-o", "json"][..], &["open"], &["status"]] {
        shown += &trial.history(args);
    }
    let store = url::Url::parse(&trial.store.url).expect("a URL");
    for secret in [
        TOKEN,
        "planted",
        "cGxhbnRlZC1zZWNyZXQ",
        store.password().expect("a password"),
    ] {
        assert!(!shown.contains(secret), "{secret}: {shown}");
    }
}
