//! `crdrift watch --once`: every estate once, and the exit code of the worst one.

use serde_json::Value;

use super::process::with_watch_file;
use crate::support::crdrift;

/// An estate without rules, whose instance is empty: in sync.
const EMPTY: &str =
    "version: 1\ninstances: { a: { id: cri-a0000000000001, region: cn-shanghai } }\nrules: []\n";
const EMPTY_LIVE: &str = r#"{"format_version":"1.0","taken_at":"2026-11-24T06:00:00Z","listings":[
    {"instance_id":"cri-a0000000000001","region_id":"cn-shanghai","rules":[]}]}"#;
const DENIED: &str = "version: 1\nfaults: [{ when: { instance: cri-a0000000000001 }, do: { error: { status: 403, code: NoPrivilege } } }]\n";

fn watch(estates: &[&str], more: &[&str]) -> crate::support::RunOutput {
    let text = |name: &&&str| match **name {
        "drift" => "  - { name: drift, rules: [rules.yaml], emulate: live.json }\n",
        "empty" => "  - { name: empty, rules: [empty.yaml], emulate: empty.json }\n",
        "denied" => {
            "  - { name: denied, rules: [empty.yaml], emulate: empty.json, faults: denied.yaml }\n"
        }
        "broken" => "  - { name: broken, rules: [broken.yaml], live: live.json }\n",
        other => panic!("{other}"),
    };
    let estates: String = estates.iter().map(|name| text(&name)).collect();
    with_watch_file(&format!("version: 1\nestates:\n{estates}"))
        .file("empty.yaml", EMPTY)
        .file("empty.json", EMPTY_LIVE)
        .file("denied.yaml", DENIED)
        .file("broken.yaml", "version: 1\nrulez: []\n")
        .args(["watch", "--config", "watch.yaml", "--once"])
        .args(more.iter().copied())
        .run()
}

#[test]
fn the_exit_code_is_that_of_the_worst_estate() {
    for (estates, code) in [
        (&["empty"][..], 0),
        (&["empty", "drift"], 2),
        (&["drift", "denied"], 3),
        (&["drift", "denied", "broken"], 1),
    ] {
        let ran = watch(estates, &[]);
        assert_eq!(ran.code, code, "{estates:?}\n{}{}", ran.stdout, ran.stderr);
        assert_eq!(ran.stdout.lines().count(), estates.len(), "{}", ran.stdout);
    }
    let accepted = watch(&["empty", "drift"], &["--drift-exit-code", "0"]);
    assert_eq!(accepted.code, 0, "{}", accepted.stderr);
}

#[test]
fn every_check_is_recorded_whatever_its_outcome() {
    let ran = watch(&["empty", "drift", "denied", "broken"], &[]);
    let asked = crdrift()
        .args(["history", "status", "-o", "json", "--store"])
        .arg(format!(
            "sqlite:{}",
            ran.folder.path().join("crdrift.db").display()
        ))
        .run();
    let document: Value = serde_json::from_str(&asked.stdout).expect("JSON");
    let outcomes: Vec<(&str, &str)> = document["estates"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|it| {
            (
                it["estate"].as_str().expect("a name"),
                it["outcome"].as_str().expect("a word"),
            )
        })
        .collect();
    assert_eq!(
        outcomes,
        [
            ("broken", "failed"),
            ("denied", "incomplete"),
            ("drift", "drift"),
            ("empty", "in_sync")
        ]
    );
    assert!(ran.stderr.contains("unknown key `rulez`"), "{}", ran.stderr);
}

#[test]
fn a_store_that_cannot_be_used_ends_the_run() {
    let ran = watch(&["empty"], &["--store", "sqlite:empty.yaml"]);
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    assert!(
        ran.stderr.contains("empty.yaml is no database of crdrift"),
        "{}",
        ran.stderr
    );
    let away = watch(
        &["empty"],
        &["--store", "postgres://127.0.0.1:1/none", "--spool", "spool"],
    );
    assert_eq!(away.code, 1, "{}", away.stderr);
    assert!(away.stdout.contains("empty: in_sync"), "{}", away.stdout);
    let spooled: Vec<_> = walk(&away.folder.path().join("spool"));
    assert_eq!(spooled.len(), 1, "{spooled:?}");
}

fn walk(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            files.extend(walk(&path));
        } else {
            files.push(path);
        }
    }
    files
}

#[test]
fn invalid_files_and_options_are_refused_before_anything_is_checked() {
    let ran =
        with_watch_file("version: 1\nestates: [{ name: a, rules: [rules.yaml], every: soon }]\n")
            .args(["watch", "--config", "watch.yaml", "--once"])
            .run();
    assert_eq!(ran.code, 1);
    assert!(
        ran.stderr.contains("watch.yaml has 1 error"),
        "{}",
        ran.stderr
    );
    let ran = with_watch_file(
        "version: 1\nlisten: 0.0.0.0:0\nestates: [{ name: a, rules: [rules.yaml] }]\n",
    )
    .args(["watch", "--config", "watch.yaml"])
    .run();
    assert_eq!(ran.code, 64, "{}", ran.stderr);
    assert!(ran.stderr.contains("--allow-remote"), "{}", ran.stderr);
}
