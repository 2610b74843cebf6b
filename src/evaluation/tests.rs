//! The findings of built-in policies about small estates.

use filter_language::Session;

use super::evaluate;
use crate::finding::{Finding, PolicyCode, Severity};
use crate::model::{
    DesiredState, Field, Instance, LiveState, NameFilters, NameGlob, ReadStatus, Scope, Selection,
    SyncRule, Trigger,
};
use crate::policy::{
    AppliesTo, CoverageScope, Glob, Globs, MaxHops, Policy, RequireTrigger, RequiredCoverage,
    Requirement,
};
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
        &mut Session::default(),
    )
    .findings
}

/// Returns the findings of a policy about rules that are declared and missing.
fn declared(policy: &Policy, rules: &[&str]) -> Vec<Finding> {
    let rules: Vec<_> = rules.iter().map(|text| rule(text)).collect();
    let desired = desired(&rules);
    findings(policy, &desired, &live(&desired, &[], ReadStatus::Complete))
}

/// Returns the rules that end a chain longer than `most`.
fn too_long(most: u8, rules: &[&str]) -> Vec<String> {
    let found = declared(&policy(Requirement::MaxHops(MaxHops(most)), &[]), rules);
    found
        .into_iter()
        .map(|it| it.rule.map_or_else(|| it.message, |name| name.to_string()))
        .collect()
}

#[test]
fn a_chain_continues_where_the_same_images_do() {
    let cases: [(u8, &[&str], &[&str]); 18] = [
        (1, &["x: a/n/r -> b/n/r", "y: b/n/r -> c/n/r"], &["y"]),
        (2, &["x: a/n/r -> b/n/r", "y: b/n/r -> c/n/r"], &[]),
        (1, &["x: a/n/r -> b/n/r", "y: b/n/s -> c/n/s"], &[]),
        (1, &["x: a/n/r -> b/m/r", "y: b/n/r -> c/n/r"], &[]),
        (1, &["x: a/n -> b/n", "y: b/n/s -> c/n/s"], &["y"]),
        (1, &["x: a -> b", "y: b/n/s -> c/n/s"], &["y"]),
        // A name that a rule leaves open is kept: only r travels on, and z copies s.
        (
            2,
            &["x: a/n/r -> b/n/r", "y: b/n -> c/m", "z: c/m/s -> d/m/s"],
            &[],
        ),
        (
            2,
            &["x: a/n/r -> b/n/r", "y: b/n -> c/m", "z: c/m/r -> d/m/r"],
            &["z"],
        ),
        (2, &["x: a/n -> b/n", "y: b -> c", "z: c/m -> d/m"], &[]),
        (2, &["x: a/n -> b/n", "y: b -> c", "z: c/n -> d/n"], &["z"]),
        // A way back is a loop, and no chain.
        (1, &["x: a/n -> b/n", "y: b/n -> a/n"], &[]),
        (4, &["x: a/n -> b/n", "y: b/n -> a/n"], &[]),
        (2, &["x: a/n -> b/n", "y: b/n -> a/n", "z: b/n -> c/n"], &[]),
        (2, &["x: a/n/r -> b/n/r", "y: b/n -> c/n", "z: c -> a"], &[]),
        (
            3,
            &[
                "w: d/n -> a/n",
                "x: a/n -> b/n",
                "y: b/n/r -> a/n/r",
                "z: b/n -> c/n",
            ],
            &[],
        ),
        (1, &["x: a/n -> a/n", "y: a/n -> b/n"], &[]),
        // Under another name, it is another place.
        (1, &["x: a/n/r -> b/n/r", "y: b/n/r -> a/n/s"], &["y"]),
        (
            2,
            &["x: a/n -> b/n", "y: b/n/r -> a/n/s", "z: a/n/s -> c/n/s"],
            &["z", "x"],
        ),
    ];
    for (most, rules, expected) in cases {
        assert_eq!(too_long(most, rules), expected, "{rules:?}");
    }
}

#[test]
fn a_chain_is_reported_from_its_first_rule() {
    let found = declared(
        &policy(
            Requirement::MaxHops(MaxHops(1)),
            &[(Field::ToInstance, "c")],
        ),
        &["x: a/n -> b/n", "y: b/n -> c/n", "z: b/n -> d/n"],
    );
    let messages: Vec<_> = found.iter().map(|it| it.message.as_str()).collect();
    assert_eq!(
        messages,
        ["rule \"y\" is hop 2 of a/n/* -> b/n/* -> c/n/* (over \"x\", \"y\"), expected at most 1"]
    );
}

#[test]
fn too_many_chains_are_a_finding() {
    // Five instances copy everything to each other, and 1,200 namespaces besides.
    let mut rules = Vec::new();
    for from in ["a", "b", "c", "d", "e"] {
        for to in ["a", "b", "c", "d", "e"].iter().filter(|to| **to != from) {
            rules.push(format!("all-{to}: {from} -> {to}"));
            rules.extend((0..300).map(|n| format!("{to}-{n}: {from}/n{n} -> {to}/n{n}")));
        }
    }
    let rules: Vec<&str> = rules.iter().map(String::as_str).collect();
    let found = too_long(20, &rules);
    assert_eq!(found.len(), 1, "{}", found.len());
    assert!(found[0].contains("too many chains"), "{}", found[0]);
}

#[test]
fn coverage_counts_places_that_everything_is_copied_to() {
    let other_regions = |count| {
        Requirement::RequiredCoverage(RequiredCoverage {
            count,
            of: CoverageScope::Region,
        })
    };
    let namespaces = [(Field::FromInstance, "a"), (Field::FromNamespace, "prod-*")];
    let repos = [
        (Field::FromInstance, "a"),
        (Field::FromNamespace, "prod-*"),
        (Field::FromRepo, "*"),
    ];
    let outright = [(Field::FromInstance, "a"), (Field::FromNamespace, "base")];
    let cases: [(u8, GlobTexts<'_>, &[&str], &[&str]); 9] = [
        (
            2,
            &namespaces,
            &["x: a/prod-x -> c/prod-x", "y: a/prod-x -> d/prod-x"],
            &[],
        ),
        (
            2,
            &namespaces,
            &["x: a/prod-x -> b/prod-x", "y: a/prod-x -> d/prod-x"],
            &["1 other region (\"three\")"],
        ),
        (
            1,
            &namespaces,
            &["x: a/prod-x/r -> c/prod-x/r"],
            &["no other region"],
        ),
        (
            1,
            &namespaces,
            &["x: c/test -> a/prod-y"],
            &["\"prod-y\" of \"a\" has automatic rules to no other region"],
        ),
        (
            1,
            &namespaces,
            &["all: a -> c", "x: a/prod-x/r -> b/prod-x/r"],
            &[],
        ),
        (
            1,
            &repos,
            &["x: a/prod-x/r -> b/prod-x/r", "y: a/prod-x/s -> c/prod-x/s"],
            &["repository \"prod-x/r\""],
        ),
        (
            1,
            &repos,
            &["x: a/prod-x/r -> b/prod-x/r", "y: a/prod-x -> c/prod-x"],
            &[],
        ),
        (1, &outright, &[], &["namespace \"base\""]),
        (
            1,
            &[(Field::FromNamespace, "nothing-*")],
            &["x: a/n -> c/n"],
            &["no rule matches `from.namespace: nothing-*`"],
        ),
    ];
    for (count, globs, rules, expected) in cases {
        let only_desired = Policy {
            applies_to: AppliesTo::Desired,
            ..policy(other_regions(count), globs)
        };
        let messages: Vec<_> = declared(&only_desired, rules)
            .into_iter()
            .map(|it| it.message)
            .collect();
        let fits = messages
            .iter()
            .zip(expected)
            .all(|(message, part)| message.contains(part));
        assert!(
            messages.len() == expected.len() && fits,
            "{rules:?}: {messages:?}"
        );
    }
}

#[test]
fn a_rule_that_may_not_cover_everything_does_not_count() {
    let one = Requirement::RequiredCoverage(RequiredCoverage {
        count: 1,
        of: CoverageScope::Instance,
    });
    let policy = Policy {
        applies_to: AppliesTo::Desired,
        ..policy(one, &[(Field::FromNamespace, "nn")])
    };
    let base = || rule("x: a/nn -> b/nn");
    let of_namespaces = |filter: &str| {
        let filters = NameFilters {
            namespace: Some(filter.into()),
            repo: None,
        };
        SyncRule {
            scope: Scope::new("INSTANCE", filters),
            ..rule("x: a -> b")
        }
    };
    let cases = [
        (base(), 4),
        (
            SyncRule {
                trigger: Trigger::Initiative,
                ..base()
            },
            5,
        ),
        (
            SyncRule {
                scope: Scope::Namespace {
                    repo_name_filter: "app-.*".into(),
                },
                ..base()
            },
            5,
        ),
        (
            SyncRule {
                scope: Scope::Namespace {
                    repo_name_filter: "^.*$".into(),
                },
                ..base()
            },
            4,
        ),
        (of_namespaces("nn|mm"), 4),
        (of_namespaces("mm"), 5),
        (of_namespaces("(?=n)(.)\\1"), 5),
    ];
    for (rule, expected) in cases {
        let desired = desired(std::slice::from_ref(&rule));
        let found = findings(&policy, &desired, &LiveState::default());
        assert_eq!(found.len(), expected, "{rule:?}");
    }
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
        let stats = evaluate(
            std::slice::from_ref(&policy),
            &desired,
            &live,
            &mut Session::default(),
        )
        .stats;
        assert_eq!(
            stats.first().map(|it| it.checked),
            Some(checked),
            "{policy:?} {selection:?}"
        );
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
    let stats = evaluate(
        std::slice::from_ref(&manual),
        &desired,
        &live,
        &mut Session::default(),
    )
    .stats;
    let numbers: Vec<_> = stats[0]
        .findings
        .iter()
        .map(|(_, number)| *number)
        .collect();
    assert_eq!(
        (stats[0].checked, numbers),
        (2, vec![Some(0), Some(1)]),
        "one finding of x for both sides"
    );
    let unmatched = policy(Requirement::ForbidCrossAccount, &[(Field::Name, "none")]);
    let stats = evaluate(
        std::slice::from_ref(&unmatched),
        &desired,
        &live,
        &mut Session::default(),
    )
    .stats;
    let numbers: Vec<_> = stats[0]
        .findings
        .iter()
        .map(|(_, number)| *number)
        .collect();
    assert_eq!(
        (stats[0].checked, numbers),
        (0, vec![None]),
        "what is said of all of them"
    );
}
