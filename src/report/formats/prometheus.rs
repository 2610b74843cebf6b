//! Metrics for the textfile collector of Prometheus' node exporter: gauges in the text exposition format.
//!
//! No timestamps, which that collector refuses; no series for each rule, which would be too many. What is known
//! to be possible has a series even where it is 0, so that an alert never hangs on a series that is not there. A 0 that
//! would only mean that something was not read is `NaN`, for which no comparison of an alert holds.

use std::collections::BTreeMap;
use std::io::{self, Write};

use crate::diff::ChangeKind;
use crate::finding::Severity;
use crate::model::ReadStatus;
use crate::report::{Outcome, ReadInstance, Report};
use crate::source::sanitize;

/// The states of declared and live rules.
const STATES: [&str; 5] = ["in_sync", "missing", "changed", "renamed", "unmanaged"];

const STATUSES: [&str; 3] = ["open", "waived", "baselined"];

pub(in crate::report) fn render(report: &Report, to: &mut dyn Write) -> io::Result<()> {
    let mut writer = MetricsWriter {
        estate: label("estate", report.estate.as_ref().map_or("", |it| &it.name)),
        to,
    };
    run(report, &mut writer)?;
    if report.verdict.outcome == Outcome::Failed {
        // Numbers of what was not compared would look fine.
        return Ok(());
    }
    instances(report, &mut writer)?;
    writer.family(
        "crdrift_rules",
        "Rules by source instance and state.",
        rules(report),
    )?;
    writer.family(
        "crdrift_findings",
        "Findings by instance, severity and status.",
        findings(report),
    )
}

/// The metrics being written.
struct MetricsWriter<'a> {
    /// The label that every series has.
    estate: String,
    to: &'a mut dyn Write,
}

/// Writes the metrics of the run.
fn run(report: &Report, writer: &mut MetricsWriter<'_>) -> io::Result<()> {
    let one = |value: String| [(String::new(), value)];
    let ended_ms = report
        .started_ms
        .saturating_add_unsigned(report.duration_ms);
    let outcomes = Outcome::ALL.map(|outcome| {
        let is_it = report.verdict.outcome == outcome;
        (
            label("outcome", outcome.as_str()),
            u8::from(is_it).to_string(),
        )
    });
    let version = label("version", &report.version);
    writer.family(
        "crdrift_build_info",
        "The version of crdrift that ran.",
        [(version, "1".to_owned())],
    )?;
    writer.family(
        "crdrift_run_end_time_seconds",
        "Unix time at which the run ended.",
        one(seconds(i128::from(ended_ms))),
    )?;
    writer.family(
        "crdrift_run_duration_seconds",
        "Duration of the run.",
        one(seconds(i128::from(report.duration_ms))),
    )?;
    if let Some(taken_ms) = report.taken_ms {
        let taken = one(seconds(i128::from(taken_ms)));
        writer.family(
            "crdrift_live_read_time_seconds",
            "Unix time at which the live rules were read.",
            taken,
        )?;
    }
    writer.family(
        "crdrift_run_outcome",
        "1 for the outcome of the run, 0 for the others.",
        outcomes,
    )?;
    writer.family(
        "crdrift_run_exit_code",
        "The exit code of the run.",
        one(report.verdict.exit_code.to_string()),
    )?;
    if report.verdict.outcome == Outcome::Failed {
        return Ok(());
    }
    writer.family(
        "crdrift_desired_rules",
        "Rules declared by the rules files.",
        one(report.desired_rules.to_string()),
    )?;
    let ignored = one(known(
        report.summary.ignored,
        report.verdict.outcome.is_complete(),
    ));
    writer.family(
        "crdrift_ignored_rules",
        "Unmanaged live rules that an ignore entry matches.",
        ignored,
    )
}

/// Writes the metrics of the instances, except those excluded from reading.
fn instances(report: &Report, writer: &mut MetricsWriter<'_>) -> io::Result<()> {
    let asked = || report.instances.iter().filter(|it| !it.is_excluded());
    let read = asked().map(|instance| {
        (
            instance_label(instance),
            u8::from(instance.status == ReadStatus::Complete).to_string(),
        )
    });
    writer.family(
        "crdrift_instance_read_whole",
        "1 if the instance was read completely, 0 otherwise.",
        read,
    )?;
    let requests = asked().map(|it| (instance_label(it), it.evidence.requests.to_string()));
    writer.family(
        "crdrift_instance_requests",
        "Requests sent to read the instance.",
        requests,
    )?;
    let complete = asked().filter(|it| it.status == ReadStatus::Complete);
    let rules = complete.map(|it| (instance_label(it), it.rules.to_string()));
    writer.family(
        "crdrift_instance_rules",
        "Rules listed by the instance, as source or as target.",
        rules,
    )
}

fn rules(report: &Report) -> impl IntoIterator<Item = (String, String)> {
    let mut counts: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for (alias, names) in &report.in_sync {
        counts.insert((alias, "in_sync"), names.len());
    }
    for change in report
        .changes
        .iter()
        .filter(|it| it.kind != ChangeKind::InSync)
    {
        *counts
            .entry((&change.instance, change.kind.as_str()))
            .or_default() += 1;
    }
    let series = report
        .instances
        .iter()
        .flat_map(|it| STATES.map(|state| (it, state)));
    let series = series.map(|(instance, state)| {
        let count = counts
            .get(&(instance.alias.as_str(), state))
            .copied()
            .unwrap_or_default();
        (
            format!("{},{}", instance_label(instance), label("state", state)),
            known(count, is_known(instance, report)),
        )
    });
    series.collect::<Vec<_>>()
}

/// Returns whether everything is known of the rules that start at an instance. One that is not to be read is known by its targets
/// where the result is complete.
fn is_known(instance: &ReadInstance, report: &Report) -> bool {
    instance.status == ReadStatus::Complete
        || (instance.is_excluded() && report.verdict.outcome.is_complete())
}

/// Returns a count, or `NaN` for a 0 that was not read.
fn known(count: usize, is_known: bool) -> String {
    if count == 0 && !is_known {
        "NaN".to_owned()
    } else {
        count.to_string()
    }
}

fn findings(report: &Report) -> impl IntoIterator<Item = (String, String)> {
    let mut counts: BTreeMap<(&str, Severity, &str), usize> = BTreeMap::new();
    for finding in &report.findings {
        let alias = finding.instance.as_deref().unwrap_or_default();
        *counts
            .entry((alias, finding.severity, finding.status.as_str()))
            .or_default() += 1;
    }
    let declared = report
        .instances
        .iter()
        .map(|it| (it.alias.as_str(), instance_label(it), is_known(it, report)));
    // What is about no instance is about the run.
    let of_run = format!("{},{}", label("alias", ""), label("instance_id", ""));
    let all = declared.chain([("", of_run, report.verdict.outcome.is_complete())]);
    let series = all.flat_map(|(alias, labels, is_known)| {
        let pairs = Severity::ALL
            .into_iter()
            .flat_map(|severity| STATUSES.map(|status| (severity, status)));
        let series = pairs.map(|(severity, status)| {
            let count = counts
                .get(&(alias, severity, status))
                .copied()
                .unwrap_or_default();
            let (severity, status) = (
                label("severity", severity.as_str()),
                label("status", status),
            );
            (
                format!("{labels},{severity},{status}"),
                known(count, is_known),
            )
        });
        series.collect::<Vec<_>>()
    });
    series.collect::<Vec<_>>()
}

impl MetricsWriter<'_> {
    /// Writes the series of one metric, sorted by labels, each once.
    fn family(
        &mut self,
        name: &str,
        help: &str,
        series: impl IntoIterator<Item = (String, String)>,
    ) -> io::Result<()> {
        let series: BTreeMap<String, String> = series.into_iter().collect();
        if series.is_empty() {
            return Ok(());
        }
        writeln!(self.to, "# HELP {name} {help}\n# TYPE {name} gauge")?;
        for (labels, value) in &series {
            let comma = if labels.is_empty() { "" } else { "," };
            writeln!(self.to, "{name}{{{}{comma}{labels}}} {value}", self.estate)?;
        }
        Ok(())
    }
}

/// Returns the labels of an instance. The label `instance` is reserved: Prometheus sets it to the scraped target.
fn instance_label(instance: &ReadInstance) -> String {
    format!(
        "{},{}",
        label("alias", &instance.alias),
        label("instance_id", &instance.id)
    )
}

/// Returns a label and its value, with backslashes, quotes and line breaks escaped.
fn label(name: &str, value: &str) -> String {
    let mut text = format!("{name}=\"");
    for character in sanitize(value).chars() {
        match character {
            '\\' => text.push_str("\\\\"),
            '"' => text.push_str("\\\""),
            other => text.push(other),
        }
    }
    text.push('"');
    text
}

/// Returns milliseconds as seconds.
fn seconds(ms: i128) -> String {
    let sign = if ms < 0 { "-" } else { "" };
    let ms = ms.unsigned_abs();
    format!("{sign}{}.{:03}", ms / 1_000, ms % 1_000)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::seconds;
    use crate::report::sample::{drawn, hostile_texts, in_sync, sample, sample_with};
    use crate::report::{Format, Options, Report};

    fn metrics(report: &Report) -> String {
        drawn(report, Format::Prometheus, Options::default())
    }

    #[test]
    fn the_metrics_of_the_sample() {
        insta::assert_snapshot!("sample", metrics(&sample()));
        insta::assert_snapshot!("in_sync", metrics(&in_sync()));
    }

    #[test]
    fn labels_hold_what_they_are_given() {
        for text in hostile_texts() {
            let mut report = sample_with(&text);
            report.version.clone_from(&text);
            report
                .instances
                .iter_mut()
                .for_each(|it| it.alias = format!("{text}{}", it.alias));
            let metrics = metrics(&report);
            let mut seen = BTreeSet::new();
            assert!(metrics.ends_with('\n'));
            for line in metrics.lines().filter(|line| !line.starts_with("# ")) {
                let (series, value) = line.rsplit_once(' ').expect("a value");
                assert!(
                    value.parse::<f64>().is_ok() && seen.insert(series),
                    "{line}"
                );
                let (name, labels) = series.split_once('{').unwrap_or((series, "}"));
                assert!(
                    name.chars().all(|it| it.is_ascii_lowercase() || it == '_'),
                    "{line}"
                );
                let mut rest = labels.strip_suffix('}').expect(line);
                while !rest.is_empty() {
                    rest = after_label(rest).unwrap_or_else(|| panic!("{line}"));
                }
            }
        }
    }

    /// Returns the text behind `name="value"`, where the text begins with one.
    fn after_label(text: &str) -> Option<&str> {
        let (name, rest) = text.split_once("=\"")?;
        let mut escaped = false;
        let end = rest.find(|it| {
            let ends = it == '"' && !escaped;
            escaped = it == '\\' && !escaped;
            ends
        })?;
        let rest = rest.get(end + 1..)?;
        let is_name = name.chars().all(|it| it.is_ascii_lowercase() || it == '_');
        is_name.then_some(rest.strip_prefix(',').unwrap_or(rest))
    }

    #[test]
    fn seconds_keep_their_milliseconds() {
        for (ms, expected) in [
            (0, "0.000"),
            (1_234, "1.234"),
            (-1, "-0.001"),
            (i128::from(i64::MIN), "-9223372036854775.808"),
        ] {
            assert_eq!(seconds(ms), expected);
        }
    }
}
