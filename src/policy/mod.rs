//! Rules about rules: what the rules files demand of every sync rule, declared or live.
//!
//! The one verb is [`evaluate`]. A policy is data: which rules it is about ([`Globs`]), what it demands of them
//! ([`Demand`]), and what to say of a rule that breaks it. Each built-in demand is a file of its own; `expr` is the
//! one that users write themselves. A policy never passes by ignorance: where something that it asks for is not
//! known, such as the account of an instance, that is a finding too.
//!
//! Where a policy has to take something for granted, it says so in its own file, and errs on the side of a finding.

mod accounts;
mod breach;
mod catch_all;
mod coverage;
mod cross_account;
mod examples;
mod expr;
mod filter;
mod globs;
mod max_hops;
mod naming;
mod pattern;
mod regions;
mod residency;
mod trigger;
mod unmatched;
mod view;

pub use accounts::AllowedTargetAccounts;
pub use catch_all::ForbidCatchAllFilter;
pub use coverage::{Elsewhere, RequiredCoverage};
pub use cross_account::ForbidCrossAccount;
pub use examples::{Example, Expectation, Tried, try_examples};
pub use expr::{Advice, Expression, Fault};
pub use globs::{Glob, Globs};
pub use max_hops::MaxHops;
pub use naming::Naming;
pub use pattern::{InvalidPattern, Pattern};
pub use regions::{AllowedTargetRegions, Regions};
pub use residency::DataResidency;
pub use trigger::RequireTrigger;

use rustc_hash::FxHashSet;

use self::breach::Breach;
use self::view::View;
use crate::finding::{Finding, PolicyCode, Severity};
use crate::model::{DesiredState, LiveState, Selection};
use crate::source::Place;

/// A policy of the rules files.
#[derive(Debug)]
pub struct Policy {
    /// The code of its findings.
    pub code: PolicyCode,
    /// How bad they are.
    pub severity: Severity,
    /// Which side it is about.
    pub applies_to: AppliesTo,
    /// Which rules it is about.
    pub globs: Globs,
    /// What to tell whoever breaks it, in the words of the file.
    pub message: Option<Box<str>>,
    /// What it demands.
    pub demand: Demand,
    /// Rules that show what it means.
    pub examples: Vec<Example>,
    /// Where it is written: the place of its id.
    pub place: Place,
}

/// What a policy demands.
#[derive(Debug)]
pub enum Demand {
    /// Targets are in certain regions.
    AllowedTargetRegions(AllowedTargetRegions),
    /// Targets belong to certain accounts.
    AllowedTargetAccounts(AllowedTargetAccounts),
    /// Nothing is copied to another account.
    ForbidCrossAccount(ForbidCrossAccount),
    /// Filters choose.
    ForbidCatchAllFilter(ForbidCatchAllFilter),
    /// Rules are started in one way.
    RequireTrigger(RequireTrigger),
    /// Names have a form.
    Naming(Naming),
    /// Images do not travel over long chains of rules.
    MaxHops(MaxHops),
    /// Images do not leave an area.
    DataResidency(DataResidency),
    /// Namespaces are copied to enough other places.
    RequiredCoverage(RequiredCoverage),
    /// An expression holds.
    Expression(Box<Expression>),
}

/// Which side a policy is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum AppliesTo {
    /// What the rules files say.
    Desired,
    /// What the instances say.
    Live,
    /// Both.
    #[default]
    Both,
}

/// A side, to a policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// What the rules files say.
    Desired,
    /// What the instances say.
    Live,
}

impl Side {
    /// The word of the rules file.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Desired => "desired",
            Self::Live => "live",
        }
    }
}

impl AppliesTo {
    const fn includes(self, side: Side) -> bool {
        matches!((self, side), (Self::Both, _) | (Self::Desired, Side::Desired) | (Self::Live, Side::Live))
    }
}

/// Holds every policy against the declared rules and against the live ones that instances which were read whole list
/// as leaving them. What a rule breaks in the same way on both sides is one finding, at the place where it is
/// declared. Only what breaks a policy within the selection is told; what follows from all rules together, such as a
/// chain, follows from all of them nevertheless.
#[must_use]
pub fn evaluate(policies: &[Policy], desired: &DesiredState, live: &LiveState, selection: &Selection) -> Vec<Finding> {
    if policies.is_empty() {
        return Vec::new();
    }
    let views = [View::desired(desired), View::live(desired, live)];
    policies.iter().flat_map(|policy| of_policy(policy, &views, selection)).collect()
}

fn of_policy(policy: &Policy, views: &[View<'_>; 2], selection: &Selection) -> Vec<Finding> {
    let mut known = FxHashSet::default();
    let mut findings = Vec::new();
    for view in views.iter().filter(|view| policy.applies_to.includes(view.side)) {
        let breaches = policy.demand.breaches(view, &policy.globs);
        let selected = breaches.into_iter().filter(|breach| breach.is_selected(selection));
        let new = selected.map(|breach| breach.into_finding(policy, view));
        findings.extend(new.filter(|finding| known.insert(finding.fingerprint)));
    }
    if findings.is_empty() && selection.is_everything() {
        findings.extend(unmatched::findings(policy, views));
    }
    findings
}

impl Demand {
    /// What breaks it on one side, among the selected rules.
    fn breaches<'a>(&self, view: &View<'a>, globs: &Globs) -> Vec<Breach<'a>> {
        match self {
            Self::AllowedTargetRegions(it) => it.breaches(view, globs),
            Self::AllowedTargetAccounts(it) => it.breaches(view, globs),
            Self::ForbidCrossAccount(it) => it.breaches(view, globs),
            Self::ForbidCatchAllFilter(it) => it.breaches(view, globs),
            Self::RequireTrigger(it) => it.breaches(view, globs),
            Self::Naming(it) => it.breaches(view, globs),
            Self::MaxHops(it) => it.breaches(view, globs),
            Self::DataResidency(it) => it.breaches(view, globs),
            Self::RequiredCoverage(it) => it.breaches(view, globs),
            Self::Expression(it) => it.breaches(view, globs),
        }
    }
}

#[cfg(test)]
mod tests;
