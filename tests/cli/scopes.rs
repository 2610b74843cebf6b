//! Fields outside of the scope of a rule: every command ignores their values.

use crate::support::crdrift;

/// A loop, two rules into one place, a rule that another one covers, two that are renamed and one that is missing.
const RULES: &str = r#"
version: 1
instances:
  a: { id: cri-a, region: cn-shanghai }
  b: { id: cri-b, region: cn-shenzhen }
defaults: { DEFAULTS tag_filter: "v.*" }
policies:
  - id: no-names
    message: the rule chooses by name
    expr: '!(rule.repo_name_filter + rule.namespace_name_filter).contains("x")'
rules:
  - { name: there, from: { instance: a, namespace: shop, repo: web }, to: { instance: b, namespace: shop, repo: web } }
  - { name: back, from: { instance: b, namespace: shop, repo: web }, to: { instance: a, namespace: shop, repo: web } }
  - { name: fan, from: { instance: a, namespace: shop, repo: api }, to: { instance: b, namespace: shop, repo: web } }
  - { name: part, from: { instance: a, namespace: base, repo: go }, to: { instance: b, namespace: base, repo: go } }
  - { name: old, from: { instance: b, namespace: base, repo: c }, to: { instance: a, namespace: base, repo: c } }
  - { name: new, from: { instance: b, namespace: new, repo: c }, to: { instance: a, namespace: new, repo: c } }
  - name: all-of-base
    from: { instance: a, namespace: base }
    to:   { instance: b, namespace: base }
    repo_name_filter: "[a-z]+"
"#;

/// Returns the listings. `more` is added to each rule of the scope REPO.
fn live(more: &str) -> String {
    let rule = |name: &str, [from, to]: [&str; 2], path: [&str; 2], filters: &str| {
        let [namespace, repo] = path;
        let scope = if repo.is_empty() { "NAMESPACE" } else { "REPO" };
        let target = if name == "fan" { "web" } else { repo };
        format!(
            r#"{{"SyncRuleId":"crsr-{name}","SyncRuleName":"{name}","LocalInstanceId":"{from}","LocalNamespaceName":"{namespace}",
            "LocalRepoName":"{repo}","TargetInstanceId":"{to}","TargetNamespaceName":"{namespace}","TargetRepoName":"{target}",
            {filters} "TagFilter":"v.*","SyncScope":"{scope}","SyncDirection":"FROM","SyncTrigger":"PASSIVE"}}"#
        )
    };
    let (out, home) = (["cri-a", "cri-b"], ["cri-b", "cri-a"]);
    let a = [
        rule("there", out, ["shop", "web"], more),
        rule("fan", out, ["shop", "api"], more),
        rule("part", out, ["base", "go"], more),
        rule(
            "all-of-base",
            out,
            ["base", ""],
            r#""RepoNameFilter":"[a-z]+","#,
        ),
    ];
    let b = [
        rule("back", home, ["shop", "web"], more),
        rule("renamed", home, ["base", "c"], more),
    ];
    let listing = |id: &str, rules: &[String], others: &[String]| {
        let arriving = others.iter().map(|it| {
            let turned = it
                .replace("Local", "Other")
                .replace("Target", "Local")
                .replace("Other", "Target");
            turned.replace("\"FROM\"", "\"TO\"")
        });
        let rules: Vec<String> = rules.iter().cloned().chain(arriving).collect();
        format!(
            r#"{{"instance_id":"{id}","region_id":"cn-x","rules":[{}]}}"#,
            rules.join(",")
        )
    };
    let listings = [listing("cri-a", &a, &b), listing("cri-b", &b, &a)].join(",");
    format!(r#"{{"format_version":"1.0","listings":[{listings}]}}"#)
}

/// The exit code, what is printed but for the time of the run, and the reason.
fn run(args: &[&str], defaults: &str, live: &str) -> (i32, String, String) {
    let run = crdrift()
        .file("rules.yaml", RULES.replace("DEFAULTS", defaults))
        .file("live.json", live);
    let ran = run.args(args.iter().copied()).run();
    let lines: Vec<_> = ran
        .stdout
        .lines()
        .filter(|line| !line.contains("\"timestamp\"") && !line.contains(" UTC."))
        .collect();
    (ran.code, lines.join("\n"), ran.reason().to_owned())
}

/// Each command that reads rules, on either side.
const COMMANDS: [&[&str]; 11] = [
    &["plan", "rules.yaml", "--live", "live.json", "--all"],
    &["plan", "rules.yaml", "--live", "live.json", "-o", "csv"],
    &[
        "plan",
        "rules.yaml",
        "--live",
        "live.json",
        "-o",
        "terraform-json",
    ],
    &["plan", "rules.yaml", "--live", "live.json", "--remedy"],
    &["plan", "rules.yaml", "--emulate", "live.json"],
    &["trace", "shop/web:v1", "rules.yaml", "--live", "live.json"],
    &[
        "trace",
        "base/go:v1",
        "rules.yaml",
        "--live",
        "live.json",
        "-o",
        "json",
    ],
    &["graph", "rules.yaml", "--live", "live.json", "-o", "json"],
    &["export", "rules.yaml", "--offline", "--to", "terraform"],
    &["export", "rules.yaml", "--offline", "--to", "ros"],
    &["import", "--live", "live.json", "--out", "-"],
];

#[test]
fn a_default_applies_only_to_scopes_with_the_field() {
    for args in COMMANDS {
        let plain = run(args, "", &live(""));
        for defaults in [
            "repo_name_filter: x,",
            "namespace_name_filter: x,",
            "repo_name_filter: x, namespace_name_filter: x,",
        ] {
            assert_eq!(run(args, defaults, &live("")), plain, "{args:?}");
        }
    }
    let (_, plan, reason) = run(COMMANDS[0], "repo_name_filter: x,", &live(""));
    for code in ["sync-loop", "fan-in", "shadowed-rule"] {
        assert!(plan.contains(&format!("topology/{code}")), "{plan}");
    }
    assert!(reason.contains("1 missing, 1 renamed"), "{reason}");
}

#[test]
fn live_values_outside_the_scope_are_ignored() {
    for args in COMMANDS {
        let plain = run(args, "", &live(""));
        for more in [
            r#""RepoNameFilter":"x","#,
            r#""RepoNameFilter":"x","NamespaceNameFilter":"(x","#,
        ] {
            assert_eq!(run(args, "", &live(more)), plain, "{args:?}");
        }
    }
}

#[test]
fn a_default_applies_to_rules_with_the_field() {
    let defaults = "repo_name_filter: x,";
    let rules = RULES
        .replace("DEFAULTS", defaults)
        .replace("    repo_name_filter: \"[a-z]+\"\n", "");
    let plan = |rules: &str| {
        let run = crdrift()
            .file("rules.yaml", rules)
            .file("live.json", live(""));
        run.args(["plan", "rules.yaml", "--live", "live.json"])
            .run()
    };
    let ran = plan(&rules);
    assert!(
        ran.stdout.contains(r#"repo_name_filter = "[a-z]+" -> "x""#),
        "{}",
        ran.stdout
    );
    assert!(ran.stdout.contains("policy/no-names"), "{}", ran.stdout);
    let given = rules.replace("name: there,", "name: there, repo_name_filter: x,");
    let ran = plan(&given);
    assert_eq!(
        ran.code, 1,
        "a rule that gives the field itself: {}",
        ran.stderr
    );
    assert!(
        ran.stderr
            .contains("`repo_name_filter` has no effect on a rule of scope REPO"),
        "{}",
        ran.stderr
    );
}

#[test]
fn an_import_sets_defaults_for_rules_with_the_field() {
    let names = ["one", "two", "three"];
    let more = names.map(|name| {
        format!(
            r#"{{"SyncRuleId":"crsr-{name}","SyncRuleName":"{name}","LocalInstanceId":"cri-a","LocalNamespaceName":"{name}",
            "TargetInstanceId":"cri-b","TargetNamespaceName":"{name}","RepoNameFilter":"x","TagFilter":"v.*","Priority":3,
            "SyncScope":"NAMESPACE","SyncDirection":"FROM","SyncTrigger":"PASSIVE","LinkId":"stl-{name}"}}"#
        )
    });
    let live = live(r#""RepoNameFilter":"y","#).replacen(
        r#""rules":["#,
        &format!(r#""rules":[{},"#, more.join(",")),
        1,
    );
    let imported = crdrift()
        .file("live.json", &live)
        .args(["import", "--live", "live.json", "--out", "-"])
        .run();
    assert!(
        imported.stdout.contains("repo_name_filter: \"x\""),
        "{}",
        imported.stdout
    );
    assert!(!imported.stdout.contains("\"y\""), "{}", imported.stdout);
    let run = crdrift()
        .file("live.json", &live)
        .file("rules.yaml", &imported.stdout);
    let plan = run
        .args(["plan", "rules.yaml", "--live", "live.json"])
        .run();
    assert!(
        plan.stdout.contains("topology/sync-loop"),
        "{}",
        plan.stdout
    );
    assert!(!plan.stdout.contains("repo_name_filter"), "{}", plan.stdout);
}
