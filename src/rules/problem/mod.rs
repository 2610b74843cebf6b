//! The problems of rules files, in the words the user reads: a file of this folder for each part of a rules file.
//!
//! A message says what is wrong, the help names the key, value or command to write. Every value of a user passes
//! [`quote`](crate::source::quote) or [`truncate`](crate::source::truncate) before it becomes part of either.

mod file;
mod instance;
mod invisible;
mod matrix;
mod message;
mod policy;
mod reference;
mod remedy;
mod rule;
mod structure;
mod waiver;
mod watch;

pub(super) use file::FileProblem;
pub(super) use instance::InstanceProblem;
pub(super) use invisible::InvisibleProblem;
pub(super) use matrix::MatrixProblem;
pub(super) use policy::PolicyProblem;
pub(super) use reference::ReferenceProblem;
pub(super) use rule::RuleProblem;
pub(super) use structure::StructureProblem;
pub(super) use waiver::WaiverProblem;
pub(super) use watch::WatchProblem;

use miette::Diagnostic;
use thiserror::Error;

use crate::source::{Place, TreeProblem};
use crate::terraform::TerraformProblem;

/// A problem with its place.
#[derive(Debug)]
pub(super) struct PlacedProblem {
    pub(super) problem: Problem,
    /// The place; `None` for a problem of a whole file.
    pub(super) place: Option<Place>,
    /// The place that the problem conflicts with, if any.
    pub(super) related: Option<Place>,
}

/// One problem of the files of a run.
#[derive(Debug, Clone, PartialEq, Eq, Error, Diagnostic)]
pub(super) enum Problem {
    #[error(transparent)]
    #[diagnostic(transparent)]
    File(#[from] FileProblem),
    #[error(transparent)]
    #[diagnostic(transparent)]
    Invisible(#[from] InvisibleProblem),
    #[error(transparent)]
    #[diagnostic(transparent)]
    Yaml(#[from] TreeProblem),
    #[error(transparent)]
    #[diagnostic(transparent)]
    Reference(#[from] ReferenceProblem),
    #[error(transparent)]
    #[diagnostic(transparent)]
    Structure(#[from] StructureProblem),
    #[error(transparent)]
    #[diagnostic(transparent)]
    Instance(#[from] InstanceProblem),
    #[error(transparent)]
    #[diagnostic(transparent)]
    Rule(#[from] RuleProblem),
    #[error(transparent)]
    #[diagnostic(transparent)]
    Matrix(#[from] MatrixProblem),
    #[error(transparent)]
    #[diagnostic(transparent)]
    Policy(#[from] PolicyProblem),
    #[error(transparent)]
    #[diagnostic(transparent)]
    Waiver(#[from] WaiverProblem),
    #[error(transparent)]
    #[diagnostic(transparent)]
    Terraform(#[from] TerraformProblem),
    #[error(transparent)]
    #[diagnostic(transparent)]
    Watch(#[from] WatchProblem),
}

impl Problem {
    /// Returns `true` if reading ended with the problem, so that it is reported whatever else was found.
    pub(super) fn ends_reading(&self) -> bool {
        matches!(
            self,
            Self::Structure(StructureProblem::TooManyAliases | StructureProblem::MergeDepth { .. })
        )
    }

    /// Returns the label under the marked text.
    pub(super) fn label(&self) -> &'static str {
        match self {
            Self::Yaml(TreeProblem::DuplicateKey { .. }) => "repeated here",
            Self::Structure(StructureProblem::UnknownKey { .. }) => "unknown",
            Self::Structure(StructureProblem::TooManyAliases) => "repeated too often",
            Self::Structure(StructureProblem::MissingKey { .. }) => "in this mapping",
            Self::Rule(RuleProblem::MissingTagFilter) => "this rule",
            Self::Structure(StructureProblem::EmptyValue { .. }) => "no value",
            Self::Instance(InstanceProblem::Undeclared { .. }) => "not declared",
            Self::Structure(StructureProblem::SettingConflict { .. })
            | Self::Instance(InstanceProblem::Conflict { .. })
            | Self::Rule(RuleProblem::Duplicate { .. })
            | Self::Policy(PolicyProblem::Duplicate { .. })
            | Self::Watch(WatchProblem::DuplicateName { .. }) => "and here",
            Self::Matrix(MatrixProblem::UnusedKey { .. }) => "not used",
            Self::Rule(RuleProblem::DeclaredAndIgnored { .. }) => "ignored here",
            _ => "here",
        }
    }

    /// Returns the label under the related text.
    pub(super) fn related_label(&self) -> &'static str {
        match self {
            Self::Yaml(TreeProblem::RecursiveAlias { .. }) => "the anchor",
            Self::Yaml(_) => "first written here",
            Self::Rule(RuleProblem::DeclaredAndIgnored { .. })
            | Self::Instance(InstanceProblem::TwoAliases { .. }) => "declared here",
            Self::Terraform(problem) => problem.related_label(),
            _ => "first here",
        }
    }
}
