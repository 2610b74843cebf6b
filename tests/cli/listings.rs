//! A file given with `--live` has one listing of each declared instance, or the run is incomplete.

use crate::support::{RunOutput, crdrift};

const RULES: &str = r#"
version: 1
instances:
  a: { id: cri-a, region: cn-shanghai }
  b: { id: cri-b, region: cn-shenzhen }
rules:
  - name: kept
    from: { instance: a, namespace: shop, repo: web }
    to:   { instance: b, namespace: shop, repo: web }
    tag_filter: "v.*"
"#;

/// A rule as one of its ends lists it.
fn rule(name: &str, direction: &str) -> String {
    let (local, target) = if direction == "FROM" {
        ("cri-a", "cri-b")
    } else {
        ("cri-b", "cri-a")
    };
    format!(
        r#"{{"SyncRuleId":"crsr-{name}","SyncRuleName":"{name}","LocalInstanceId":"{local}","LocalNamespaceName":"shop",
        "LocalRepoName":"web","TargetInstanceId":"{target}","TargetNamespaceName":"shop","TargetRepoName":"web",
        "TagFilter":"v.*","SyncScope":"REPO","SyncDirection":"{direction}","SyncTrigger":"PASSIVE"}}"#
    )
}

fn listing(id: &str, rules: &[&str]) -> String {
    format!(r#"{{"instance_id":"{id}","rules":[{}]}}"#, rules.join(","))
}

fn snapshot(listings: &[String]) -> String {
    format!(
        r#"{{"format_version":"1.0","listings":[{}]}}"#,
        listings.join(",")
    )
}

fn answer(id: &str, total: usize, rules: &[&str]) -> String {
    let rules = rules.join(",");
    format!(
        r#"{{"RequestId":"{id}","Code":"success","IsSuccess":true,"TotalCount":{total},"SyncRules":[{rules}]}}"#
    )
}

fn run(command: &str, rules: &str, live: &str, args: &[&str]) -> RunOutput {
    let run = crdrift()
        .file("rules.yaml", rules)
        .file("live.json", live)
        .args([command, "rules.yaml"]);
    run.args(args.iter().copied()).run()
}

fn plan(live: &str) -> RunOutput {
    run("plan", RULES, live, &["--live", "live.json"])
}

#[test]
fn a_duplicate_listing_is_inconsistent() {
    let (kept, more) = (rule("kept", "FROM"), rule("more", "FROM"));
    let of_b = listing("cri-b", &[&rule("kept", "TO")]);
    let whole = listing("cri-a", &[&kept]);
    assert_eq!(plan(&snapshot(&[whole.clone(), of_b.clone()])).code, 0);
    let other = |id: &str| listing(id, &[&kept, &more]);
    let repeated = r#"{"instance_id":"cri-a","status":"skipped"}"#.to_owned();
    for listings in [
        vec![other("cri-a"), whole.clone(), of_b.clone()],
        vec![whole.clone(), of_b.clone(), other("cri-a")],
        vec![whole.clone(), of_b.clone(), other("CRI-A")],
        vec![other(" cri-a"), whole.clone(), of_b.clone()],
        vec![repeated, whole.clone(), of_b.clone()],
        vec![listing("cri-a", &[&kept, &kept]), of_b.clone()],
    ] {
        let ran = plan(&snapshot(&listings));
        assert_eq!(ran.code, 3, "{listings:?}: {}", ran.stdout);
        assert!(ran.stdout.contains("inconsistent"), "{}", ran.stdout);
    }
    // The emulator serves what both listings hold.
    let live = snapshot(&[other("cri-a"), whole, of_b]);
    let emulated = run("plan", RULES, &live, &["--emulate", "live.json"]);
    assert_ne!(emulated.code, 0, "{}", emulated.stdout);
}

#[test]
fn pages_of_two_readings_are_inconsistent() {
    let (kept, more) = (rule("kept", "FROM"), rule("more", "FROM"));
    let of_b = answer("B", 1, &[&rule("kept", "TO")]);
    let numbered =
        |number: u32, page: String| page.replacen('{', &format!("{{\"PageNo\":{number},"), 1);
    let pages = |pages: &[String]| plan(&format!("{}{of_b}", pages.concat()));
    assert_eq!(pages(&[answer("A", 1, &[&kept])]).code, 0);
    for (name, given) in [
        (
            "another count",
            vec![answer("1", 1, &[&kept]), answer("2", 2, &[&kept, &more])],
        ),
        (
            "the same count",
            vec![answer("1", 1, &[&more]), answer("2", 1, &[&kept])],
        ),
        (
            "a page number twice",
            vec![
                numbered(1, answer("1", 2, &[&kept])),
                numbered(1, answer("2", 2, &[&more])),
            ],
        ),
        (
            "a rule twice",
            vec![answer("1", 2, &[&kept]), answer("2", 2, &[&kept])],
        ),
    ] {
        let ran = pages(&given);
        assert_eq!(ran.code, 3, "{name}: {}", ran.stdout);
    }
}

#[test]
fn a_declared_instance_without_a_listing_is_incomplete() {
    let live = snapshot(&[listing("cri-a", &[&rule("kept", "FROM")])]);
    let skipped = live.replace("]}]}", r#"]},{"instance_id":"cri-b","status":"skipped"}]}"#);
    for live in [&live, &skipped] {
        let ran = plan(live);
        assert_eq!(ran.code, 3, "{}", ran.stdout);
        assert!(ran.stdout.contains("\"b\" was not read"), "{}", ran.stdout);
        assert!(
            ran.stdout.contains("--instance") && ran.stdout.contains("`read: false`"),
            "{}",
            ran.stdout
        );
        assert!(!ran.stdout.contains("In sync"), "{}", ran.stdout);
        let selected = run(
            "plan",
            RULES,
            live,
            &["--live", "live.json", "--instance", "a"],
        );
        assert_eq!(selected.code, 0, "{}", selected.stdout);
        let excluded = RULES.replace("cn-shenzhen }", "cn-shenzhen, read: false }");
        let excluded = run("plan", &excluded, live, &["--live", "live.json"]);
        assert_eq!(excluded.code, 0, "{}", excluded.stdout);
        let graph = run("graph", RULES, live, &["--live", "live.json", "-o", "json"]);
        assert_eq!(graph.code, 3, "{}", graph.stderr);
        for (format, expected) in [
            ("markdown", "Incomplete instances: `b`"),
            ("terraform-json", "\"complete\": false"),
            ("json", "\"outcome\": \"incomplete\""),
            ("junit", "live/incomplete-read"),
        ] {
            let ran = run("plan", RULES, live, &["--live", "live.json", "-o", format]);
            assert!(ran.stdout.contains(expected), "{format}: {}", ran.stdout);
        }
        let metrics = run(
            "plan",
            RULES,
            live,
            &["--live", "live.json", "-o", "prometheus"],
        )
        .stdout;
        let whole = metrics
            .lines()
            .find(|it| it.starts_with("crdrift_instance_read_whole") && it.contains("\"b\""));
        assert!(whole.is_some_and(|line| line.ends_with(" 0")), "{metrics}");
    }
}

/// Returns a rule within `c`.
fn of_c() -> String {
    rule("own", "FROM").replace("cri-a", "cri-c")
}

#[test]
fn empty_responses_belong_to_the_remaining_instances() {
    let of_a = answer("A", 1, &[&rule("kept", "FROM")]);
    let (first, second) = (answer("1", 0, &[]), answer("2", 0, &[]));
    let rules = RULES.replace("rules:", "  c: { id: cri-c, region: cn-beijing }\nrules:");
    let code = |rules: &str, live: String| run("plan", rules, &live, &["--live", "live.json"]).code;
    assert_eq!(
        code(RULES, format!("{of_a}{first}")),
        2,
        "b does not list the rule"
    );
    assert_eq!(
        code(&rules, format!("{of_a}{first}{second}")),
        2,
        "neither does it, and c has no rules"
    );
    assert_eq!(
        code(&rules, format!("{of_a}{first}")),
        3,
        "one answer can be of either"
    );
    assert_eq!(
        code(&rules, format!("{of_a}{first}{first}")),
        3,
        "one answer twice is one answer"
    );
    let unread = rules.replace("cn-beijing }", "cn-beijing, read: false }");
    assert_eq!(
        code(&unread, format!("{of_a}{first}")),
        3,
        "an instance that is not read can have answered, too"
    );
    let selected = |live: String| {
        let args = ["--live", "live.json", "--instance", "a"];
        run("plan", &rules, &live, &args).code
    };
    assert_eq!(selected(first.clone()), 2, "--instance names the instance");
    assert_eq!(
        selected(format!("{first}{}", answer("C", 1, &[&of_c()]))),
        3,
        "among other answers, it can still be of b"
    );
}
