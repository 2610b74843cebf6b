//! The structs of the document. Their doc comments are the descriptions of its schema.

use std::borrow::Cow;
use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::change::{JsonBase, JsonChange};
use super::finding::{JsonBaseline, JsonExpectation, JsonFinding};
use super::instance::JsonInstance;
use super::list::JsonList;
use super::location::JsonLocation;
use super::policy::JsonPolicy;
use super::run::JsonRun;
use super::topology::JsonTopology;
use super::who::JsonKnownRule;
use crate::i18n::JsonMessageTemplate;
use crate::report::{KnownRule, Outcome, ReportedChange, ReportedFinding};

/// The result of a run of crdrift.
#[derive(Serialize, Deserialize, JsonSchema)]
#[schemars(title = "crdrift result", rename = "Result")]
pub(in crate::report) struct JsonResult<'a> {
    /// The version of this format: `1.0`.
    pub(super) format_version: Cow<'a, str>,
    /// The program that wrote the document.
    pub(super) tool: JsonTool<'a>,
    /// The command that ran.
    pub(super) command: Cow<'a, str>,
    /// The name of the estate that was checked: as `estate:` or `--estate` gives it, otherwise the paths of the rules
    /// files from the root of their repository; null where it is not known.
    #[serde(default)]
    pub(super) estate: Option<Cow<'a, str>>,
    /// The outcome, in one word. `in_sync`: no difference of rules, and no open finding but notes. `passed`: exit code 0
    /// with open warnings, or with differences that are waived, in the baseline or of an origin that does not count.
    /// `drift`: an open difference of rules counts. `findings`: only other findings count.
    #[schemars(extend("enum" = Outcome::words()))]
    pub(super) outcome: Cow<'a, str>,
    /// The exit code of the run: 0 in sync or passed, 1 failed, 2 drift or findings unless `--drift-exit-code` says
    /// otherwise, 3 incomplete.
    pub(super) exit_code: u8,
    /// The reason for the exit code.
    pub(super) exit_reason: Cow<'a, str>,
    /// The template of the reason; absent where it is a text of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) exit_reason_template: Option<JsonMessageTemplate<'a>>,
    /// The errors of a failed run: those of the rules files, or the one that ended the run. Empty otherwise.
    #[serde(default)]
    pub(super) errors: Vec<JsonError<'a>>,
    /// The least severity of an open finding that fails the run.
    #[schemars(extend("enum" = ["error", "warning", "info"]))]
    pub(super) fail_on: Cow<'a, str>,
    /// The start of the run: RFC 3339, UTC.
    #[schemars(extend("format" = "date-time"))]
    pub(super) started_at: Option<String>,
    /// The duration in milliseconds.
    pub(super) duration_ms: u64,
    /// The operator, host and pipeline of the run.
    #[serde(default)]
    pub(super) run: JsonRun<'a>,
    /// The desired side: the rules files.
    pub(super) desired: JsonDesired<'a>,
    /// The selection; null where everything was compared.
    pub(super) selection: Option<JsonSelection<'a>>,
    /// The live side: the instances.
    pub(super) live: JsonLive<'a>,
    /// The numbers.
    pub(super) summary: JsonSummary,
    /// The names of the rules that are live as declared, by the alias of their source instance.
    pub(super) in_sync: BTreeMap<Cow<'a, str>, Vec<Cow<'a, str>>>,
    /// The rules in sync in full. Absent unless the run also writes a page, or if `changes` has them.
    #[serde(borrow, default, skip_serializing_if = "JsonList::is_empty")]
    pub(super) in_sync_rules: JsonList<'a, ReportedChange, JsonChange<'a>>,
    /// The ids of the live rules. Absent unless `--who` was given: a later run finds the deletions of these rules by them.
    #[serde(default, skip_serializing_if = "JsonList::is_empty")]
    pub(super) rule_ids: JsonList<'a, KnownRule, JsonKnownRule<'a>>,
    /// The policies of the rules files, in the order in which they were read: those that nothing breaks too.
    #[serde(default)]
    pub(super) policies: Vec<JsonPolicy<'a>>,
    /// The replication topology; null where the run failed.
    pub(super) topology: Option<JsonTopology<'a>>,
    /// The changes that bring live in line with desired: by instance, then by name. Rules in sync only with `--all`.
    #[serde(borrow)]
    pub(super) changes: JsonList<'a, ReportedChange, JsonChange<'a>>,
    /// The findings: by instance, rule, code and field.
    #[serde(borrow)]
    pub(super) findings: JsonList<'a, ReportedFinding, JsonFinding<'a>>,
    /// The baseline; null where none was given.
    pub(super) baseline: Option<JsonBaseline<'a>>,
    /// The earlier version of the rules files; null where none was given.
    pub(super) base: Option<JsonBase<'a>>,
    /// The comparison of the drift with a reviewed result; null where none was given.
    pub(super) expectation: Option<JsonExpectation<'a>>,
}

/// An error that ended a run.
#[derive(Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Error")]
pub(in crate::report) struct JsonError<'a> {
    /// The code, such as `rules/unknown-key`; `run/failed` for an error without a rules file.
    pub(super) code: Cow<'a, str>,
    /// The message.
    pub(super) message: Cow<'a, str>,
    /// The template of the message; absent where it is a text of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) message_template: Option<JsonMessageTemplate<'a>>,
    /// The parts of the message, such as the sources of credentials that were tried; absent where it has none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) parts: Vec<JsonErrorPart<'a>>,
    /// The advice; null where there is none.
    pub(super) help: Option<Cow<'a, str>>,
    /// The template of the advice; absent where it is a text of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) help_template: Option<JsonMessageTemplate<'a>>,
    /// The place in a rules file; null where there is none.
    pub(super) location: Option<JsonLocation<'a>>,
}

/// A part of the message of an error.
#[derive(Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "ErrorPart")]
pub(in crate::report) struct JsonErrorPart<'a> {
    /// The message.
    pub(super) message: Cow<'a, str>,
    /// The template of the message; absent where it is a text of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) message_template: Option<JsonMessageTemplate<'a>>,
}

/// The program that wrote a result.
#[derive(Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Tool")]
pub(in crate::report) struct JsonTool<'a> {
    /// `crdrift`.
    pub(super) name: Cow<'a, str>,
    /// The version.
    pub(super) version: Cow<'a, str>,
}

/// The desired side: the rules files.
#[derive(Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Desired")]
pub(in crate::report) struct JsonDesired<'a> {
    /// The files, in the order in which they were read.
    pub(super) files: Vec<JsonFile<'a>>,
    /// The name of the estate that the files or `--estate` give; null where they give none.
    #[serde(default)]
    pub(super) estate: Option<Cow<'a, str>>,
    /// The number of desired rules; with a selection, of selected ones.
    pub(super) rules: usize,
}

/// The selection of a run. All other rules were neither compared nor reported.
#[derive(Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Selection")]
pub(in crate::report) struct JsonSelection<'a> {
    /// Only rules that start at one of these instances, by alias; empty: at any.
    pub(super) instances: Vec<Cow<'a, str>>,
    /// Only rules whose name matches one of these globs; empty: any.
    pub(super) rules: Vec<Cow<'a, str>>,
    /// Only rules from or to a namespace that matches one of these globs; empty: any.
    pub(super) namespaces: Vec<Cow<'a, str>>,
    /// All of it, as options of a command line.
    pub(super) options: Cow<'a, str>,
    /// The number of desired rules, selected or not.
    pub(super) declared_rules: usize,
}

/// A file that was read.
#[derive(Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "File")]
pub(in crate::report) struct JsonFile<'a> {
    /// The path.
    pub(super) path: Cow<'a, str>,
    /// SHA-256 of its bytes, lower-case hex.
    pub(super) sha256: Cow<'a, str>,
}

/// The live side: the instances.
#[derive(Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Live")]
pub(in crate::report) struct JsonLive<'a> {
    /// The source of the live rules; `none` where nothing was read, as by `crdrift validate`.
    #[schemars(extend("enum" = ["api", "snapshot", "emulator", "none"]))]
    pub(super) source: Cow<'a, str>,
    /// The files with the live rules. Absent where the live rules do not come from files.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) files: Vec<JsonFile<'a>>,
    /// The time of the reading: RFC 3339, UTC; null where the source does not give one.
    #[schemars(extend("format" = "date-time"))]
    pub(super) taken_at: Option<String>,
    /// The declared instances, by alias; where a selection is in force, those it is about.
    pub(super) instances: Vec<JsonInstance<'a>>,
}

/// The numbers of a result.
#[derive(Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Summary")]
pub(in crate::report) struct JsonSummary {
    /// Rules that are live as declared.
    pub(super) in_sync: usize,
    /// Desired rules that are not live.
    pub(super) missing: usize,
    /// Desired rules that are live with other values.
    pub(super) changed: usize,
    /// Renamed rules: live under another name.
    pub(super) renamed: usize,
    /// Unmanaged rules: live, not declared.
    pub(super) unmanaged: usize,
    /// Unmanaged rules that an ignore entry matches.
    pub(super) ignored: usize,
    /// Desired rules that could not be checked, since each instance that lists them is incomplete.
    pub(super) unverified: usize,
    /// The number of findings.
    pub(super) findings: JsonFindingCounts,
}

/// The number of findings, by status.
#[derive(Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "FindingCounts")]
pub(in crate::report) struct JsonFindingCounts {
    /// Open findings.
    pub(super) open: usize,
    /// Waived findings.
    pub(super) waived: usize,
    /// Baselined findings.
    pub(super) baselined: usize,
}
