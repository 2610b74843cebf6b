//! The result line by line, version 1: a JSON object for each line, `schemas/result-line.v1.schema.json`.
//!
//! The first line describes the run; the instances, the policies, the topology, the changes and the findings follow, and the
//! summary is last: a file without one was cut off.

use std::borrow::Cow;
use std::io::{self, Write};

use schemars::{JsonSchema, Schema};
use serde::Serialize;

use crate::report::json::FORMAT_VERSION;
use crate::report::json::change::{JsonBase, JsonChange};
use crate::report::json::convert::text;
use crate::report::json::document::{JsonDesired, JsonError, JsonSummary, JsonTool};
use crate::report::json::finding::{JsonBaseline, JsonExpectation, JsonFinding};
use crate::report::json::instance::JsonInstance;
use crate::report::json::policy::JsonPolicy;
use crate::report::json::run::JsonRun;
use crate::report::json::topology::JsonTopology;
use crate::report::time::rfc3339;
use crate::report::{Outcome, Report};

/// A line of `-o ndjson`.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "crdrift result, a line")]
#[serde(tag = "type", rename_all = "snake_case")]
enum JsonLine<'a> {
    /// The first line: the metadata of the run.
    Version(JsonStart<'a>),
    /// A declared instance and how its reading went.
    Instance(JsonInstance<'a>),
    /// A policy of the rules files, and how it is met.
    Policy(JsonPolicy<'a>),
    /// The replication topology.
    Topology(JsonTopology<'a>),
    /// The change that brings one rule in line.
    Change(JsonChange<'a>),
    /// A finding of a run.
    Finding(JsonFinding<'a>),
    /// An error that ended the run.
    Error(JsonError<'a>),
    /// The last line: the summary of the run.
    Summary(JsonEnd<'a>),
}

/// The run.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Start")]
struct JsonStart<'a> {
    /// The version of this format: `1.0`.
    format_version: Cow<'a, str>,
    /// The program that writes the stream.
    tool: JsonTool<'a>,
    /// The command that runs.
    command: Cow<'a, str>,
    /// The name of the estate that is checked; null where it is not known.
    estate: Option<Cow<'a, str>>,
    /// The start of the run: RFC 3339, UTC.
    #[schemars(extend("format" = "date-time"))]
    started_at: Option<String>,
    /// The operator, host and pipeline of the run.
    run: JsonRun<'a>,
    /// The desired side: the rules files.
    desired: JsonDesired<'a>,
    /// The source of the live rules.
    #[schemars(extend("enum" = ["api", "snapshot", "emulator"]))]
    source: Cow<'a, str>,
}

/// The result.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "End")]
struct JsonEnd<'a> {
    /// The outcome, in one word.
    #[schemars(extend("enum" = Outcome::words()))]
    outcome: Cow<'a, str>,
    /// The exit code of the run.
    exit_code: u8,
    /// The reason for the exit code.
    exit_reason: Cow<'a, str>,
    /// The duration in milliseconds.
    duration_ms: u64,
    /// The time the live rules were read: RFC 3339, UTC; null where the source does not give one.
    #[schemars(extend("format" = "date-time"))]
    taken_at: Option<String>,
    /// The numbers.
    summary: JsonSummary,
    /// The baseline; null where none was given.
    baseline: Option<JsonBaseline<'a>>,
    /// The earlier version of the rules files; null where none was given.
    base: Option<JsonBase<'a>>,
    /// The comparison of the drift with a reviewed result; null where none was given.
    expectation: Option<JsonExpectation<'a>>,
}

/// Writes a report line by line.
pub(in crate::report) fn render(report: &Report, to: &mut dyn Write) -> io::Result<()> {
    let mut write = |line: &JsonLine<'_>| write(line, to);
    write(&JsonLine::Version(JsonStart::from(report)))?;
    for instance in &report.instances {
        write(&JsonLine::Instance(JsonInstance::from(instance)))?;
    }
    for policy in &report.policies {
        write(&JsonLine::Policy(JsonPolicy::from(policy)))?;
    }
    if let Some(topology) = &report.topology {
        write(&JsonLine::Topology(JsonTopology::from(topology)))?;
    }
    for change in &report.changes {
        write(&JsonLine::Change(JsonChange::from(change)))?;
    }
    for finding in &report.findings {
        write(&JsonLine::Finding(JsonFinding::from(finding)))?;
    }
    for error in report.shown_errors().iter() {
        write(&JsonLine::Error(JsonError::from(error)))?;
    }
    write(&JsonLine::Summary(JsonEnd::from(report)))
}

fn write(line: &JsonLine<'_>, to: &mut dyn Write) -> io::Result<()> {
    crate::source::write_compact(to, line)?;
    writeln!(to)
}

impl<'a> From<&'a Report> for JsonStart<'a> {
    fn from(report: &'a Report) -> Self {
        Self {
            format_version: text(FORMAT_VERSION),
            tool: JsonTool::from(report),
            command: text(&report.command),
            estate: report.estate.as_ref().map(|it| text(&it.name)),
            started_at: rfc3339(report.started_ms),
            run: JsonRun::from(&report.run),
            desired: JsonDesired::from(report),
            source: text(report.live.as_str()),
        }
    }
}

impl<'a> From<&'a Report> for JsonEnd<'a> {
    fn from(report: &'a Report) -> Self {
        Self {
            outcome: text(report.verdict.outcome.as_str()),
            exit_code: report.verdict.exit_code,
            exit_reason: text(&report.verdict.reason),
            duration_ms: report.duration_ms,
            taken_at: report.taken_ms.and_then(rfc3339),
            summary: JsonSummary::from(report.summary),
            baseline: report.baseline.as_ref().map(JsonBaseline::from),
            base: report.base.as_ref().map(JsonBase::from),
            expectation: report.expectation.as_ref().map(JsonExpectation::from),
        }
    }
}

/// Returns the JSON Schema of a line.
#[must_use]
pub fn line_schema() -> Schema {
    schemars::schema_for!(JsonLine<'static>)
}

#[cfg(test)]
mod tests {
    use crate::report::sample::{drawn, hostile_texts, sample, sample_with};
    use crate::report::{Format, Options};

    #[test]
    fn the_lines_of_the_sample() {
        let lines = drawn(&sample(), Format::Ndjson, Options::default());
        insta::assert_snapshot!(lines);
        let types: Vec<_> = lines.lines().map(kind).collect();
        assert_eq!(types.first().map(String::as_str), Some("version"));
        assert_eq!(types.last().map(String::as_str), Some("summary"));
        let count = |kind: &str| types.iter().filter(|it| *it == kind).count();
        assert_eq!(["instance", "change", "finding"].map(count), [3, 7, 9]);
    }

    #[test]
    fn a_value_never_ends_a_line() {
        for text in hostile_texts() {
            let lines = drawn(&sample_with(&text), Format::Ndjson, Options::default());
            assert_eq!(lines.lines().map(kind).count(), 25, "{text:?}");
        }
    }

    fn kind(line: &str) -> String {
        let line: serde_json::Value = serde_json::from_str(line).expect(line);
        line["type"].as_str().expect("a type").to_owned()
    }
}
