//! The pages, the API, health and metrics.

use std::fmt::Write;
use std::sync::atomic::Ordering;

use crdrift::i18n::Language;
use crdrift::watch::{EstateView, TargetView};
use serde_json::json;

use super::client::{get, request};
use super::server::{NOW_MS, TestServer, checked, options, result, state};
use crate::support::read;
use crate::testing::JsonSchema;

#[test]
fn the_fleet_lists_the_worst_estate_first() {
    let server = TestServer::start(options(), state());
    let drift = checked(&result("x", NOW_MS - 120_000));
    server.state.change(|state| {
        let mut failed = drift.clone();
        failed.last.as_mut().expect("a check").outcome = crdrift::report::Outcome::Failed;
        let mut synced = drift.clone();
        synced.last.as_mut().expect("a check").outcome = crdrift::report::Outcome::InSync;
        synced.open = [0; 3];
        let mut overdue = synced.clone();
        overdue.last_complete_ms = Some(NOW_MS - 3_000_000);
        for (name, view) in [
            ("a-synced", synced),
            ("b-new", EstateView::default()),
            ("c-drift", drift.clone()),
            ("d-overdue", overdue),
            ("e-failed", failed),
        ] {
            state.estates.insert(name.to_owned(), view);
        }
    });
    let page = get(server.address(), "/").body;
    let at = |name: &str| page.find(&format!("href=\"/e/{name}\"")).expect(name);
    let order = ["e-failed", "c-drift", "d-overdue", "b-new", "a-synced"].map(at);
    assert!(order.is_sorted(), "{order:?}");
    // No overdue word is green.
    let row = page.get(at("d-overdue")..at("b-new")).expect("a row");
    assert!(
        row.contains("overdue") && !row.contains("verdict-in_sync"),
        "{row}"
    );
    assert!(page.contains("<header class=\"failed\">"), "{page}");
    assert!(page.contains("<a href=\"/\">Refresh</a>"), "{page}");
}

#[test]
fn the_page_of_an_estate_shows_what_the_store_has() {
    let (server, text) = TestServer::with_shop(options());
    for hour in 1..=3 {
        server.record(&result("shop", NOW_MS - hour * 3_600_000));
    }
    let page = get(server.address(), "/e/shop").body;
    for part in [
        "shop-hotfix",
        "every 15m",
        "The newest 4 checks.",
        "drift/missing-rule",
        "open for",
        "id=\"report-findings\"",
        "/api/v1/estates/shop/result",
    ] {
        assert!(page.contains(part), "{part}: {page}");
    }
    assert!(
        page.contains("data-form=\"age\">3 h</time>"),
        "open for three hours: {page}"
    );
    let answer = get(server.address(), "/api/v1/estates/shop/result");
    assert_eq!(answer.body, text, "byte for byte");
    assert_eq!(answer.header("content-type"), Some("application/json"));
}

#[test]
fn the_page_and_health_work_without_the_store() {
    let (server, _) = TestServer::with_shop(options());
    std::fs::remove_file(server.store_path()).expect("the store");
    std::fs::create_dir(server.store_path()).expect("no store");
    let page = get(server.address(), "/e/shop");
    assert_eq!(page.status, 200);
    assert!(
        page.body.contains("The store does not answer"),
        "{}",
        page.body
    );
    assert!(page.body.contains("every 15m"), "{}", page.body);
    for path in [
        "/api/v1/estates/shop/findings",
        "/api/v1/estates/shop/result",
    ] {
        let answer = get(server.address(), path);
        assert_eq!(answer.status, 503, "{path}");
        assert_eq!(answer.json()["error"], "store_unavailable");
    }
    assert_eq!(get(server.address(), "/healthz").status, 200);
    assert_eq!(
        get(server.address(), "/readyz").status,
        200,
        "the loop says so"
    );
    server.state.change(|state| state.is_store_up = false);
    assert_eq!(get(server.address(), "/readyz").status, 503);
    assert!(
        get(server.address(), "/")
            .body
            .contains("The store does not answer")
    );
    std::fs::remove_dir(server.store_path()).expect("no store");
    server.record(&result("shop", NOW_MS));
    let page = get(server.address(), "/e/shop").body;
    assert!(
        page.contains("drift/missing-rule"),
        "the store is back: {page}"
    );
}

#[test]
fn health_follows_the_loop_only() {
    let server = TestServer::start(options(), state());
    let status = |path: &str| get(server.address(), path).status;
    assert_eq!((status("/healthz"), status("/readyz")), (200, 200));
    server.clock.store(NOW_MS + 60_001, Ordering::Relaxed);
    assert_eq!((status("/healthz"), status("/readyz")), (503, 200));
    server.state.change_quietly(|state| {
        state.turned_ms = NOW_MS + 60_000;
        state.has_tried = false;
    });
    assert_eq!((status("/healthz"), status("/readyz")), (200, 503));
    server.state.change(|state| {
        state.has_tried = true;
        state
            .estates
            .insert("shop".to_owned(), EstateView::default())
    });
    let standby = get(server.address(), "/readyz");
    assert_eq!(
        (standby.status, standby.json()),
        (200, json!({ "status": "standby" }))
    );
}

#[test]
fn the_api_fits_its_schema() {
    let (server, _) = TestServer::with_shop(options());
    server.state.change(|state| {
        state
            .estates
            .insert("new".to_owned(), EstateView::default());
        let target = TargetView {
            kind: "dingtalk",
            broken: Some("401 Unauthorized".to_owned()),
            ..TargetView::default()
        };
        state.targets.insert("ops".to_owned(), target);
    });
    let schema = JsonSchema::new(&read("schemas/watch-api.v1.schema.json"));
    for path in [
        "/api/v1/status",
        "/api/v1/estates/shop",
        "/api/v1/estates/new",
        "/api/v1/estates/shop/findings",
        "/api/v1/estates/new/findings",
        "/api/v1/estates/new/result",
        "/api/v1/estates/other",
    ] {
        let document = get(server.address(), path).json();
        let checked = schema.check(&document);
        assert_eq!(checked, Ok(()), "{path}: {document}");
    }
    let estate = &get(server.address(), "/api/v1/estates/shop").json()["estate"];
    assert_eq!(estate["outcome"], "drift");
    assert_eq!(estate["rules"]["missing"], 1);
    let new = &get(server.address(), "/api/v1/estates/new").json()["estate"];
    assert_eq!(
        (&new["outcome"], &new["open"]),
        (&json!(null), &json!(null)),
        "unknown is not 0"
    );
    let findings = get(server.address(), "/api/v1/estates/shop/findings").json();
    assert!(
        findings["findings"]
            .as_array()
            .is_some_and(|it| it.len() > 3),
        "{findings}"
    );
}

#[test]
fn metrics_are_in_the_format_that_is_asked_for() {
    let (server, _) = TestServer::with_shop(options());
    let classic = get(server.address(), "/metrics");
    assert_eq!(
        classic.header("content-type"),
        Some("text/plain; version=0.0.4; charset=utf-8")
    );
    for line in [
        "crdrift_run_outcome{estate=\"shop\",outcome=\"drift\"} 1",
        "crdrift_checks_total{estate=\"shop\",outcome=\"drift\"} 1",
        "crdrift_last_whole_check_timestamp_seconds{estate=\"shop\"} 1795599940.000",
        "crdrift_store_up 1",
    ] {
        assert!(
            classic.body.lines().any(|it| it == line),
            "{line}: {}",
            classic.body
        );
    }
    let accept = "Accept: application/openmetrics-text;version=1.0.0\r\n";
    let open = request(server.address(), "GET", "/metrics", accept);
    assert!(open.body.ends_with("# EOF\n"), "{}", open.body);
    assert_eq!(
        open.header("content-type"),
        Some("application/openmetrics-text; version=1.0.0; charset=utf-8")
    );
}

#[test]
fn names_never_become_markup_or_another_path() {
    let texts: Vec<String> =
        serde_json::from_str(&read("tests/hostile.json")).expect("a list of texts");
    let calm = tags(&fleet_of(&["calm".to_owned()]));
    for text in texts.iter().filter(|it| !it.is_empty()) {
        assert_eq!(
            tags(&fleet_of(std::slice::from_ref(text))),
            calm,
            "{text:?}"
        );
    }
    let server = TestServer::start(options(), state());
    server.state.change(|state| {
        for text in &texts {
            let view = EstateView {
                owner: Some(text.clone()),
                schedule: text.clone(),
                ..EstateView::default()
            };
            state.estates.insert(text.clone(), view);
        }
    });
    let page = get(server.address(), "/").body;
    let links: Vec<_> = page.split("href=\"/e/").skip(1).collect();
    assert_eq!(links.len(), texts.len());
    for link in links {
        let path = link.split('"').next().expect("an end");
        assert!(
            !matches!(path, "" | "." | ".."),
            "no browser asks for {path:?}"
        );
        assert_eq!(
            get(server.address(), &format!("/e/{path}")).status,
            200,
            "{path}"
        );
    }
}

/// Returns the page of a fleet with estates of these names.
fn fleet_of(names: &[String]) -> String {
    let server = TestServer::start(options(), state());
    server.state.change(|state| {
        for name in names {
            let view = EstateView {
                owner: Some(name.clone()),
                ..checked(&result("x", NOW_MS))
            };
            state.estates.insert(name.clone(), view);
            let target = TargetView {
                broken: Some(name.clone()),
                ..TargetView::default()
            };
            state.targets.insert(name.clone(), target);
        }
    });
    get(server.address(), "/").body
}

/// Returns the tags of a page, without their attributes.
pub(super) fn tags(page: &str) -> String {
    let body = page.split("<body>").nth(1).expect("a body");
    let body = body
        .split("<script>")
        .next()
        .expect("the script at its end");
    let mut tags = String::new();
    for tag in body.split('<').skip(1) {
        let end = tag.find([' ', '>']).expect("an end");
        writeln!(tags, "{}", &tag[..end]).expect("memory");
    }
    tags
}

#[test]
fn a_thousand_estates_are_one_page_in_either_language() {
    let mut chinese = options();
    chinese.language = Language::Chinese;
    let server = TestServer::start(chinese, state());
    server.state.change(|state| {
        let view = checked(&result("x", NOW_MS));
        for number in 0..1_000 {
            state
                .estates
                .insert(format!("estate-{number:04}"), view.clone());
        }
    });
    let page = get(server.address(), "/").body;
    assert_eq!(page.matches("href=\"/e/estate-").count(), 1_000);
    assert!(
        page.contains("<html lang=\"zh-CN\">") && page.contains("1000 个管理范围"),
        "{}",
        &page[..2_000]
    );
}

#[test]
fn open_findings_are_in_the_language_of_the_page() {
    let mut chinese = options();
    chinese.language = Language::Chinese;
    let (server, _) = TestServer::with_shop(chinese);
    let page = get(server.address(), "/e/shop").body;
    let findings = page
        .split("<section aria-labelledby=\"")
        .find(|section| section.starts_with("findings\""))
        .expect("the open findings");
    assert!(findings.contains("未登记"), "{findings}");
    assert!(!findings.contains("is unmanaged"), "{findings}");
}
