//! A history as a document for machines, version 1: `schemas/history.v1.schema.json`.

use std::io::{self, Write};

use schemars::{JsonSchema, Schema};
use serde::Serialize;

use super::{Age, EstateHistory, GroupStats, History, RecordedRun, ResolutionStats};
use crate::report::{Outcome, rfc3339};

/// The history of a series of crdrift results.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "crdrift history", rename = "History")]
struct HistoryDocument<'a> {
    /// The version of this format: `1.0`.
    format_version: &'a str,
    /// The program that wrote the document.
    tool: HistoryTool<'a>,
    /// The estates. Results belong to one estate if its name and the selection agree; without a name, if
    /// rules files, instances and selection agree.
    estates: Vec<EstateDocument<'a>>,
}

/// The program that wrote the document.
#[derive(Serialize, JsonSchema)]
struct HistoryTool<'a> {
    /// `crdrift`.
    name: &'a str,
    /// The version.
    version: &'a str,
}

/// A series of results about one estate and selection.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Estate")]
struct EstateDocument<'a> {
    /// The name of the estate; null where results of an older version do not name it.
    estate: Option<&'a str>,
    /// The paths of the rules files.
    rules_files: Vec<&'a str>,
    /// The instances, by their aliases.
    instances: Vec<EstateInstance<'a>>,
    /// The selection, as command line options; null where everything was compared.
    selection: Option<&'a str>,
    /// The findings resolved within the series.
    repaired: ResolutionDocument,
    /// The findings by owner of their rules; empty where no rule has one.
    by_owner: Vec<GroupDocument<'a>>,
    /// The findings by code.
    by_code: Vec<GroupDocument<'a>>,
    /// The results, the oldest first.
    results: Vec<ResultDocument<'a>>,
}

/// An instance.
#[derive(Serialize, JsonSchema)]
struct EstateInstance<'a> {
    /// The alias.
    alias: &'a str,
    /// The id.
    id: &'a str,
}

/// Findings resolved: open in one complete result, absent from a later one.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Repaired")]
struct ResolutionDocument {
    /// The number of findings.
    findings: usize,
    /// The number of them with a known duration: one without a gap.
    timed: usize,
    /// The mean time from when one of those was first seen to the first result without it, milliseconds; null where there
    /// is none.
    mean_ms: Option<i64>,
}

/// The findings of one owner or of one code.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Group")]
struct GroupDocument<'a> {
    /// The owner or the code; null for findings without an owner.
    name: Option<&'a str>,
    /// The number of open findings at the newest complete result.
    open: usize,
    /// Open findings by how long they have been open.
    open_by_age: std::collections::BTreeMap<&'a str, usize>,
    /// The time since which the oldest open finding is open: RFC 3339; null where none is open, or where the time of
    /// any open one is unknown.
    oldest_open_since: Option<String>,
    /// The findings resolved within the series.
    repaired: ResolutionDocument,
}

/// A result. Values that need a complete result are null in an incomplete one.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Result")]
struct ResultDocument<'a> {
    /// The name, usually its path.
    name: &'a str,
    /// SHA-256 of its bytes, lower-case hex.
    sha256: &'a str,
    /// The start of its run: RFC 3339.
    started_at: Option<String>,
    /// The outcome, in one word.
    #[schemars(extend("enum" = Outcome::words()))]
    outcome: &'a str,
    /// The reason for the outcome.
    reason: &'a str,
    /// True if everything was read. An incomplete result is a gap in the series.
    complete: bool,
    /// The number of rules to compare.
    declared: usize,
    /// Rules by state.
    rules: Option<RuleCounts>,
    /// Findings by status.
    findings: Option<FindingTotals>,
    /// The findings opened and resolved since the previous complete result; null where there is none.
    since_last: Option<DeltaDocument>,
    /// Open findings by how long they have been open; the longest time first seen in the series.
    open_by_age: Option<std::collections::BTreeMap<&'a str, usize>>,
    /// The time since which the oldest open finding is open: RFC 3339; null where none is open, or where the time of
    /// any open one is unknown.
    oldest_open_since: Option<String>,
    /// The time without a complete result before this one, in milliseconds, where long enough to be a gap; null
    /// otherwise. A duration across a gap is unknown.
    gap_before_ms: Option<i64>,
}

/// Rules by state.
#[derive(Serialize, JsonSchema)]
struct RuleCounts {
    /// Rules in sync.
    in_sync: usize,
    /// Missing: declared, not live.
    missing: usize,
    /// Changed: other values live.
    changed: usize,
    /// Renamed: live under another name.
    renamed: usize,
    /// Unmanaged: live, not declared.
    unmanaged: usize,
}

/// Findings by status.
#[derive(Serialize, JsonSchema)]
struct FindingTotals {
    /// Open findings.
    open: SeverityCounts,
    /// Waived findings.
    waived: SeverityCounts,
    /// Baselined findings.
    baselined: SeverityCounts,
}

/// Findings by severity.
#[derive(Serialize, JsonSchema)]
struct SeverityCounts {
    error: usize,
    warning: usize,
    info: usize,
}

/// The findings opened and resolved between two complete results.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Delta")]
struct DeltaDocument {
    /// Open now, and not open before.
    opened: usize,
    /// Open before, and absent now.
    resolved: usize,
    /// Open before, and accepted now.
    accepted: usize,
    /// Open before, and about an instance that is compared no longer.
    left_scope: usize,
}

pub(super) fn render(history: &History, to: &mut dyn Write) -> io::Result<()> {
    let document = HistoryDocument {
        format_version: "1.0",
        tool: HistoryTool {
            name: "crdrift",
            version: env!("CARGO_PKG_VERSION"),
        },
        estates: history.estates.iter().map(EstateDocument::from).collect(),
    };
    crate::source::write_pretty(to, &document)?;
    writeln!(to)
}

/// The JSON Schema of the document.
#[must_use]
pub fn schema() -> Schema {
    schemars::schema_for!(HistoryDocument<'static>)
}

impl<'a> From<&'a EstateHistory> for EstateDocument<'a> {
    fn from(history: &'a EstateHistory) -> Self {
        let newest = &history.newest;
        let instances = newest.instances.iter().map(|instance| EstateInstance {
            alias: &instance.alias,
            id: &instance.id,
        });
        Self {
            estate: newest.estate.as_ref().map(|it| it.name.as_str()),
            rules_files: newest.files.iter().map(|it| it.path.as_str()).collect(),
            instances: instances.collect(),
            selection: newest.selected.as_ref().map(|it| it.options.as_str()),
            repaired: ResolutionDocument::from(&history.resolution),
            by_owner: history.by_owner.iter().map(GroupDocument::from).collect(),
            by_code: history.by_code.iter().map(GroupDocument::from).collect(),
            results: history.runs.iter().map(ResultDocument::from).collect(),
        }
    }
}

impl From<&ResolutionStats> for ResolutionDocument {
    fn from(resolution: &ResolutionStats) -> Self {
        Self {
            findings: resolution.count,
            timed: resolution.timed,
            mean_ms: resolution.mean_ms(),
        }
    }
}

impl<'a> From<&'a GroupStats> for GroupDocument<'a> {
    fn from(group: &'a GroupStats) -> Self {
        Self {
            name: group.name.as_deref(),
            open: group.open(),
            open_by_age: ages(group.ages),
            oldest_open_since: group.oldest_ms.and_then(rfc3339),
            repaired: ResolutionDocument::from(&group.resolution),
        }
    }
}

fn ages<'a>(counts: [usize; Age::ALL.len()]) -> std::collections::BTreeMap<&'a str, usize> {
    Age::ALL.map(Age::as_str).into_iter().zip(counts).collect()
}

impl<'a> From<&'a RecordedRun> for ResultDocument<'a> {
    fn from(run: &'a RecordedRun) -> Self {
        let summary = &run.summary;
        let rules = RuleCounts {
            in_sync: summary.in_sync,
            missing: summary.missing,
            changed: summary.changed,
            renamed: summary.renamed,
            unmanaged: summary.unmanaged,
        };
        let severities = |[error, warning, info]: [usize; 3]| SeverityCounts {
            error,
            warning,
            info,
        };
        let findings = FindingTotals {
            open: severities(run.findings.open),
            waived: severities(run.findings.waived),
            baselined: severities(run.findings.baselined),
        };
        Self {
            name: &run.name,
            sha256: &run.sha256,
            started_at: rfc3339(run.time_ms),
            outcome: run.outcome.as_str(),
            reason: &run.reason,
            complete: run.is_complete(),
            declared: run.declared,
            rules: run.is_complete().then_some(rules),
            findings: run.is_complete().then_some(findings),
            since_last: run.delta.map(|delta| DeltaDocument {
                opened: delta.opened,
                resolved: delta.resolved,
                accepted: delta.accepted,
                left_scope: delta.left_scope,
            }),
            open_by_age: run.ages.map(ages),
            oldest_open_since: run.oldest_ms.and_then(rfc3339),
            gap_before_ms: run.gap_ms,
        }
    }
}
