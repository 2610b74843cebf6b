use std::collections::BTreeSet;

use serde_json::Value;

use super::{GITHUB_RESULTS, SarifConsumer, artifact, keep_worst};
use crate::report::sample::{drawn, hostile_texts, in_sync, sample, sample_with};
use crate::report::{Format, Options, Report};
use crate::testing::JsonSchema;

fn sarif(report: &Report, sarif_consumer: SarifConsumer) -> String {
    drawn(
        report,
        Format::Sarif,
        Options {
            sarif_consumer,
            ..Options::default()
        },
    )
}

fn results(report: &Report, consumer: SarifConsumer) -> Vec<Value> {
    results_in(&sarif(report, consumer))
}

fn results_in(text: &str) -> Vec<Value> {
    let log: Value = serde_json::from_str(text).expect("JSON");
    log["runs"][0]["results"]
        .as_array()
        .expect("results")
        .clone()
}

#[test]
fn the_log_of_the_sample() {
    insta::assert_snapshot!(sarif(&sample(), SarifConsumer::Any));
}

#[test]
fn it_fits_the_schema_of_the_standard() {
    let schema = include_str!("../../../../tests/vendor/sarif-2.1.0.schema.json");
    // The pattern for languages has a bracket too many for regular expressions in Unicode mode.
    let schema = JsonSchema::new(&schema.replace("[a-zA-Z]{2}]?$", "[a-zA-Z]{2}$"));
    let reports = [sample(), in_sync()]
        .into_iter()
        .chain(hostile_texts().into_iter().map(|text| sample_with(&text)));
    for report in reports {
        for consumer in [SarifConsumer::Any, SarifConsumer::GitHub] {
            let log = serde_json::from_str(&sarif(&report, consumer)).expect("JSON");
            assert_eq!(schema.check(&log), Ok(()));
        }
    }
}

#[test]
fn suppressed_results_are_marked_and_not_for_github() {
    let all = results(&sample(), SarifConsumer::Any);
    let suppressed = |it: &&Value| it["suppressions"] != serde_json::json!([]);
    assert_eq!((all.len(), all.iter().filter(suppressed).count()), (9, 2));
    let for_github = results(&sample(), SarifConsumer::GitHub);
    assert_eq!(
        (
            for_github.len(),
            for_github.iter().filter(suppressed).count()
        ),
        (7, 0)
    );
}

#[test]
fn github_gets_what_it_asks_for() {
    let mut report = sample();
    report.findings.extend(report.findings.clone());
    let results = results(&report, SarifConsumer::GitHub);
    for result in &results {
        let place = &result["locations"][0]["physicalLocation"];
        assert!(place["artifactLocation"]["uri"].is_string(), "{result}");
        for key in ["startLine", "startColumn", "endLine", "endColumn"] {
            assert!(place["region"][key].as_u64() >= Some(1), "{key}: {result}");
        }
    }
    let hashes: BTreeSet<_> = results
        .iter()
        .map(|it| it["partialFingerprints"]["primaryLocationLineHash"].to_string())
        .collect();
    assert_eq!(hashes.len(), results.len(), "every alert is one of its own");
}

#[test]
fn the_worst_findings_are_kept() {
    let report = sample();
    let (worst, mild) = (&report.findings[0], &report.findings[2]);
    let mut findings = vec![mild, mild, worst];
    assert_eq!(keep_worst(&mut findings, 3), 0);
    assert_eq!(keep_worst(&mut findings, 2), 1);
    let severities: Vec<_> = findings.iter().map(|it| it.severity).collect();
    assert_eq!(severities, [worst.severity, mild.severity]);
}

#[test]
fn github_gets_no_more_than_it_takes() {
    let mut report = sample();
    let worst = report.findings[0].clone();
    report.findings = vec![worst; GITHUB_RESULTS + 1];
    let text = sarif(&report, SarifConsumer::GitHub);
    assert_eq!(text.matches("\"ruleIndex\"").count(), GITHUB_RESULTS);
    assert!(text.contains("1 more result omitted"));
}

#[test]
fn a_message_links_to_nowhere() {
    for text in hostile_texts() {
        for result in results(&sample_with(&text), SarifConsumer::Any) {
            let message = result["message"]["text"].as_str().expect("text");
            assert!(
                !message.contains("](") || message.contains("\\]("),
                "{message}"
            );
        }
    }
}

#[test]
fn paths_are_uris() {
    let cases = [
        ("./rules/a.yaml", "rules/a.yaml", true),
        ("rules/团 队.yaml", "rules/%E5%9B%A2%20%E9%98%9F.yaml", true),
        ("a:b#c?.yaml", "a%3Ab%23c%3F.yaml", true),
        ("/srv/a.yaml", "file:///srv/a.yaml", false),
    ];
    for (path, uri, relative) in cases {
        let it = artifact(path);
        assert_eq!((it.uri.as_str(), it.uri_base_id.is_some()), (uri, relative));
    }
}
