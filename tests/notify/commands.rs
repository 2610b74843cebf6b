//! The command `notify`, as a pipeline runs it.

use std::fmt::Write as _;
use std::sync::Arc;

use crdrift::notify::AlertSource;
use crdrift::rules::TargetKind;
use crdrift::store::{Store, StoreAccess, StoreUrl};

use crate::receivers::{Receiver, SECRET, ScriptedAnswer};
use crate::store::results::ResultPlan;
use crate::support::{Crdrift, RunOutput, crdrift, read};

const PLANTED: &str = "planted";

#[allow(
    clippy::disallowed_methods,
    reason = "the program asks the clock of the machine"
)]
fn start(kind: TargetKind) -> Receiver {
    Receiver::start(
        kind,
        None,
        Arc::new(|| jiff::Timestamp::now().as_millisecond()),
    )
}

/// Returns a run with a watch file, whose addresses and keys come from the environment.
fn run(receivers: &[Receiver], store: &str, result: &str) -> Crdrift {
    let mut config = format!(
        "version: 1\nstore: {store}\nestates:\n  - name: shop\n    rules: [rules.yaml]\n    every: 1h\nnotify:\n"
    );
    let mut run = crdrift();
    for (number, receiver) in receivers.iter().enumerate() {
        let kind = receiver.kind.as_str();
        let _ = writeln!(
            config,
            "  - name: {kind}\n    kind: {kind}\n    url: ${{env.TARGET_URL_{number}}}"
        );
        run = run.env(&format!("TARGET_URL_{number}"), receiver.url());
        if matches!(
            receiver.kind,
            TargetKind::Dingtalk | TargetKind::Feishu | TargetKind::Webhook
        ) {
            let _ = writeln!(config, "    secret: ${{env.TARGET_KEY}}");
        }
    }
    run.env("TARGET_KEY", SECRET)
        .file("watch.yaml", config)
        .file("result.json", result)
}

fn search(ran: &RunOutput) {
    for text in [&ran.stdout, &ran.stderr] {
        assert!(!text.contains(PLANTED), "{text}");
    }
}

#[test]
fn a_result_is_recorded_and_notified_once() {
    let receivers = TargetKind::ALL.map(start);
    let folder = tempfile::tempdir().expect("a folder");
    let store = format!("sqlite:{}", folder.path().join("history.db").display());
    let opened = ResultPlan::new("shop", 1, &[1, 2]).text();
    let ran = run(&receivers, &store, &opened)
        .args(["notify", "result.json", "-v"])
        .run();
    assert_eq!(ran.code, 0, "{ran:?}");
    assert_eq!(ran.reason(), "crdrift: 6 targets notified (exit code 0)");
    assert_eq!(
        ran.stdout.matches(": delivered: HTTP 200").count(),
        6,
        "{}",
        ran.stdout
    );
    search(&ran);
    let again = run(&receivers, &store, &opened)
        .args(["notify", "result.json"])
        .run();
    assert_eq!(again.code, 0, "{again:?}");
    let resolved = ResultPlan::new("shop", 2, &[]).text();
    let ran = run(&receivers, &store, &resolved)
        .args(["notify", "result.json"])
        .run();
    assert_eq!(ran.code, 0, "{ran:?}");
    for receiver in &receivers {
        receiver.check();
        let messages = receiver.messages();
        let expected = if receiver.kind == TargetKind::Alertmanager {
            3
        } else {
            2
        };
        assert_eq!(
            messages.len(),
            expected,
            "{:?}: {messages:?}",
            receiver.kind
        );
        assert!(
            messages
                .iter()
                .all(|it| it.rendered.title.starts_with("crdrift"))
        );
    }
}

#[test]
fn a_failure_is_reported_without_secrets() {
    let receivers = [TargetKind::Dingtalk, TargetKind::Slack, TargetKind::Webhook].map(start);
    let folder = tempfile::tempdir().expect("a folder");
    let store = format!("sqlite:{}", folder.path().join("history.db").display());
    for receiver in &receivers {
        receiver.script([ScriptedAnswer::Echo(500)]);
    }
    let result = ResultPlan::new("shop", 1, &[1]).text();
    let args = ["notify", "result.json", "--wait", "0", "-v"];
    let ran = run(&receivers, &store, &result).args(args).run();
    assert_eq!(ran.code, 1, "{ran:?}");
    assert!(
        ran.reason()
            .contains("3 of 3 targets did not take the message"),
        "{ran:?}"
    );
    assert_eq!(
        ran.stdout.matches(": pending: HTTP 500").count(),
        3,
        "{}",
        ran.stdout
    );
    search(&ran);
}

#[test]
fn a_test_sends_both_samples() {
    let receivers = [TargetKind::Feishu, TargetKind::Wecom].map(start);
    let ran = run(&receivers, "sqlite:never.db", "")
        .args(["notify", "test", "feishu"])
        .run();
    assert_eq!(ran.code, 0, "{ran:?}");
    let titles: Vec<_> = receivers[0]
        .messages()
        .iter()
        .map(|it| it.rendered.title.clone())
        .collect();
    assert_eq!(
        titles,
        ["crdrift: example: 1 opened", "crdrift: example: 1 resolved"]
    );
    assert!(!ran.folder.path().join("never.db").exists());
    receivers[1].script([ScriptedAnswer::Body(
        200,
        r#"{"errcode":93000,"errmsg":"invalid webhook url"}"#.to_owned(),
    )]);
    let ran = run(&receivers, "sqlite:never.db", "")
        .args(["notify", "test", "wecom"])
        .run();
    assert_eq!(ran.code, 1, "{ran:?}");
    assert!(
        ran.stdout.contains("wecom: opened: broken: errcode 93000"),
        "{ran:?}"
    );
    assert!(ran.stderr.contains("help: check `url`"), "{ran:?}");
    let ran = run(&receivers, "sqlite:never.db", "")
        .args(["notify", "test", "wecon"])
        .run();
    assert_eq!(ran.code, 64, "{ran:?}");
    assert!(
        ran.stderr.contains("the targets are feishu, wecom"),
        "{ran:?}"
    );
}

#[test]
fn explain_names_the_targets_with_reasons() {
    let config = "version: 1\nestates: [{ name: shop, rules: [rules.yaml] }]\nnotify:\n\
        \x20 - { name: ops, kind: slack, url: \"https://hooks.slack.com/services/x\", default: true }\n\
        \x20 - { name: team-1, kind: wecom, url: \"https://qyapi.example/?key=x\", owners: [team-1] }\n\
        \x20 - { name: security, kind: slack, url: \"https://hooks.slack.com/services/y\", codes: [\"policy/*\"] }\n\
        \x20 - { name: base, kind: slack, url: \"https://hooks.slack.com/services/z\", estates: [base] }\n\
        \x20 - { name: quiet, kind: slack, url: \"https://hooks.slack.com/services/q\", owners: [\"team-*\"], on: [resolved] }\n";
    // The owners of the findings 1 to 4: team-1, team-2, none, team-1.
    let result = ResultPlan::new("shop", 1, &[1, 2, 3, 4]).text();
    let run = || {
        crdrift()
            .file("watch.yaml", config)
            .file("result.json", &result)
    };
    let ran = run().args(["notify", "explain", "result.json"]).run();
    assert_eq!(ran.code, 0, "{ran:?}");
    let expected = "shop: 4 opened, 0 resolved\n\
        \x20 ops (slack): opened: 1 finding; default: no other target takes them\n\
        \x20 team-1 (wecom): opened: 2 findings; owners: team-1\n\
        \x20 security (slack): not notified: `codes` does not match\n\
        \x20 base (slack): not notified: `estates` does not match\n\
        \x20 quiet (slack): not notified: `on` has no event of its findings\n";
    assert_eq!(ran.stdout, expected);
    assert_eq!(
        ran.reason(),
        "crdrift: 2 targets would be notified (exit code 0)"
    );
    // With a store, what was open before is not new.
    let folder = tempfile::tempdir().expect("a folder");
    let store = format!("sqlite:{}", folder.path().join("history.db").display());
    let before = ResultPlan::new("shop", 0, &[1, 2, 3]).text();
    let recorded = crdrift()
        .file("before.json", before)
        .args(["history", "record", "before.json", "--store", &store])
        .run();
    assert_eq!(recorded.code, 0, "{recorded:?}");
    let args = ["notify", "explain", "result.json", "--store", &store];
    for _ in 0..2 {
        let ran = run().args(args).run();
        assert_eq!(ran.code, 0, "{ran:?}");
        assert!(
            ran.stdout.starts_with("shop: 1 opened, 0 resolved\n"),
            "{ran:?}"
        );
    }
}

#[test]
fn a_plan_of_a_selection_raises_no_alert_that_would_never_end() {
    let planned = |rules: &[&str]| {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("history.db");
        let ran = crdrift()
            .file("rules.yaml", read("examples/quickstart/rules.yaml"))
            .file("live.json", read("examples/quickstart/live.json"))
            .args(["plan", "--live", "live.json", "--estate", "shop"])
            .args(rules.iter().copied())
            .arg("--store")
            .arg(format!("sqlite:{}", path.display()))
            .run();
        assert_eq!(ran.code, 2, "{}", ran.stderr);
        let url = StoreUrl::parse(&format!("sqlite:{}", path.display())).expect("a URL");
        let mut store = Store::open(&url, StoreAccess::Write, 1).expect("a store");
        let source = AlertSource::read(&mut store, None, i64::MAX / 2).expect("a state");
        source.findings.len()
    };
    assert_eq!(planned(&[]), 4);
    assert_eq!(planned(&["--rule", "shop-api"]), 0);
}
