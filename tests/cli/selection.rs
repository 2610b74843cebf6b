//! `--instance`, `--rule` and `--namespace`: other rules are not read, compared or reported.

use serde_json::{Value, json};

use crate::support::{EmulatorGuard, RunOutput, crdrift, read};

fn plan(args: &[&str]) -> RunOutput {
    let rules = read("examples/quickstart/rules.yaml");
    let run = crdrift()
        .file("rules.yaml", rules)
        .file("live.json", read("examples/quickstart/live.json"));
    run.args([
        "plan",
        "--live",
        "live.json",
        "-o",
        "text",
        "-o",
        "json=result.json",
    ])
    .args(args.iter().copied())
    .run()
}

fn result(ran: &RunOutput) -> Value {
    let text = std::fs::read_to_string(ran.folder.path().join("result.json")).expect("a result");
    serde_json::from_str(&text).expect("JSON")
}

#[test]
fn only_selected_rules_are_reported() {
    #[allow(
        clippy::type_complexity,
        reason = "a table says more than names for its columns"
    )]
    let cases: [(&[&str], i32, &[&str], u64, u64); 8] = [
        (&["--rule", "shop-*"], 2, &["shop-api", "shop-hotfix"], 3, 0),
        (&["--rule", "shop-web"], 0, &[], 1, 0),
        (
            &["--rule", "shop-api", "--rule", "base-*"],
            2,
            &["shop-api"],
            3,
            0,
        ),
        (&["--namespace", "billing"], 2, &["billing-reports"], 1, 0),
        (
            &["--namespace", "shop", "--rule", "*demo*"],
            2,
            &["copy-for-demo"],
            0,
            0,
        ),
        // A rule is selected under the name it has live, too.
        (
            &["--rule", "billing-monthly"],
            2,
            &["billing-reports"],
            0,
            0,
        ),
        (&["--rule", "tmp-*"], 0, &[], 0, 1),
        (
            &["--instance", "shanghai"],
            2,
            &[
                "billing-reports",
                "copy-for-demo",
                "shop-api",
                "shop-hotfix",
            ],
            6,
            1,
        ),
    ];
    for (args, code, names, declared, ignored) in cases {
        let ran = plan(args);
        assert_eq!(ran.code, code, "{args:?}: {ran:?}");
        let result = result(&ran);
        let changes = result["changes"].as_array().expect("changes");
        assert_eq!(
            changes
                .iter()
                .map(|it| it["name"].as_str().expect("a name"))
                .collect::<Vec<_>>(),
            names,
            "{args:?}"
        );
        assert_eq!(
            (&result["desired"]["rules"], &result["summary"]["ignored"]),
            (&json!(declared), &json!(ignored))
        );
        assert_eq!(result["selection"]["declared_rules"], 6);
        let expected = format!(
            "selected by --{} \"{}\"",
            args[0].trim_start_matches('-'),
            args[1]
        );
        assert!(
            ran.stdout.contains(&expected) || args.len() > 2,
            "{}",
            ran.stdout
        );
        assert!(
            ran.reason().contains("; limited to --") && ran.reason().contains(args[1]),
            "{}",
            ran.reason()
        );
    }
    let everything = plan(&[]);
    assert_eq!(result(&everything)["selection"], Value::Null);
    assert!(!everything.stdout.contains("does not select"));
}

#[test]
fn an_instance_that_is_not_selected_is_not_read() {
    let served = EmulatorGuard::quickstart("version: 1");
    let rules = served.with_endpoints(&read("examples/quickstart/rules.yaml"));
    let run = served.keys(crdrift().file("rules.yaml", rules));
    let ran = run
        .args([
            "plan",
            "-o",
            "json",
            "--instance",
            "shanghai",
            "--rule",
            "shop-web",
        ])
        .run();
    assert_eq!(ran.code, 0, "{ran:?}");
    let read = ran.json()["live"]["instances"].clone();
    assert_eq!(
        read.as_array()
            .expect("instances")
            .iter()
            .map(|it| &it["alias"])
            .collect::<Vec<_>>(),
        ["shanghai"]
    );
    assert_eq!(served.requests("ListRepoSyncRule"), 1);
}

#[test]
fn a_target_is_read_if_its_source_has_read_false() {
    let served = EmulatorGuard::quickstart("version: 1");
    let rules = served
        .with_endpoints(&read("examples/quickstart/rules.yaml"))
        .replacen("shanghai: {", "shanghai: { read: false,", 1);
    let run = served.keys(crdrift().file("rules.yaml", rules));
    let ran = run
        .args([
            "plan",
            "-o",
            "json",
            "--all",
            "--instance",
            "shanghai",
            "--rule",
            "shop-web",
        ])
        .run();
    assert_eq!(ran.code, 0, "{ran:?}");
    let result = ran.json();
    let statuses: Vec<_> = result["live"]["instances"]
        .as_array()
        .expect("instances")
        .iter()
        .map(|it| &it["status"])
        .collect();
    assert_eq!(statuses, ["skipped", "complete"]);
    assert_eq!(result["summary"]["in_sync"], 1);
}

#[test]
fn an_empty_selection_is_an_error() {
    for (args, reason) in [
        (
            &["--rule", "shpo-*"][..],
            "--rule \"shpo-*\" matches no desired or live rule",
        ),
        (
            &["--rule", "shop-*", "--rule", "shop"],
            "--rule \"shop\" matches no desired or live rule",
        ),
        (
            &["--namespace", "sho"],
            "--namespace \"sho\" matches no desired or live rule",
        ),
        (
            &["--namespace", "billing", "--rule", "shop-*"],
            "--rule \"shop-*\" --namespace \"billing\" matches no desired or live rule",
        ),
        (&["--instance", "bejing"], "declare no such alias"),
    ] {
        let ran = plan(args);
        assert_eq!(ran.code, 1, "{args:?}: {ran:?}");
        assert!(ran.reason().contains(reason), "{}", ran.reason());
    }
    assert!(
        plan(&["--instance", "bejing"])
            .stderr
            .contains("declared are beijing, shanghai, shenzhen")
    );
    for (args, help) in [
        (["--rule", "shpo-*"], "help: did you mean `shop-*`? globs"),
        (
            ["--rule", "shop-apl"],
            "help: did you mean `shop-api`? globs",
        ),
        (
            ["--namespace", "biling"],
            "help: did you mean `billing`? globs",
        ),
        (["--namespace", "unlike"], "help: globs match"),
    ] {
        let ran = plan(&args);
        assert!(ran.stderr.contains(help), "{args:?}: {}", ran.stderr);
    }
    let ran = plan(&["--rule", "[z-a]"]);
    assert_eq!(ran.code, 64, "{ran:?}");
}

#[test]
fn an_unread_instance_may_have_selected_rules() {
    let mut live: Value =
        serde_json::from_str(&read("examples/quickstart/live.json")).expect("JSON");
    for listing in live["listings"].as_array_mut().expect("listings") {
        listing["status"] = "throttled".into();
    }
    let run = crdrift()
        .file("rules.yaml", read("examples/quickstart/rules.yaml"))
        .file("live.json", live.to_string());
    let ran = run
        .args(["plan", "--live", "live.json", "--rule", "tmp-*"])
        .run();
    assert_eq!(ran.code, 3, "{ran:?}");
}

#[test]
fn guards_of_all_rules_are_omitted_with_a_note() {
    let guards = "\nguards: { max_drift_percent: 10, min_rules: 100, max_shrink_percent: 10 }\n";
    let rules = read("examples/quickstart/rules.yaml") + guards;
    let plan = |args: &[&str]| {
        let run = crdrift()
            .file("rules.yaml", &rules)
            .file("live.json", read("examples/quickstart/live.json"));
        run.args(["plan", "--live", "live.json", "-o", "json"])
            .args(args.iter().copied())
            .run()
    };
    let codes = |ran: &RunOutput| {
        let findings = ran.json()["findings"].as_array().expect("findings").clone();
        findings
            .iter()
            .filter(|it| it["code"] == "guard/mass-change")
            .count()
    };
    assert_eq!(codes(&plan(&[])), 2);
    assert!(!plan(&[]).reason().contains("guards of the whole"));
    for args in [
        &["--rule", "shop-api"][..],
        &["--instance", "shanghai"],
        &["--namespace", "shop"],
    ] {
        let ran = plan(args);
        assert_eq!((ran.code, codes(&ran)), (2, 0), "{args:?}: {ran:?}");
        let named = "without the guards max_drift_percent, min_rules";
        assert!(ran.reason().contains(named), "{}", ran.reason());
    }
}

#[test]
fn the_shrink_guard_applies_to_completely_selected_instances() {
    let run = || {
        let live = read("examples/quickstart/live.json");
        crdrift()
            .file("rules.yaml", read("examples/quickstart/rules.yaml"))
            .file("live.json", live)
    };
    let mut before = run()
        .args(["plan", "--live", "live.json", "-o", "json"])
        .run()
        .json();
    for instance in before["live"]["instances"]
        .as_array_mut()
        .expect("instances")
    {
        instance["rules"] = 100.into();
    }
    let plan = |args: &[&str]| {
        let mut live: Value =
            serde_json::from_str(&read("examples/quickstart/live.json")).expect("JSON");
        live["listings"]
            .as_array_mut()
            .expect("listings")
            .iter_mut()
            .for_each(|it| it["rules"] = json!([]));
        let run = run()
            .file("empty.json", live.to_string())
            .file("before.json", before.to_string());
        let ran = run.args([
            "plan",
            "--live",
            "empty.json",
            "--previous",
            "before.json",
            "-o",
            "json",
        ]);
        let findings = ran.args(args.iter().copied()).run().json()["findings"]
            .as_array()
            .expect("findings")
            .clone();
        findings
            .iter()
            .filter(|it| it["code"] == "guard/mass-change")
            .count()
    };
    assert_eq!(
        (
            plan(&[]),
            plan(&["--instance", "shanghai"]),
            plan(&["--rule", "shop-*"])
        ),
        (3, 1, 0)
    );
}

#[test]
fn only_selected_findings_are_expected() {
    let run = || {
        let live = read("examples/quickstart/live.json");
        crdrift()
            .file("rules.yaml", read("examples/quickstart/rules.yaml"))
            .file("live.json", live)
    };
    let whole = run()
        .args(["plan", "--live", "live.json", "-o", "json"])
        .run()
        .stdout;
    let expect = |args: &[&str]| {
        let run = run().file("whole.json", &whole);
        run.args([
            "plan",
            "--live",
            "live.json",
            "--expect",
            "whole.json",
            "-o",
            "json",
        ])
        .args(args.iter().copied())
        .run()
    };
    for args in [
        &["--rule", "shop-api"][..],
        &["--rule", "shop-web"],
        &["--rule", "billing-monthly"],
        &["--namespace", "shop"],
        &["--instance", "shanghai", "--rule", "base-*"],
    ] {
        let ran = expect(args);
        assert_eq!(
            (ran.code, &ran.json()["expectation"]["missing"]),
            (0, &json!([])),
            "{args:?}: {ran:?}"
        );
    }
    // What is selected and no longer drifts is missing.
    let mut reviewed: Value = serde_json::from_str(&whole).expect("JSON");
    let findings = reviewed["findings"].as_array_mut().expect("findings");
    let mut more = findings
        .iter()
        .find(|it| it["rule"] == "shop-api")
        .expect("a finding")
        .clone();
    more["fingerprint"] = "00".repeat(32).into();
    findings.push(more);
    let run = run().file("whole.json", reviewed.to_string());
    let run = run.args([
        "plan",
        "--live",
        "live.json",
        "--expect",
        "whole.json",
        "-o",
        "json",
    ]);
    let ran = run.args(["--rule", "shop-api"]).run();
    assert_eq!(
        (ran.code, &ran.json()["outcome"]),
        (2, &json!("drift")),
        "{ran:?}"
    );
    assert_eq!(
        ran.json()["expectation"]["missing"]
            .as_array()
            .map(Vec::len),
        Some(1)
    );
}

#[test]
fn a_narrower_previous_result_has_no_opening_times() {
    let run = || {
        let live = read("examples/quickstart/live.json");
        crdrift()
            .file("rules.yaml", read("examples/quickstart/rules.yaml"))
            .file("live.json", live)
    };
    let narrow = run()
        .args([
            "plan",
            "--live",
            "live.json",
            "-o",
            "json",
            "--rule",
            "shop-*",
        ])
        .run()
        .stdout;
    let run = run().file("narrow.json", narrow);
    let ran = run
        .args([
            "plan",
            "--live",
            "live.json",
            "--previous",
            "narrow.json",
            "-o",
            "json",
        ])
        .run();
    let result = ran.json();
    let transitions = |rule: &str| -> Vec<Value> {
        let findings = result["findings"].as_array().expect("findings").iter();
        findings
            .filter(|it| it["rule"] == rule)
            .map(|it| it["transition"].clone())
            .collect()
    };
    assert!(
        transitions("shop-api").iter().all(|it| it == "still")
            && !transitions("shop-api").is_empty()
    );
    assert_eq!(
        transitions("billing-reports"),
        [Value::Null, Value::Null][..transitions("billing-reports").len()]
    );
}
