//! One result, many faces: each format is one file over the same [`Report`].
//!
//! A format only draws. It computes no difference, decides no severity and changes no exit code.

mod json;
mod text;

pub use json::schema;
pub use text::Style;

use std::io::{self, Write};

use crate::finding::{Code, Fingerprint, Severity};
use crate::model::{Field, ReadEvidence, ReadFailure, ReadStatus};
use crate::source::Location;

/// The result of a run, in full: what every format is drawn from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// The version of crdrift.
    pub version: String,
    /// The command that ran.
    pub command: String,
    /// What came of it.
    pub verdict: Verdict,
    /// When the run started, epoch milliseconds.
    pub started_ms: i64,
    /// How long it took, milliseconds.
    pub duration_ms: u64,
    /// The rules files, in the order in which they were read.
    pub files: Vec<RulesFile>,
    /// How many rules they declare.
    pub desired_rules: usize,
    /// Where the live rules come from.
    pub live: LiveSource,
    /// When the live rules were read, epoch milliseconds; raw answers do not tell.
    pub taken_ms: Option<i64>,
    /// The declared instances, by alias.
    pub instances: Vec<ReadInstance>,
    /// The numbers.
    pub summary: Summary,
    /// What would make live equal desired; rules in sync only where all were asked for.
    pub changes: Vec<ReportedChange>,
    /// What there is to tell: by instance, rule, code and field.
    pub findings: Vec<ReportedFinding>,
}

/// What came of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// In one word.
    pub outcome: Outcome,
    /// For machines.
    pub exit_code: u8,
    /// Why, for people: a sentence without a full stop.
    pub reason: String,
}

/// What came of a run, in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Everything was read whole, and nothing is open at or above the threshold.
    InSync,
    /// Something is open at or above the threshold.
    Drift,
    /// Some instance could not be read whole.
    Incomplete,
    /// The run itself failed.
    Failed,
}

impl Outcome {
    /// The word of the result document.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::InSync => "in_sync",
            Self::Drift => "drift",
            Self::Incomplete => "incomplete",
            Self::Failed => "failed",
        }
    }
}

/// A rules file that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RulesFile {
    /// Its path, as the user would write it.
    pub path: String,
    /// SHA-256 of its bytes, lower-case hex.
    pub sha256: String,
}

/// Where the live rules come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LiveSource {
    /// The API.
    Api,
    /// A file.
    Snapshot,
    /// The embedded emulator.
    Emulator,
}

impl LiveSource {
    /// The word of the result document.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Api => "api",
            Self::Snapshot => "snapshot",
            Self::Emulator => "emulator",
        }
    }
}

/// A declared instance and how its reading went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadInstance {
    /// Its alias.
    pub alias: String,
    /// `InstanceId`.
    pub id: String,
    /// Its region.
    pub region: String,
    /// How the reading went.
    pub status: ReadStatus,
    /// How many rules it lists, from both ends.
    pub rules: usize,
    /// What the reading took.
    pub evidence: ReadEvidence,
    /// Why it went wrong, where it did.
    pub failure: Option<ReadFailure>,
}

/// The numbers of a result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Summary {
    /// Rules that are live as declared.
    pub in_sync: usize,
    /// Declared rules that are not live.
    pub missing: usize,
    /// Declared rules that are live with other values.
    pub changed: usize,
    /// Declared rules that are live under another name.
    pub renamed: usize,
    /// Live rules nobody declared, duplicates among them.
    pub unmanaged: usize,
    /// Live rules nobody declared that are not to be reported.
    pub ignored: usize,
    /// Findings that count.
    pub open: usize,
    /// Findings a waiver accepts.
    pub waived: usize,
    /// Findings a baseline accepts.
    pub baselined: usize,
}

/// A change as it is reported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportedChange {
    /// What is the matter.
    pub kind: crate::diff::Kind,
    /// The source instance's alias.
    pub instance: String,
    /// The rule's name: as declared, as live where it is not declared.
    pub name: String,
    /// The live rule's name.
    pub live_name: Option<String>,
    /// The live rule's id.
    pub rule_id: Option<String>,
    /// When the live rule was last modified, epoch milliseconds.
    pub modified_ms: Option<i64>,
    /// Where its images come from: `instance/namespace/repository`.
    pub from: String,
    /// Where they go.
    pub to: String,
    /// The fields that differ; all there are where the rule is on one side only.
    pub fields: Vec<ReportedField>,
    /// How many fields are compared and equal.
    pub unchanged: usize,
    /// Where it is declared; where its instance is, for a rule nobody declared.
    pub location: Option<Location>,
}

/// What a person would do about a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Action {
    /// Create the rule.
    Create,
    /// Delete the rule and create it again, since there is no way to edit one.
    Replace,
    /// Delete the rule.
    Delete,
    /// Nothing.
    None,
}

impl Action {
    /// The word of the result document.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Replace => "replace",
            Self::Delete => "delete",
            Self::None => "none",
        }
    }
}

impl ReportedChange {
    /// What a person would do about it.
    #[must_use]
    pub const fn action(&self) -> Action {
        use crate::diff::Kind;
        match self.kind {
            Kind::Missing => Action::Create,
            Kind::Changed | Kind::Renamed => Action::Replace,
            Kind::Unmanaged | Kind::Duplicate => Action::Delete,
            Kind::InSync => Action::None,
        }
    }
}

/// A field of a reported change. Instances are told by their aliases.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportedField {
    /// The field.
    pub field: Field,
    /// What the rules file says.
    pub desired: Option<String>,
    /// What the instance says.
    pub live: Option<String>,
}

/// A finding as it is reported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportedFinding {
    /// What kind of thing it is.
    pub code: Code,
    /// How bad it is.
    pub severity: Severity,
    /// What is the case.
    pub message: String,
    /// What to do about it.
    pub help: String,
    /// The alias of the instance it is about.
    pub instance: Option<String>,
    /// The rule it is about.
    pub rule: Option<String>,
    /// The field it is about.
    pub field: Option<Field>,
    /// What makes it this finding and no other.
    pub fingerprint: Fingerprint,
    /// Where in the rules files it belongs.
    pub location: Option<Location>,
}

/// A format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// A plan for people.
    Text,
    /// The result document for machines.
    Json,
}

impl Format {
    /// The names `-o` takes, in the order of the documentation.
    pub const NAMES: [&'static str; 2] = ["text", "json"];

    /// The format of a name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "text" => Some(Self::Text),
            "json" => Some(Self::Json),
            _ => None,
        }
    }
}

/// Draws a report.
///
/// # Errors
///
/// What the writer says; a closed pipe among them.
pub fn render(report: &Report, format: Format, style: Style, to: &mut dyn Write) -> io::Result<()> {
    match format {
        Format::Text => text::render(report, style, to),
        Format::Json => json::render(report, to),
    }
}
