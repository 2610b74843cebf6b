//! `--base`: the comparison of a change with the rules files before it, in git.

use std::path::Path;
use std::process::Command;

use crate::support::{Crdrift, crdrift, repository};

const INSTANCES: &str = "version: 1\ninstances:\n  a: { id: cri-a, region: cn-shanghai }\n  b: { id: cri-b, region: cn-shenzhen }\n";

fn rule(name: &str, filter: &str) -> String {
    let end = |instance: &str| format!("{{ instance: {instance}, namespace: app, repo: {name} }}");
    format!(
        "  - {{ name: {name}, from: {}, to: {}, tag_filter: \"{filter}\" }}\n",
        end("a"),
        end("b")
    )
}

fn rules(rules: &[String]) -> String {
    let list = if rules.is_empty() { " []" } else { "" };
    format!("{INSTANCES}rules:{list}\n{}", rules.concat())
}

/// The live rules: `web` and `api` as in `main`, with another filter of `api`.
fn live() -> String {
    let rule = |id: &str, name: &str, filter: &str, local: &str, target: &str, direction: &str| {
        serde_json::json!({ "SyncRuleId": id, "SyncRuleName": name, "LocalInstanceId": local,
            "LocalNamespaceName": "app", "LocalRepoName": name, "TargetInstanceId": target,
            "TargetNamespaceName": "app", "TargetRepoName": name, "TagFilter": filter, "SyncScope": "REPO",
            "SyncDirection": direction, "SyncTrigger": "PASSIVE" })
    };
    let rules = |local: &str, target: &str, direction: &str| {
        vec![
            rule("1", "web", "v.*", local, target, direction),
            rule("2", "api", "x.*", local, target, direction),
        ]
    };
    serde_json::json!({ "format_version": "1.0", "taken_at": null, "listings": [
        { "instance_id": "cri-a", "region_id": "cn-shanghai", "rules": rules("cri-a", "cri-b", "FROM") },
        { "instance_id": "cri-b", "region_id": "cn-shenzhen", "rules": rules("cri-b", "cri-a", "TO") },
    ]})
    .to_string()
}

/// A run in a repository whose branch `main` declares `web` and `api`, and whose files edit `web` and add `new`.
fn merge_request() -> Crdrift {
    let run = crdrift().file("rules/web.yaml", rules(&[rule("web", "v.*")]));
    let api = format!("version: 1\nrules:\n{}", rule("api", "v.*"));
    let run = run
        .file("rules/api.yaml", api)
        .file("rules/.hidden.yaml", "not: rules")
        .file("live.json", live());
    git(run.path(), &["init", "-q", "-b", "main"]);
    git(run.path(), &["add", "."]);
    git(run.path(), &["commit", "-q", "-m", "rules"]);
    run.file(
        "rules/web.yaml",
        rules(&[rule("web", "v[0-9.]+"), rule("new", "v.*")]),
    )
}

fn git(folder: &Path, args: &[&str]) {
    let identity = [
        "-c",
        "user.name=n",
        "-c",
        "user.email=e@example.org",
        "-c",
        "commit.gpgsign=false",
    ];
    let status = Command::new("git")
        .arg("-C")
        .arg(folder)
        .args(identity)
        .args(args)
        .status()
        .expect("git");
    assert!(status.success(), "git {args:?}");
}

fn plan(run: Crdrift, more: &[&str]) -> Crdrift {
    run.args(["plan", "--live", "live.json"])
        .args(more.iter().copied())
}

#[test]
fn earlier_drift_fails_and_introduced_differences_pass() {
    let ran = plan(merge_request(), &["rules", "--base", "main", "-o", "json"]).run();
    let result = ran.json();
    let origins: Vec<_> = result["changes"]
        .as_array()
        .expect("changes")
        .iter()
        .collect();
    let reported = origins.iter().map(|it| {
        (
            it["name"].as_str(),
            it["origin"].as_str(),
            it["conflicting"].as_bool(),
        )
    });
    let expected = [
        ("api", "drifted"),
        ("new", "introduced"),
        ("web", "introduced"),
    ];
    assert!(
        reported.eq(expected.map(|(name, origin)| (Some(name), Some(origin), Some(false)))),
        "{result:#}"
    );
    assert_eq!(
        (ran.code, ran.reason()),
        (2, "crdrift: 1 changed (exit code 2)")
    );
    assert_eq!(result["base"]["name"], "main");
    assert_eq!(result["base"]["commit"].as_str().map(str::len), Some(40));
    let files: Vec<_> = result["base"]["files"]
        .as_array()
        .expect("files")
        .iter()
        .map(|it| &it["path"])
        .collect();
    assert_eq!(files, ["main:rules/api.yaml", "main:rules/web.yaml"]);
    let counts = |code: &str| {
        result["findings"]
            .as_array()
            .expect("findings")
            .iter()
            .filter(|it| it["code"] == code && it["counts"] == true)
            .count()
    };
    assert_eq!(
        (counts("drift/changed-rule"), counts("drift/missing-rule")),
        (1, 0)
    );
    // The same from a folder, which is what a checkout of the base is.
    let before = merge_request();
    git(
        before.path(),
        &["worktree", "add", "-q", "--detach", "before", "main"],
    );
    let from_folder = plan(before, &["rules", "--base", "./before/rules", "-o", "json"]).run();
    assert_eq!(from_folder.json()["changes"], result["changes"]);
    // And without the drift it passes.
    let fixed = live().replace("x.*", "v.*");
    let ran = plan(
        merge_request().file("live.json", fixed),
        &["rules", "--base", "main"],
    )
    .run();
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(
        ran.reason().contains("; introduced by this change: 2"),
        "{}",
        ran.reason()
    );
}

#[test]
fn the_base_resolves_inputs_alike() {
    for inputs in [
        &["rules/*.yaml"][..],
        &["rules/**/*.yaml"],
        &["rules/web.yaml", "rules/api.yaml"],
        &["./rules/"],
    ] {
        let ran = plan(merge_request(), inputs)
            .args(["--base", "HEAD", "-o", "json"])
            .run();
        let files: Vec<_> = ran.json()["base"]["files"]
            .as_array()
            .expect("files")
            .clone();
        assert_eq!(
            (ran.code, files.len()),
            (2, 2),
            "{inputs:?}: {}",
            ran.stderr
        );
    }
}

#[test]
fn files_absent_from_the_base_are_introduced() {
    let run = merge_request().file(
        "new.yaml",
        rules(&[rule("web", "v[0-9.]+"), rule("new", "v.*")]),
    );
    let ran = plan(run, &["new.yaml", "--base", "main", "-o", "json"]).run();
    assert!(
        ran.stderr
            .contains("new.yaml does not exist in main: all of its rules count as introduced"),
        "{}",
        ran.stderr
    );
    let result = ran.json();
    assert_eq!(
        (
            ran.code,
            &result["base"]["introduced"],
            &result["base"]["drifted"]
        ),
        (0, &3.into(), &0.into())
    );
}

#[test]
fn an_invalid_base_is_reported_and_not_run() {
    for base in [
        "orign/main",
        "--output=stolen",
        "main:rules",
        "; touch stolen",
        "",
    ] {
        let ran = plan(merge_request(), &["rules"])
            .arg(format!("--base={base}"))
            .run();
        assert_eq!(ran.code, 1, "{base}");
        assert!(
            ran.stdout.contains("Failed: cannot read the base"),
            "{}",
            ran.stdout
        );
        let reason = format!(
            "crdrift: cannot read the base {base:?}: there is no such commit in the git repository "
        );
        assert!(ran.reason().starts_with(&reason), "{}", ran.reason());
        let can_be_fetched = !matches!(base, "" | "--output=stolen");
        assert_eq!(
            ran.stderr.contains("fetch-depth: 0"),
            can_be_fetched,
            "{}",
            ran.stderr
        );
        assert!(!ran.folder.path().join("stolen").exists());
    }
    let bare = crdrift()
        .file("rules.yaml", rules(&[]))
        .file("live.json", live());
    let ran = plan(bare, &["--base", "main"]).run();
    assert_eq!(ran.code, 1);
    assert!(
        ran.reason()
            .contains(" is in no git repository: not a git repository"),
        "{}",
        ran.reason()
    );
    assert!(
        ran.stderr.contains("use --base with a path: ./NAME"),
        "{}",
        ran.stderr
    );
    let without_git = merge_request();
    let nothing = without_git.path().join("rules").display().to_string();
    let ran = plan(
        without_git.env("PATH", &nothing),
        &["rules", "--base", "main"],
    )
    .run();
    assert_eq!(
        (ran.code, ran.reason()),
        (
            1,
            "crdrift: cannot read the base \"main\": git was not found (exit code 1)"
        )
    );
    assert!(ran.stderr.contains("install git"), "{}", ran.stderr);
}

#[test]
fn an_error_in_the_base_has_a_place() {
    let run = crdrift()
        .file("rules.yaml", "version: 1\nruls: []\n")
        .file("live.json", live());
    git(run.path(), &["init", "-q", "-b", "main"]);
    git(run.path(), &["add", "."]);
    git(run.path(), &["commit", "-q", "-m", "rules"]);
    let ran = plan(run.file("rules.yaml", rules(&[])), &["--base", "main"]).run();
    assert_eq!(
        (ran.code, ran.reason()),
        (1, "crdrift: the base: the rules have 1 error (exit code 1)")
    );
    assert!(ran.stderr.contains("main:rules.yaml:2:1"), "{}", ran.stderr);
    let ran = plan(
        crdrift()
            .file("rules.yaml", rules(&[]))
            .file("live.json", live()),
        &["--base", "./live.json"],
    )
    .run();
    assert_eq!(ran.code, 1);
    assert!(
        ran.reason()
            .starts_with("crdrift: the base: the rules have "),
        "{}",
        ran.reason()
    );
}

#[cfg(unix)]
#[test]
fn symlinks_in_the_base_are_not_followed() {
    let run = crdrift()
        .file("real.yaml", rules(&[]))
        .file("live.json", live());
    std::os::unix::fs::symlink("/etc/passwd", run.path().join("rules.yaml")).expect("a link");
    git(run.path(), &["init", "-q", "-b", "main"]);
    git(run.path(), &["add", "."]);
    git(run.path(), &["commit", "-q", "-m", "rules"]);
    std::fs::remove_file(run.path().join("rules.yaml")).expect("removed");
    let ran = plan(run.file("rules.yaml", rules(&[])), &["--base", "main"]).run();
    assert_eq!(ran.code, 1);
    assert!(
        ran.reason()
            .contains("expected a file at rules.yaml, found a link"),
        "{}",
        ran.reason()
    );
}

#[test]
fn fail_on_origin_selects_the_origins_that_count() {
    for (origins, code) in [
        ("drifted,conflicting", 2),
        ("introduced", 2),
        ("conflicting", 0),
    ] {
        let ran = plan(
            merge_request(),
            &["rules", "--base", "main", "--fail-on-origin", origins],
        )
        .run();
        assert_eq!(ran.code, code, "{origins}: {}", ran.stderr);
    }
    let ran = plan(
        merge_request(),
        &["rules", "--base", "main", "--fail-on-origin", "sometimes"],
    )
    .run();
    assert_eq!(ran.code, 64);
}

#[test]
fn introduced_differences_raise_no_alarm_before_the_merge() {
    let folder = repository("tests/cases/introduced-differences-are-not-drift");
    let args = [
        "plan",
        "rules.yaml",
        "--live",
        "live.json",
        "--base",
        "base.yaml",
    ];
    let drawn = |format: &str| {
        crdrift()
            .files_of(&folder)
            .args(args)
            .args(["-o", format])
            .run()
    };
    let run = drawn("junit");
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(
        run.stdout.contains("failures=\"0\"") && run.stdout.contains("introduced by this change"),
        "{}",
        run.stdout
    );
    for (format, alarm) in [("github", "::error"), ("gitlab", "\"major\"")] {
        let run = drawn(format);
        assert!(
            !run.stdout.contains(alarm) && run.stdout.contains("introduced by this change"),
            "{}",
            run.stdout
        );
    }
    let log: serde_json::Value = serde_json::from_str(&drawn("sarif").stdout).expect("JSON");
    let results = log["runs"][0]["results"].as_array().expect("results");
    assert!(!results.is_empty());
    assert!(
        results
            .iter()
            .all(|it| it["suppressions"][0]["status"] == "accepted"),
        "{results:?}"
    );
}

#[test]
fn a_missing_path_is_not_treated_as_a_reference() {
    let ran = crdrift().file("rules.yaml", rules(&[])).args([
        "plan",
        "--live",
        "live.json",
        "--base",
        "./old.yaml",
    ]);
    let ran = ran.file("live.json", live()).run();
    assert_eq!(ran.code, 1, "{}", ran.stdout);
    assert!(
        !ran.stderr.contains("fetch") && ran.stderr.contains("`./old.yaml`"),
        "{}",
        ran.stderr
    );
}
