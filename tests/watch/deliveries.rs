//! `/deliveries` and `/api/v1/deliveries`: the newest messages, without addresses and secrets.

use crdrift::i18n::Language;
use crdrift::redaction::SecretRegistry;
use crdrift::store::{ClaimRequest, DeliveryMark, DeliveryRouter, NewDelivery, RunTransitions};
use crdrift::watch::TargetView;

use super::client::get;
use super::server::{NOW_MS, TestServer, options, result};

/// Delivers every run to the same targets.
#[derive(Debug)]
struct Targets(Vec<String>);

impl DeliveryRouter for Targets {
    fn route(&self, _: &RunTransitions<'_>) -> Vec<NewDelivery> {
        let delivery = |target: &String| NewDelivery {
            target: target.clone(),
            events: vec!["opened", "recovered"],
            document: r#"{"url":"https://planted.example/in-a-document"}"#.to_owned(),
        };
        self.0.iter().map(delivery).collect()
    }
}

/// Records a result with deliveries to targets, and marks that of each target with a mark.
fn deliver(server: &TestServer, text: &str, marks: &[(&str, Option<DeliveryMark<'_>>)]) {
    let targets = marks.iter().map(|(target, _)| (*target).to_owned());
    server.record_with(text, Some(&Targets(targets.collect())));
    let mut store = server.store();
    for (target, mark) in marks {
        let Some(mark) = mark else { continue };
        let request = ClaimRequest {
            target,
            holder: "a",
            now_ms: NOW_MS,
            budget: None,
            retry_broken_since_ms: None,
        };
        let claim = store.claim_deliveries(&request).expect("a claim");
        let ids: Vec<&str> = claim.deliveries.iter().map(|it| it.id.as_str()).collect();
        let marked = store.mark_deliveries(&ids, ("a", NOW_MS), *mark);
        marked.expect("the store is there");
    }
}

const MARKS: [(&str, Option<DeliveryMark<'static>>); 4] = [
    ("calm", Some(DeliveryMark::Delivered("errcode 0"))),
    ("busy", Some(DeliveryMark::Retry("429", NOW_MS + 60_000))),
    (
        "gone",
        Some(DeliveryMark::Broken("404 planted-secret-4711")),
    ),
    ("new", None),
];

#[test]
fn the_page_lists_the_newest_deliveries_with_their_states() {
    let mut masked = options();
    masked.secrets = SecretRegistry::default();
    masked.secrets.add("planted-secret-4711");
    let (server, _) = TestServer::with_shop(masked);
    deliver(&server, &result("shop", NOW_MS - 30_000), &MARKS);
    server.state.change(|state| {
        let target = TargetView {
            kind: "dingtalk",
            ..TargetView::default()
        };
        state.targets.insert("calm".to_owned(), target);
    });
    let page = get(server.address(), "/deliveries").body;
    for part in [
        "calm<br><span class=\"faint\">dingtalk</span>",
        "<a href=\"/e/shop\">shop</a>",
        "opened, recovered",
        "delivered",
        "errcode 0",
        "in 60 s",
        "404 [secret]",
    ] {
        assert!(page.contains(part), "{part}: {page}");
    }
    assert!(!page.contains("planted"), "{page}");
    let fleet = get(server.address(), "/").body;
    assert!(fleet.contains("href=\"/deliveries\""), "{fleet}");

    let answer = get(server.address(), "/api/v1/deliveries");
    assert!(!answer.body.contains("planted"), "{}", answer.body);
    let answer = answer.json();
    let deliveries = answer["deliveries"].as_array().expect("a list");
    let of = |target: &str| {
        let mut found = deliveries.iter().filter(|it| it["target"] == target);
        found.next().expect(target)
    };
    assert_eq!(deliveries.len(), MARKS.len());
    assert_eq!(of("calm")["kind"], "dingtalk");
    assert_eq!(of("calm")["attempts"], 1);
    assert_eq!(of("busy")["state"], "pending");
    assert!(of("busy")["next_attempt"].is_string());
    assert_eq!(of("gone")["state"], "broken");
    assert!(of("gone")["next_attempt"].is_null());
    assert!(of("new")["reason"].is_null());
    let schema = crate::support::read("schemas/watch-api.v1.schema.json");
    let checked = crate::testing::JsonSchema::new(&schema).check(&answer);
    assert_eq!(checked, Ok(()), "{answer}");
}

#[test]
fn a_page_without_deliveries_or_a_store_has_a_message() {
    let start = || {
        let mut chinese = options();
        chinese.language = Language::Chinese;
        TestServer::with_shop(chinese).0
    };
    let page = get(start().address(), "/deliveries").body;
    assert!(page.contains("尚无需要发送的通知。"), "{page}");
    let server = start();
    std::fs::remove_file(server.store_path()).expect("the store");
    std::fs::create_dir(server.store_path()).expect("no store");
    let page = get(server.address(), "/deliveries");
    assert_eq!(page.status, 200);
    assert!(page.body.contains("存储没有响应"), "{}", page.body);
    let answer = get(server.address(), "/api/v1/deliveries");
    assert_eq!(answer.status, 503);
    assert_eq!(answer.json()["error"], "store_unavailable");
}

#[test]
fn hostile_names_change_no_element_and_ids_are_masked() {
    let hostile = "<script>alert(1)</script>\"'&\u{202e}\u{1b}[31m cri-shanghai00000001";
    let pages = ["plain", hostile].map(|name| {
        let mut masked = options();
        masked.mask_ids = true;
        let (server, _) = TestServer::with_shop(masked);
        let text = result(name, NOW_MS - 30_000);
        deliver(&server, &text, &[(name, Some(DeliveryMark::Refused(name)))]);
        get(server.address(), "/deliveries").body
    });
    let [plain, hostile] = pages.each_ref().map(|page| super::pages::tags(page));
    assert_eq!(plain, hostile);
    assert!(!pages[1].contains("cri-shanghai"), "{}", pages[1]);
}
