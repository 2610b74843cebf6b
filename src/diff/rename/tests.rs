//! Properties of likely renames.

use proptest::prelude::*;

use super::similarity::{MIN_SIMILARITY, similarity};
use super::{MARGIN, MAX_SHARING_PAIRS, RenameCandidate, rename_candidates};
use crate::model::{CrossUser, SyncRule};

fn rule(name: &str, repos: [&str; 2], filter: &str) -> SyncRule {
    SyncRule {
        tag_filter: filter.into(),
        cross_user: Some(CrossUser::No),
        ..crate::testing::rule(&format!("{name}: a/n/{} -> b/n/{}", repos[0], repos[1]))
    }
}

/// Rules over a vocabulary of similar words.
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

proptest! {
    #[test]
    fn a_candidate_leads_every_other_pair_of_its_rules(desired in rules(), live in rules()) {
        let mut pairs = Vec::new();
        for (ours, one) in desired.iter().enumerate() {
            for (theirs, other) in live.iter().enumerate() {
                if let Some(similarity) = similarity(one, other).filter(|it| *it >= MIN_SIMILARITY) {
                    pairs.push(RenameCandidate { desired: ours, live: theirs, similarity });
                }
            }
        }
        let leads = |pair: &RenameCandidate| {
            pairs
                .iter()
                .filter(|it| *it != pair && (it.desired == pair.desired || it.live == pair.live))
                .all(|it| pair.similarity >= it.similarity + MARGIN)
        };
        let expected: Vec<_> = pairs.iter().copied().filter(leads).collect();
        prop_assert_eq!(similar(&desired, &live), expected);
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
    fn a_rule_is_in_one_candidate_at_most(desired in rules(), live in rules()) {
        let candidates = similar(&desired, &live);
        for (index, candidate) in candidates.iter().enumerate() {
            prop_assert_eq!(similarity(&desired[candidate.desired], &live[candidate.live]), Some(candidate.similarity));
            prop_assert!(candidate.similarity >= MIN_SIMILARITY);
            let twice = candidates[..index].iter().any(|other| other.desired == candidate.desired || other.live == candidate.live);
            prop_assert!(!twice, "{candidates:?}");
        }
    }

    #[test]
    fn similarity_is_symmetric(rules in rules()) {
        for one in &rules {
            prop_assert_eq!(similarity(one, one), Some(100));
            for other in &rules {
                prop_assert_eq!(similarity(one, other), similarity(other, one));
            }
        }
    }
}

#[test]
fn a_property_of_many_pairs_is_left_out_and_a_rare_one_is_used() {
    let many = MAX_SHARING_PAIRS + 1;
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
    assert_eq!(candidates.len(), many, "each rule has a filter of its own");
    assert!(candidates.iter().all(|it| it.desired == it.live));
}

#[test]
fn long_texts_are_compared_as_a_whole() {
    let long = "v".repeat(1 << 20);
    let (one, other) = (
        rule("web", ["web", "web"], &long),
        rule("web", ["web", "web"], &long[1..]),
    );
    assert_eq!(similarity(&one, &one), Some(100));
    assert_eq!(similarity(&one, &other), Some(82));
}
