//! The findings of built-in policies about small estates.

mod coverage;
mod max_hops;
mod stats;

use filter_language::FilterSession;

use super::evaluate;
use crate::finding::{Finding, PolicyCode, Severity};
use crate::model::{
    DesiredState, Field, Instance, LiveState, NameGlob, ReadStatus, SyncRule, Trigger,
};
use crate::policy::{AppliesTo, Glob, Globs, Policy, RequireTrigger, Requirement};
use crate::testing::{desired_state, instance, live_state, place};

type GlobTexts<'g> = &'g [(Field, &'static str)];

fn rule(text: &str) -> SyncRule {
    SyncRule {
        tag_filter: "v.*".into(),
        ..crate::testing::rule(text)
    }
}

/// An estate of instances `a` to `e`, `a` and `b` in one region.
fn desired(rules: &[SyncRule]) -> DesiredState {
    let instances = [
        ("a", "one"),
        ("b", "one"),
        ("c", "two"),
        ("d", "three"),
        ("e", "four"),
    ];
    let instances = instances.map(|(alias, region)| Instance {
        region: region.into(),
        ..instance(alias)
    });
    desired_state(instances, rules.iter().cloned())
}

fn live(desired: &DesiredState, rules: &[SyncRule], status: ReadStatus) -> LiveState {
    let ids = desired.instances.iter().map(|it| it.id.clone());
    let mut live = live_state(ids, rules.iter().cloned());
    for instance in &mut live.instances {
        instance.status = status;
    }
    live
}

fn policy(requirement: Requirement, globs: &[(Field, &str)]) -> Policy {
    let glob = |(field, pattern): &(Field, &str)| Glob {
        field: *field,
        pattern: NameGlob::new(pattern).expect("a glob"),
        place: place(),
    };
    Policy {
        code: PolicyCode::new("p"),
        severity: Severity::Error,
        applies_to: AppliesTo::Both,
        globs: Globs(globs.iter().map(glob).collect()),
        message: None,
        requirement,
        examples: Vec::new(),
        place: place(),
    }
}

/// Returns the findings of a policy about two sides.
fn findings(policy: &Policy, desired: &DesiredState, live: &LiveState) -> Vec<Finding> {
    evaluate(
        std::slice::from_ref(policy),
        desired,
        live,
        &mut FilterSession::default(),
    )
    .findings
}

/// Returns the findings of a policy about rules that are declared and missing.
fn declared(policy: &Policy, rules: &[&str]) -> Vec<Finding> {
    let rules: Vec<_> = rules.iter().map(|text| rule(text)).collect();
    let desired = desired(&rules);
    findings(policy, &desired, &live(&desired, &[], ReadStatus::Complete))
}

#[test]
fn a_violation_on_both_sides_is_reported_once() {
    let manual = Requirement::RequireTrigger(RequireTrigger(Trigger::Initiative));
    let policy = policy(manual, &[]);
    let rules = [rule("x: a/n -> b/n")];
    let other = [rule("y: a/n -> b/n")];
    let desired = desired(&rules);
    let found = |rules: &[SyncRule], status| {
        let found = findings(&policy, &desired, &live(&desired, rules, status));
        found.into_iter().map(|it| it.message).collect::<Vec<_>>()
    };
    assert_eq!(found(&rules, ReadStatus::Complete).len(), 1);
    let both = found(&other, ReadStatus::Complete);
    assert!(
        both.len() == 2
            && both[0].starts_with("rule \"x\"")
            && both[1].starts_with("live rule \"y\""),
        "{both:?}"
    );
    assert_eq!(
        found(&other, ReadStatus::Inconsistent).len(),
        1,
        "only complete instances are checked"
    );
}

#[test]
fn globs_that_match_nothing_are_reported_for_complete_instances() {
    let name = |pattern| (Field::Name, pattern);
    let manual = || Requirement::RequireTrigger(RequireTrigger(Trigger::Initiative));
    let desired = desired(&[rule("x: a/n -> b/n")]);
    let found = |globs: &[(Field, &str)], status| {
        let policy = policy(manual(), globs);
        let found = findings(&policy, &desired, &live(&desired, &[], status));
        found
            .into_iter()
            .map(|it| (it.severity, it.message))
            .collect::<Vec<_>>()
    };
    let nothing = found(
        &[
            name("y*"),
            (Field::FromNamespace, "m"),
            (Field::ToInstance, "b"),
        ],
        ReadStatus::Complete,
    );
    assert!(
        nothing
            .iter()
            .all(|(severity, _)| *severity == Severity::Warning)
    );
    let messages: Vec<_> = nothing
        .iter()
        .map(|(_, message)| message.as_str())
        .collect();
    let expected = [
        "no rule matches `rules: y*`, so nothing is checked",
        "no rule matches `from.namespace: m`, so nothing is checked",
    ];
    assert_eq!(messages, expected);
    assert_eq!(found(&[name("y*")], ReadStatus::Denied), []);
    assert_eq!(
        found(&[name("x*")], ReadStatus::Complete)[0].0,
        Severity::Error
    );
}
