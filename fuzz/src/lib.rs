//! The steps that several fuzz targets share: load, check, render, and the properties of every result.

use crdrift::check::{Inputs, RunInfo, check};
use crdrift::model::LiveState;
use crdrift::report::{Format, LiveSource, Options, Outcome, Report, read, render};
use crdrift::rules::{LoadErrors, RuleSet};
use crdrift::snapshot::{Snapshot, live_state};
use crdrift::waiver::TriageConfig;
use serde_json::Value;

/// Rules files of one estate: two instances, every scope, a waiver, an ignore entry, policies and guards.
pub const RULES: &str = include_str!("../seeds/rules_file/estate.yaml");

/// A snapshot of the instances of [`RULES`].
pub const SNAPSHOT: &[u8] = include_bytes!("../seeds/listings/snapshot.json");

/// Loads one rules file; `${env.…}` finds no variable.
///
/// # Errors
///
/// Every error of the file.
pub fn load(text: &[u8]) -> Result<RuleSet, LoadErrors> {
    crdrift::rules::load_texts(
        [("rules.yaml", text.to_vec())],
        &crdrift::rules::Options::without_variables(),
    )
}

/// Draws every error as a terminal does, which fails on a place outside of the text.
pub fn draw_errors(errors: &LoadErrors) {
    for error in errors.iter() {
        let mut drawn = String::new();
        let drawing = miette::GraphicalReportHandler::new().render_report(&mut drawn, error);
        assert!(drawing.is_ok(), "an error cannot be drawn: {error}");
    }
}

/// Checks loaded rules against a snapshot: the same inputs give the same report, no incomplete instance passes, and
/// every format can be rendered.
pub fn check_and_render(loaded: &RuleSet, snapshot: Snapshot) {
    let live = live_state(snapshot, &loaded.desired);
    let report = check_once(loaded, &live);
    assert_eq!(
        report,
        check_once(loaded, &live),
        "the same inputs give another report"
    );
    if matches!(report.verdict.outcome, Outcome::InSync | Outcome::Passed) {
        for (instance, live) in loaded.desired.instances.iter().zip(&live.instances) {
            assert!(
                !instance.read || live.is_complete(),
                "passed with {} incomplete",
                instance.alias
            );
        }
    }
    render_every_format(&report);
}

fn check_once(loaded: &RuleSet, live: &LiveState) -> Report {
    let inputs = Inputs {
        desired: &loaded.desired,
        policies: &loaded.policies,
        sources: &loaded.sources,
        live,
        triage: TriageConfig {
            waivers: &loaded.waivers,
            baseline: None,
            today: jiff::civil::date(2026, 11, 24),
            expiring_within: 14,
        },
        severities: &loaded.severities,
        previous: None,
        base: None,
        expected: None,
        run: RunInfo {
            in_sync_rules: true,
            all: true,
            topology: true,
            ..RunInfo::new("plan", 0, LiveSource::Snapshot)
        },
    };
    check(&inputs, &mut inputs.session())
}

/// Renders a report in every format. What has a parser is parsed, and the result document gives the same report again.
pub fn render_every_format(report: &Report) {
    for format in Format::ALL {
        let text = render_text(report, format);
        match format {
            Format::Json => match read(text.as_bytes()) {
                Ok(again) => assert_eq!(
                    render_text(&again, format),
                    text,
                    "the document changes when read back"
                ),
                Err(error) => panic!("the document is not read back: {error}"),
            },
            Format::Sarif | Format::Gitlab | Format::TerraformJson => assert_json(&text, format),
            Format::Ndjson => text.lines().for_each(|line| assert_json(line, format)),
            Format::Junit => assert_xml(&text),
            Format::Csv => assert_csv(&text),
            Format::Text | Format::Github | Format::Markdown => {
                let control = text.chars().find(|ch| ch.is_control() && *ch != '\n');
                assert_eq!(control, None, "{} holds a control character", format.name());
            }
            Format::Html | Format::Prometheus => {}
        }
    }
}

fn render_text(report: &Report, format: Format) -> String {
    let mut bytes = Vec::new();
    let rendering = render(report, format, Options::default(), &mut bytes);
    assert!(rendering.is_ok(), "{} cannot be rendered", format.name());
    String::from_utf8(bytes).unwrap_or_else(|_| panic!("{} is not UTF-8", format.name()))
}

fn assert_json(text: &str, format: Format) {
    assert!(
        serde_json::from_str::<Value>(text).is_ok(),
        "{} is not JSON",
        format.name()
    );
}

fn assert_xml(text: &str) {
    let mut reader = quick_xml::Reader::from_str(text);
    loop {
        match reader.read_event() {
            Ok(quick_xml::events::Event::Eof) => return,
            Ok(_) => {}
            Err(error) => panic!("junit is not XML: {error}"),
        }
    }
}

/// Every record has as many fields as the first.
fn assert_csv(text: &str) {
    for record in csv::Reader::from_reader(text.as_bytes()).records() {
        if let Err(error) = record {
            panic!("csv is not a table: {error}");
        }
    }
}
