//! The result document, version 1: `schemas/result.v1.schema.json`.
//!
//! It has structs of its own, so that no change inside crdrift can change what others read.

use std::io::{self, Write};

use jiff::Timestamp;
use schemars::{JsonSchema, Schema};
use serde::Serialize;

use super::{Report, ReportedChange, ReportedField, ReportedFinding};
use crate::diff::Kind;
use crate::model::{ReadFailure, ReadStatus};
use crate::source::Location;

/// The version of the document. A later 1.x only adds keys; a reader leaves out what it does not know.
const FORMAT_VERSION: &str = "1.0";

pub(super) fn render(report: &Report, to: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *to, &Document::from(report))?;
    writeln!(to)
}

/// The JSON Schema of the document.
#[must_use]
pub fn schema() -> Schema {
    schemars::schema_for!(Document<'static>)
}

/// The result of a run of crdrift.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "crdrift result", rename = "Result")]
struct Document<'a> {
    /// The version of this format: `1.0`.
    format_version: &'a str,
    /// Which program wrote it.
    tool: Tool<'a>,
    /// The command that ran.
    command: &'a str,
    /// What came of it, in one word.
    #[schemars(extend("enum" = ["in_sync", "drift", "incomplete", "failed"]))]
    outcome: &'a str,
    /// The exit code of the run: 0 in sync, 1 failed, 2 drift unless `--drift-exit-code` says otherwise,
    /// 3 incomplete.
    exit_code: u8,
    /// Why it is this exit code.
    exit_reason: &'a str,
    /// When the run started: RFC 3339, UTC.
    #[schemars(extend("format" = "date-time"))]
    started_at: Option<String>,
    /// How long it took, in milliseconds.
    duration_ms: u64,
    /// What the rules files say.
    desired: Desired<'a>,
    /// What the instances say.
    live: Live<'a>,
    /// The numbers.
    summary: Summary,
    /// What would make live equal desired: by instance, then by name. Rules in sync only with `--all`.
    changes: Vec<Change<'a>>,
    /// What there is to tell: by instance, rule, code and field.
    findings: Vec<Finding<'a>>,
}

/// Which program wrote a result.
#[derive(Serialize, JsonSchema)]
struct Tool<'a> {
    /// `crdrift`.
    name: &'a str,
    /// Its version.
    version: &'a str,
}

/// What the rules files say.
#[derive(Serialize, JsonSchema)]
struct Desired<'a> {
    /// The files, in the order in which they were read.
    files: Vec<File<'a>>,
    /// How many rules they declare.
    rules: usize,
}

/// A rules file.
#[derive(Serialize, JsonSchema)]
struct File<'a> {
    /// Its path.
    path: &'a str,
    /// SHA-256 of its bytes, lower-case hex.
    sha256: &'a str,
}

/// What the instances say.
#[derive(Serialize, JsonSchema)]
struct Live<'a> {
    /// Where the live rules come from.
    #[schemars(extend("enum" = ["api", "snapshot", "emulator"]))]
    source: &'a str,
    /// When they were read: RFC 3339, UTC; null where the source does not tell.
    #[schemars(extend("format" = "date-time"))]
    taken_at: Option<String>,
    /// The declared instances, by alias.
    instances: Vec<Instance<'a>>,
}

/// A declared instance and how its reading went.
#[derive(Serialize, JsonSchema)]
struct Instance<'a> {
    /// Its alias in the rules files.
    alias: &'a str,
    /// Its id.
    id: &'a str,
    /// Its region.
    region: &'a str,
    /// How the reading went.
    #[schemars(extend("enum" = ["complete", "denied", "throttled", "unreachable", "inconsistent", "not_found", "skipped"]))]
    status: &'a str,
    /// How many rules it lists, from both ends; null where it was not read whole.
    rules: Option<usize>,
    /// Pages of the reading.
    pages: u32,
    /// Requests sent, retries and confirmations included.
    requests: u32,
    /// The API's request ids, as evidence.
    request_ids: Vec<&'a str>,
    /// Why it went wrong; null where it did not.
    error: Option<ReadError<'a>>,
}

/// Why a reading went wrong.
#[derive(Serialize, JsonSchema)]
struct ReadError<'a> {
    /// The API's error code, or a word of crdrift's for what never reached the API.
    code: &'a str,
    /// What happened.
    message: &'a str,
    /// The API's request id.
    request_id: Option<&'a str>,
}

/// The numbers of a result.
#[derive(Serialize, JsonSchema)]
struct Summary {
    /// Rules that are live as declared.
    in_sync: usize,
    /// Declared rules that are not live.
    missing: usize,
    /// Declared rules that are live with other values.
    changed: usize,
    /// Declared rules that are live under another name.
    renamed: usize,
    /// Live rules nobody declared.
    unmanaged: usize,
    /// Live rules nobody declared that are not to be reported.
    ignored: usize,
    /// How many findings there are.
    findings: FindingCounts,
}

/// How many findings there are, by status.
#[derive(Serialize, JsonSchema)]
struct FindingCounts {
    /// Those that count.
    open: usize,
    /// Those a waiver accepts.
    waived: usize,
    /// Those a baseline accepts.
    baselined: usize,
}

/// What would make one rule equal.
#[derive(Serialize, JsonSchema)]
struct Change<'a> {
    /// What a person would do. A rule cannot be edited: `replace` is delete and create.
    #[schemars(extend("enum" = ["create", "replace", "delete", "none"]))]
    action: &'a str,
    /// What is the matter.
    #[schemars(extend("enum" = ["missing", "changed", "renamed", "unmanaged", "in_sync"]))]
    kind: &'a str,
    /// The source instance's alias.
    instance: &'a str,
    /// The rule's name: as declared, as live where it is not declared.
    name: &'a str,
    /// The live rule's name; null where there is none.
    live_name: Option<&'a str>,
    /// The live rule's id.
    rule_id: Option<&'a str>,
    /// When the live rule was last modified: RFC 3339, UTC.
    #[schemars(extend("format" = "date-time"))]
    modified_at: Option<String>,
    /// Whether the change was introduced by this version of the rules files or was there before; null where no
    /// base was given.
    #[schemars(extend("enum" = ["introduced", "drifted", null]))]
    origin: Option<&'a str>,
    /// The fields that differ; all there are where the rule is on one side only.
    fields: Vec<Field<'a>>,
    /// Where it is declared; where its instance is, for a rule nobody declared.
    location: Option<Place<'a>>,
}

/// A field of a change.
#[derive(Serialize, JsonSchema)]
#[allow(clippy::struct_field_names, reason = "`field` is the document's key")]
struct Field<'a> {
    /// Its rules-file name.
    field: &'a str,
    /// What the rules file says.
    desired: Option<&'a str>,
    /// What the instance says.
    live: Option<&'a str>,
    /// How the live filter's language relates to the desired one's; null where that was not compared.
    #[schemars(extend("enum" = ["equal", "wider", "narrower", "overlapping", "disjoint", "undecided", null]))]
    relation: Option<&'a str>,
    /// A name that shows the difference.
    witness: Option<&'a str>,
    /// Which side synchronizes the witness.
    #[schemars(extend("enum" = ["live", "desired", null]))]
    synchronized_by: Option<&'a str>,
}

/// Something to tell a person.
#[derive(Serialize, JsonSchema)]
struct Finding<'a> {
    /// What kind of thing it is.
    code: &'a str,
    /// How bad it is.
    #[schemars(extend("enum" = ["error", "warning", "info"]))]
    severity: &'a str,
    /// Whether it counts.
    #[schemars(extend("enum" = ["open", "waived", "baselined"]))]
    status: &'a str,
    /// What is the case.
    message: &'a str,
    /// What to do about it.
    help: &'a str,
    /// The alias of the instance it is about.
    instance: Option<&'a str>,
    /// The rule it is about.
    rule: Option<&'a str>,
    /// The field it is about.
    field: Option<&'a str>,
    /// SHA-256, lower-case hex, over code, rule key, field and the differing content.
    fingerprint: String,
    /// Where in the rules files it belongs.
    location: Option<Place<'a>>,
    /// The waiver that accepts it.
    waiver: Option<Waiver>,
    /// When it was first seen: RFC 3339, UTC; null where no history is kept.
    #[schemars(extend("format" = "date-time"))]
    first_seen: Option<String>,
    /// Whether it is new since the last result; null where no history is kept.
    #[schemars(extend("enum" = ["opened", "still", null]))]
    transition: Option<&'a str>,
}

/// The waiver that accepts a finding.
#[derive(Serialize, JsonSchema)]
struct Waiver {}

/// A place in a rules file. Lines and columns count from 1, columns in characters; the end is behind the last.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Location")]
struct Place<'a> {
    /// The file's path.
    file: &'a str,
    /// First line.
    line: u32,
    /// First column.
    column: u32,
    /// Last line.
    end_line: u32,
    /// Column behind the last character.
    end_column: u32,
}

impl<'a> From<&'a Report> for Document<'a> {
    fn from(report: &'a Report) -> Self {
        let files = report.files.iter().map(|it| File { path: &it.path, sha256: &it.sha256 }).collect();
        Self {
            format_version: FORMAT_VERSION,
            tool: Tool { name: "crdrift", version: &report.version },
            command: &report.command,
            outcome: report.verdict.outcome.as_str(),
            exit_code: report.verdict.exit_code,
            exit_reason: &report.verdict.reason,
            started_at: rfc3339(report.started_ms),
            duration_ms: report.duration_ms,
            desired: Desired { files, rules: report.desired_rules },
            live: Live {
                source: report.live.as_str(),
                taken_at: report.taken_ms.and_then(rfc3339),
                instances: report.instances.iter().map(Instance::from).collect(),
            },
            summary: Summary::from(report.summary),
            changes: report.changes.iter().map(Change::from).collect(),
            findings: report.findings.iter().map(Finding::from).collect(),
        }
    }
}

impl<'a> From<&'a super::ReadInstance> for Instance<'a> {
    fn from(it: &'a super::ReadInstance) -> Self {
        let error = it.failure.as_ref().map(|ReadFailure { code, message, request_id }| ReadError {
            code,
            message,
            request_id: request_id.as_deref(),
        });
        Self {
            alias: &it.alias,
            id: &it.id,
            region: &it.region,
            status: it.status.as_str(),
            rules: (it.status == ReadStatus::Complete).then_some(it.rules),
            pages: it.evidence.pages,
            requests: it.evidence.requests,
            request_ids: it.evidence.request_ids.iter().map(|id| &**id).collect(),
            error,
        }
    }
}

impl From<super::Summary> for Summary {
    fn from(it: super::Summary) -> Self {
        let super::Summary { in_sync, missing, changed, renamed, unmanaged, ignored, open, waived, baselined } = it;
        let findings = FindingCounts { open, waived, baselined };
        Self { in_sync, missing, changed, renamed, unmanaged, ignored, findings }
    }
}

impl<'a> From<&'a ReportedChange> for Change<'a> {
    fn from(it: &'a ReportedChange) -> Self {
        Self {
            action: it.action().as_str(),
            kind: match it.kind {
                Kind::Missing => "missing",
                Kind::Changed => "changed",
                Kind::Renamed => "renamed",
                Kind::Unmanaged | Kind::Duplicate => "unmanaged",
                Kind::InSync => "in_sync",
            },
            instance: &it.instance,
            name: &it.name,
            live_name: it.live_name.as_deref(),
            rule_id: it.rule_id.as_deref(),
            modified_at: it.modified_ms.and_then(rfc3339),
            origin: None,
            fields: it.fields.iter().map(Field::from).collect(),
            location: it.location.as_ref().map(Place::from),
        }
    }
}

impl<'a> From<&'a ReportedField> for Field<'a> {
    fn from(it: &'a ReportedField) -> Self {
        Self {
            field: it.field.as_str(),
            desired: it.desired.as_deref(),
            live: it.live.as_deref(),
            relation: None,
            witness: None,
            synchronized_by: None,
        }
    }
}

impl<'a> From<&'a ReportedFinding> for Finding<'a> {
    fn from(it: &'a ReportedFinding) -> Self {
        Self {
            code: it.code.as_str(),
            severity: it.severity.as_str(),
            status: "open",
            message: &it.message,
            help: &it.help,
            instance: it.instance.as_deref(),
            rule: it.rule.as_deref(),
            field: it.field.map(crate::model::Field::as_str),
            fingerprint: it.fingerprint.to_string(),
            location: it.location.as_ref().map(Place::from),
            waiver: None,
            first_seen: None,
            transition: None,
        }
    }
}

impl<'a> From<&'a Location> for Place<'a> {
    fn from(it: &'a Location) -> Self {
        let Location { file, line, column, end_line, end_column } = it;
        Self { file, line: *line, column: *column, end_line: *end_line, end_column: *end_column }
    }
}

/// A time as the document has it; `None` outside the years it can name.
fn rfc3339(ms: i64) -> Option<String> {
    Timestamp::from_millisecond(ms).ok().map(|time| time.to_string())
}
