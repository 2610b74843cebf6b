//! Changes as they are reported.

use filter_language::Relation;

use super::{FieldValues, InputFile, Report, Who};
use crate::diff::{ChangeKind, Origin};
use crate::finding::Code;
use crate::i18n::Message;
use crate::model::Field;
use crate::source::Location;

/// A change as it is reported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportedChange {
    /// The kind of difference.
    pub kind: ChangeKind,
    /// The source instance's alias.
    pub instance: String,
    /// The rule's name: as declared, as live where it is not declared.
    pub name: String,
    /// The declared owner; `None` where none is declared, and for an unmanaged rule.
    pub owner: Option<String>,
    /// The live rule's name.
    pub live_name: Option<String>,
    /// The live rule's id.
    pub rule_id: Option<String>,
    /// The time of the live rule's last modification, epoch milliseconds.
    pub modified_ms: Option<i64>,
    /// The origin of the difference; `None` where no base was given.
    pub origin: Option<Origin>,
    /// True if every finding about it is waived or baselined, so that it is not drift.
    pub accepted: bool,
    /// The similarity of the two sides in percent, for a likely rename, which no other evidence confirms.
    pub similarity: Option<u8>,
    /// The source: `instance/namespace/repository`.
    pub from: String,
    /// The target.
    pub to: String,
    /// The fields that differ; all there are where the rule is on one side only.
    pub fields: Vec<ReportedField>,
    /// The other fields of a rule that is on both sides: equal, or known on one side only and so not compared.
    pub unchanged: FieldValues,
    /// The place of its declaration; for an unmanaged rule, of its instance.
    pub location: Option<Location>,
    /// The authors, where they were asked for.
    pub who: Option<Box<Who>>,
}

/// The earlier version of the rules files that a run was compared with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ComparedBase {
    /// The name: a git reference, or a path.
    pub name: String,
    /// The commit, where it is a reference.
    pub commit: Option<String>,
    /// Its files.
    pub files: Vec<InputFile>,
    /// The number of changes that this version introduces.
    pub introduced: usize,
    /// The number of changes that drifted before.
    pub drifted: usize,
    /// The number of changes where live and this version both changed.
    pub conflicting: usize,
    /// The resolved differences from the base, by instance and name.
    pub resolved: Vec<ResolvedChange>,
}

/// A difference from the base that is none any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResolvedChange {
    /// The kind of difference.
    pub kind: ChangeKind,
    /// The source instance's alias.
    pub instance: String,
    /// The rule's name: as the base declared it, as live where it did not.
    pub name: String,
}

/// The action that resolves a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Action {
    /// Create the rule.
    Create,
    /// Delete the rule and create it again, since there is no way to edit one.
    Replace,
    /// Delete the rule.
    Delete,
    /// No action.
    None,
}

impl Action {
    /// Returns the word of the result document.
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
    /// Returns the symbol of the action, as Terraform prints it. A renamed rule is created before the other one is
    /// deleted: until then both copy the same images, and none is missed.
    #[must_use]
    pub const fn symbol(&self) -> &'static str {
        match self.kind {
            ChangeKind::Missing => "+",
            ChangeKind::Changed => "-/+",
            ChangeKind::Renamed => "+/-",
            ChangeKind::Unmanaged | ChangeKind::Duplicate => "-",
            ChangeKind::InSync => "",
        }
    }

    /// Returns the code of the findings about the change; `None` for a rule in sync.
    #[must_use]
    pub const fn code(&self) -> Option<Code> {
        match self.kind {
            ChangeKind::Missing => Some(Code::MissingRule),
            ChangeKind::Changed => Some(Code::ChangedRule),
            ChangeKind::Renamed => Some(Code::RenamedRule),
            ChangeKind::Unmanaged => Some(Code::UnmanagedRule),
            ChangeKind::Duplicate => Some(Code::DuplicateRule),
            ChangeKind::InSync => None,
        }
    }

    /// Returns true if the rule copies into another account, as desired or live.
    #[must_use]
    pub fn is_cross_account(&self) -> bool {
        let is_true = |value: Option<&str>| value == Some("true");
        let differs = self.fields.iter().any(|field| {
            field.field == Field::CrossUser
                && (is_true(field.live.as_deref()) || is_true(field.desired.as_deref()))
        });
        differs || is_true(self.unchanged.get(Field::CrossUser))
    }

    /// Returns the rank of the change in a plan.
    #[must_use]
    pub fn rank(&self) -> ChangeRank {
        let copies_more = |field: &ReportedField| {
            let meaning = field.meaning.as_ref();
            meaning.is_some_and(|meaning| meaning.live_only.is_some())
        };
        match self.kind {
            ChangeKind::InSync => ChangeRank::InSync,
            ChangeKind::Missing => ChangeRank::Missing,
            _ if self.is_cross_account() => ChangeRank::CrossAccount,
            _ if self.fields.iter().any(copies_more) => ChangeRank::WiderFilter,
            ChangeKind::Unmanaged | ChangeKind::Duplicate => ChangeRank::Unmanaged,
            ChangeKind::Changed => ChangeRank::Changed,
            ChangeKind::Renamed => ChangeRank::Renamed,
        }
    }

    /// Returns the action that resolves the change.
    #[must_use]
    pub const fn action(&self) -> Action {
        match self.kind {
            ChangeKind::Missing => Action::Create,
            ChangeKind::Changed | ChangeKind::Renamed => Action::Replace,
            ChangeKind::Unmanaged | ChangeKind::Duplicate => Action::Delete,
            ChangeKind::InSync => Action::None,
        }
    }
}

/// Returns the changes of a report, the worst first.
#[must_use]
pub fn worst_first(report: &Report) -> Vec<&ReportedChange> {
    let mut changes: Vec<_> = report.changes.iter().collect();
    changes.sort_by_key(|change| change.rank());
    changes
}

impl Report {
    /// Returns the number of changes with a symbol that are not accepted.
    #[must_use]
    pub fn count_symbol(&self, symbol: &str) -> usize {
        let changes = self.changes.iter();
        changes
            .filter(|change| change.symbol() == symbol && !change.accepted)
            .count()
    }

    /// Returns the number of changes by action: `2 to create`, `1 to rename`. Accepted ones do not count.
    #[must_use]
    pub fn count_actions(&self) -> Vec<String> {
        let verbs = [
            ("+", "create"),
            ("-/+", "replace"),
            ("+/-", "rename"),
            ("-", "delete"),
        ];
        let counts = verbs.map(|(symbol, verb)| (self.count_symbol(symbol), verb));
        let counts = counts.iter().filter(|(count, _)| *count > 0);
        counts
            .map(|(count, verb)| format!("{count} to {verb}"))
            .collect()
    }
}

/// The rank of a change in a plan, the worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ChangeRank {
    /// A live rule that copies into another account.
    CrossAccount,
    /// A live filter that matches names which the desired one does not match.
    WiderFilter,
    /// A missing rule.
    Missing,
    /// A rule that is live only.
    Unmanaged,
    /// Any other changed rule.
    Changed,
    /// A renamed rule.
    Renamed,
    /// A rule in sync.
    InSync,
}

/// A field of a reported change. Instances appear by alias.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportedField {
    /// The field.
    pub field: Field,
    /// The desired value.
    pub desired: Option<String>,
    /// The live value.
    pub live: Option<String>,
    /// The relation of the two values, where they are filters.
    pub meaning: Option<Box<ReportedFilterComparison>>,
    /// True if the finding about it is waived or baselined; `false` where the rule is on one side only.
    pub accepted: bool,
    /// The origin of the difference; `None` where no base was given, or the rule is on one side only.
    pub origin: Option<Origin>,
}

/// The relation of a live filter to the desired one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportedFilterComparison {
    /// The relation of the live filter to the desired one.
    pub relation: Relation,
    /// The name that only the live filter matches.
    pub live_only: Option<ReportedWitness>,
    /// The name that only the desired filter matches.
    pub desired_only: Option<ReportedWitness>,
    /// All of it as a fragment of a sentence.
    pub summary: Message,
}

/// A name that one of two filters matches and the other one does not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportedWitness {
    /// A name that people recognize, if there is one.
    pub example: String,
    /// The shortest name.
    pub shortest: String,
}
