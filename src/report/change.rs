//! Changes as they are reported.

use filter_language::Relation;

use super::RulesFile;
use crate::diff::{Kind, Origin};
use crate::model::Field;
use crate::source::Location;

/// A change as it is reported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportedChange {
    /// What is the matter.
    pub kind: Kind,
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
    /// Since when there is a difference; `None` where no base was given.
    pub origin: Option<Origin>,
    /// Whether every finding about it is waived or baselined, so that it is not drift.
    pub accepted: bool,
    /// How alike the two sides are, in percent, where nothing else says that they are one rule: a likely rename.
    pub similarity: Option<u8>,
    /// Where its images come from: `instance/namespace/repository`.
    pub from: String,
    /// Where they go.
    pub to: String,
    /// The fields that differ; all there are where the rule is on one side only.
    pub fields: Vec<ReportedField>,
    /// The other fields of a rule that is on both sides: equal, or known on one side only and so not compared.
    pub unchanged: Vec<(Field, Option<String>)>,
    /// Where it is declared; where its instance is, for a rule nobody declared.
    pub location: Option<Location>,
}

/// The earlier version of the rules files that a run was compared with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ComparedBase {
    /// What it is called: a reference of git, or a path.
    pub name: String,
    /// The commit, where it is a reference.
    pub commit: Option<String>,
    /// Its files.
    pub files: Vec<RulesFile>,
    /// How many changes this version introduces.
    pub introduced: usize,
    /// How many were there before.
    pub drifted: usize,
    /// How many there are of which live and this version both moved.
    pub conflicting: usize,
    /// What differed from the base and does not differ any more: by instance and name.
    pub resolved: Vec<FixedChange>,
}

/// A difference from the base that is none any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FixedChange {
    /// What was the matter.
    pub kind: Kind,
    /// The source instance's alias.
    pub instance: String,
    /// The rule's name: as the base declared it, as live where it did not.
    pub name: String,
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
    /// How the two relate, where they are filters.
    pub meaning: Option<ReportedMeaning>,
    /// Whether the finding about it is waived or baselined; `false` where the rule is on one side only.
    pub accepted: bool,
    /// Since when it differs; `None` where no base was given, or the rule is on one side only.
    pub origin: Option<Origin>,
}

/// How a live filter relates to the desired one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportedMeaning {
    /// What the live filter matches, seen from the desired one.
    pub relation: Relation,
    /// The shortest name that only the live filter matches.
    pub live_only: Option<String>,
    /// The shortest name that only the desired filter matches.
    pub desired_only: Option<String>,
    /// All of it as a fragment of a sentence.
    pub summary: String,
}
