//! The table of faults: each row runs the program with a fault script and checks the result.

use std::fmt::Write;
use std::path::Path;
use std::sync::Arc;

use libtest_mimic::Trial;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::support::{RunOutput, crdrift, read};

/// A row of the table.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    what: String,
    faults: Value,
    #[serde(default)]
    accounts: Option<Value>,
    #[serde(default)]
    args: Vec<String>,
    #[serde(default = "three_pages")]
    shanghai: Reading,
    #[serde(default = "three_pages")]
    shenzhen: Reading,
    #[serde(default = "one_page")]
    beijing: Reading,
    #[serde(default)]
    error: Option<String>,
    exit: i32,
}

/// A status, and how many requests it took.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
struct Reading(String, u64);

fn three_pages() -> Reading {
    Reading("complete".to_owned(), 3)
}

fn one_page() -> Reading {
    Reading("complete".to_owned(), 1)
}

fn table() -> Vec<Row> {
    serde_yaml::from_str(&read("tests/faults/table.yaml")).expect("a table")
}

/// The estate of the table as a rules file, and as a snapshot that is in sync with it.
fn estate() -> (String, String) {
    let mut rules = String::from(
        "version: 1\ninstances:\n\
         \x20 shanghai: { id: cri-shanghai00000001, region: cn-shanghai, account: '1234567890123456' }\n\
         \x20 shenzhen: { id: cri-shenzhen00000002, region: cn-shenzhen }\n\
         \x20 beijing: { id: cri-beijing000000003, region: cn-beijing }\n\
         \x20 partner: { id: cri-partner000000004, region: cn-beijing, read: false }\n\
         defaults: { tag_filter: '.*' }\nignore: [{ rules: 'tmp-*', reason: scratch }]\nrules:\n",
    );
    let mut listed = Vec::new();
    for number in 0..250 {
        let declared = number > 0;
        let (namespace, repo) = (
            format!("ns-{}", number % 3),
            if declared {
                format!("app-{number}")
            } else {
                "tmp-1".to_owned()
            },
        );
        let end =
            |alias: &str| format!("{{ instance: {alias}, namespace: {namespace}, repo: {repo} }}");
        if declared {
            writeln!(
                rules,
                "  - {{ name: {repo}, from: {}, to: {} }}",
                end("shanghai"),
                end("shenzhen")
            )
            .expect("memory");
        }
        listed.push(json!({
            "SyncRuleId": format!("crsr-{number:016}"), "SyncRuleName": repo, "SyncScope": "REPO",
            "SyncTrigger": "PASSIVE", "SyncDirection": "FROM", "TagFilter": ".*",
            "LocalRegionId": "cn-shanghai", "LocalInstanceId": "cri-shanghai00000001",
            "LocalNamespaceName": namespace, "LocalRepoName": repo,
            "TargetRegionId": "cn-shenzhen", "TargetInstanceId": "cri-shenzhen00000002",
            "TargetNamespaceName": namespace, "TargetRepoName": repo,
        }));
    }
    let listing = |id: &str, region: &str, rules: Vec<Value>| json!({"instance_id": id, "region_id": region, "rules": rules});
    let listings = [
        listing("cri-shanghai00000001", "cn-shanghai", listed),
        listing("cri-shenzhen00000002", "cn-shenzhen", Vec::new()),
        listing("cri-beijing000000003", "cn-beijing", Vec::new()),
    ];
    (
        rules,
        json!({ "format_version": "1.0", "listings": listings }).to_string(),
    )
}

/// Returns a test for each row of the table, and one that the page repeats it.
pub(crate) fn trials() -> Vec<Trial> {
    let table = table();
    assert!(table.len() >= 30, "expected 30 rows, found {}", table.len());
    let estate = Arc::new(estate());
    let mut trials = vec![Trial::test("faults::page", || {
        check_page();
        Ok(())
    })];
    for row in table {
        let estate = Arc::clone(&estate);
        trials.push(Trial::test(format!("faults::{}", row.what), move || {
            check(&row, &estate);
            Ok(())
        }));
    }
    trials
}

fn check(row: &Row, (rules, live): &(String, String)) {
    let script = json!({
        "version": 1, "faults": row.faults, "accounts": row.accounts.clone().unwrap_or(json!([])),
    });
    let run = crdrift()
        .file("rules.yaml", rules)
        .file("live.json", live)
        .file("faults.json", script.to_string());
    let run = run.args([
        "plan",
        "-v",
        "--emulate",
        "live.json",
        "--faults",
        "faults.json",
        "-o",
        "json",
    ]);
    let ran = run.args(row.args.iter().map(String::as_str)).run();
    let result = ran.json();
    let what = &row.what;
    let instances = result["live"]["instances"].as_array().expect("instances");
    let mut requests = 0;
    let mut whole = true;
    for instance in instances {
        let (status, asked) = (
            instance["status"].as_str().expect("a status"),
            instance["requests"].as_u64(),
        );
        let expected = match instance["alias"].as_str() {
            Some("shanghai") => &row.shanghai,
            Some("shenzhen") => &row.shenzhen,
            Some("beijing") => &row.beijing,
            // What is declared `read: false` is never asked, and every output says that it is unverified.
            _ => &Reading("skipped".to_owned(), 0),
        };
        let got = Reading(status.to_owned(), asked.unwrap_or_default());
        assert_eq!(
            &got, expected,
            "{what}: {} {}",
            instance["alias"], instance["error"]
        );
        requests += got.1;
        if expected.1 > 0 && status != "complete" {
            whole = false;
            let code = instance["error"]["code"].as_str().expect("an error");
            assert_eq!(row.error.as_deref().unwrap_or(code), code, "{what}");
        }
    }
    let selected = [&row.shanghai, &row.shenzhen, &row.beijing]
        .into_iter()
        .filter(|it| it.0 != "unselected")
        .count();
    let asked = instances
        .iter()
        .filter(|instance| instance["alias"] != "partner")
        .count();
    assert_eq!(asked, selected, "{what}");
    assert_eq!(
        (ran.code, &result["exit_code"]),
        (row.exit, &json!(row.exit)),
        "{what}: {}",
        ran.reason()
    );
    assert!(
        whole || row.exit == 3,
        "{what}: an incomplete reading is exit code 3"
    );
    assert_eq!(
        requests_counted_by_the_emulator(&ran),
        Some(requests),
        "{what}"
    );
}

/// The summary that the emulator prints at the end, with `-v`.
fn requests_counted_by_the_emulator(ran: &RunOutput) -> Option<u64> {
    let line = ran
        .stderr
        .lines()
        .find_map(|line| line.strip_prefix("the emulator served "));
    line?.split(' ').next()?.parse().ok()
}

/// Compares the table of `docs/faults.md` with the rows.
fn check_page() {
    let cell = |text: &str| text.replace('|', "\\|");
    let reading = |Reading(status, requests): &Reading| match status.as_str() {
        "unselected" => "–".to_owned(),
        status => format!("{}, {requests}", status.replace('_', " ")),
    };
    let mut lines = vec![
        "| what happens | shanghai | shenzhen | beijing | error | exit code |".to_owned(),
        "|---|---|---|---|---|---|".to_owned(),
    ];
    for row in table() {
        let readings = [&row.shanghai, &row.shenzhen, &row.beijing].map(reading);
        let error = row
            .error
            .as_ref()
            .map(|code| format!("`{code}`"))
            .unwrap_or_default();
        let args = if row.args.is_empty() {
            String::new()
        } else {
            format!(" (`{}`)", row.args.join(" "))
        };
        lines.push(format!(
            "| {}{args} | {} | {error} | {} |",
            cell(&row.what),
            readings.join(" | "),
            row.exit
        ));
    }
    let page = read("docs/faults.md");
    let (shown, words): (Vec<_>, Vec<_>) = page.lines().partition(|line| line.starts_with('|'));
    if shown != lines {
        let new = Path::new(env!("CARGO_TARGET_TMPDIR")).join("faults.md");
        std::fs::write(
            &new,
            format!("{}\n\n{}\n", words.join("\n").trim_end(), lines.join("\n")),
        )
        .expect("a file");
        panic!(
            "docs/faults.md is stale: cp {} docs/faults.md",
            new.display()
        );
    }
}
