use std::fs;

use crate::support::{Crdrift, RunOutput, crdrift, read};

fn quickstart() -> Crdrift {
    let rules = read("examples/quickstart/rules.yaml");
    crdrift()
        .file("rules.yaml", rules)
        .file("live.json", read("examples/quickstart/live.json"))
}

fn baseline() -> Crdrift {
    quickstart().args([
        "baseline",
        "--live",
        "live.json",
        "--today",
        "2026-11-24",
        "--out",
        "baseline.json",
    ])
}

fn written(ran: &RunOutput) -> String {
    fs::read_to_string(ran.folder.path().join("baseline.json")).expect("a baseline")
}

#[test]
fn a_baseline_accepts_existing_drift_and_fails_on_new_drift() {
    let ran = baseline().run();
    assert_eq!((ran.code, ran.stdout.as_str()), (0, ""), "{}", ran.stderr);
    assert_eq!(
        ran.reason(),
        "crdrift: baseline.json holds 4 findings (exit code 0)"
    );
    let baseline = written(&ran);
    insta::assert_snapshot!(baseline);
    let plan = || quickstart().file("baseline.json", &baseline);
    let args = ["plan", "--live", "live.json", "--baseline", "baseline.json"];
    let ran = plan().args(args).args(["-o", "json"]).run();
    assert_eq!(
        (ran.code, &ran.json()["summary"]["findings"]["baselined"]),
        (0, &4.into()),
        "{}",
        ran.stderr
    );
    // The same field of the same rule drifts once more: that is another difference.
    let live = read("examples/quickstart/live.json")
        .replace(r#""TagFilter": ".*""#, r#""TagFilter": "v.*""#);
    let ran = plan().file("live.json", live).args(args).run();
    assert_eq!(ran.code, 2);
    assert!(
        ran.stdout
            .contains(r#""shop-api" is changed in tag_filter"#),
        "{}",
        ran.stdout
    );
    assert!(ran.stdout.contains("resolved: "), "{}", ran.stdout);
}

#[test]
fn a_regenerated_baseline_adds_only_with_accept_new() {
    let first = written(&baseline().run());
    let rules =
        read("examples/quickstart/rules.yaml").replace("name: shop-hotfix", "name: shop-bugfix");
    let again = || {
        baseline()
            .file("rules.yaml", &rules)
            .file("baseline.json", &first)
    };
    let ran = again().run();
    assert_eq!(ran.code, 1);
    assert_eq!(
        ran.stdout,
        "- drift/missing-rule shanghai \"shop-hotfix\"\n+ drift/missing-rule shanghai \"shop-bugfix\"\n"
    );
    assert!(
        ran.reason()
            .contains("does not hold 1 finding: nothing was written"),
        "{}",
        ran.reason()
    );
    assert!(ran.stderr.contains("--accept-new"), "{}", ran.stderr);
    assert_eq!(written(&ran), first);
    let ran = again().args(["--accept-new"]).run();
    assert_eq!(
        (ran.code, ran.reason()),
        (
            0,
            "crdrift: baseline.json holds 4 findings: 1 added, 1 resolved (exit code 0)"
        )
    );
    assert!(written(&ran).contains("shop-bugfix"));
    // Resolved findings only shorten the baseline, so no option is needed.
    let rules = read("examples/quickstart/rules.yaml");
    let (before, after) = rules.split_once("  - name: shop-hotfix").expect("the rule");
    let rest = after.split_once("\n\n").expect("more").1;
    let ran = baseline()
        .file("rules.yaml", format!("{before}{rest}"))
        .file("baseline.json", &first)
        .run();
    assert_eq!(
        ran.reason(),
        "crdrift: baseline.json holds 3 findings: 0 added, 1 resolved (exit code 0)",
        "{}",
        ran.stderr
    );
}

#[test]
fn waived_findings_are_not_in_the_baseline() {
    let waiver =
        "waivers: [{ codes: [drift/unmanaged-rule], reason: r, owner: o, expires: 2026-12-31 }]\n";
    let rules = read("examples/quickstart/rules.yaml") + waiver;
    let ran = baseline().file("rules.yaml", rules).run();
    assert_eq!(
        ran.reason(),
        "crdrift: baseline.json holds 3 findings (exit code 0)"
    );
}

#[test]
fn an_incomplete_run_writes_no_baseline() {
    let mut live: serde_json::Value =
        serde_json::from_str(&read("examples/quickstart/live.json")).expect("JSON");
    live["listings"]
        .as_array_mut()
        .expect("listings")
        .retain(|it| it["instance_id"] != "cri-shanghai00000001");
    let ran = baseline().file("live.json", live.to_string()).run();
    assert_eq!(ran.code, 3, "{}", ran.stderr);
    assert!(
        ran.stderr.contains("live/incomplete-read: "),
        "{}",
        ran.stderr
    );
    assert!(!ran.folder.path().join("baseline.json").exists());
}

#[test]
fn an_invalid_baseline_is_rejected_and_kept() {
    for (text, expected, help) in [
        (
            "version: 1\n",
            "cannot read a baseline from baseline.json: invalid JSON",
            "crdrift baseline --out",
        ),
        (
            "{\"format_version\": \"2.0\"}",
            "expected format version 1.x, found \"2.0\"",
            "newer crdrift",
        ),
        (
            &read("examples/quickstart/live.json"),
            "expected a baseline of crdrift: missing field `date`",
            "crdrift baseline --out",
        ),
    ] {
        let ran = baseline().file("baseline.json", text).run();
        assert_eq!((ran.code, written(&ran).as_str()), (1, text));
        assert!(
            ran.stderr.contains(expected) && ran.stderr.contains(help),
            "{}",
            ran.stderr
        );
        let plan = quickstart().file("baseline.json", text);
        let ran = plan
            .args(["plan", "--live", "live.json", "--baseline", "baseline.json"])
            .run();
        assert_eq!(ran.code, 1);
        assert!(
            ran.stderr.contains(expected) && ran.stderr.contains(help),
            "{}",
            ran.stderr
        );
    }
    let ran = quickstart()
        .args(["plan", "--live", "live.json", "--baseline", "nowhere.json"])
        .run();
    assert_eq!(ran.code, 1);
    assert!(
        ran.reason()
            .starts_with("crdrift: cannot read a baseline from nowhere.json: No such file"),
        "{}",
        ran.reason()
    );
}

#[test]
fn a_baseline_can_be_written_to_standard_output() {
    let ran = quickstart()
        .args([
            "baseline",
            "--live",
            "live.json",
            "--today",
            "2026-11-24",
            "--out",
            "-",
        ])
        .run();
    assert_eq!((ran.code, ran.stdout), (0, written(&baseline().run())));
}
