use std::fs;

use serde_json::{Value, json};

use crate::support::{Crdrift, crdrift, read, repository};
use crate::testing::JsonSchema;

/// The quick start's result, as of a day of November.
fn result(day: u32) -> Value {
    let run = crdrift()
        .file("rules.yaml", read("examples/quickstart/rules.yaml"))
        .file("live.json", read("examples/quickstart/live.json"));
    let mut result = run
        .args(["plan", "--live", "live.json", "-o", "json"])
        .run()
        .json();
    result["started_at"] = json!(format!("2026-11-{day:02}T03:00:00Z"));
    result
}

/// A month: drift on its first days, a day that is not whole, weeks without a run, and what is left of the drift on its
/// last day.
fn month(run: Crdrift) -> Crdrift {
    let first = result(1);
    let mut run = run;
    for day in [1, 2, 5] {
        let mut result = first.clone();
        result["started_at"] = json!(format!("2026-11-{day:02}T03:00:00Z"));
        run = run.file(&format!("results/day-{day}.json"), result.to_string());
    }
    let mut gap = first.clone();
    gap["outcome"] = json!("incomplete");
    gap["started_at"] = json!("2026-11-04T03:00:00Z");
    let mut last = first;
    last["started_at"] = json!("2026-11-30T03:00:00Z");
    let findings = last["findings"].as_array_mut().expect("findings");
    let left = findings.len() - 1;
    findings.truncate(left);
    last["summary"]["findings"]["open"] = json!(left);
    run.file("results/gap.json", gap.to_string())
        .file("results/last.json", last.to_string())
}

#[test]
fn a_folder_of_results_is_one_report_in_every_format() {
    let ran = month(crdrift())
        .args([
            "report",
            "results",
            "-o",
            "json",
            "-o",
            "csv=it.csv",
            "-o",
            "html=it.html",
        ])
        .run();
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert_eq!(
        ran.stderr,
        "crdrift: reported 5 results of 1 estate, 1 incomplete (exit code 0)\n"
    );
    let document = ran.json();
    let schema = JsonSchema::new(&read("schemas/history.v1.schema.json"));
    assert_eq!(schema.check(&document), Ok(()), "{document}");
    let results = document["estates"][0]["results"]
        .as_array()
        .expect("results");
    let of = |name: &str| results.iter().find(|it| it["name"] == name).expect(name);
    assert_eq!(
        of("results/last.json")["since_last"],
        json!({ "opened": 0, "resolved": 1, "accepted": 0, "left_scope": 0 })
    );
    assert_eq!(
        of("results/day-5.json")["oldest_open_since"],
        "2026-11-01T03:00:00Z"
    );
    // Without a result for 25 days, durations across this gap are unknown.
    assert_eq!(of("results/last.json")["oldest_open_since"], Value::Null);
    assert_eq!(
        of("results/last.json")["gap_before_ms"],
        25 * 86_400_000_i64
    );
    assert_eq!(
        (
            &of("results/gap.json")["complete"],
            &of("results/gap.json")["rules"]
        ),
        (&json!(false), &Value::Null)
    );
    assert_eq!(
        document["estates"][0]["repaired"],
        json!({ "findings": 1, "timed": 0, "mean_ms": null })
    );

    let rows = fs::read_to_string(ran.folder.path().join("it.csv")).expect("a table");
    let mut table = csv::Reader::from_reader(rows.as_bytes());
    let names: Vec<_> = table
        .records()
        .map(|it| it.expect("a row")[4].to_owned())
        .collect();
    let in_time = [
        "results/day-1.json",
        "results/day-2.json",
        "results/gap.json",
        "results/day-5.json",
        "results/last.json",
    ];
    assert_eq!(names, in_time);

    let page = fs::read_to_string(ran.folder.path().join("it.html")).expect("a page");
    assert_eq!(page.matches("<svg class=\"trend\" role=\"img\"").count(), 3);
    assert_eq!(
        page.matches("class=\"gap\"").count(),
        3 * 4,
        "in each picture a night without a result, an incomplete one, 25 days, and the legend"
    );
    assert!(
        page.contains("unknown: no complete result for 25 days"),
        "{page}"
    );
    assert!(
        page.contains("<h2 id=\"estate-1\">rules.yaml</h2>")
            && page.contains("<h4 id=\"estate-1-rules\">")
    );
}

#[test]
fn a_single_result_is_its_compliance_report() {
    let saved = result(1).to_string();
    let rendered = crdrift()
        .file("result.json", &saved)
        .args(["render", "result.json", "-o", "html"])
        .run();
    let reported = crdrift().args(["report", "-"]).stdin(saved.as_str()).run();
    assert_eq!(
        (reported.code, reported.stdout.as_str()),
        (0, rendered.stdout.as_str())
    );
    let titled = crdrift()
        .args(["report", "-", "--title", "Audit <b>", "--lang", "zh"])
        .stdin(saved)
        .run();
    assert!(
        titled.stdout.contains("<html lang=\"zh-CN\">")
            && titled.stdout.contains("<h1>Audit &lt;b&gt;</h1>")
    );
}

#[test]
fn all_invalid_results_are_reported_at_once() {
    let run = month(crdrift())
        .file("results/notes.json", "{}")
        .file("results/zero.json", "");
    let ran = run
        .args([
            "report",
            "results",
            "nowhere.json",
            "*.yaml",
            "-o",
            "html=it.html",
        ])
        .run();
    assert_eq!((ran.code, ran.stdout.as_str()), (1, ""));
    insta::assert_snapshot!(ran.stderr);
    let page = fs::read_to_string(ran.folder.path().join("it.html")).expect("a page");
    assert!(
        page.contains("Failed") && page.contains("inputs cannot be used"),
        "{page}"
    );
}

#[test]
fn duplicate_results_count_once_with_a_note() {
    let saved = result(1).to_string();
    let run = crdrift()
        .file("a.json", &saved)
        .file("b.json", &saved)
        .file("c.json", result(2).to_string());
    let ran = run.args(["report", "*.json", "b.json", "-o", "json"]).run();
    assert_eq!(
        ran.json()["estates"][0]["results"].as_array().map(Vec::len),
        Some(2)
    );
    assert_eq!(
        ran.stderr,
        "crdrift: b.json is the same result as a.json: counted once\n\
         crdrift: reported 2 results of 1 estate (exit code 0)\n"
    );
}

#[test]
fn since_selects_newer_results() {
    let reported = |since: &str| {
        month(crdrift())
            .args(["report", "results", "-o", "csv", "--since", since])
            .run()
    };
    assert_eq!(reported("2026-11-05").stdout.lines().count(), 1 + 2);
    let none = reported("2026-12-01");
    assert_eq!(none.code, 1);
    assert_eq!(
        none.reason(),
        "crdrift: no result is of 2026-12-01 or later (exit code 1)"
    );
    assert_eq!(reported("yesterday").code, 64);
}

#[test]
fn ids_are_masked_and_estates_stay_apart() {
    let mut other = result(2);
    let instances = other["live"]["instances"]
        .as_array_mut()
        .expect("instances");
    // It looks like the other one when it is masked.
    instances[1]["id"] = json!("cri-xhanghai00000001");
    let run = crdrift()
        .file("a.json", result(1).to_string())
        .file("b.json", other.to_string());
    let ran = run
        .args([
            "report",
            "a.json",
            "b.json",
            "--mask-ids",
            "-o",
            "json",
            "-o",
            "html=it.html",
        ])
        .run();
    assert_eq!(ran.json()["estates"].as_array().map(Vec::len), Some(2));
    let page = fs::read_to_string(ran.folder.path().join("it.html")).expect("a page");
    for text in [&ran.stdout, &ran.stderr, &page] {
        assert!(!text.contains("hanghai00000001"), "{text}");
    }
}

#[test]
fn contradictory_options_exit_with_64() {
    for args in [
        vec!["report"],
        vec!["report", "-", "-"],
        vec!["report", "a.json", "-o", "text"],
        vec!["report", "a.json", "-o", "html", "-o", "csv"],
    ] {
        let ran = crdrift().args(args.iter().copied()).run();
        assert_eq!((ran.code, ran.stdout.as_str()), (64, ""), "{args:?}");
    }
}

#[test]
fn every_case_can_be_reported() {
    let mut run = crdrift();
    let mut cases = 0;
    for case in fs::read_dir(repository("tests/cases")).expect("cases") {
        let case = case.expect("entry").path();
        let more = fs::read_to_string(case.join("args")).unwrap_or_default();
        let planned = crdrift()
            .files_of(&case)
            .args(["plan", "--live", "live.json", "-o", "json"]);
        let result = planned.args(more.split_whitespace()).run().stdout;
        cases += 1;
        run = run.file(&format!("{cases}.json"), result);
    }
    let ran = run
        .args([
            "report",
            ".",
            "-o",
            "json",
            "-o",
            "html=it.html",
            "-o",
            "csv=it.csv",
        ])
        .run();
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let reported: usize = ran.json()["estates"]
        .as_array()
        .expect("estates")
        .iter()
        .map(|it| it["results"].as_array().map_or(0, Vec::len))
        .sum();
    assert!(reported > 60 && reported <= cases, "{reported} of {cases}");
}
