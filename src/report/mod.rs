//! A result in every format: each format is one file that renders the same [`Report`].
//!
//! A format computes no difference, decides no severity and changes no exit code.

mod change;
pub mod exposition;
mod failure;
mod field_values;
mod finding;
mod finding_group;
mod finding_index;
mod finding_order;
mod format;
mod formats;
pub mod html;
mod json;
mod markdown;
mod mask;
mod numbers;
mod outcome;
mod place;
mod policy;
mod provenance;
#[cfg(test)]
pub(crate) mod sample;
mod text;
mod time;
mod who;

pub use crate::diff::Origin;
pub use change::{
    Action, ChangeRank, ComparedBase, ReportedChange, ReportedField, ReportedFilterComparison,
    ReportedWitness, ResolvedChange, worst_first,
};
pub use failure::ReportedError;
pub use field_values::FieldValues;
pub use finding::{
    AppliedBaseline, AppliedWaiver, ComparedExpectation, FindingStatus, ReportedFinding, Transition,
};
pub use finding_order::{findings_worst_first, worst_finding};
pub use format::{Format, Options, render};
pub use formats::csv::{escape_formula, write_error};
pub use formats::github;
pub use formats::ndjson::line_schema;
pub use formats::sarif::SarifConsumer;
pub use json::{Digest, ReadError, read, schema};
pub use mask::Mask;
pub use numbers::{EstateNumbers, ResultNumbers, write_numbers};
use outcome::NoChanges;
pub use outcome::{FindingWeight, Outcome, Tone};
pub use policy::{PolicySubject, ReportedPolicy};
pub use provenance::{Ci, Commit, Provenance};
pub use text::{Style, accepted_line};
pub use time::{date, rfc3339};
pub use who::{
    Actor, AskedRange, AttributedRule, Confidence, KnownRule, MatchReason, Pseudonyms, Via, Who,
    WhoAction, WhoEvent, WhoStatus, describe_who, describe_who_briefly,
};

use std::collections::BTreeMap;

use crate::finding::Severity;
use crate::graph::Graph;
use crate::i18n::Message;
use crate::model::{ReadEvidence, ReadFailure, ReadStatus};

/// The complete result of a run, which every format renders.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// The version of crdrift.
    pub version: String,
    /// The command that ran.
    pub command: String,
    /// The estate that was checked; `None` where a result of an older version does not name it.
    pub estate: Option<EstateName>,
    /// The result.
    pub verdict: Verdict,
    /// The reason why the run failed; empty where it did not.
    pub errors: Vec<ReportedError>,
    /// The start of the run, epoch milliseconds.
    pub started_ms: i64,
    /// The duration, milliseconds.
    pub duration_ms: u64,
    /// The operator, host and pipeline of the run.
    pub run: Provenance,
    /// The rules files, in the order in which they were read.
    pub files: Vec<InputFile>,
    /// The number of rules to compare: the declared ones, or the selected ones of those.
    pub desired_rules: usize,
    /// The selection; `None` where everything was compared.
    pub selected: Option<Selected>,
    /// The source of the live rules.
    pub live: LiveSource,
    /// The files with the live rules, in the order of the command line; empty where they come from an instance.
    pub live_files: Vec<InputFile>,
    /// The time the live rules were read, epoch milliseconds; `None` for raw responses.
    pub taken_ms: Option<i64>,
    /// The declared instances, by alias.
    pub instances: Vec<ReadInstance>,
    /// The least severity of an open finding that fails the run.
    pub fail_on: Severity,
    /// The numbers.
    pub summary: Summary,
    /// The names of the rules that are live as declared, by the alias of their source instance.
    pub in_sync: BTreeMap<String, Vec<String>>,
    /// The rules in sync in full, where a page shows them and `changes` leaves them out.
    pub in_sync_rules: Vec<ReportedChange>,
    /// The ids of the live rules, where authors were asked for: a later run finds the deletions of these rules by them.
    pub rule_ids: Vec<KnownRule>,
    /// The policies of the rules files, in the order in which they were read.
    pub policies: Vec<ReportedPolicy>,
    /// The replication topology, cut to the size of a picture; `None` where no output needs it.
    /// It has no caption.
    pub topology: Option<Graph>,
    /// The changes that bring live in line with desired; rules in sync only where all were requested.
    pub changes: Vec<ReportedChange>,
    /// The findings: by instance, rule, code and field.
    pub findings: Vec<ReportedFinding>,
    /// The baseline, where one was given.
    pub baseline: Option<AppliedBaseline>,
    /// The earlier version of the rules files, where one was given.
    pub base: Option<ComparedBase>,
    /// The comparison of the drift with a reviewed result, where one was given.
    pub expectation: Option<ComparedExpectation>,
}

/// The name of an estate, by which results are grouped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EstateName {
    /// The name.
    pub name: String,
    /// True if `estate:` or `--estate` gives it; otherwise it is the paths of the rules files.
    pub is_declared: bool,
}

/// The verdict of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// The outcome.
    pub outcome: Outcome,
    /// The exit code.
    pub exit_code: u8,
    /// The reason, for people: a sentence without a full stop.
    pub reason: Message,
}

impl Verdict {
    /// The exit code of an incomplete run.
    pub const INCOMPLETE_EXIT_CODE: u8 = 3;
}

/// A file that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InputFile {
    /// Its path, as the user would write it.
    pub path: String,
    /// SHA-256 of its bytes, lower-case hex.
    pub sha256: String,
}

/// The selection of a run. All other rules were neither compared nor reported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Selected {
    /// Only rules that start at one of these instances, by alias; empty: at any.
    pub instances: Vec<String>,
    /// Only rules whose name matches one of these globs; empty: any.
    pub rules: Vec<String>,
    /// Only rules from or to a namespace that matches one of these globs; empty: any.
    pub namespaces: Vec<String>,
    /// All of it, as options of a command line.
    pub options: String,
    /// The number of selected rules.
    pub rules_selected: usize,
    /// The number of desired rules.
    pub rules_declared: usize,
}

/// The source of the live rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LiveSource {
    /// The API.
    Api,
    /// A file.
    Snapshot,
    /// The embedded emulator.
    Emulator,
    /// None: nothing was read.
    None,
}

impl LiveSource {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Api, Self::Snapshot, Self::Emulator, Self::None];

    /// Returns the word of the result document.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Api => "api",
            Self::Snapshot => "snapshot",
            Self::Emulator => "emulator",
            Self::None => "none",
        }
    }
}

/// A declared instance and the result of its reading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadInstance {
    /// Its alias.
    pub alias: String,
    /// `InstanceId`.
    pub id: String,
    /// Its region.
    pub region: String,
    /// The UID of the account that owns it, where the rules files declare one.
    pub account: Option<String>,
    /// The credentials profile that the rules files read it with.
    pub profile: Option<String>,
    /// The role that the rules files have assumed to read it.
    pub role_arn: Option<String>,
    /// The status of the reading.
    pub status: ReadStatus,
    /// The number of rules it lists, from both ends.
    pub rules: usize,
    /// The evidence of the reading.
    pub evidence: ReadEvidence,
    /// The failure of the reading; `None` where it succeeded.
    pub failure: Option<ReadFailure>,
}

impl ReadInstance {
    /// Returns whether it was not read because it is declared `read: false`, which makes nothing incomplete.
    #[must_use]
    pub fn is_excluded(&self) -> bool {
        self.status == ReadStatus::Skipped && self.failure.is_none()
    }
}

/// The numbers of a result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Summary {
    /// Rules that are live as declared.
    pub in_sync: usize,
    /// Desired rules that are not live.
    pub missing: usize,
    /// Desired rules that are live with other values.
    pub changed: usize,
    /// Renamed rules: live under another name.
    pub renamed: usize,
    /// Unmanaged rules, duplicates among them.
    pub unmanaged: usize,
    /// Unmanaged rules that an ignore entry matches.
    pub ignored: usize,
    /// Desired rules that could not be checked, since each instance that lists them is incomplete.
    pub unverified: usize,
    /// Findings that count.
    pub open: usize,
    /// Findings a waiver accepts.
    pub waived: usize,
    /// Findings a baseline accepts.
    pub baselined: usize,
}
