//! Rules about rules: what the rules files demand of every sync rule, declared or live.
//!
//! The one verb is [`evaluate`]. A policy is data: which rules it is about ([`Globs`]), what it demands of them
//! ([`Requirement`]), and what to say of a rule that breaks it. Each built-in demand is a file of its own; `expr` is the
//! one that users write themselves. A policy never passes by ignorance: where something that it asks for is not
//! known, such as the account of an instance, that is a finding too.
//!
//! Where a policy has to take something for granted, it says so in its own file, and errs on the side of a finding.

mod accounts;
mod catch_all;
mod coverage;
mod cross_account;
mod evaluation;
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
mod violation;

pub use accounts::AllowedTargetAccounts;
pub use catch_all::ForbidCatchAllFilter;
pub use coverage::{CoverageScope, RequiredCoverage};
pub use cross_account::ForbidCrossAccount;
pub use evaluation::PolicyStats;
pub use examples::{Example, ExampleResult, Expectation, try_examples};
pub use expr::{Advice, Expression, Fault};
pub use globs::{Glob, Globs};
pub use max_hops::MaxHops;
pub use naming::Naming;
pub use pattern::{InvalidPattern, Pattern};
pub use regions::{AllowedTargetRegions, Regions};
pub use residency::DataResidency;
pub use trigger::RequireTrigger;

use std::borrow::Cow;

use filter_language::Session;
use rustc_hash::FxHashSet;

use self::evaluation::EvaluationTracker;
use self::view::{Subject, View};
use self::violation::Violation;
use crate::finding::{Finding, PolicyCode, Severity};
use crate::model::{DesiredState, LiveState};
use crate::source::Place;

/// Steps for holding a rule against a policy, and for each glob of it.
const RULE_STEPS: u64 = 100;
const GLOB_STEPS: u64 = 50;

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
    /// The help text of its findings, as written in the file.
    pub message: Option<Box<str>>,
    /// The requirement.
    pub demand: Requirement,
    /// Rules that show what it means.
    pub examples: Vec<Example>,
    /// Where it is written: the place of its id.
    pub place: Place,
}

/// The requirement of a policy.
#[derive(Debug)]
pub enum Requirement {
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
    /// All there are.
    pub const ALL: [Self; 3] = [Self::Desired, Self::Live, Self::Both];

    /// The word of the rules file.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Desired => "desired",
            Self::Live => "live",
            Self::Both => "both",
        }
    }

    const fn includes(self, side: Side) -> bool {
        matches!(
            (self, side),
            (Self::Both, _) | (Self::Desired, Side::Desired) | (Self::Live, Side::Live)
        )
    }
}

/// The result of evaluating policies.
#[derive(Debug, Default)]
pub struct Evaluation {
    /// The violations.
    pub findings: Vec<Finding>,
    /// The statistics of each policy, in their order.
    pub held: Vec<PolicyStats>,
}

/// Checks every policy against the declared rules, and against the outgoing live rules of complete instances. A rule
/// that violates a policy in the same way on both sides has one finding, at the place where it is declared. Only violations within the selection are reported; what follows from all rules together, such as a
/// chain, follows from all of them nevertheless.
#[must_use]
pub fn evaluate(
    policies: &[Policy],
    desired: &DesiredState,
    live: &LiveState,
    session: &mut Session,
) -> Evaluation {
    let mut evaluation = Evaluation::default();
    if policies.is_empty() {
        return evaluation;
    }
    let mut views = [View::desired(desired), View::live(desired, live)];
    let rules = view::number(&mut views);
    for policy in policies {
        let tracker = EvaluationTracker::new(rules, &desired.selection);
        let held = evaluate_policy(policy, &views, tracker, &mut evaluation.findings, session);
        evaluation.held.push(held);
    }
    evaluation
}

fn evaluate_policy<'a>(
    policy: &'a Policy,
    views: &[View<'a>; 2],
    mut tracker: EvaluationTracker<'a>,
    findings: &mut Vec<Finding>,
    session: &mut Session,
) -> PolicyStats {
    let selection = tracker.selection;
    let mut known = FxHashSet::default();
    let mut held = Vec::new();
    for view in views
        .iter()
        .filter(|view| policy.applies_to.includes(view.side))
    {
        let violations = policy.violations(view, &mut tracker, session);
        for mut violation in violations
            .into_iter()
            .filter(|violation| violation.is_selected(selection))
        {
            let is_last = session.charge_bytes(violation.bytes()).is_err();
            if is_last {
                violation = Violation::undecided("further rules");
            }
            let number = violation.about.number();
            let finding = violation.into_finding(policy, view);
            if known.insert(finding.fingerprint) {
                held.push((finding.fingerprint, number));
                findings.push(finding);
            }
            if is_last {
                break;
            }
        }
    }
    if held.is_empty() && selection.is_everything() {
        let unmatched = unmatched::findings(policy, views, session);
        held.extend(unmatched.iter().map(|it| (it.fingerprint, None)));
        findings.extend(unmatched);
    }
    PolicyStats {
        checked: tracker.count(),
        findings: held,
    }
}

impl Policy {
    /// What breaks it on one side. What it looks at is taken into `checked`.
    fn violations<'a>(
        &'a self,
        view: &View<'a>,
        tracker: &mut EvaluationTracker<'a>,
        session: &mut Session,
    ) -> Vec<Violation<'a>> {
        let globs = &self.globs;
        let steps = RULE_STEPS + GLOB_STEPS * globs.0.len() as u64;
        if session
            .charge_steps(steps.saturating_mul(view.subjects.len() as u64))
            .is_err()
        {
            return vec![Violation::undecided(&format!(
                "{} {} rules",
                view.subjects.len(),
                view.side.as_str()
            ))];
        }
        let selected: Cow<'_, [Subject<'a>]> = match globs.0.as_slice() {
            [] => view.subjects.as_slice().into(),
            _ => view.selected(globs, session).collect::<Vec<_>>().into(),
        };
        let subjects = selected.as_ref();
        if let Requirement::RequiredCoverage(it) = &self.demand {
            return it.violations(view, subjects, globs, tracker, session);
        }
        tracker.rules(subjects);
        match &self.demand {
            Requirement::AllowedTargetRegions(it) => it.violations(view, subjects),
            Requirement::AllowedTargetAccounts(it) => it.violations(view, subjects),
            Requirement::ForbidCrossAccount(it) => it.violations(view, subjects),
            Requirement::ForbidCatchAllFilter(it) => it.violations(view, subjects, session),
            Requirement::RequireTrigger(it) => it.violations(view, subjects),
            Requirement::Naming(it) => it.violations(view, subjects),
            Requirement::MaxHops(it) => it.violations(view, globs, session),
            Requirement::DataResidency(it) => it.violations(view, subjects),
            Requirement::RequiredCoverage(_) => Vec::new(),
            Requirement::Expression(it) => it.violations(view, subjects, session),
        }
    }
}

impl Requirement {
    /// The `kind` of the rules file; `None` for an expression.
    #[must_use]
    pub const fn kind(&self) -> Option<&'static str> {
        Some(match self {
            Self::AllowedTargetRegions(_) => "allowed-target-regions",
            Self::AllowedTargetAccounts(_) => "allowed-target-accounts",
            Self::ForbidCrossAccount(_) => "forbid-cross-account",
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

#[cfg(test)]
mod tests;
