use crate::support::{crdrift, read};
use crate::testing::JsonSchema;

#[test]
fn the_committed_schemas_equal_the_printed_ones() {
    for document in [
        "rules",
        "snapshot",
        "result",
        "result-line",
        "history",
        "history-status",
        "history-runs",
        "history-open",
        "notification",
        "baseline",
        "trace",
        "faults",
        "watch-api",
    ] {
        let path = format!("schemas/{document}.v1.schema.json");
        let ran = crdrift().args(["schema", document]).run();
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        assert!(
            read(&path) == ran.stdout,
            "{path} is stale: crdrift schema {document} > {path}"
        );
    }
}

#[test]
fn written_documents_and_examples_fit_the_schemas() {
    let valid = |document: &str, instance: &serde_json::Value| {
        let schema = JsonSchema::new(&read(&format!("schemas/{document}.v1.schema.json")));
        assert_eq!(schema.check(instance), Ok(()), "{document}");
    };
    let live = read("examples/quickstart/live.json");
    let rules = read("examples/quickstart/rules.yaml");
    let run = crdrift()
        .file("rules.yaml", &rules)
        .file("live.json", &live);
    let ran = run
        .args([
            "plan",
            "--live",
            "live.json",
            "--all",
            "-o",
            "json",
            "-o",
            "ndjson=lines",
        ])
        .run();
    valid("result", &ran.json());
    let lines = std::fs::read_to_string(ran.folder.path().join("lines")).expect("lines");
    lines
        .lines()
        .for_each(|line| valid("result-line", &serde_json::from_str(line).expect("JSON")));
    let run = crdrift()
        .file("rules.yaml", &rules)
        .file("live.json", &live);
    let baseline = run
        .args(["baseline", "--live", "live.json", "--out", "-"])
        .run()
        .json();
    valid("baseline", &baseline);
    valid("snapshot", &serde_json::from_str(&live).expect("JSON"));
    valid("rules", &serde_yaml::from_str(&rules).expect("YAML"));
    valid(
        "rules",
        &serde_yaml::from_str(&read("examples/policies.yaml")).expect("YAML"),
    );
    let broken = serde_json::json!({ "version": 1, "rules": [{ "nam": "typo" }] });
    let schema = JsonSchema::new(&read("schemas/rules.v1.schema.json"));
    assert!(schema.check(&broken).is_err());
}

#[test]
fn the_schema_has_the_keys_of_each_policy_kind() {
    let schema = JsonSchema::new(&read("schemas/rules.v1.schema.json"));
    let cases = [
        ("id: a, kind: naming, pattern: x", true),
        ("id: a, kind: naming, pattern: x, hops: 1", false),
        ("id: a, kind: naming", false),
        ("id: A, kind: forbid-cross-account", false),
        ("id: a, kind: forbid-cross-account, severity: fatal", false),
        ("id: a, expr: \"true\"", false),
        ("id: a, expr: \"true\", message: m", true),
        (
            "id: a, expr: \"true\", message: m, kind: naming, pattern: x",
            false,
        ),
        ("id: a", false),
        (
            "id: a, kind: required-coverage, from: { namespace: b }, other_regions: 1",
            true,
        ),
        (
            "id: a, kind: required-coverage, from: { instance: b }, other_regions: 1",
            false,
        ),
        (
            "id: a, kind: required-coverage, from: { namespace: b }",
            false,
        ),
        (
            "id: a, kind: forbid-catch-all-filter, filters: [trigger]",
            false,
        ),
    ];
    for (policy, expected) in cases {
        let rules = format!("version: 1\npolicies: [{{ {policy} }}]\n");
        let rules: serde_json::Value = serde_yaml::from_str(&rules).expect("YAML");
        assert_eq!(schema.check(&rules).is_ok(), expected, "{policy}");
    }
}
