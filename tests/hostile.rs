//! Hostile names of live rules in every format: each output is valid for its consumer, and has the content of the result
//! document. The unit tests of each format test its escapes.

use std::fs;

use crdrift::finding::Code;
use crdrift::report::Format;
use serde_json::{Value, json};

use crate::support::{RunOutput, crdrift, read};

const RULES: &str = "version: 1
instances: { a: { id: cri-a, region: cn-x }, b: { id: cri-b, region: cn-y } }
rules:
  - name: web
    from: { instance: a, namespace: app, repo: web }
    to:   { instance: b, namespace: app, repo: web }
    tag_filter: \"v.*\"
";

fn row(name: &str, tag_filter: &str) -> Value {
    json!({
        "SyncRuleId": format!("crsr-{name}"), "SyncRuleName": name, "LocalRegionId": "cn-x", "LocalInstanceId": "cri-a",
        "LocalNamespaceName": name, "LocalRepoName": name, "TargetRegionId": "cn-y", "TargetInstanceId": "cri-b",
        "TargetNamespaceName": "app", "TargetRepoName": name, "TagFilter": tag_filter, "SyncScope": "REPO",
        "SyncDirection": "FROM", "SyncTrigger": "PASSIVE",
    })
}

/// Runs a plan on a snapshot with every text as a rule of its own, one of them of a megabyte; the desired rule has one as
/// its filter. Each format is written to a file of its name.
fn plan(formats: &[&str]) -> RunOutput {
    let mut texts: Vec<String> =
        serde_json::from_str(&read("tests/hostile.json")).expect("a list of texts");
    texts.retain(|text| !text.is_empty());
    texts.push("x".repeat(1 << 20));
    let mut rows: Vec<_> = texts.iter().map(|text| row(text, ".*")).collect();
    let mut web = row("web", "\u{1b}]8;;https://evil.example\u{7}](x) |`##[error]");
    web["LocalNamespaceName"] = "app".into();
    rows.push(web);
    let listings = json!([
        { "instance_id": "cri-a", "region_id": "cn-x", "rules": rows },
        { "instance_id": "cri-b", "region_id": "cn-y", "rules": [] },
    ]);
    let live = json!({ "format_version": "1.0", "taken_at": null, "listings": listings });
    let outputs: Vec<_> = formats
        .iter()
        .flat_map(|it| ["-o".to_owned(), format!("{it}={it}")])
        .collect();
    let run = crdrift()
        .file("rules.yaml", RULES)
        .file("live.json", live.to_string());
    run.args(["plan", "--live", "live.json"])
        .args(outputs.iter().map(String::as_str))
        .run()
}

#[test]
fn every_format_escapes_hostile_values() {
    let ran = plan(&Format::NAMES);
    assert_eq!(ran.code, 2, "{}", ran.stderr);
    let of =
        |format: Format| fs::read_to_string(ran.folder.path().join(format.name())).expect("UTF-8");
    let json = |format: Format| -> Value { serde_json::from_str(&of(format)).expect("JSON") };
    let result = json(Format::Json);
    let count = |key: &str| result[key].as_array().expect("a list").len();
    let (changes, findings) = (count("changes"), count("findings"));
    assert!(changes > 60 && findings >= changes, "{changes} {findings}");
    for format in Format::ALL {
        let text = of(format);
        let lines = text.lines().count();
        match format {
            Format::Text => assert!(text.chars().all(|it| it == '\n' || !it.is_control())),
            Format::Json => {}
            Format::Ndjson => assert!(
                text.lines()
                    .all(|line| serde_json::from_str::<Value>(line).is_ok())
            ),
            Format::Sarif => {
                let results = &json(format)["runs"][0]["results"];
                assert_eq!(results.as_array().map(Vec::len), Some(findings));
            }
            Format::Junit => {
                let text = without_timestamps(&text);
                let report = quick_junit::Report::deserialize_from_str(&text).expect("XML");
                assert!(report.failures >= 60, "{}", report.failures);
            }
            Format::Gitlab => assert_eq!(json(format).as_array().map(Vec::len), Some(findings)),
            Format::Github => {
                let commands = [
                    "::group::",
                    "::error ",
                    "::warning ",
                    "::notice ",
                    "::endgroup::",
                ];
                let commanding = text
                    .lines()
                    .filter(|line| line.trim_start().starts_with("::"));
                assert!(
                    commanding
                        .clone()
                        .all(|line| commands.iter().any(|it| line.starts_with(it))),
                    "{text}"
                );
                assert_eq!(commanding.count(), 13);
                assert!(!text.contains("##["));
            }
            Format::Markdown => assert!(text.len() <= 65_536 && lines > 60),
            Format::Html => {
                // A row for each change, and for each finding that no change shows; the data is hostile, not the markup.
                let of_no_change = result["findings"].as_array().expect("a list");
                let of_no_change = of_no_change.iter().filter(|finding| {
                    let code = finding["code"].as_str().expect("a code");
                    !Code::from_name(code).is_some_and(|code| code.is_shown_by_change())
                });
                assert_eq!(
                    text.matches(" data-code=").count(),
                    changes + of_no_change.count()
                );
                assert!(text.matches("<script").count() == 1 && text.ends_with("</html>\n"));
            }
            Format::Csv => {
                let rows = csv::Reader::from_reader(text.as_bytes())
                    .into_records()
                    .count();
                assert_eq!(rows, changes + findings);
            }
            Format::Prometheus => assert!(text.ends_with('\n')),
            Format::TerraformJson => {
                assert_eq!(
                    json(format)["resource_changes"].as_array().map(Vec::len),
                    Some(changes)
                );
            }
        }
    }
}

/// `quick-junit` wants the zone that the schemas of others forbid.
fn without_timestamps(xml: &str) -> String {
    let parts: Vec<_> = xml.split(" timestamp=\"").collect();
    let rest = parts
        .iter()
        .skip(1)
        .map(|it| it.split_once('"').expect("an end").1);
    parts.iter().copied().take(1).chain(rest).collect()
}

#[test]
fn a_report_over_time_escapes_hostile_values() {
    let ran = plan(&["json"]);
    let result = fs::read_to_string(ran.folder.path().join("json")).expect("UTF-8");
    let mut later: Value = serde_json::from_str(&result).expect("JSON");
    later["started_at"] = json!("2099-01-01T00:00:00Z");
    let run = crdrift()
        .file("a.json", &result)
        .file("b.json", later.to_string());
    let hostile = "</title><script>alert(1)</script>";
    let ran = run
        .args([
            "report", "a.json", "b.json", "-o", "html", "-o", "csv=csv", "--title", hostile,
        ])
        .run();
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(ran.stdout.matches("<script").count() == 1 && ran.stdout.ends_with("</html>\n"));
    assert!(ran.stdout.chars().all(|it| it == '\n' || !it.is_control()));
    let csv = fs::read_to_string(ran.folder.path().join("csv")).expect("UTF-8");
    let rows = csv::Reader::from_reader(csv.as_bytes()).into_records();
    assert_eq!(
        rows.collect::<Result<Vec<_>, _>>()
            .expect("as many cells as columns")
            .len(),
        2
    );
}

#[test]
fn a_lone_surrogate_is_an_error() {
    let live = json!([row("web", "v.*")])
        .to_string()
        .replace("\"v.*\"", "\"\\ud800\"");
    let live = format!(
        "{{\"IsSuccess\": true, \"TotalCount\": 1, \"PageNo\": 1, \"PageSize\": 30, \"SyncRules\": {live}}}"
    );
    let ran = crdrift()
        .file("rules.yaml", RULES)
        .file("live.json", live)
        .args(["plan", "--live", "live.json"])
        .run();
    assert_eq!(ran.code, 1, "{}", ran.stdout);
    assert!(ran.reason().contains("hex escape"), "{}", ran.reason());
}
