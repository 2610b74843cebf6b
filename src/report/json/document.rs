//! The document's structs, with the words its schema describes them by.

use schemars::JsonSchema;
use serde::Serialize;

/// The result of a run of crdrift.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "crdrift result", rename = "Result")]
pub(super) struct Document<'a> {
    /// The version of this format: `1.0`.
    pub(super) format_version: &'a str,
    /// Which program wrote it.
    pub(super) tool: Tool<'a>,
    /// The command that ran.
    pub(super) command: &'a str,
    /// What came of it, in one word.
    #[schemars(extend("enum" = ["in_sync", "drift", "incomplete", "failed"]))]
    pub(super) outcome: &'a str,
    /// The exit code of the run: 0 in sync, 1 failed, 2 drift unless `--drift-exit-code` says otherwise,
    /// 3 incomplete.
    pub(super) exit_code: u8,
    /// Why it is this exit code.
    pub(super) exit_reason: &'a str,
    /// When the run started: RFC 3339, UTC.
    #[schemars(extend("format" = "date-time"))]
    pub(super) started_at: Option<String>,
    /// How long it took, in milliseconds.
    pub(super) duration_ms: u64,
    /// What the rules files say.
    pub(super) desired: Desired<'a>,
    /// What the instances say.
    pub(super) live: Live<'a>,
    /// The numbers.
    pub(super) summary: Summary,
    /// What would make live equal desired: by instance, then by name. Rules in sync only with `--all`.
    pub(super) changes: Vec<Change<'a>>,
    /// What there is to tell: by instance, rule, code and field.
    pub(super) findings: Vec<Finding<'a>>,
    /// The baseline; null where none was given.
    pub(super) baseline: Option<Baseline<'a>>,
}

/// Which program wrote a result.
#[derive(Serialize, JsonSchema)]
pub(super) struct Tool<'a> {
    /// `crdrift`.
    pub(super) name: &'a str,
    /// Its version.
    pub(super) version: &'a str,
}

/// What the rules files say.
#[derive(Serialize, JsonSchema)]
pub(super) struct Desired<'a> {
    /// The files, in the order in which they were read.
    pub(super) files: Vec<File<'a>>,
    /// How many rules they declare.
    pub(super) rules: usize,
}

/// A rules file.
#[derive(Serialize, JsonSchema)]
pub(super) struct File<'a> {
    /// Its path.
    pub(super) path: &'a str,
    /// SHA-256 of its bytes, lower-case hex.
    pub(super) sha256: &'a str,
}

/// What the instances say.
#[derive(Serialize, JsonSchema)]
pub(super) struct Live<'a> {
    /// Where the live rules come from.
    #[schemars(extend("enum" = ["api", "snapshot", "emulator"]))]
    pub(super) source: &'a str,
    /// When they were read: RFC 3339, UTC; null where the source does not tell.
    #[schemars(extend("format" = "date-time"))]
    pub(super) taken_at: Option<String>,
    /// The declared instances, by alias.
    pub(super) instances: Vec<Instance<'a>>,
}

/// A declared instance and how its reading went.
#[derive(Serialize, JsonSchema)]
pub(super) struct Instance<'a> {
    /// Its alias in the rules files.
    pub(super) alias: &'a str,
    /// Its id.
    pub(super) id: &'a str,
    /// Its region.
    pub(super) region: &'a str,
    /// How the reading went.
    #[schemars(extend("enum" = ["complete", "denied", "throttled", "unreachable", "inconsistent", "not_found", "skipped"]))]
    pub(super) status: &'a str,
    /// How many rules it lists, from both ends; null where it was not read whole.
    pub(super) rules: Option<usize>,
    /// Pages of the reading.
    pub(super) pages: u32,
    /// Requests sent, retries and confirmations included.
    pub(super) requests: u32,
    /// The API's request ids, as evidence.
    pub(super) request_ids: Vec<&'a str>,
    /// Why it went wrong; null where it did not.
    pub(super) error: Option<ReadError<'a>>,
}

/// Why a reading went wrong.
#[derive(Serialize, JsonSchema)]
pub(super) struct ReadError<'a> {
    /// The API's error code, or a word of crdrift's for what never reached the API.
    pub(super) code: &'a str,
    /// What happened.
    pub(super) message: &'a str,
    /// The API's request id.
    pub(super) request_id: Option<&'a str>,
}

/// The numbers of a result.
#[derive(Serialize, JsonSchema)]
pub(super) struct Summary {
    /// Rules that are live as declared.
    pub(super) in_sync: usize,
    /// Declared rules that are not live.
    pub(super) missing: usize,
    /// Declared rules that are live with other values.
    pub(super) changed: usize,
    /// Declared rules that are live under another name.
    pub(super) renamed: usize,
    /// Live rules nobody declared.
    pub(super) unmanaged: usize,
    /// Live rules nobody declared that are not to be reported.
    pub(super) ignored: usize,
    /// How many findings there are.
    pub(super) findings: FindingCounts,
}

/// How many findings there are, by status.
#[derive(Serialize, JsonSchema)]
pub(super) struct FindingCounts {
    /// Those that count.
    pub(super) open: usize,
    /// Those a waiver accepts.
    pub(super) waived: usize,
    /// Those a baseline accepts.
    pub(super) baselined: usize,
}

/// What would make one rule equal.
#[derive(Serialize, JsonSchema)]
pub(super) struct Change<'a> {
    /// What a person would do. A rule cannot be edited: `replace` is delete and create.
    #[schemars(extend("enum" = ["create", "replace", "delete", "none"]))]
    pub(super) action: &'a str,
    /// What is the matter.
    #[schemars(extend("enum" = ["missing", "changed", "renamed", "unmanaged", "in_sync"]))]
    pub(super) kind: &'a str,
    /// The source instance's alias.
    pub(super) instance: &'a str,
    /// The rule's name: as declared, as live where it is not declared.
    pub(super) name: &'a str,
    /// The live rule's name; null where there is none.
    pub(super) live_name: Option<&'a str>,
    /// The live rule's id.
    pub(super) rule_id: Option<&'a str>,
    /// When the live rule was last modified: RFC 3339, UTC.
    #[schemars(extend("format" = "date-time"))]
    pub(super) modified_at: Option<String>,
    /// Whether the change was introduced by this version of the rules files or was there before; null where no
    /// base was given.
    #[schemars(extend("enum" = ["introduced", "drifted", null]))]
    pub(super) origin: Option<&'a str>,
    /// Whether every finding about it is waived or baselined, so that it is not drift.
    pub(super) accepted: bool,
    /// The fields that differ; all there are where the rule is on one side only.
    pub(super) fields: Vec<Field<'a>>,
    /// Where it is declared; where its instance is, for a rule nobody declared.
    pub(super) location: Option<Place<'a>>,
}

/// A field of a change.
#[derive(Serialize, JsonSchema)]
#[allow(clippy::struct_field_names, reason = "`field` is the document's key")]
pub(super) struct Field<'a> {
    /// Its rules-file name.
    pub(super) field: &'a str,
    /// What the rules file says.
    pub(super) desired: Option<&'a str>,
    /// What the instance says.
    pub(super) live: Option<&'a str>,
    /// How the live filter's language relates to the desired one's; null where that was not compared.
    #[schemars(extend("enum" = ["equal", "wider", "narrower", "overlapping", "disjoint", "undecided", null]))]
    pub(super) relation: Option<&'a str>,
    /// A name that shows the difference.
    pub(super) witness: Option<&'a str>,
    /// Which side synchronizes the witness.
    #[schemars(extend("enum" = ["live", "desired", null]))]
    pub(super) synchronized_by: Option<&'a str>,
    /// Whether the finding about it is waived or baselined; false where the rule is on one side only.
    pub(super) accepted: bool,
}

/// Something to tell a person.
#[derive(Serialize, JsonSchema)]
pub(super) struct Finding<'a> {
    /// What kind of thing it is.
    pub(super) code: &'a str,
    /// How bad it is.
    #[schemars(extend("enum" = ["error", "warning", "info"]))]
    pub(super) severity: &'a str,
    /// Whether it counts.
    #[schemars(extend("enum" = ["open", "waived", "baselined"]))]
    pub(super) status: &'a str,
    /// What is the case.
    pub(super) message: &'a str,
    /// What to do about it.
    pub(super) help: &'a str,
    /// The alias of the instance it is about.
    pub(super) instance: Option<&'a str>,
    /// The rule it is about.
    pub(super) rule: Option<&'a str>,
    /// The field it is about.
    pub(super) field: Option<&'a str>,
    /// SHA-256, lower-case hex, over code, rule key, field and the differing content.
    pub(super) fingerprint: String,
    /// Where in the rules files it belongs.
    pub(super) location: Option<Place<'a>>,
    /// The waiver that accepts it.
    pub(super) waiver: Option<Waiver<'a>>,
    /// When it was first seen: RFC 3339, UTC; null where no history is kept.
    #[schemars(extend("format" = "date-time"))]
    pub(super) first_seen: Option<String>,
    /// Whether it is new since the last result; null where no history is kept.
    #[schemars(extend("enum" = ["opened", "still", null]))]
    pub(super) transition: Option<&'a str>,
}

/// The waiver that accepts a finding.
#[derive(Serialize, JsonSchema)]
pub(super) struct Waiver<'a> {
    /// Why the finding is accepted.
    pub(super) reason: &'a str,
    /// Who answers for it.
    pub(super) owner: &'a str,
    /// The last day on which it is accepted.
    #[schemars(extend("format" = "date"))]
    pub(super) expires: &'a str,
    /// The ticket that tracks it.
    pub(super) ticket: Option<&'a str>,
    /// Where the waiver is written.
    pub(super) location: Option<Place<'a>>,
}

/// What a baseline says of a run.
#[derive(Serialize, JsonSchema)]
pub(super) struct Baseline<'a> {
    /// The day on which it was written.
    #[schemars(extend("format" = "date"))]
    pub(super) date: &'a str,
    /// What it accepts and is no longer there. Empty where anything could not be read.
    pub(super) vanished: Vec<Vanished<'a>>,
}

/// A finding that a baseline accepts and that is no longer there.
#[derive(Serialize, JsonSchema)]
pub(super) struct Vanished<'a> {
    /// Its code.
    pub(super) code: &'a str,
    /// The alias of the instance it was about.
    pub(super) instance: Option<&'a str>,
    /// The rule it was about.
    pub(super) rule: Option<&'a str>,
    /// The field it was about.
    pub(super) field: Option<&'a str>,
    /// SHA-256, lower-case hex.
    pub(super) fingerprint: String,
}

/// A place in a rules file. Lines and columns count from 1, columns in characters; the end is behind the last.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Location")]
pub(super) struct Place<'a> {
    /// The file's path.
    pub(super) file: &'a str,
    /// First line.
    pub(super) line: u32,
    /// First column.
    pub(super) column: u32,
    /// Last line.
    pub(super) end_line: u32,
    /// Column behind the last character.
    pub(super) end_column: u32,
}
