//! The numbers of a result that metrics show, and their series for one estate or for many.
//!
//! No series for each rule, which would be too many. A 0 that would only mean that something was not read is `NaN`, for
//! which no comparison of an alert holds.

use std::collections::BTreeMap;
use std::io;

use super::exposition::{Exposition, MetricFamily, join, label, seconds};
use super::{Outcome, ReadInstance, Report};
use crate::diff::ChangeKind;
use crate::finding::Severity;
use crate::model::ReadStatus;

/// The states of desired and live rules.
const STATES: [&str; 5] = ["in_sync", "missing", "changed", "renamed", "unmanaged"];

const STATUSES: [&str; 3] = ["open", "waived", "baselined"];

/// A count; `None` if it is unknown.
type Count = Option<usize>;

/// Findings by severity and status, in the order of [`Severity::ALL`] and [`STATUSES`].
type FindingTable = [[Count; STATUSES.len()]; Severity::ALL.len()];

/// The numbers of a result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResultNumbers {
    outcome: Outcome,
    exit_code: u8,
    ended_ms: i64,
    duration_ms: u64,
    taken_ms: Option<i64>,
    desired_rules: usize,
    ignored_rules: Count,
    instances: Vec<InstanceNumbers>,
    /// The findings about no instance.
    of_run: FindingTable,
}

/// The numbers of an instance.
#[derive(Debug, Clone, PartialEq, Eq)]
struct InstanceNumbers {
    alias: String,
    id: String,
    /// False if the instance is not to be read.
    is_asked: bool,
    is_complete: bool,
    requests: u64,
    listed_rules: usize,
    /// In the order of [`STATES`].
    rules: [Count; STATES.len()],
    findings: FindingTable,
}

impl ResultNumbers {
    /// Returns the numbers of a result.
    #[must_use]
    pub fn from_report(report: &Report) -> Self {
        let outcome = report.verdict.outcome;
        let is_complete = outcome.is_complete();
        let rules = count_rules(report);
        let findings = count_findings(report);
        let table = |alias: &str, is_known: bool| {
            let row = |severity: Severity| {
                STATUSES.map(|status| known(findings.get(&(alias, severity, status)), is_known))
            };
            Severity::ALL.map(row)
        };
        let instances = report.instances.iter().map(|instance| {
            let alias = instance.alias.as_str();
            let is_known = is_known(instance, report);
            InstanceNumbers {
                alias: instance.alias.clone(),
                id: instance.id.clone(),
                is_asked: !instance.is_excluded(),
                is_complete: instance.status == ReadStatus::Complete,
                requests: instance.evidence.requests.into(),
                listed_rules: instance.rules,
                rules: STATES.map(|state| known(rules.get(&(alias, state)), is_known)),
                findings: table(alias, is_known),
            }
        });
        Self {
            outcome,
            exit_code: report.verdict.exit_code,
            ended_ms: report
                .started_ms
                .saturating_add_unsigned(report.duration_ms),
            duration_ms: report.duration_ms,
            taken_ms: report.taken_ms,
            desired_rules: report.desired_rules,
            ignored_rules: known(Some(&report.summary.ignored), is_complete),
            instances: instances.collect(),
            of_run: table("", is_complete),
        }
    }

    /// Returns the outcome.
    #[must_use]
    pub const fn outcome(&self) -> Outcome {
        self.outcome
    }

    /// Returns the numbers with every id changed by `mask`.
    #[must_use]
    pub fn masked(mut self, mask: &super::Mask) -> Self {
        let ids: Vec<String> = self.instances.iter().map(|it| it.id.clone()).collect();
        let mask = mask.with(ids.iter().map(String::as_str));
        for instance in &mut self.instances {
            instance.id = mask.text(&instance.id).into_owned();
            instance.alias = mask.text(&instance.alias).into_owned();
        }
        self
    }

    /// Returns the instances that were to be read.
    fn asked(&self) -> impl Iterator<Item = &InstanceNumbers> {
        self.instances.iter().filter(|it| it.is_asked)
    }

    /// Returns the labels and counts of the rules.
    fn rules(&self) -> impl Iterator<Item = (String, String)> {
        self.instances.iter().flat_map(|instance| {
            let pairs = STATES.into_iter().zip(instance.rules);
            pairs.map(|(state, count)| {
                (
                    join([&instance.labels(), &label("state", state)]),
                    number(count),
                )
            })
        })
    }

    /// Returns the labels and counts of the findings.
    fn findings(&self) -> Vec<(String, String)> {
        // A finding about no instance is about the run.
        let of_run = join([&label("alias", ""), &label("instance_id", "")]);
        let tables = self.instances.iter().map(|it| (it.labels(), it.findings));
        let mut series = Vec::new();
        for (labels, table) in tables.chain([(of_run, self.of_run)]) {
            for (severity, row) in Severity::ALL.into_iter().zip(table) {
                for (status, count) in STATUSES.into_iter().zip(row) {
                    let severity = label("severity", severity.as_str());
                    let all = join([&labels, &severity, &label("status", status)]);
                    series.push((all, number(count)));
                }
            }
        }
        series
    }
}

impl InstanceNumbers {
    /// Returns the labels. The label `instance` is reserved: Prometheus sets it to the scraped target.
    fn labels(&self) -> String {
        join([
            &label("alias", &self.alias),
            &label("instance_id", &self.id),
        ])
    }
}

/// An estate with the results that its metrics show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EstateNumbers<'a> {
    /// The name.
    pub estate: &'a str,
    /// The newest result; `None` before the first one.
    pub newest: Option<&'a ResultNumbers>,
    /// The newest result that read anything.
    pub read: Option<&'a ResultNumbers>,
    /// The result whose rules and findings count; `None` if nothing was compared.
    pub compared: Option<&'a ResultNumbers>,
}

impl<'a> EstateNumbers<'a> {
    /// Returns the estate of a single result.
    #[must_use]
    pub fn new(estate: &'a str, result: &'a ResultNumbers) -> Self {
        // The numbers of what was not compared would look fine.
        let compared = (result.outcome != Outcome::Failed).then_some(result);
        Self {
            estate,
            newest: Some(result),
            read: compared,
            compared,
        }
    }
}

/// Writes the series of estates: each family once, with the label `estate`.
///
/// # Errors
///
/// The error of the writer.
pub fn write_numbers(estates: &[EstateNumbers<'_>], to: &mut Exposition<'_>) -> io::Result<()> {
    write_runs(estates, to)?;
    write_readings(estates, to)?;
    let compared = |numbers: fn(&ResultNumbers) -> Vec<(String, String)>| {
        series(estates, |it| it.compared.map(numbers).unwrap_or_default())
    };
    let rules = MetricFamily::gauge("crdrift_rules", "Rules by source instance and state.");
    to.write_family(rules, compared(|it| it.rules().collect()))?;
    let findings = MetricFamily::gauge(
        "crdrift_findings",
        "Findings by instance, severity and status.",
    );
    to.write_family(findings, compared(ResultNumbers::findings))
}

/// Writes the series of the runs.
fn write_runs(estates: &[EstateNumbers<'_>], to: &mut Exposition<'_>) -> io::Result<()> {
    let newest = |value: fn(&ResultNumbers) -> String| {
        let value = move |estate: &EstateNumbers<'_>| estate.newest.map_or_else(unknown, value);
        series(estates, move |estate| vec![(String::new(), value(estate))])
    };
    let compared = |value: fn(&ResultNumbers) -> String| {
        series(estates, move |estate| {
            let value = estate.compared.map(value);
            value.map(|it| (String::new(), it)).into_iter().collect()
        })
    };
    let ended = MetricFamily::gauge(
        "crdrift_run_end_time_seconds",
        "Unix time at which the run ended.",
    );
    to.write_family(ended, newest(|it| seconds(it.ended_ms.into())))?;
    let duration = MetricFamily::gauge("crdrift_run_duration_seconds", "Duration of the run.");
    to.write_family(duration, newest(|it| seconds(it.duration_ms.into())))?;
    let taken = MetricFamily::gauge(
        "crdrift_live_read_time_seconds",
        "Unix time at which the live rules were read.",
    );
    let times = series(estates, |estate| {
        let taken_ms = estate.read.or(estate.newest).and_then(|it| it.taken_ms);
        let time = taken_ms.map(|ms| (String::new(), seconds(ms.into())));
        time.into_iter().collect()
    });
    to.write_family(taken, times)?;
    let outcome = MetricFamily::gauge(
        "crdrift_run_outcome",
        "1 for the outcome of the run, 0 for the others.",
    );
    let outcomes = series(estates, |estate| {
        let newest = estate.newest.map(ResultNumbers::outcome);
        let of_word = |outcome: Outcome| {
            let value = u8::from(newest == Some(outcome));
            (label("outcome", outcome.as_str()), value.to_string())
        };
        Outcome::ALL.map(of_word).into()
    });
    to.write_family(outcome, outcomes)?;
    let code = MetricFamily::gauge("crdrift_run_exit_code", "The exit code of the run.");
    to.write_family(code, newest(|it| it.exit_code.to_string()))?;
    let desired = MetricFamily::gauge(
        "crdrift_desired_rules",
        "Rules declared by the rules files.",
    );
    to.write_family(desired, compared(|it| it.desired_rules.to_string()))?;
    let ignored = MetricFamily::gauge(
        "crdrift_ignored_rules",
        "Unmanaged live rules that an ignore entry matches.",
    );
    to.write_family(ignored, compared(|it| number(it.ignored_rules)))
}

/// Writes the series of the instances, except those excluded from reading.
fn write_readings(estates: &[EstateNumbers<'_>], to: &mut Exposition<'_>) -> io::Result<()> {
    let instances = |value: fn(&InstanceNumbers) -> Option<String>| {
        series(estates, move |estate| {
            let asked = estate.read.into_iter().flat_map(ResultNumbers::asked);
            asked
                .filter_map(|it| Some((it.labels(), value(it)?)))
                .collect()
        })
    };
    let whole = MetricFamily::gauge(
        "crdrift_instance_read_whole",
        "1 if the instance was read completely, 0 otherwise.",
    );
    let is_whole = |instance: &InstanceNumbers| Some(u8::from(instance.is_complete).to_string());
    to.write_family(whole, instances(is_whole))?;
    let requests = MetricFamily::gauge(
        "crdrift_instance_requests",
        "Requests sent to read the instance.",
    );
    to.write_family(requests, instances(|it| Some(it.requests.to_string())))?;
    let rules = MetricFamily::gauge(
        "crdrift_instance_rules",
        "Rules listed by the instance, as source or as target.",
    );
    let listed = |instance: &InstanceNumbers| {
        instance
            .is_complete
            .then(|| instance.listed_rules.to_string())
    };
    to.write_family(rules, instances(listed))
}

/// Returns the series of every estate, with its label first.
fn series(
    estates: &[EstateNumbers<'_>],
    of_estate: impl Fn(&EstateNumbers<'_>) -> Vec<(String, String)>,
) -> Vec<(String, String)> {
    let mut all = Vec::new();
    for estate in estates {
        let name = label("estate", estate.estate);
        let series = of_estate(estate);
        all.extend(
            series
                .into_iter()
                .map(|(labels, value)| (join([&name, &labels]), value)),
        );
    }
    all
}

/// Counts the rules by the alias of their source instance and their state.
fn count_rules(report: &Report) -> BTreeMap<(&str, &str), usize> {
    let mut counts: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for (alias, names) in &report.in_sync {
        counts.insert((alias, "in_sync"), names.len());
    }
    let changes = report.changes.iter();
    for change in changes.filter(|it| it.kind != ChangeKind::InSync) {
        let key = (change.instance.as_str(), change.kind.as_str());
        *counts.entry(key).or_default() += 1;
    }
    counts
}

/// Counts the findings by the alias of their instance, their severity and their status.
fn count_findings(report: &Report) -> BTreeMap<(&str, Severity, &str), usize> {
    let mut counts: BTreeMap<(&str, Severity, &str), usize> = BTreeMap::new();
    for finding in &report.findings {
        let alias = finding.instance.as_deref().unwrap_or_default();
        let key = (alias, finding.severity, finding.status.as_str());
        *counts.entry(key).or_default() += 1;
    }
    counts
}

/// Returns whether everything is known of the rules that start at an instance. One that is not to be read is known by its targets
/// where the result is complete.
fn is_known(instance: &ReadInstance, report: &Report) -> bool {
    instance.status == ReadStatus::Complete
        || (instance.is_excluded() && report.verdict.outcome.is_complete())
}

/// Returns a count; `None` for a 0 that was not read.
fn known(count: Option<&usize>, is_known: bool) -> Count {
    match count.copied().unwrap_or_default() {
        0 if !is_known => None,
        count => Some(count),
    }
}

fn number(count: Count) -> String {
    count.map_or_else(unknown, |it| it.to_string())
}

fn unknown() -> String {
    "NaN".to_owned()
}
