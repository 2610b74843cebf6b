//! Rules that are deleted and created during a reading: a rule that only one of two listings has is requested again at
//! both ends before it is reported.

use crate::support::{RunOutput, crdrift};

const RULES: &str = r#"
version: 1
instances:
  a: { id: cri-a, region: cn-shanghai }
  b: { id: cri-b, region: cn-shenzhen }
unmanaged: ignore
rules:
  - name: kept
    from: { instance: a, namespace: shop, repo: web }
    to:   { instance: b, namespace: shop, repo: web }
    tag_filter: "v.*"
"#;

/// A rule as `cri-a` lists it.
fn rule(id: &str, name: &str, filter: &str) -> String {
    let id = if id.is_empty() {
        String::new()
    } else {
        format!(r#""SyncRuleId":"crsr-{id}","#)
    };
    format!(
        r#"{{{id}"SyncRuleName":"{name}","LocalInstanceId":"cri-a","LocalNamespaceName":"shop","LocalRepoName":"web",
        "TargetInstanceId":"cri-b","TargetNamespaceName":"shop","TargetRepoName":"web","TagFilter":"{filter}",
        "SyncScope":"REPO","SyncDirection":"FROM","SyncTrigger":"PASSIVE"}}"#
    )
}

/// Reads the rules of `before`; at the second request of the run, `delete` goes and `add` comes. Each listing is one
/// page, and one request follows the other, so the two instances list the estate before and after the change.
fn plan(before: &[String], delete: &str, add: &[String], args: &[&str]) -> RunOutput {
    let listing = |id: &str, rules: &[String]| {
        format!(r#"{{"instance_id":"{id}","rules":[{}]}}"#, rules.join(","))
    };
    let listings = [listing("cri-a", before), listing("cri-b", &[])].join(",");
    let script = format!(
        r#"{{"version":1,"faults":[{{"when":{{"action":"ListRepoSyncRule","nth":[2]}},
        "do":{{"change_rules":{{"delete":[{delete}],"add":[{}]}}}}}}]}}"#,
        add.join(",")
    );
    let run = crdrift()
        .file("rules.yaml", RULES)
        .file("faults.json", script);
    let run = run.file(
        "live.json",
        format!(r#"{{"format_version":"1.0","listings":[{listings}]}}"#),
    );
    let run = run.args([
        "plan",
        "rules.yaml",
        "--emulate",
        "live.json",
        "--faults",
        "faults.json",
    ]);
    let run = run.args(["--parallelism", "1"]);
    run.args(args.iter().copied()).run()
}

fn kept() -> String {
    rule("kept", "kept", "v.*")
}

#[test]
fn a_rule_that_changes_between_two_listings_is_not_one_sided() {
    let cases: [(&str, Vec<String>, &str, Vec<String>); 5] = [
        (
            "deleted",
            vec![kept(), rule("1", "tmp", "x")],
            r#""crsr-1""#,
            vec![],
        ),
        ("created", vec![kept()], "", vec![rule("1", "tmp", "x")]),
        (
            "replaced",
            vec![kept(), rule("1", "tmp", "x")],
            r#""crsr-1""#,
            vec![rule("2", "tmp", "y")],
        ),
        (
            "another one",
            vec![kept(), rule("1", "tmp", "x")],
            r#""crsr-1""#,
            vec![rule("2", "tmp-2", "x")],
        ),
        (
            "brought in line",
            vec![rule("1", "kept", "x")],
            r#""crsr-1""#,
            vec![kept()],
        ),
    ];
    for (name, before, delete, add) in cases {
        let ran = plan(&before, delete, &add, &[]);
        assert!(!ran.stdout.contains("one-sided"), "{name}: {}", ran.stdout);
        // A drift that ends while it is read may be reported as it was at the first listing.
        if name != "brought in line" {
            assert_eq!(ran.code, 0, "{name}: {}{}", ran.stdout, ran.stderr);
        }
    }
}

#[test]
fn a_rule_without_an_id_that_changes_between_two_listings_is_not_one_sided() {
    // The emulator deletes by id, so the id is left out of the answers only.
    let script = r#"{"version":1,"faults":[
        {"do":{"drop_fields":["SyncRuleId"]}},
        {"when":{"action":"ListRepoSyncRule","nth":[2]},"do":{"change_rules":{"delete":["crsr-1"],"add":[ADD]}}}]}"#;
    let listings = format!(
        r#"{{"instance_id":"cri-a","rules":[{},{}]}},{{"instance_id":"cri-b","rules":[]}}"#,
        kept(),
        rule("1", "tmp", "x")
    );
    let run = crdrift()
        .file("rules.yaml", RULES)
        .file("faults.json", script.replace("ADD", &rule("2", "tmp", "y")));
    let run = run.file(
        "live.json",
        format!(r#"{{"format_version":"1.0","listings":[{listings}]}}"#),
    );
    let run = run.args([
        "plan",
        "rules.yaml",
        "--emulate",
        "live.json",
        "--faults",
        "faults.json",
    ]);
    let ran = run.args(["--parallelism", "1"]).run();
    assert!(!ran.stdout.contains("one-sided"), "{}", ran.stdout);
    assert_eq!(ran.code, 0, "{}{}", ran.stdout, ran.stderr);
}

#[test]
fn without_confirmation_listings_are_compared_directly() {
    let ran = plan(
        &[kept(), rule("1", "tmp", "x")],
        r#""crsr-1""#,
        &[],
        &["--no-confirm"],
    );
    assert_eq!(ran.code, 2, "{}{}", ran.stdout, ran.stderr);
    assert!(ran.stdout.contains("one-sided"), "{}", ran.stdout);
}
