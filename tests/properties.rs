//! Property tests of the comparison, for generated estates.

use crdrift::diff::{ChangeKind, DesiredVersions, Origin, Plan, diff, origins};
use crdrift::model::{CrossUser, DesiredState, LiveState, SyncRule, Trigger};
use filter_language::FilterSession;
use proptest::prelude::*;

use crate::testing::{desired_state, instance, live_state};

/// Rules from `a` to `b` or `c` over a vocabulary so small that names and ends collide all the time.
fn rule() -> impl Strategy<Value = SyncRule> {
    let word = |words: &'static [&'static str]| prop::sample::select(words);
    (
        word(&["r", "s", "t"]),
        word(&["n", "m"]),
        prop::option::of(word(&["x", "y"])),
        word(&["b", "c"]),
        word(&[".*", "v.*"]),
        prop::bool::ANY,
    )
        .prop_map(|(name, namespace, repo, target, filter, manual)| {
            let path = match repo {
                Some(repo) => format!("{namespace}/{repo}"),
                None => namespace.to_owned(),
            };
            SyncRule {
                trigger: if manual {
                    Trigger::Initiative
                } else {
                    Trigger::Passive
                },
                tag_filter: filter.into(),
                cross_user: Some(CrossUser::No),
                ..crate::testing::rule(&format!("{name}: a/{path} -> {target}/{path}"))
            }
        })
}

fn desired(rules: &[SyncRule]) -> DesiredState {
    desired_state([instance("a")], rules.iter().cloned())
}

fn live(rules: &[SyncRule]) -> LiveState {
    live_state(["a"], rules.iter().cloned())
}

/// Rules with a name each, as a rules file has them.
fn distinct(rules: Vec<SyncRule>) -> Vec<SyncRule> {
    let mut seen = std::collections::HashSet::new();
    rules
        .into_iter()
        .filter(|rule| seen.insert(rule.name.clone()))
        .collect()
}

fn count(plan: &Plan, kind: ChangeKind) -> usize {
    plan.with_kind(kind).count()
}

proptest! {
    #[test]
    fn an_estate_is_in_sync_with_itself(rules in prop::collection::vec(rule(), 0..12)) {
        let rules = distinct(rules);
        let plan = diff(&desired(&rules), &live(&rules));
        prop_assert_eq!(count(&plan, ChangeKind::InSync), rules.len());
        prop_assert_eq!(plan.changes.len(), rules.len());
    }

    #[test]
    fn every_rule_of_both_sides_is_in_one_change(
        ours in prop::collection::vec(rule(), 0..12),
        theirs in prop::collection::vec(rule(), 0..12),
    ) {
        let ours = distinct(ours);
        let plan = diff(&desired(&ours), &live(&theirs));
        let mut desired_rules: Vec<_> = plan.changes.iter().filter_map(|it| it.sides.desired()).collect();
        let mut live_rules: Vec<_> = plan.changes.iter().filter_map(|it| it.sides.live()).map(|it| it.rule).collect();
        desired_rules.sort_unstable();
        live_rules.sort_unstable();
        prop_assert_eq!(desired_rules, (0..ours.len()).collect::<Vec<_>>());
        prop_assert_eq!(live_rules, (0..theirs.len()).collect::<Vec<_>>());
    }

    #[test]
    fn swapping_the_sides_swaps_what_is_missing_and_what_is_unmanaged(
        ours in prop::collection::vec(rule(), 0..8),
        theirs in prop::collection::vec(rule(), 0..8),
    ) {
        let (ours, theirs) = (distinct(ours), distinct(theirs));
        let there = diff(&desired(&ours), &live(&theirs));
        let back = diff(&desired(&theirs), &live(&ours));
        let undeclared = |plan: &Plan| count(plan, ChangeKind::Unmanaged) + count(plan, ChangeKind::Duplicate);
        prop_assert_eq!(count(&there, ChangeKind::Missing), undeclared(&back));
        prop_assert_eq!(undeclared(&there), count(&back, ChangeKind::Missing));
        prop_assert_eq!(count(&there, ChangeKind::InSync), count(&back, ChangeKind::InSync));
    }

    #[test]
    fn every_difference_has_one_origin(
        ours in prop::collection::vec(rule(), 0..8),
        theirs in prop::collection::vec(rule(), 0..8),
    ) {
        let (ours, theirs) = (distinct(ours), distinct(theirs));
        let whole = |base: &[SyncRule], head: &[SyncRule], live: &LiveState| {
            let (base, head) = (desired(base), desired(head));
            let plan = diff(&head, live);
            let versions = DesiredVersions { head: &head, base: &base };
            let found = origins(&plan, versions, live, &mut FilterSession::default());
            let differing = plan.changes.len() - count(&plan, ChangeKind::InSync);
            let ids = plan.changes_with_ids().map(|(id, _)| id);
            let origins: Vec<_> = ids.filter_map(|id| found.origin(id)).map(|it| it.whole).collect();
            assert_eq!(origins.len(), differing);
            (origins, found.resolved.len())
        };
        // A change that changes nothing introduces and fixes nothing.
        let (found, fixed) = whole(&ours, &ours, &live(&theirs));
        prop_assert!(found.iter().all(|it| *it == Origin::Drifted));
        prop_assert_eq!(fixed, 0);
        // Where live was as declared, every difference is this change's.
        let (found, _) = whole(&theirs, &ours, &live(&theirs));
        prop_assert!(found.iter().all(|it| *it == Origin::Introduced));
        // What is live as declared now was wrong before, or was not.
        let (found, fixed) = whole(&ours, &theirs, &live(&theirs));
        prop_assert!(found.is_empty());
        let before = diff(&desired(&ours), &live(&theirs));
        prop_assert_eq!(fixed, before.changes.len() - count(&before, ChangeKind::InSync));
    }

    #[test]
    fn the_order_of_a_listing_has_no_effect(
        ours in prop::collection::vec(rule(), 0..8),
        theirs in prop::collection::vec(rule(), 0..8),
    ) {
        let ours = distinct(ours);
        let kinds = |theirs: &[SyncRule]| {
            let (desired, live) = (desired(&ours), live(theirs));
            let plan = diff(&desired, &live);
            let reported = plan.changes.iter().map(|it| {
                let live = it.sides.live().map(|index| live.rule(index).rule.clone());
                format!("{:?} {:?} {live:?}", it.kind, it.sides.desired())
            });
            let mut reported: Vec<_> = reported.collect();
            reported.sort();
            reported
        };
        let mut reversed = theirs.clone();
        reversed.reverse();
        prop_assert_eq!(kinds(&theirs), kinds(&reversed));
    }
}
