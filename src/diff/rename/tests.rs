//! Laws of telling which rules are likely which.

use proptest::prelude::*;

use super::similarity::{LEAST, similarity};
use super::{MARGIN, RARE, RenameCandidate, assignment::unambiguous, rename_candidates};
use crate::model::{CrossUser, Direction, Endpoint, Priority, Scope, SyncRule, Trigger};

fn rule(name: &str, repos: [&str; 2], filter: &str) -> SyncRule {
    let end = |instance: &str, repo: &str| Endpoint {
        instance: instance.into(),
        region: None,
        namespace: Some("n".into()),
        repo: Some(repo.into()),
    };
    SyncRule {
        name: name.into(),
        source: end("a", repos[0]),
        target: end("b", repos[1]),
        scope: Scope::Repo,
        trigger: Trigger::Passive,
        direction: Direction::From,
        tag_filter: filter.into(),
        priority: Priority::default(),
        link_id: None,
        cross_user: Some(CrossUser::No),
    }
}

/// Rules over a vocabulary in which everybody is somewhat alike.
fn rules() -> impl Strategy<Value = Vec<SyncRule>> {
    let word = |words: &'static [&'static str]| prop::sample::select(words);
    let name = word(&[
        "web", "web-1", "web-2", "web-old", "old-web", "api", "api-1", "api-old",
    ]);
    let repo = || word(&["web", "web-1", "api"]);
    let filter = word(&["v.*", "v1.*", "v[0-9]+", "release-.*"]);
    let one = (name, repo(), repo(), filter)
        .prop_map(|(name, from, to, filter)| rule(name, [from, to], filter));
    prop::collection::vec(one, 0..7)
}

fn similar(desired: &[SyncRule], live: &[SyncRule]) -> Vec<RenameCandidate> {
    rename_candidates(
        &desired.iter().collect::<Vec<_>>(),
        &live.iter().collect::<Vec<_>>(),
    )
}

/// What a pair is worth in these laws.
fn value(it: &RenameCandidate) -> i64 {
    i64::from(it.similarity) - i64::from(LEAST) + MARGIN
}

/// The greatest value of all ways to pair a group, each tried.
fn best(group: &[RenameCandidate]) -> i64 {
    let Some((first, rest)) = group.split_first() else {
        return 0;
    };
    let beside: Vec<_> = rest
        .iter()
        .copied()
        .filter(|it| it.desired != first.desired && it.live != first.live)
        .collect();
    best(rest).max(value(first) + best(&beside))
}

/// Every pair of up to five rules on each side, or fewer, each more or less alike.
fn group() -> impl Strategy<Value = Vec<RenameCandidate>> {
    prop::collection::btree_map((0_usize..5, 0_usize..5), LEAST..=100, 0..14).prop_map(|pairs| {
        pairs
            .into_iter()
            .map(|((desired, live), similarity)| RenameCandidate {
                desired,
                live,
                similarity,
            })
            .collect()
    })
}

proptest! {
    #[test]
    fn a_pair_is_told_where_every_way_without_it_is_clearly_worse(group in group()) {
        let all = best(&group);
        let expected: Vec<RenameCandidate> = group
            .iter()
            .copied()
            .filter(|it| best(&group.iter().copied().filter(|other| other != it).collect::<Vec<_>>()) + MARGIN <= all)
            .collect();
        prop_assert_eq!(unambiguous(group, value), expected);
    }

    #[test]
    fn the_order_of_rules_does_not_matter(
        (desired, shuffled_desired) in rules().prop_flat_map(|it| (Just(it.clone()), Just(it).prop_shuffle())),
        (live, shuffled_live) in rules().prop_flat_map(|it| (Just(it.clone()), Just(it).prop_shuffle())),
    ) {
        let as_rules = |desired: &[SyncRule], live: &[SyncRule]| {
            let pairs = similar(desired, live).into_iter();
            let mut pairs: Vec<_> = pairs
                .map(|it| format!("{:?} {:?} {}", desired[it.desired], live[it.live], it.similarity))
                .collect();
            pairs.sort();
            pairs
        };
        prop_assert_eq!(as_rules(&desired, &live), as_rules(&shuffled_desired, &shuffled_live));
    }

    #[test]
    fn nobody_is_told_twice_and_all_who_are_told_are_alike(desired in rules(), live in rules()) {
        let candidates = similar(&desired, &live);
        for (index, it) in candidates.iter().enumerate() {
            prop_assert_eq!(similarity(&desired[it.desired], &live[it.live]), Some(it.similarity));
            prop_assert!(it.similarity >= LEAST);
            let twice = candidates[..index].iter().any(|other| other.desired == it.desired || other.live == it.live);
            prop_assert!(!twice, "{candidates:?}");
        }
    }

    #[test]
    fn how_alike_two_rules_are_is_the_same_from_both_sides(rules in rules()) {
        for one in &rules {
            prop_assert_eq!(similarity(one, one), Some(100));
            for other in &rules {
                prop_assert_eq!(similarity(one, other), similarity(other, one));
            }
        }
    }
}

#[test]
fn in_a_large_group_only_those_are_told_who_are_best_for_each_other() {
    let pair = |desired, live, similarity| RenameCandidate {
        desired,
        live,
        similarity,
    };
    let own = (0..20).map(|it| pair(it, it, if it == 7 { 80 } else { 95 }));
    let others = (0..20).flat_map(|it| [pair(it, (it + 1) % 20, 78), pair(it, (it + 2) % 20, 76)]);
    let group: Vec<_> = own.chain(others).collect();
    let candidates: Vec<_> = unambiguous(group, value)
        .into_iter()
        .map(|it| (it.desired, it.live))
        .collect();
    let expected: Vec<_> = (0..20).filter(|it| *it != 7).map(|it| (it, it)).collect();
    assert_eq!(
        candidates, expected,
        "the eighth has another that is nearly as alike"
    );
}

#[test]
fn what_everybody_has_in_common_is_not_looked_at_and_what_few_have_is() {
    let many = RARE + 1;
    let of = |side: &str| -> Vec<SyncRule> {
        (0..many)
            .map(|n| {
                rule(
                    &format!("web-{n}-{side}"),
                    ["web", "web"],
                    &format!("v{n}\\..*"),
                )
            })
            .collect()
    };
    let candidates = similar(&of("desired"), &of("live"));
    assert_eq!(candidates.len(), many, "the filter is everybody's own");
    assert!(candidates.iter().all(|it| it.desired == it.live));
}

#[test]
fn long_texts_are_the_same_or_not() {
    let long = "v".repeat(1 << 20);
    let (one, other) = (
        rule("web", ["web", "web"], &long),
        rule("web", ["web", "web"], &long[1..]),
    );
    assert_eq!(similarity(&one, &one), Some(100));
    assert_eq!(similarity(&one, &other), Some(82));
}
