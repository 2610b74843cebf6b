//! Policies as the rules files declare them: requirements for every sync rule, desired or live.
//!
//! A [`Policy`] is data: the rules that it applies to ([`Globs`]) and a [`Requirement`], which is a built-in kind with
//! its parameters or an [`Expression`] that users write. The room `evaluation` checks rules against policies.

mod example;
mod expr;
mod globs;
mod pattern;
mod regions;
mod requirement;
mod side;

pub use example::{Example, ExampleExpectation};
pub use expr::{Advice, ExprError, Expression};
pub use globs::{Glob, Globs};
pub use pattern::{InvalidPattern, Pattern};
pub use regions::Regions;
pub use requirement::{
    AllowedTargetAccounts, AllowedTargetRegions, CoverageScope, DataResidency,
    ForbidCatchAllFilter, MaxHops, Naming, RequireTrigger, RequiredCoverage, Requirement,
};
pub use side::{AppliesTo, PolicySide};

pub(crate) use expr::{Attribute, AttributeKey, EndpointAttribute};

use crate::finding::{PolicyCode, Severity};
use crate::source::Place;

/// A policy of the rules files.
#[derive(Debug)]
pub struct Policy {
    /// The code of its findings.
    pub code: PolicyCode,
    /// The severity of its findings.
    pub severity: Severity,
    /// The sides that it applies to.
    pub applies_to: AppliesTo,
    /// The rules that it applies to.
    pub globs: Globs,
    /// The help text of its findings, as the file has it.
    pub message: Option<Box<str>>,
    /// The requirement.
    pub requirement: Requirement,
    /// Rules that show the meaning of the policy.
    pub examples: Vec<Example>,
    /// The place of its id.
    pub place: Place,
}
