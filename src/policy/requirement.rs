//! The requirements that policies can have: each built-in kind with its parameters, and expressions.

use super::{Expression, Pattern, Regions};
use crate::model::{AccountId, Field, Trigger};

/// The requirement of a policy.
#[derive(Debug)]
pub enum Requirement {
    /// Targets are in certain regions.
    AllowedTargetRegions(AllowedTargetRegions),
    /// Targets belong to certain accounts.
    AllowedTargetAccounts(AllowedTargetAccounts),
    /// No rule copies to another account.
    ForbidCrossAccount,
    /// No filter matches everything.
    ForbidCatchAllFilter(ForbidCatchAllFilter),
    /// Rules have a certain trigger.
    RequireTrigger(RequireTrigger),
    /// Names match a pattern.
    Naming(Naming),
    /// Chains of rules are short.
    MaxHops(MaxHops),
    /// Images do not leave certain regions.
    DataResidency(DataResidency),
    /// Namespaces are copied to enough other regions or instances.
    RequiredCoverage(RequiredCoverage),
    /// An expression is true.
    Expression(Box<Expression>),
}

impl Requirement {
    /// Returns the `kind` of the rules file; `None` for an expression.
    #[must_use]
    pub const fn kind(&self) -> Option<&'static str> {
        Some(match self {
            Self::AllowedTargetRegions(_) => "allowed-target-regions",
            Self::AllowedTargetAccounts(_) => "allowed-target-accounts",
            Self::ForbidCrossAccount => "forbid-cross-account",
            Self::ForbidCatchAllFilter(_) => "forbid-catch-all-filter",
            Self::RequireTrigger(_) => "require-trigger",
            Self::Naming(_) => "naming",
            Self::MaxHops(_) => "max-hops",
            Self::DataResidency(_) => "data-residency",
            Self::RequiredCoverage(_) => "required-coverage",
            Self::Expression(_) => return None,
        })
    }
}

/// Targets are in these regions. An unknown region is none of them.
#[derive(Debug)]
pub struct AllowedTargetRegions(pub Regions);

/// Targets belong to one of these accounts. An unknown account is none of them.
#[derive(Debug)]
pub struct AllowedTargetAccounts(pub Vec<AccountId>);

/// The filters of these fields do not match everything, neither as whole names nor as searches. A filter that does not
/// apply to the scope of a rule is not checked.
#[derive(Debug)]
pub struct ForbidCatchAllFilter(pub Vec<Field>);

/// Rules have this trigger.
#[derive(Debug)]
pub struct RequireTrigger(pub Trigger);

/// A field of a rule matches a pattern. A rule without that field is not checked.
#[derive(Debug)]
pub struct Naming {
    /// The field: the name, a namespace or a repository.
    pub field: Field,
    /// The pattern.
    pub pattern: Pattern,
}

/// The most rules that an image may travel over, one after the other.
#[derive(Debug)]
pub struct MaxHops(pub u8);

/// Images do not leave these regions: a rule that starts in one of them, or in an unknown region, ends in one of them.
#[derive(Debug)]
pub struct DataResidency(pub Regions);

/// Each namespace that the globs select is copied to enough other places; each repository where they select those.
#[derive(Debug)]
pub struct RequiredCoverage {
    /// The least number of other places.
    pub count: u8,
    /// The kind of place.
    pub of: CoverageScope,
}

/// The kind of place that `required-coverage` counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CoverageScope {
    /// Another region.
    Region,
    /// Another instance.
    Instance,
}
