use crate::support::{Crdrift, crdrift, read};

fn quickstart() -> Crdrift {
    let rules = read("examples/quickstart/rules.yaml");
    crdrift()
        .file("rules.yaml", rules)
        .file("live.json", read("examples/quickstart/live.json"))
}

#[test]
fn an_incomplete_result_cannot_be_expected() {
    let mut reviewed = quickstart()
        .args(["plan", "--live", "live.json", "-o", "json"])
        .run()
        .json();
    for outcome in ["incomplete", "failed"] {
        reviewed["outcome"] = outcome.into();
        let run = quickstart().file("reviewed.json", reviewed.to_string());
        let ran = run
            .args(["plan", "--live", "live.json", "--expect", "reviewed.json"])
            .run();
        assert_eq!(ran.code, 1, "{}", ran.stderr);
        assert!(
            ran.stdout
                .contains("Failed: reviewed.json cannot be expected"),
            "{}",
            ran.stdout
        );
        let reason = format!("crdrift: reviewed.json cannot be expected: its outcome is {outcome}");
        assert!(ran.reason().starts_with(&reason), "{}", ran.reason());
    }
}

#[test]
fn an_invalid_result_is_rejected() {
    for option in ["--expect", "--previous"] {
        for (text, reason) in [
            (
                "",
                "cannot read a result from it.json: the document is empty",
            ),
            ("version: 1", "not valid JSON"),
            (
                "{\"format_version\": \"2.0\", \"tool\": {\"name\": \"crdrift\"}}",
                "expected format_version 1.x, found 2.0",
            ),
        ] {
            let ran = quickstart()
                .file("it.json", text)
                .args(["plan", "--live", "live.json", option, "it.json"])
                .run();
            assert_eq!(ran.code, 1, "{option}");
            assert!(
                ran.stdout.contains("\nNothing was compared.\n"),
                "{}",
                ran.stdout
            );
            assert!(ran.reason().contains(reason), "{}", ran.reason());
            assert!(
                ran.stderr.contains("crdrift plan -o json=result.json"),
                "{}",
                ran.stderr
            );
        }
    }
}

#[test]
fn expect_conflicts_with_base() {
    let ran = quickstart()
        .args([
            "plan",
            "--live",
            "live.json",
            "--base",
            "rules.yaml",
            "--expect",
            "r.json",
        ])
        .run();
    assert_eq!((ran.code, ran.stdout.as_str()), (64, ""));
}

#[test]
fn expected_drift_raises_no_alarm() {
    let reviewed = quickstart()
        .args(["plan", "--live", "live.json", "-o", "json"])
        .run()
        .stdout;
    let run = quickstart().file("reviewed.json", reviewed);
    let run = run.args(["plan", "--live", "live.json", "--expect", "reviewed.json"]);
    let ran = run.args(["-o", "junit", "-o", "github=annotations"]).run();
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(ran.stdout.contains("failures=\"0\""), "{}", ran.stdout);
    assert!(
        ran.stdout.contains("expected by the reviewed result"),
        "{}",
        ran.stdout
    );
    let annotations =
        std::fs::read_to_string(ran.folder.path().join("annotations")).expect("annotations");
    assert!(!annotations.contains("::error"), "{annotations}");
}
