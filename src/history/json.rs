//! A history as a document for machines, version 1: `schemas/history.v1.schema.json`.

use std::io::{self, Write};

use schemars::{JsonSchema, Schema};
use serde::Serialize;

use super::{Age, Estate, History, Point};
use crate::report::{Outcome, rfc3339};

/// What many results of crdrift tell together.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "crdrift history", rename = "History")]
struct Document<'a> {
    /// The version of this format: `1.0`.
    format_version: &'a str,
    /// Which program wrote it.
    tool: Tool<'a>,
    /// The estates. Results are of one estate where its name and the selection are the same; where no name is given,
    /// where rules files, instances and selection are.
    estates: Vec<EstateDocument<'a>>,
}

/// Which program wrote it.
#[derive(Serialize, JsonSchema)]
struct Tool<'a> {
    /// `crdrift`.
    name: &'a str,
    /// Its version.
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
    instances: Vec<Instance<'a>>,
    /// What was selected, as options of a command line; null where everything was compared.
    selection: Option<&'a str>,
    /// What was repaired within the series.
    repaired: Repaired,
    /// The results, the oldest first.
    results: Vec<ResultDocument<'a>>,
}

/// An instance.
#[derive(Serialize, JsonSchema)]
struct Instance<'a> {
    /// Its alias.
    alias: &'a str,
    /// Its id.
    id: &'a str,
}

/// What was repaired: open in one whole result, and in a later one no longer there.
#[derive(Serialize, JsonSchema)]
struct Repaired {
    /// How many findings.
    findings: usize,
    /// How many of them took a time that is known: without a gap in it.
    timed: usize,
    /// The mean time from when one of those was first seen to the first result without it, milliseconds; null where there
    /// is none.
    mean_ms: Option<i64>,
}

/// A result. What can only be told of a result that is whole is null in one that is not.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Result")]
struct ResultDocument<'a> {
    /// What it is called: mostly its path.
    name: &'a str,
    /// SHA-256 of its bytes, lower-case hex.
    sha256: &'a str,
    /// When its run started: RFC 3339.
    started_at: Option<String>,
    /// What came of it, in one word.
    #[schemars(extend("enum" = Outcome::words()))]
    outcome: &'a str,
    /// Why.
    reason: &'a str,
    /// Whether everything was read. Where not, it is a gap in the series.
    complete: bool,
    /// How many rules were to be compared.
    declared: usize,
    /// Rules by how they stand.
    rules: Option<Rules>,
    /// Findings by what became of them.
    findings: Option<Findings>,
    /// What changed since the whole result before it; null where there is none.
    since_last: Option<Movement>,
    /// Open findings by how long they have been open; the longest time first seen in the series.
    open_by_age: Option<std::collections::BTreeMap<&'a str, usize>>,
    /// Since when the finding is open that is open longest: RFC 3339; null where none is open, and where that is not known
    /// of every open one.
    oldest_open_since: Option<String>,
    /// How long there was no whole result before this one, milliseconds, where that is so long that it is a gap; null
    /// otherwise. A time with a gap in it is not known.
    gap_before_ms: Option<i64>,
}

/// Rules by how they stand.
#[derive(Serialize, JsonSchema)]
struct Rules {
    /// Live as declared.
    in_sync: usize,
    /// Declared and not live.
    missing: usize,
    /// Live with other values.
    changed: usize,
    /// Live under another name.
    renamed: usize,
    /// Live, and declared nowhere.
    unmanaged: usize,
}

/// Findings by what became of them.
#[derive(Serialize, JsonSchema)]
struct Findings {
    /// Those that count.
    open: Severities,
    /// Those a waiver accepts.
    waived: Severities,
    /// Those a baseline accepts.
    baselined: Severities,
}

/// Findings by how bad they are.
#[derive(Serialize, JsonSchema)]
struct Severities {
    error: usize,
    warning: usize,
    info: usize,
}

/// What changed from one whole result to the next, in findings.
#[derive(Serialize, JsonSchema)]
struct Movement {
    /// Open now, and not open before.
    opened: usize,
    /// Open before, and no longer there.
    resolved: usize,
    /// Open before, and accepted now.
    accepted: usize,
}

pub(super) fn render(history: &History, to: &mut dyn Write) -> io::Result<()> {
    let document = Document {
        format_version: "1.0",
        tool: Tool {
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
    schemars::schema_for!(Document<'static>)
}

impl<'a> From<&'a Estate> for EstateDocument<'a> {
    fn from(it: &'a Estate) -> Self {
        let newest = &it.newest;
        let instances = newest.instances.iter().map(|it| Instance {
            alias: &it.alias,
            id: &it.id,
        });
        Self {
            estate: newest.estate.as_ref().map(|it| it.name.as_str()),
            rules_files: newest.files.iter().map(|it| it.path.as_str()).collect(),
            instances: instances.collect(),
            selection: newest.selected.as_ref().map(|it| it.options.as_str()),
            repaired: Repaired {
                findings: it.repairs.count,
                timed: it.repairs.timed,
                mean_ms: it.repairs.mean_ms(),
            },
            results: it.points.iter().map(ResultDocument::from).collect(),
        }
    }
}

impl<'a> From<&'a Point> for ResultDocument<'a> {
    fn from(it: &'a Point) -> Self {
        let summary = &it.summary;
        let rules = Rules {
            in_sync: summary.in_sync,
            missing: summary.missing,
            changed: summary.changed,
            renamed: summary.renamed,
            unmanaged: summary.unmanaged,
        };
        let severities = |[error, warning, info]: [usize; 3]| Severities {
            error,
            warning,
            info,
        };
        let findings = Findings {
            open: severities(it.findings.open),
            waived: severities(it.findings.waived),
            baselined: severities(it.findings.baselined),
        };
        Self {
            name: &it.name,
            sha256: &it.sha256,
            started_at: rfc3339(it.time_ms),
            outcome: it.outcome.as_str(),
            reason: &it.reason,
            complete: it.is_whole(),
            declared: it.declared,
            rules: it.is_whole().then_some(rules),
            findings: it.is_whole().then_some(findings),
            since_last: it.movement.map(|it| Movement {
                opened: it.opened,
                resolved: it.resolved,
                accepted: it.accepted,
            }),
            open_by_age: it
                .ages
                .map(|counts| Age::ALL.map(Age::as_str).into_iter().zip(counts).collect()),
            oldest_open_since: it.oldest_ms.and_then(rfc3339),
            gap_before_ms: it.gap_ms,
        }
    }
}
