//! Changes as they are reported.

use crate::diff::Kind;
use crate::model::Field;
use crate::pattern::Relation;
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

/// Since when there is a difference, where the rules files are compared with an earlier version of themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// This version of the rules files introduces it.
    Introduced,
    /// Live has drifted from both versions.
    Drifted,
}

impl Origin {
    /// All there are.
    pub const ALL: [Self; 2] = [Self::Introduced, Self::Drifted];

    /// The word of the result document.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Introduced => "introduced",
            Self::Drifted => "drifted",
        }
    }
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

/// The result document's word for a kind; it has none of its own for a duplicate.
pub(super) const fn kind_word(kind: Kind) -> &'static str {
    match kind {
        Kind::Missing => "missing",
        Kind::Changed => "changed",
        Kind::Renamed => "renamed",
        Kind::Unmanaged | Kind::Duplicate => "unmanaged",
        Kind::InSync => "in_sync",
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
    pub told: String,
}
