//! The document's structs, with the words its schema describes them by. What is written is read by the same ones.

use std::borrow::Cow;
use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The result of a run of crdrift.
#[derive(Serialize, Deserialize, JsonSchema)]
#[schemars(title = "crdrift result", rename = "Result")]
pub(super) struct Document<'a> {
    /// The version of this format: `1.0`.
    pub(super) format_version: Cow<'a, str>,
    /// Which program wrote it.
    pub(super) tool: Tool<'a>,
    /// The command that ran.
    pub(super) command: Cow<'a, str>,
    /// What came of it, in one word.
    #[schemars(extend("enum" = ["in_sync", "drift", "incomplete", "failed"]))]
    pub(super) outcome: Cow<'a, str>,
    /// The exit code of the run: 0 in sync, 1 failed, 2 drift unless `--drift-exit-code` says otherwise,
    /// 3 incomplete.
    pub(super) exit_code: u8,
    /// Why it is this exit code.
    pub(super) exit_reason: Cow<'a, str>,
    /// From which severity on an open finding is drift.
    #[schemars(extend("enum" = ["error", "warning", "info"]))]
    pub(super) fail_on: Cow<'a, str>,
    /// When the run started: RFC 3339, UTC.
    #[schemars(extend("format" = "date-time"))]
    pub(super) started_at: Option<String>,
    /// How long it took, in milliseconds.
    pub(super) duration_ms: u64,
    /// What the rules files say.
    pub(super) desired: Desired<'a>,
    /// What was selected; null where everything was compared.
    pub(super) selection: Option<Selection<'a>>,
    /// What the instances say.
    pub(super) live: Live<'a>,
    /// The numbers.
    pub(super) summary: Summary,
    /// The names of the rules that are live as declared, by the alias of their source instance.
    pub(super) in_sync: BTreeMap<Cow<'a, str>, Vec<Cow<'a, str>>>,
    /// What would make live equal desired: by instance, then by name. Rules in sync only with `--all`.
    pub(super) changes: Vec<Change<'a>>,
    /// What there is to tell: by instance, rule, code and field.
    pub(super) findings: Vec<Finding<'a>>,
    /// The baseline; null where none was given.
    pub(super) baseline: Option<Baseline<'a>>,
    /// The earlier version of the rules files; null where none was given.
    pub(super) base: Option<Base<'a>>,
    /// How what drifts compares with a reviewed result; null where none was given.
    pub(super) expectation: Option<Expectation<'a>>,
}

/// Which program wrote a result.
#[derive(Serialize, Deserialize, JsonSchema)]
pub(super) struct Tool<'a> {
    /// `crdrift`.
    pub(super) name: Cow<'a, str>,
    /// Its version.
    pub(super) version: Cow<'a, str>,
}

/// What the rules files say.
#[derive(Serialize, Deserialize, JsonSchema)]
pub(super) struct Desired<'a> {
    /// The files, in the order in which they were read.
    pub(super) files: Vec<File<'a>>,
    /// How many rules they declare; where a selection is in force, how many of them are selected.
    pub(super) rules: usize,
}

/// What a run was about. What is not selected was neither compared nor reported.
#[derive(Serialize, Deserialize, JsonSchema)]
pub(super) struct Selection<'a> {
    /// Only rules that start at one of these instances, by alias; empty: at any.
    pub(super) instances: Vec<Cow<'a, str>>,
    /// Only rules whose name matches one of these globs; empty: any.
    pub(super) rules: Vec<Cow<'a, str>>,
    /// Only rules from or to a namespace that matches one of these globs; empty: any.
    pub(super) namespaces: Vec<Cow<'a, str>>,
    /// All of it, as options of a command line.
    pub(super) options: Cow<'a, str>,
    /// How many rules are declared, selected or not.
    pub(super) declared_rules: usize,
}

/// A rules file.
#[derive(Serialize, Deserialize, JsonSchema)]
pub(super) struct File<'a> {
    /// Its path.
    pub(super) path: Cow<'a, str>,
    /// SHA-256 of its bytes, lower-case hex.
    pub(super) sha256: Cow<'a, str>,
}

/// What the instances say.
#[derive(Serialize, Deserialize, JsonSchema)]
pub(super) struct Live<'a> {
    /// Where the live rules come from.
    #[schemars(extend("enum" = ["api", "snapshot", "emulator"]))]
    pub(super) source: Cow<'a, str>,
    /// When they were read: RFC 3339, UTC; null where the source does not tell.
    #[schemars(extend("format" = "date-time"))]
    pub(super) taken_at: Option<String>,
    /// The declared instances, by alias; where a selection is in force, those it is about.
    pub(super) instances: Vec<Instance<'a>>,
}

/// A declared instance and how its reading went.
#[derive(Serialize, Deserialize, JsonSchema)]
pub(super) struct Instance<'a> {
    /// Its alias in the rules files.
    pub(super) alias: Cow<'a, str>,
    /// Its id.
    pub(super) id: Cow<'a, str>,
    /// Its region.
    pub(super) region: Cow<'a, str>,
    /// How the reading went.
    #[schemars(extend("enum" = ["complete", "denied", "throttled", "unreachable", "inconsistent", "not_found", "skipped"]))]
    pub(super) status: Cow<'a, str>,
    /// How many rules it lists, from both ends; null where it was not read whole.
    pub(super) rules: Option<usize>,
    /// Pages of the reading.
    pub(super) pages: u32,
    /// Requests sent, retries and confirmations included.
    pub(super) requests: u32,
    /// The API's request ids, as evidence.
    pub(super) request_ids: Vec<Cow<'a, str>>,
    /// Why it went wrong; null where it did not.
    pub(super) error: Option<ReadError<'a>>,
}

/// Why a reading went wrong.
#[derive(Serialize, Deserialize, JsonSchema)]
pub(super) struct ReadError<'a> {
    /// The API's error code, or a word of crdrift's for what never reached the API.
    pub(super) code: Cow<'a, str>,
    /// What happened.
    pub(super) message: Cow<'a, str>,
    /// The API's request id.
    pub(super) request_id: Option<Cow<'a, str>>,
}

/// The numbers of a result.
#[derive(Serialize, Deserialize, JsonSchema)]
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
    /// Declared rules of which nothing can be said, since no instance that lists them was read whole.
    pub(super) unverified: usize,
    /// How many findings there are.
    pub(super) findings: FindingCounts,
}

/// How many findings there are, by status.
#[derive(Serialize, Deserialize, JsonSchema)]
pub(super) struct FindingCounts {
    /// Those that count.
    pub(super) open: usize,
    /// Those a waiver accepts.
    pub(super) waived: usize,
    /// Those a baseline accepts.
    pub(super) baselined: usize,
}

/// What would make one rule equal.
#[derive(Serialize, Deserialize, JsonSchema)]
pub(super) struct Change<'a> {
    /// What a person would do. A rule cannot be edited: `replace` is delete and create.
    #[schemars(extend("enum" = ["create", "replace", "delete", "none"]))]
    pub(super) action: Cow<'a, str>,
    /// What is the matter.
    #[schemars(extend("enum" = ["missing", "changed", "renamed", "unmanaged", "in_sync"]))]
    pub(super) kind: Cow<'a, str>,
    /// Whether an unmanaged rule is what another live rule already is.
    pub(super) duplicate: bool,
    /// The source instance's alias.
    pub(super) instance: Cow<'a, str>,
    /// The rule's name: as declared, as live where it is not declared.
    pub(super) name: Cow<'a, str>,
    /// The live rule's name; null where there is none.
    pub(super) live_name: Option<Cow<'a, str>>,
    /// How alike the two sides are, in percent, where nothing else says that they are one rule: the rename is likely
    /// and no more. Null everywhere else.
    #[schemars(range(max = 100))]
    pub(super) likeness: Option<u8>,
    /// The live rule's id.
    pub(super) rule_id: Option<Cow<'a, str>>,
    /// When the live rule was last modified: RFC 3339, UTC.
    #[schemars(extend("format" = "date-time"))]
    pub(super) modified_at: Option<String>,
    /// Whether the change was introduced by this version of the rules files or was there before; null where no
    /// base was given.
    #[schemars(extend("enum" = ["introduced", "drifted", null]))]
    pub(super) origin: Option<Cow<'a, str>>,
    /// Whether live and this version of the rules files both moved, to something else. It counts as drifted.
    pub(super) conflicting: bool,
    /// Whether every finding about it is waived or baselined, so that it is not drift.
    pub(super) accepted: bool,
    /// Where its images come from: `instance/namespace/repository`, with `*` for what the scope leaves open.
    pub(super) from: Cow<'a, str>,
    /// Where they go.
    pub(super) to: Cow<'a, str>,
    /// The fields that differ; all there are where the rule is on one side only.
    pub(super) fields: Vec<Field<'a>>,
    /// The other fields of a rule that is on both sides, by name; null is not set, or known on one side only.
    pub(super) unchanged: BTreeMap<Cow<'a, str>, Option<Cow<'a, str>>>,
    /// Where it is declared; where its instance is, for a rule nobody declared.
    pub(super) location: Option<Place<'a>>,
}

/// A field of a change.
#[derive(Serialize, Deserialize, JsonSchema)]
#[allow(clippy::struct_field_names, reason = "`field` is the document's key")]
pub(super) struct Field<'a> {
    /// Its rules-file name.
    pub(super) field: Cow<'a, str>,
    /// What the rules file says.
    pub(super) desired: Option<Cow<'a, str>>,
    /// What the instance says.
    pub(super) live: Option<Cow<'a, str>>,
    /// How the live filter's language relates to the desired one's; null where that was not compared.
    #[schemars(extend("enum" = ["equal", "wider", "narrower", "overlapping", "disjoint", "undecided", null]))]
    pub(super) relation: Option<Cow<'a, str>>,
    /// A name that shows the difference.
    pub(super) witness: Option<Cow<'a, str>>,
    /// Which side synchronizes the witness.
    #[schemars(extend("enum" = ["live", "desired", null]))]
    pub(super) synchronized_by: Option<Cow<'a, str>>,
    /// More of how the two relate; null where they are no filters.
    pub(super) meaning: Option<Meaning<'a>>,
    /// Whether the finding about it is waived or baselined; false where the rule is on one side only.
    pub(super) accepted: bool,
    /// Whether this version of the rules files introduced it or it was there before; null where no base was given,
    /// or the rule is on one side only.
    #[schemars(extend("enum" = ["introduced", "drifted", null]))]
    pub(super) origin: Option<Cow<'a, str>>,
    /// Whether both moved.
    pub(super) conflicting: bool,
}

/// How a live filter relates to the desired one.
#[derive(Serialize, Deserialize, JsonSchema)]
pub(super) struct Meaning<'a> {
    /// All of it as a fragment of a sentence.
    pub(super) told: Cow<'a, str>,
    /// The shortest name that only the live filter matches.
    pub(super) live_only: Option<Cow<'a, str>>,
    /// The shortest name that only the desired filter matches.
    pub(super) desired_only: Option<Cow<'a, str>>,
}

/// Something to tell a person.
#[derive(Serialize, Deserialize, JsonSchema)]
pub(super) struct Finding<'a> {
    /// What kind of thing it is.
    pub(super) code: Cow<'a, str>,
    /// How bad it is.
    #[schemars(extend("enum" = ["error", "warning", "info"]))]
    pub(super) severity: Cow<'a, str>,
    /// Whether it counts.
    #[schemars(extend("enum" = ["open", "waived", "baselined"]))]
    pub(super) status: Cow<'a, str>,
    /// What is the case.
    pub(super) message: Cow<'a, str>,
    /// What to do about it.
    pub(super) help: Cow<'a, str>,
    /// The alias of the instance it is about.
    pub(super) instance: Option<Cow<'a, str>>,
    /// The rule it is about.
    pub(super) rule: Option<Cow<'a, str>>,
    /// The field it is about.
    pub(super) field: Option<Cow<'a, str>>,
    /// SHA-256, lower-case hex, over code, rule key, field and the differing content.
    pub(super) fingerprint: Cow<'a, str>,
    /// Where in the rules files it belongs.
    pub(super) location: Option<Place<'a>>,
    /// The waiver that accepts it.
    pub(super) waiver: Option<Waiver<'a>>,
    /// When it was first seen: RFC 3339, UTC; null where no history is kept.
    #[schemars(extend("format" = "date-time"))]
    pub(super) first_seen: Option<String>,
    /// Whether it is new since the last result; null where no history is kept.
    #[schemars(extend("enum" = ["opened", "still", null]))]
    pub(super) transition: Option<Cow<'a, str>>,
    /// Whether this version of the rules files introduced the difference it is about or it was there before; null
    /// where it is about none, or no base was given.
    #[schemars(extend("enum" = ["introduced", "drifted", null]))]
    pub(super) origin: Option<Cow<'a, str>>,
    /// Whether both moved.
    pub(super) conflicting: bool,
    /// Whether it makes the result drift: it is open, bad enough, and of an origin that counts.
    pub(super) counts: bool,
}

/// The waiver that accepts a finding.
#[derive(Serialize, Deserialize, JsonSchema)]
pub(super) struct Waiver<'a> {
    /// Why the finding is accepted.
    pub(super) reason: Cow<'a, str>,
    /// Who answers for it.
    pub(super) owner: Cow<'a, str>,
    /// The last day on which it is accepted.
    #[schemars(extend("format" = "date"))]
    pub(super) expires: Cow<'a, str>,
    /// The ticket that tracks it.
    pub(super) ticket: Option<Cow<'a, str>>,
    /// Where the waiver is written.
    pub(super) location: Option<Place<'a>>,
}

/// The earlier version of the rules files that a run was compared with.
#[derive(Serialize, Deserialize, JsonSchema)]
pub(super) struct Base<'a> {
    /// What it is called: a reference of git, or a path.
    pub(super) name: Cow<'a, str>,
    /// The commit; null where it is a path.
    pub(super) commit: Option<Cow<'a, str>>,
    /// Its files.
    pub(super) files: Vec<File<'a>>,
    /// How many changes this version introduces.
    pub(super) introduced: usize,
    /// How many were there before, other than the conflicting ones.
    pub(super) drifted: usize,
    /// How many there are of which live and this version both moved.
    pub(super) conflicting: usize,
    /// What differed from the base and does not differ any more: by instance and name.
    pub(super) fixed: Vec<FixedChange<'a>>,
}

/// A difference from the base that is none any more.
#[derive(Serialize, Deserialize, JsonSchema)]
pub(super) struct FixedChange<'a> {
    /// What was the matter.
    #[schemars(extend("enum" = ["missing", "changed", "renamed", "unmanaged"]))]
    pub(super) kind: Cow<'a, str>,
    /// The source instance's alias.
    pub(super) instance: Cow<'a, str>,
    /// The rule's name: as the base declared it, as live where it did not.
    pub(super) name: Cow<'a, str>,
}

/// What a baseline says of a run.
#[derive(Serialize, Deserialize, JsonSchema)]
pub(super) struct Baseline<'a> {
    /// The day on which it was written.
    #[schemars(extend("format" = "date"))]
    pub(super) date: Cow<'a, str>,
    /// What it accepts and is no longer there. Empty where anything could not be read.
    pub(super) vanished: Vec<Known<'a>>,
}

/// What drifts against what a reviewed result says.
#[derive(Serialize, Deserialize, JsonSchema)]
pub(super) struct Expectation<'a> {
    /// What the result is called.
    pub(super) name: Cow<'a, str>,
    /// How many findings are as it says.
    pub(super) as_expected: usize,
    /// What drifts beyond that.
    pub(super) more: Vec<Known<'a>>,
    /// What it says and does not drift.
    pub(super) missing: Vec<Known<'a>>,
}

/// A finding, by what makes it this one.
#[derive(Serialize, Deserialize, JsonSchema)]
pub(super) struct Known<'a> {
    /// Its code.
    pub(super) code: Cow<'a, str>,
    /// The alias of the instance it is about.
    pub(super) instance: Option<Cow<'a, str>>,
    /// The rule it is about.
    pub(super) rule: Option<Cow<'a, str>>,
    /// The field it is about.
    pub(super) field: Option<Cow<'a, str>>,
    /// SHA-256, lower-case hex.
    pub(super) fingerprint: Cow<'a, str>,
}

/// A place in a rules file. Lines and columns count from 1, columns in characters; the end is behind the last.
#[derive(Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Location")]
pub(super) struct Place<'a> {
    /// The file's path.
    pub(super) file: Cow<'a, str>,
    /// First line.
    pub(super) line: u32,
    /// First column.
    pub(super) column: u32,
    /// Last line.
    pub(super) end_line: u32,
    /// Column behind the last character.
    pub(super) end_column: u32,
}
