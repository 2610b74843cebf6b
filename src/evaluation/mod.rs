//! The evaluation of policies: rules of both sides are checked, and violations become findings.
//!
//! Each kind of requirement is a file of its own. No policy passes because something is unknown, such as the account
//! of an instance: that is a violation too. An assumption of a kind is in its file, and errs on the side of a finding.

mod accounts;
mod catch_all;
mod coverage;
mod cross_account;
mod examples;
mod expression;
mod filter;
mod max_hops;
mod naming;
mod regions;
mod residency;
mod selection;
mod stats;
mod trigger;
mod unmatched;
mod view;
mod violation;

pub use examples::{ExampleResult, evaluate_examples};
pub use stats::PolicyStats;

use filter_language::FilterSession;
use rustc_hash::FxHashSet;

use self::selection::SelectedRules;
use self::stats::SubjectCounter;
use self::view::View;
use self::violation::PolicyViolation;
use crate::finding::Finding;
use crate::i18n::Message;
use crate::model::{DesiredState, LiveState};
use crate::policy::{Policy, Requirement};

/// The result of evaluating policies.
#[derive(Debug, Default)]
pub struct Evaluation {
    /// The violations.
    pub findings: Vec<Finding>,
    /// The statistics of each policy, in their order.
    pub stats: Vec<PolicyStats>,
}

/// Checks the desired rules, and the outgoing live rules of complete instances, against every policy. A rule that
/// violates a policy in the same way on both sides has one finding, at the place of its declaration.
///
/// Only violations within the selection become findings. A violation of several rules together, such as a chain, is
/// one of all rules nevertheless.
#[must_use]
pub fn evaluate(
    policies: &[Policy],
    desired: &DesiredState,
    live: &LiveState,
    session: &mut FilterSession,
) -> Evaluation {
    let mut evaluation = Evaluation::default();
    if policies.is_empty() {
        return evaluation;
    }
    let mut views = [View::from_desired(desired), View::from_live(desired, live)];
    let rule_count = view::number_rules(&mut views);
    for policy in policies {
        let counter = SubjectCounter::new(rule_count, &desired.selection);
        let (findings, stats) = evaluate_policy(policy, &views, counter, session);
        evaluation.findings.extend(findings);
        evaluation.stats.push(stats);
    }
    evaluation
}

fn evaluate_policy<'a>(
    policy: &'a Policy,
    views: &[View<'a>; 2],
    mut counter: SubjectCounter<'a>,
    session: &mut FilterSession,
) -> (Vec<Finding>, PolicyStats) {
    let selection = counter.selection;
    let mut known = FxHashSet::default();
    let mut findings = Vec::new();
    let mut subjects = Vec::new();
    for view in views {
        if !policy.applies_to.includes(view.side) {
            continue;
        }
        let violations = violations(policy, view, &mut counter, session);
        for mut violation in violations {
            if !violation.is_selected(selection) {
                continue;
            }
            let is_last = session.charge_bytes(violation.approximate_bytes()).is_err();
            if is_last {
                violation = PolicyViolation::exhausted(Message::further_rules());
            }
            let subject = violation.subject.number();
            let finding = violation.into_finding(policy, view);
            if known.insert(finding.fingerprint) {
                subjects.push((finding.fingerprint, subject));
                findings.push(finding);
            }
            if is_last {
                break;
            }
        }
    }
    if findings.is_empty() && selection.is_everything() {
        findings = unmatched::findings(policy, views, session);
        subjects.extend(findings.iter().map(|finding| (finding.fingerprint, None)));
    }
    let stats = PolicyStats {
        checked: counter.count(),
        findings: subjects,
    };
    (findings, stats)
}

/// Returns the violations of a policy on one side. Counts the subjects that are checked.
fn violations<'a>(
    policy: &'a Policy,
    view: &View<'a>,
    counter: &mut SubjectCounter<'a>,
    session: &mut FilterSession,
) -> Vec<PolicyViolation<'a>> {
    let Ok(rules) = SelectedRules::new(view, &policy.globs, session) else {
        let all = Message::all_rules_of_side(view.subjects.len(), view.describe_side());
        return vec![PolicyViolation::exhausted(all)];
    };
    if let Requirement::RequiredCoverage(coverage) = &policy.requirement {
        return coverage::violations(coverage, &rules, counter, session);
    }
    counter.count_rules(&rules.subjects);
    match &policy.requirement {
        Requirement::AllowedTargetRegions(allowed) => regions::violations(allowed, &rules),
        Requirement::AllowedTargetAccounts(allowed) => accounts::violations(allowed, &rules),
        Requirement::ForbidCrossAccount => cross_account::violations(&rules),
        Requirement::ForbidCatchAllFilter(forbidden) => {
            catch_all::violations(forbidden, &rules, session)
        }
        Requirement::RequireTrigger(required) => trigger::violations(required, &rules),
        Requirement::Naming(naming) => naming::violations(naming, &rules),
        Requirement::MaxHops(limit) => max_hops::violations(limit, &rules, session),
        Requirement::DataResidency(residency) => residency::violations(residency, &rules),
        Requirement::RequiredCoverage(_) => Vec::new(),
        Requirement::Expression(expression) => expression::violations(expression, &rules, session),
    }
}

#[cfg(test)]
mod tests;
