//! The commands that use a store.

use std::fs;

use serde_json::{Value, json};

use super::TestStore;
use super::results::{ResultPlan, time};
use crate::support::{Crdrift, RunOutput, crdrift, read};
use crate::testing::JsonSchema;

fn quickstart() -> Crdrift {
    crdrift()
        .file("rules.yaml", read("examples/quickstart/rules.yaml"))
        .file("live.json", read("examples/quickstart/live.json"))
}

fn plan(store: &TestStore, more: &[&str]) -> RunOutput {
    quickstart()
        .args([
            "plan",
            "--live",
            "live.json",
            "--store",
            &store.url,
            "-o",
            "json",
        ])
        .args(more.iter().copied())
        .run()
}

/// Returns a run with a series of results in a folder.
fn with_series(run: Crdrift) -> Crdrift {
    let accepting = ResultPlan {
        accepted: vec![2],
        ..ResultPlan::new("shop", 30, &[1, 3])
    };
    let incomplete = ResultPlan {
        is_complete: false,
        ..ResultPlan::new("shop", 40, &[])
    };
    run.file(
        "results/1.json",
        ResultPlan::new("shop", 10, &[1, 2]).text(),
    )
    .file(
        "results/2.json",
        ResultPlan::new("shop", 20, &[1, 2, 3]).text(),
    )
    .file("results/3.json", accepting.text())
    .file("results/4.json", incomplete.text())
    .file("results/5.json", ResultPlan::new("base", 25, &[4]).text())
}

fn record_series(store: &TestStore) {
    let ran = with_series(crdrift())
        .args(["history", "record", "results", "--store", &store.url])
        .run();
    assert_eq!(ran.code, 0, "{}", ran.stderr);
}

fn ask(store: &TestStore, args: &[&str]) -> RunOutput {
    crdrift()
        .args(["history"])
        .args(args.iter().copied())
        .args(["--store", &store.url])
        .run()
}

#[test]
fn plan_records_its_result_and_the_next_plan_reads_it() {
    for store in TestStore::on_both() {
        let first = plan(&store, &[]);
        assert_eq!(first.code, 2, "{}", first.stderr);
        assert_eq!(first.json()["findings"][0]["first_seen"], Value::Null);
        let second = plan(&store, &[]);
        let finding = &second.json()["findings"][0];
        assert_eq!(finding["transition"], "still");
        assert_eq!(finding["first_seen"], first.json()["started_at"]);
        // What `-o json` wrote is what the store has.
        let shown = ask(&store, &["show", "latest", "-o", "json"]);
        assert_eq!(
            (shown.code, shown.stdout),
            (0, second.stdout.clone()),
            "{}",
            shown.stderr
        );
        let again = crdrift()
            .file("result.json", &second.stdout)
            .args(["history", "record", "result.json", "--store", &store.url])
            .run();
        assert!(
            again.stderr.contains("result.json is recorded already\n"),
            "{}",
            again.stderr
        );
        let runs = ask(&store, &["runs", "-o", "json"]).json();
        assert_eq!(runs["runs"].as_array().map(Vec::len), Some(2));
    }
}

#[test]
fn a_failed_run_is_recorded_and_resolves_nothing() {
    let store = TestStore::sqlite();
    plan(&store, &[]);
    let open = ask(&store, &["open", "-o", "csv"]).stdout;
    let failed = crdrift()
        .file("rules.yaml", "version: 1\nrules: nothing\n")
        .args(["plan", "--emulate", "none.json", "--store", &store.url])
        .run();
    assert_eq!(failed.code, 1, "{}", failed.stderr);
    assert_eq!(ask(&store, &["open", "-o", "csv"]).stdout, open);
    let status = ask(&store, &["status", "-o", "json"]).json();
    assert_eq!(
        status["estates"].as_array().map(Vec::len),
        Some(1),
        "{status}"
    );
    assert_eq!(status["estates"][0]["outcome"], "failed");
    assert!(status["estates"][0]["last_complete_run"].is_string());
}

#[test]
fn answers_fit_their_schemas_in_every_format() {
    let store = TestStore::sqlite();
    record_series(&store);
    for question in ["status", "runs", "open"] {
        let ran = ask(
            &store,
            &[
                question,
                "-o",
                "json",
                "-o",
                "csv=it.csv",
                "-o",
                "text=it.txt",
            ],
        );
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        let schema = JsonSchema::new(&read(&format!("schemas/history-{question}.v1.schema.json")));
        assert_eq!(schema.check(&ran.json()), Ok(()), "{question}");
        let table = fs::read_to_string(ran.folder.path().join("it.csv")).expect("a table");
        let mut table = csv::Reader::from_reader(table.as_bytes());
        assert!(table.records().all(|row| row.is_ok()));
        let text = fs::read_to_string(ran.folder.path().join("it.txt")).expect("a text");
        assert!(text.lines().count() >= 3, "{text}");
    }
}

#[test]
fn questions_select_by_estate_owner_and_day() {
    let store = TestStore::sqlite();
    record_series(&store);
    let count = |args: &[&str], key: &str| {
        let document = ask(&store, args).json();
        document[key].as_array().expect("a list").len()
    };
    assert_eq!(count(&["status", "-o", "json"], "estates"), 2);
    assert_eq!(
        count(&["status", "-o", "json", "--estate", "shop"], "estates"),
        1
    );
    assert_eq!(
        count(&["status", "-o", "json", "--owner", "team-2"], "estates"),
        1
    );
    assert_eq!(count(&["open", "-o", "json"], "findings"), 4);
    assert_eq!(
        count(&["open", "-o", "json", "--owner", "team-1"], "findings"),
        2
    );
    assert_eq!(
        count(&["runs", "-o", "json", "--since", &time(30)[..10]], "runs"),
        3
    );
    assert_eq!(
        count(&["runs", "-o", "json", "--owner", "team-2"], "runs"),
        2
    );
    let open = ask(&store, &["open", "--estate", "shop"]);
    assert!(open.stdout.contains("in the baseline"), "{}", open.stdout);
    assert_eq!(
        open.reason(),
        "crdrift: 2 open findings, 1 accepted (exit code 0)"
    );
}

#[test]
fn an_estate_without_a_recent_complete_check_ends_with_3() {
    let store = TestStore::sqlite();
    record_series(&store);
    let ran = ask(&store, &["status", "--max-age", "3h", "-o", "json"]);
    assert_eq!(ran.code, 3);
    assert!(
        ran.reason()
            .contains("no complete check within --max-age: base and 1 more estate"),
        "{}",
        ran.stderr
    );
    assert_eq!(ran.json()["estates"][0]["is_overdue"], true);
    assert_eq!(plan(&store, &["--estate", "fresh"]).code, 2);
    assert_eq!(
        ask(&store, &["status", "--max-age", "3h", "--estate", "fresh"]).code,
        0
    );
}

#[test]
fn a_report_of_a_store_equals_the_report_of_the_files() {
    for store in TestStore::on_both() {
        let outputs = ["-o", "html", "-o", "json=it.json", "-o", "csv=it.csv"];
        let files = with_series(crdrift())
            .args(["report", "results"])
            .args(outputs)
            .run();
        record_series(&store);
        let stored = crdrift()
            .args(["report", "--store", &store.url])
            .args(outputs)
            .run();
        assert_eq!(stored.code, 0, "{}", stored.stderr);
        assert!(stored.stdout == files.stdout, "the pages differ");
        for name in ["it.json", "it.csv"] {
            let text =
                |ran: &RunOutput| fs::read_to_string(ran.folder.path().join(name)).expect(name);
            assert_eq!(text(&stored), text(&files));
        }
        let document: Value = serde_json::from_str(
            &fs::read_to_string(stored.folder.path().join("it.json")).expect("a document"),
        )
        .expect("JSON");
        let owners: Vec<_> = document["estates"]
            .as_array()
            .expect("estates")
            .iter()
            .flat_map(|estate| estate["by_owner"].as_array().expect("groups"))
            .map(|group| (group["name"].clone(), group["open"].clone()))
            .collect();
        assert!(owners.contains(&(json!("team-1"), json!(1))), "{owners:?}");
    }
}

#[test]
fn show_renders_as_render_does() {
    let store = TestStore::sqlite();
    record_series(&store);
    let result = ResultPlan::new("shop", 20, &[1, 2, 3]).text();
    let id = crdrift::report::Digest::hash(result.as_bytes()).to_string();
    for format in ["text", "markdown", "html", "sarif", "csv", "json"] {
        let rendered = crdrift()
            .file("result.json", &result)
            .args(["render", "result.json", "-o", format])
            .run();
        let shown = ask(&store, &["show", &id[..8], "-o", format]);
        assert_eq!(
            (shown.code, &shown.stdout),
            (0, &rendered.stdout),
            "{format}: {}",
            shown.stderr
        );
    }
    let ambiguous = ask(&store, &["show", "latest"]);
    assert_eq!(ambiguous.code, 1);
    assert!(
        ambiguous.stderr.contains("--estate \"base\""),
        "{}",
        ambiguous.stderr
    );
    assert_eq!(ask(&store, &["show", "latest", "--estate", "base"]).code, 0);
    assert_eq!(ask(&store, &["show", "nothing"]).code, 1);
}

#[test]
fn results_wait_in_the_spool_until_the_store_is_back() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let place = folder.path().join("data");
    // A file where the folder of the database has to be.
    fs::write(&place, "").expect("a file");
    let url = format!("sqlite:{}/history.db", place.display());
    let spool = folder.path().join("spool").display().to_string();
    let run = |estate: &str| {
        quickstart()
            .args([
                "plan",
                "--live",
                "live.json",
                "-o",
                "json",
                "--store",
                &url,
                "--spool",
                &spool,
                "--estate",
                estate,
            ])
            .run()
    };
    let away = [run("shop"), run("shop")];
    for ran in &away {
        assert_eq!(ran.code, 1);
        assert!(
            ran.reason().contains("the result is not recorded"),
            "{}",
            ran.stderr
        );
        assert_eq!(
            ran.json()["outcome"],
            "drift",
            "every other output is written"
        );
    }
    fs::remove_file(&place).expect("a file");
    // What is no result does not hold up the results behind it.
    let spooled = fs::read_dir(&spool).expect("a folder").next();
    let spooled = spooled
        .expect("the folder of the store")
        .expect("its name")
        .path();
    for (name, bytes) in [("0-bytes.json", &b"\xff\xfe"[..]), ("0-other.json", b"{}")] {
        fs::write(spooled.join(name), bytes).expect("a file");
    }
    let back = run("shop");
    for name in ["0-bytes", "0-other"] {
        assert!(spooled.join(format!("{name}.rejected")).exists(), "{name}");
        assert!(
            back.stderr.contains(&format!("{name}.rejected")),
            "{}",
            back.stderr
        );
    }
    assert_eq!(back.code, 2, "{}", back.stderr);
    assert!(
        back.stderr.contains("recorded 2 spooled results\n"),
        "{}",
        back.stderr
    );
    let runs = crdrift()
        .args(["history", "runs", "--store", &url, "-o", "json"])
        .run()
        .json();
    let started: Vec<_> = runs["runs"]
        .as_array()
        .expect("runs")
        .iter()
        .map(|run| &run["started_at"])
        .collect();
    assert_eq!(started.len(), 3);
    assert!(started.is_sorted_by(|one, other| one.as_str() >= other.as_str()));
}

#[test]
fn a_database_is_private_and_no_output_replaces_it() {
    let store = TestStore::sqlite();
    record_series(&store);
    let path = store.url.trim_start_matches("sqlite:").to_owned();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::metadata(&path).expect("a file").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    let ran = ask(&store, &["runs", "-o", &format!("json={path}")]);
    assert_eq!(ran.code, 64, "{}", ran.stderr);
    assert_eq!(ask(&store, &["runs"]).code, 0);
    // A file that is no database, and a store that is not there.
    let other = crdrift()
        .file("notes.txt", "no database, but a text that is long enough to have a header of one hundred bytes, more or less")
        .args(["history", "runs", "--store", "sqlite:notes.txt"])
        .run();
    assert_eq!(other.code, 1);
    assert!(
        other.stderr.contains("notes.txt is no database of crdrift"),
        "{}",
        other.stderr
    );
    assert!(
        !other.folder.path().join("notes.txt-host").exists(),
        "nothing is written beside a foreign file"
    );
    let folder = crdrift()
        .file("dir/x", "")
        .args(["history", "runs", "--store", "sqlite:dir"])
        .run();
    assert_eq!(folder.code, 1);
    assert!(
        folder.stderr.contains("dir is no database of crdrift"),
        "{}",
        folder.stderr
    );
    let none = crdrift()
        .args(["history", "runs", "--store", "sqlite:none.db"])
        .run();
    assert_eq!(none.code, 1);
    assert!(none.stderr.contains("no store yet") && !none.folder.path().join("none.db").exists());
}

#[test]
fn invalid_inputs_are_usage_errors_or_name_the_input() {
    for url in [
        "history.db",
        "mysql://x/y",
        "postgres://h/d?sslmode=require",
        "sqlite:",
    ] {
        let ran = crdrift().args(["history", "status", "--store", url]).run();
        assert_eq!(ran.code, 64, "{url}: {}", ran.stderr);
    }
    let without = crdrift().args(["history", "status"]).run();
    assert_eq!(without.code, 64, "{}", without.stderr);
    let store = TestStore::sqlite();
    let ran = with_series(crdrift())
        .file("results/broken.json", "{}")
        .args(["history", "record", "results", "--store", &store.url])
        .run();
    assert_eq!(ran.code, 1);
    assert!(
        ran.reason().contains("1 input cannot be used, 5 recorded"),
        "{}",
        ran.stderr
    );
}
