//! The policy `required-coverage`.

use super::{GlobTexts, declared, desired, findings, policy, rule};
use crate::model::{Field, LiveState, NameFilters, Scope, SyncRule, Trigger};
use crate::policy::{AppliesTo, CoverageScope, Policy, RequiredCoverage, Requirement};

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
