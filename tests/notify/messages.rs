//! Messages as people see them.

use crdrift::i18n::Language;
use crdrift::notify::targets::{Notification, request};
use crdrift::notify::{MessageForm, NotificationDocument, NotifySettings, sample_documents};
use crdrift::rules::TargetKind;
use serde_json::Value;

use super::{Bench, CHATS, START_MS, TestClock, target, words};
use crate::receivers::{Receiver, Rendered};
use crate::store::results::ResultPlan;
use crate::support::read;

/// Texts that would mention a person, make a link or a picture, or end a line, in one of the services.
const MENTIONS: [&str; 14] = [
    "@all",
    "@13800000000",
    "\u{ff20}所有人",
    "<@all>",
    "<at id=all></at>",
    "<at user_id=\"all\">x</at>",
    "<!channel>",
    "<!subteam^S1|x>",
    "<@U0123>",
    "<https://evil.example|x>",
    "![x](https://evil.example/p.png)",
    "[x](https://evil.example)",
    "x`](https://evil.example)`",
    "<font color=\"warning\">x</font>",
];

#[test]
fn a_team_is_notified_once_of_what_opens_and_resolves() {
    let bench = Bench::new(&TargetKind::ALL, |_| {});
    let mut store = bench.store.open();
    let first = ResultPlan::new("shop", 1, &[1, 2]);
    bench.record(&mut store, &first);
    for (target, words) in words(&bench.deliver()) {
        assert_eq!(words, ["delivered"], "{target}");
    }
    // The same again, nothing new, and a restart: no message.
    bench.record(&mut store, &first);
    bench.record(&mut store, &ResultPlan::new("shop", 2, &[1, 2]));
    let restarted = Bench {
        deliverer: super::deliverer(&bench.settings, &bench.store, &bench.clock),
        ..bench
    };
    restarted.deliver();
    let bench = restarted;
    bench.clock.advance(61_000);
    bench.record(&mut store, &ResultPlan::new("shop", 3, &[2]));
    bench.deliver();
    for receiver in &bench.receivers {
        receiver.check();
        let messages = receiver.messages();
        if receiver.kind == TargetKind::Alertmanager {
            assert!(messages.len() >= 2);
            continue;
        }
        assert_eq!(messages.len(), 2, "{:?}: {messages:?}", receiver.kind);
        for message in &messages {
            assert!(
                message.rendered.title.starts_with("crdrift: shop"),
                "{message:?}"
            );
            assert!(message.rendered.text.contains("crdrift: "), "{message:?}");
            assert!(message.rendered.mentions.is_empty(), "{message:?}");
        }
        if CHATS.contains(&receiver.kind) {
            let titles: Vec<_> = messages
                .iter()
                .map(|it| it.rendered.title.as_str())
                .collect();
            assert_eq!(
                titles,
                ["crdrift: shop: 2 opened", "crdrift: shop: 1 resolved"]
            );
            assert!(messages[0].rendered.text.contains("rule-1"), "{messages:?}");
            let link = "https://drift.example.com/e/shop".to_owned();
            assert_eq!(messages[0].rendered.links, [link]);
        }
    }
}

#[test]
fn incomplete_checks_are_notified_late_and_once_and_so_is_their_end() {
    let bench = Bench::new(&[TargetKind::Feishu], |_| {});
    let mut store = bench.store.open();
    let incomplete = |hour| ResultPlan {
        is_complete: false,
        ..ResultPlan::new("shop", hour, &[])
    };
    let plans = [
        ResultPlan::new("shop", 1, &[1]),
        incomplete(2),
        ResultPlan::new("shop", 3, &[1]),
        incomplete(4),
        incomplete(5),
        incomplete(6),
        ResultPlan::new("shop", 7, &[1]),
        // A single one, for more than two hours.
        incomplete(8),
        ResultPlan::new("shop", 9, &[]),
    ];
    for plan in plans {
        bench.record(&mut store, &plan);
        bench.clock.advance(60_000);
        bench.deliver();
    }
    bench.receivers[0].check();
    let titles: Vec<_> = bench.receivers[0]
        .messages()
        .iter()
        .map(|it| it.rendered.title.clone())
        .collect();
    assert_eq!(
        titles,
        [
            "crdrift: shop: 1 opened",
            "crdrift: shop: could not be read completely",
            "crdrift: shop: read completely again",
            "crdrift: shop: 1 resolved",
        ]
    );
}

#[test]
fn robots_with_keywords_take_both_messages() {
    let clock = TestClock::new();
    for kind in [TargetKind::Dingtalk, TargetKind::Feishu] {
        for language in [Language::English, Language::Chinese] {
            let receiver = Receiver::start(kind, Some("值班"), clock.reader());
            let mut robot = target(&receiver);
            robot.prefix = "值班".to_owned();
            let settings = NotifySettings {
                targets: vec![robot.clone()],
                base_url: None,
                language,
                incomplete_after: 2,
            };
            let store = crate::store::TestStore::sqlite();
            let deliverer = super::deliverer(&settings, &store, &clock);
            let runtime = tokio::runtime::Runtime::new().expect("a runtime");
            for document in sample_documents(language, START_MS) {
                let result = runtime.block_on(deliverer.send_sample(&robot, "id", document));
                assert_eq!(result.as_str(), "delivered", "{result:?}");
            }
            let titles: Vec<_> = receiver
                .messages()
                .iter()
                .map(|it| it.rendered.title.clone())
                .collect();
            let expected = match language {
                Language::English => ["值班: example: 1 opened", "值班: example: 1 resolved"],
                Language::Chinese => ["值班：example：新增 1 个", "值班：example：已解决 1 个"],
            };
            assert_eq!(titles, expected);
            // Without the keyword, the robot is broken: it answers with HTTP 200.
            robot.prefix = "other".to_owned();
            let [document, _] = sample_documents(language, START_MS);
            let result = runtime.block_on(deliverer.send_sample(&robot, "id", document));
            assert_eq!(result.as_str(), "broken", "{result:?}");
        }
    }
}

/// Returns what a person sees of a document.
fn rendered(bench: &Bench, document: &NotificationDocument) -> Vec<(TargetKind, Rendered)> {
    let mut seen = Vec::new();
    for (receiver, target) in bench.receivers.iter().zip(&bench.settings.targets) {
        bench.clock.advance(60_000);
        let result =
            bench
                .runtime
                .block_on(bench.deliverer.send_sample(target, "id", document.clone()));
        assert_eq!(
            result.as_str(),
            "delivered",
            "{:?}: {result:?}",
            receiver.kind
        );
        let message = receiver.messages().pop().expect("a message");
        seen.push((receiver.kind, message.rendered));
    }
    seen
}

fn with_value(value: &str) -> NotificationDocument {
    let [mut document, _] = sample_documents(Language::English, START_MS);
    value.clone_into(&mut document.estate);
    value.clone_into(&mut document.run.reason);
    document.events.push("incomplete".to_owned());
    let finding = &mut document.findings[0];
    value.clone_into(&mut finding.message);
    let text = || Some(value.to_owned());
    finding.instance = text();
    finding.rule = text();
    finding.owner = text();
    finding.field = text();
    finding.witness = text();
    document
}

#[test]
fn no_value_mentions_anybody_makes_a_link_or_ends_a_line() {
    let bench = Bench::new(&CHATS, |_| {});
    let plain = rendered(&bench, &with_value("plain"));
    let hostile: Vec<String> = serde_json::from_str(&read("tests/hostile.json")).expect("a list");
    let more = MENTIONS.iter().map(|it| (*it).to_owned());
    for value in hostile.into_iter().chain(more).filter(|it| !it.is_empty()) {
        let shown = rendered(&bench, &with_value(&value));
        for ((kind, plain), (_, shown)) in plain.iter().zip(shown) {
            assert!(shown.mentions.is_empty(), "{kind:?} {value:?}: {shown:?}");
            let links = |it: &Rendered| {
                it.links
                    .iter()
                    .filter(|it| !it.starts_with("https://drift.example.com/e/"))
                    .count()
            };
            assert_eq!(links(&shown), 0, "{kind:?} {value:?}: {shown:?}");
            assert_eq!(
                shown.structure, plain.structure,
                "{kind:?} {value:?}: {shown:?}"
            );
            assert!(shown.title.starts_with("crdrift: "), "{kind:?}: {shown:?}");
            assert!(
                !shown.text.contains(['\u{1b}', '\u{202e}', '\0', '\r']),
                "{shown:?}"
            );
        }
    }
    for receiver in &bench.receivers {
        receiver.check();
    }
}

#[test]
fn a_thousand_estates_at_once_are_notified_within_the_limits() {
    let bench = Bench::new(
        &[TargetKind::Dingtalk, TargetKind::Wecom, TargetKind::Slack],
        |_| {},
    );
    let mut store = bench.store.open();
    let template = ResultPlan::new("estate-0000", 1, &[1]).text();
    let template: Value = serde_json::from_str(&template).expect("JSON");
    for number in 0..1_000 {
        let mut result = template.clone();
        let name = Value::from(format!("estate-{number:04}"));
        result["estate"] = name.clone();
        result["desired"]["estate"] = name;
        let text = result.to_string();
        let report = crdrift::report::read(text.as_bytes()).expect("a result");
        let router = crdrift::notify::NotifyRouter::new(&bench.settings);
        let new = crdrift::store::NewResult {
            name: "result.json",
            text: &text,
            report: &report,
            recorded_ms: bench.clock.now_ms(),
            lease: None,
            router: Some(&router),
        };
        store.record(&new).expect("a store");
    }
    // Ten minutes, a pass every five seconds.
    for _ in 0..120 {
        bench.deliver();
        bench.clock.advance(5_000);
    }
    assert!(store.pending_deliveries().expect("counts").is_empty());
    for receiver in &bench.receivers {
        receiver.check();
        let messages = receiver.messages();
        assert!(
            !messages.is_empty() && messages.len() <= 30,
            "{}",
            messages.len()
        );
        let notified: usize = messages
            .iter()
            .map(|it| estates_of(&it.rendered.title))
            .sum();
        assert_eq!(notified, 1_000, "{:?}", receiver.kind);
    }
}

/// Returns the number of estates in a title.
fn estates_of(title: &str) -> usize {
    let subject = title.split(": ").nth(1).unwrap_or_default();
    match subject.strip_suffix(" estates") {
        Some(count) => count.parse().expect("a number"),
        None => 1,
    }
}

#[test]
fn every_attempt_of_a_delivery_has_the_same_bytes_for_a_webhook() {
    let clock = TestClock::new();
    let receiver = Receiver::start(TargetKind::Webhook, None, clock.reader());
    let settings = NotifySettings {
        targets: vec![target(&receiver)],
        base_url: None,
        language: Language::English,
        incomplete_after: 2,
    };
    let documents = sample_documents(Language::English, START_MS);
    let notification = Notification {
        id: "id",
        documents: &documents[..1],
        form: MessageForm::Full,
    };
    let [one, other] = [0, 60_000].map(|later| {
        request(
            &settings.targets[0],
            &notification,
            &settings,
            START_MS + later,
        )
    });
    assert_eq!(one.body, other.body);
    assert_ne!(
        one.headers, other.headers,
        "another time, another signature"
    );
}
