//! The statistics of policies.

use filter_language::FilterSession;

use super::{GlobTexts, desired, live, policy, rule};
use crate::evaluation::{PolicyStats, evaluate};
use crate::model::{DesiredState, Field, LiveState, NameGlob, ReadStatus, Selection, Trigger};
use crate::policy::{
    AppliesTo, CoverageScope, Policy, RequireTrigger, RequiredCoverage, Requirement,
};

/// Returns the statistics of a policy about two sides.
fn stats(policy: &Policy, desired: &DesiredState, live: &LiveState) -> PolicyStats {
    let policies = std::slice::from_ref(policy);
    let mut evaluation = evaluate(policies, desired, live, &mut FilterSession::default());
    evaluation.stats.swap_remove(0)
}

#[test]
fn a_subject_counts_once_for_both_sides() {
    let declared_rules = [
        rule("x: a/n -> b/n"),
        rule("y: a/n -> c/n"),
        rule("x: b/n -> c/n"),
    ];
    let listed = [
        rule("x: a/n -> b/n"),
        rule("z: a/m -> b/m"),
        rule("z: a/m -> c/m"),
    ];
    let mut desired = desired(&declared_rules);
    let live = live(&desired, &listed, ReadStatus::Complete);
    let only = |rules: &str| Selection {
        rules: vec![NameGlob::new(rules).expect("a glob")],
        ..Selection::default()
    };
    let from_a = Selection {
        instances: vec!["a".into()],
        ..Selection::default()
    };
    let trigger = || Requirement::RequireTrigger(RequireTrigger(Trigger::Passive));
    let coverage = || {
        Requirement::RequiredCoverage(RequiredCoverage {
            count: 1,
            of: CoverageScope::Instance,
        })
    };
    let namespaces = [(Field::FromNamespace, "*")];
    let (both, desired_only, live_only) = (AppliesTo::Both, AppliesTo::Desired, AppliesTo::Live);
    let everything = Selection::default();
    // Rules: x, y and z of a, x of b. Namespaces: n and m of a, b and c each.
    let cases: [(Requirement, GlobTexts<'_>, AppliesTo, &Selection, usize); 10] = [
        (trigger(), &[], both, &everything, 4),
        (trigger(), &[], desired_only, &everything, 3),
        (trigger(), &[], live_only, &everything, 2),
        (trigger(), &[(Field::Name, "x")], both, &everything, 2),
        (trigger(), &[], both, &only("z"), 1),
        (trigger(), &[], both, &from_a, 3),
        (trigger(), &[(Field::Name, "none")], both, &everything, 0),
        (coverage(), &namespaces, both, &everything, 6),
        (coverage(), &namespaces, both, &from_a, 2),
        (coverage(), &namespaces, both, &only("z"), 0),
    ];
    for (requirement, globs, applies_to, selection, checked) in cases {
        let policy = Policy {
            applies_to,
            ..policy(requirement, globs)
        };
        desired.selection = selection.clone();
        let stats = stats(&policy, &desired, &live);
        assert_eq!(stats.checked, checked, "{policy:?} {selection:?}");
    }
}

#[test]
fn a_finding_has_the_number_of_its_subject() {
    let manual = policy(
        Requirement::RequireTrigger(RequireTrigger(Trigger::Initiative)),
        &[],
    );
    let rules = [rule("x: a/n -> b/n"), rule("y: a/n -> b/n")];
    let desired = desired(&rules);
    let elsewhere = [rule("x: a/other -> c/other")];
    let live = live(&desired, &elsewhere, ReadStatus::Complete);
    let numbers = |policy: &Policy| {
        let stats = stats(policy, &desired, &live);
        let numbers: Vec<_> = stats.findings.iter().map(|(_, number)| *number).collect();
        (stats.checked, numbers)
    };
    assert_eq!(
        numbers(&manual),
        (2, vec![Some(0), Some(1)]),
        "one finding of x for both sides"
    );
    let unmatched = policy(Requirement::ForbidCrossAccount, &[(Field::Name, "none")]);
    assert_eq!(
        numbers(&unmatched),
        (0, vec![None]),
        "a finding about all rules has no number"
    );
}
