//! The outcome of a run: equal in every format, and never *in sync* with unread rules.

use serde_json::{Value, json};

use crate::support::{Crdrift, RunOutput, crdrift};

const HEAD: &str = "version: 1
instances:
  east: { id: cri-east000000000001, region: cn-shanghai }
  south: { id: cri-south00000000002, region: cn-shenzhen }
";

const WEB: &str = "rules:
  - name: web
    from: { instance: east, namespace: app, repo: web }
    to: { instance: south, namespace: app, repo: web }
    tag_filter: \"v.*\"
";

/// A rule from east to south as one end lists it.
fn listed(name: &str, direction: &str) -> Value {
    let (local, target) = if direction == "FROM" {
        (
            ["cri-east000000000001", "cn-shanghai"],
            ["cri-south00000000002", "cn-shenzhen"],
        )
    } else {
        (
            ["cri-south00000000002", "cn-shenzhen"],
            ["cri-east000000000001", "cn-shanghai"],
        )
    };
    json!({ "SyncRuleId": format!("crsr-{name}"), "SyncRuleName": name, "SyncScope": "REPO", "SyncTrigger": "PASSIVE",
        "SyncDirection": direction, "TagFilter": "v.*",
        "LocalInstanceId": local[0], "LocalRegionId": local[1], "LocalNamespaceName": "app", "LocalRepoName": name,
        "TargetInstanceId": target[0], "TargetRegionId": target[1], "TargetNamespaceName": "app", "TargetRepoName": name })
}

/// A snapshot of both instances with these rules at both ends.
fn snapshot(names: &[&str]) -> Value {
    let end = |direction: &str| {
        names
            .iter()
            .map(|name| listed(name, direction))
            .collect::<Vec<_>>()
    };
    json!({ "format_version": "1.0", "taken_at": "2026-11-24T06:00:00Z", "listings": [
        { "instance_id": "cri-east000000000001", "region_id": "cn-shanghai", "status": "complete", "rules": end("FROM") },
        { "instance_id": "cri-south00000000002", "region_id": "cn-shenzhen", "status": "complete", "rules": end("TO") } ] })
}

/// The same with no instance readable.
fn denied() -> Value {
    let mut live = snapshot(&[]);
    for listing in live["listings"].as_array_mut().expect("listings") {
        listing["status"] = "denied".into();
    }
    live
}

fn estate(rules: &str, live: &Value) -> Crdrift {
    crdrift()
        .file("rules.yaml", rules)
        .file("live.json", live.to_string())
}

fn plan(rules: &str, live: &Value, args: &[&str]) -> RunOutput {
    estate(rules, live)
        .args(["plan", "--live", "live.json"])
        .args(args.iter().copied())
        .run()
}

fn outcome(ran: &RunOutput) -> (i32, String) {
    (
        ran.code,
        ran.json()["outcome"].as_str().expect("a word").to_owned(),
    )
}

#[test]
fn every_outcome_has_a_case() {
    let rules = format!("{HEAD}{WEB}");
    let warned = format!("{HEAD}unmanaged: warn\n{WEB}");
    let waived = format!(
        "{HEAD}{WEB}waivers:\n  - {{ codes: [drift/unmanaged-rule], reason: r, owner: o, expires: \"2099-01-01\" }}\n"
    );
    let policy = format!(
        "{HEAD}{WEB}policies:\n  - {{ id: manual, kind: require-trigger, trigger: INITIATIVE }}\n"
    );
    let noted = format!("{HEAD}{WEB}severities: {{ drift/unmanaged-rule: info }}\n");
    let in_sync = snapshot(&["web"]);
    let stranger = snapshot(&["web", "stranger"]);
    #[allow(
        clippy::type_complexity,
        reason = "a table says more than names for its columns"
    )]
    let cases: [(&str, &Value, &[&str], (i32, &str)); 9] = [
        (&rules, &in_sync, &[], (0, "in_sync")),
        (&warned, &stranger, &[], (0, "passed")),
        (&warned, &stranger, &["--fail-on", "warning"], (2, "drift")),
        (&noted, &stranger, &[], (0, "passed")),
        (
            &waived,
            &stranger,
            &["--today", "2026-11-24"],
            (0, "passed"),
        ),
        (&rules, &stranger, &["--drift-exit-code", "0"], (0, "drift")),
        (&policy, &in_sync, &[], (2, "findings")),
        (&policy, &stranger, &[], (2, "drift")),
        (&rules, &denied(), &[], (3, "incomplete")),
    ];
    for (rules, live, args, expected) in cases {
        let args: Vec<_> = args.iter().copied().chain(["-o", "json"]).collect();
        let ran = plan(rules, live, &args);
        assert_eq!(
            outcome(&ran),
            (expected.0, expected.1.to_owned()),
            "{rules}\n{args:?}\n{}",
            ran.stderr
        );
    }
}

#[test]
fn every_format_has_the_outcome() {
    let warned = format!("{HEAD}unmanaged: warn\n{WEB}");
    let policy = format!(
        "{HEAD}{WEB}policies:\n  - {{ id: manual, kind: require-trigger, trigger: INITIATIVE }}\n"
    );
    for (rules, live, word, title) in [
        (&warned, snapshot(&["web", "stranger"]), "passed", "Passed"),
        (&policy, snapshot(&["web"]), "findings", "Findings"),
    ] {
        let texts = [
            ("text", format!("{title}: ")),
            ("markdown", format!("### Sync rules: {word}\n")),
            ("html", format!("<header class=\"{word}\">")),
            ("ndjson", format!("\"outcome\":\"{word}\"")),
            ("junit", format!("name=\"outcome\" value=\"{word}\"")),
            ("prometheus", format!(",outcome=\"{word}\"}} 1")),
            ("terraform-json", format!("\"outcome\": \"{word}\"")),
        ];
        for (format, expected) in texts {
            let ran = plan(rules, &live, &["-o", format]);
            assert!(
                ran.stdout.contains(&expected),
                "{format}: {expected}\n{}",
                ran.stdout
            );
            for green in [
                "In sync",
                "### Sync rules: in sync",
                "class=\"in_sync\"",
                "outcome=\"in_sync\"} 1",
            ] {
                assert!(!ran.stdout.contains(green), "{format}: {green}");
            }
        }
        let colored = plan(rules, &live, &["--color", "always", "--compact"]);
        let verdict = colored.stdout.lines().next().unwrap_or_default().to_owned();
        assert!(
            verdict.contains(title)
                && !verdict.contains("\u{1b}[32m")
                && !verdict.contains("\u{1b}[1m\u{1b}[32m")
        );
        let run = estate(rules, &live).env("GITHUB_OUTPUT", "outputs");
        let ran = run
            .args(["plan", "--live", "live.json", "-o", "github"])
            .run();
        let outputs = std::fs::read_to_string(ran.folder.path().join("outputs")).expect("outputs");
        assert!(outputs.contains(&format!("outcome={word}\n")), "{outputs}");
    }
}

#[test]
fn an_earlier_document_gets_the_same_outcomes() {
    let warned = format!("{HEAD}unmanaged: warn\n{WEB}");
    let mut document = plan(&warned, &snapshot(&["web", "stranger"]), &["-o", "json"]).json();
    document["outcome"] = "in_sync".into();
    let policy = format!(
        "{HEAD}{WEB}policies:\n  - {{ id: manual, kind: require-trigger, trigger: INITIATIVE }}\n"
    );
    let mut drifting = plan(&policy, &snapshot(&["web"]), &["-o", "json"]).json();
    drifting["outcome"] = "drift".into();
    for (document, title) in [(document, "Passed: "), (drifting, "Findings: ")] {
        let run = crdrift().file("result.json", document.to_string());
        let ran = run.args(["render", "result.json", "-o", "text"]).run();
        assert!(ran.stdout.contains(title), "{}", ran.stdout);
        let run = crdrift().file("result.json", document.to_string());
        let ran = run.args(["report", "result.json", "-o", "json"]).run();
        assert_eq!(ran.code, 0, "{}", ran.stderr);
    }
}

#[test]
fn unread_rules_are_not_reported_as_unchanged() {
    let rules = format!("{HEAD}{WEB}");
    for live in [denied(), {
        let mut live = denied();
        live["listings"][0]["status"] = "complete".into();
        live["listings"][0]["rules"] = json!([listed("web", "FROM")]);
        live
    }] {
        let text = plan(&rules, &live, &[]);
        assert!(!text.stdout.contains("no changes;"), "{}", text.stdout);
        let markdown = plan(&rules, &live, &["-o", "markdown"]);
        assert!(
            !markdown.stdout.contains("**No changes**"),
            "{}",
            markdown.stdout
        );
        let html = plan(&rules, &live, &["-o", "html"]);
        assert!(
            !html.stdout.contains("Nothing that was compared differs"),
            "{}",
            html.stdout
        );
        let metrics = plan(&rules, &live, &["-o", "prometheus"]).stdout;
        assert!(
            metrics.contains(
                "alias=\"south\",instance_id=\"cri-south00000000002\",state=\"missing\"} NaN"
            ),
            "{metrics}"
        );
        let plan_document = plan(&rules, &live, &["-o", "terraform-json"]).json();
        assert_eq!(plan_document["complete"], false);
        let run = estate(&rules, &live).env("GITHUB_OUTPUT", "outputs");
        let ran = run
            .args(["plan", "--live", "live.json", "-o", "github"])
            .run();
        let outputs = std::fs::read_to_string(ran.folder.path().join("outputs")).expect("outputs");
        assert!(
            outputs.contains("\nmissing=\n") && !outputs.contains("=0\n"),
            "{outputs}"
        );
    }
}

#[test]
fn a_trace_does_not_end_at_an_unread_instance() {
    let rules = format!("{HEAD}{WEB}");
    let trace = |image: &str, more: &[&str]| {
        let run = estate(&rules, &denied()).args(["trace", "--live", "live.json", image]);
        run.args(more.iter().copied()).run()
    };
    let ran = trace("app/web:v1", &[]);
    assert_eq!(ran.code, 3, "{ran:?}");
    assert!(
        ran.stdout
            .contains("Desired: the image reaches 1 place over at most 1 rule.\n"),
        "{}",
        ran.stdout
    );
    assert!(
        ran.stdout
            .contains("Live: the places that the image reaches are unknown.\n"),
        "{}",
        ran.stdout
    );
    assert!(
        !ran.stdout.contains("not reached") && !ran.stderr.contains("only desired"),
        "{ran:?}"
    );
    let document = trace("app/web:v1", &["-o", "json"]).json();
    assert_eq!(document["known"], json!({ "desired": true, "live": false }));
    assert_eq!(document["places"][1]["differs"], false);
    // No desired rule covers it; a live one may.
    let ran = trace("other/thing:v1", &[]);
    assert_eq!(ran.code, 3, "{ran:?}");
    assert!(
        ran.stdout.contains("No known rule covers its repository"),
        "{}",
        ran.stdout
    );
}

#[test]
fn an_undecided_comparison_is_reported_as_undecided() {
    let ran = crdrift().args(["compare-filters", "a*+a", "a+"]).run();
    assert_eq!(ran.code, 2);
    assert!(ran.stdout.contains("Result: undecided"), "{}", ran.stdout);
    let ran = crdrift().args(["compare-filters", "v1", "v2"]).run();
    assert!(
        ran.stdout.contains("Result: different filters."),
        "{}",
        ran.stdout
    );
}

#[test]
fn equal_filters_without_matches_are_not_reported_as_equal() {
    let ran = crdrift().args(["compare-filters", "v1 ", "v1 "]).run();
    assert_eq!(ran.code, 0);
    assert!(
        ran.stdout
            .contains("Both are the same text, which matches no tag that can exist: no drift."),
        "{}",
        ran.stdout
    );
}

#[test]
fn empty_desired_and_live_sides_pass() {
    let empty = format!("{HEAD}rules: []\n");
    for rules in [empty.clone(), HEAD.to_owned()] {
        let ran = plan(&rules, &snapshot(&[]), &["-o", "json"]);
        assert_eq!(outcome(&ran), (0, "in_sync".to_owned()), "{ran:?}");
        assert!(
            ran.reason().contains("no rule is declared or live"),
            "{}",
            ran.reason()
        );
    }
    // Nothing is known where no instance was read.
    for rules in [
        "version: 1\n".to_owned(),
        empty.replace("region: cn", "read: false, region: cn"),
    ] {
        let ran = plan(
            &rules,
            &json!({ "format_version": "1.0", "listings": [] }),
            &["-o", "json"],
        );
        assert_eq!(outcome(&ran), (0, "passed".to_owned()), "{ran:?}");
        assert!(
            ran.reason()
                .contains("no rule is declared; no instance was read"),
            "{}",
            ran.reason()
        );
    }
    let guarded = format!("{empty}guards: {{ min_rules: 1 }}\n");
    let ran = plan(&guarded, &snapshot(&[]), &["-o", "json"]);
    assert_eq!(outcome(&ran), (2, "findings".to_owned()), "{ran:?}");
    let ignored = format!("{empty}ignore: [ {{ rules: \"*\", reason: scratch }} ]\n");
    let ran = plan(&ignored, &snapshot(&["web"]), &["-o", "json"]);
    assert_eq!(outcome(&ran), (0, "in_sync".to_owned()), "{ran:?}");
    assert!(
        ran.reason().contains("no rule is declared; ignored: 1"),
        "{}",
        ran.reason()
    );
    for command in [
        &["graph", "--live", "live.json"][..],
        &["graph", "--side", "desired"],
        &[
            "export",
            "--to",
            "terraform",
            "rules.yaml",
            "--live",
            "live.json",
        ],
    ] {
        let ran = estate(&empty, &snapshot(&[]))
            .args(command.iter().copied())
            .run();
        assert_eq!(ran.code, 0, "{command:?}: {ran:?}");
    }
    let ran = estate(&empty, &snapshot(&[]))
        .args(["trace", "--live", "live.json", "app/web:v1"])
        .run();
    assert_eq!(ran.code, 0, "{ran:?}");
}

#[test]
fn an_instance_without_outgoing_rules_has_a_result() {
    let rules = format!("{HEAD}{WEB}");
    let ran = plan(
        &rules,
        &snapshot(&["web"]),
        &["--instance", "south", "-o", "json"],
    );
    assert_eq!(outcome(&ran), (0, "in_sync".to_owned()), "{ran:?}");
    assert!(
        ran.reason().contains("no rule starts at \"south\""),
        "{}",
        ran.reason()
    );
    let mut unread = snapshot(&["web"]);
    unread["listings"][1]["status"] = "throttled".into();
    assert_eq!(plan(&rules, &unread, &["--instance", "south"]).code, 3);
    for side in [&["--side", "desired"][..], &["--live", "live.json"]] {
        let run = estate(&rules, &snapshot(&["web"])).args(["graph", "--instance", "south"]);
        let ran = run.args(side.iter().copied()).run();
        assert_eq!(ran.code, 0, "{ran:?}");
    }
}
