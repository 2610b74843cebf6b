//! Likely renames: of the rules that the exact joins left, the pairs that are similar and that no other pair contradicts.
//!
//! A likely rename is a guess, so [`rename_candidates`] is careful. The two rules have one instance and account as their
//! target and at least one end in common ([`similarity()`]), they are similar enough, and no other candidate of either
//! rule comes close. All other rules stay missing and unmanaged.
//!
//! Only rules that share something rare are compared, so the work stays linear: 100,000 unmatched rules on each side take
//! about a second (`benches/matching.rs`).

mod similarity;

use rustc_hash::FxHashMap;

use self::similarity::{MIN_SIMILARITY, similarity};
use crate::model::{Endpoint, InstanceId, NamespaceName, RepoName, SyncRule};

/// The lead of a pair over every other pair of its two rules, in percentage points.
const MARGIN: u8 = 5;

/// The maximum number of pairs of rules with one property in common. A property of more pairs says nothing about them.
const MAX_SHARING_PAIRS: usize = 256;

/// A pair of rules that is likely one rule: an index into the rules of each side.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct RenameCandidate {
    pub(super) desired: usize,
    pub(super) live: usize,
    /// The similarity of the two rules, in percent.
    pub(super) similarity: u8,
}

/// Returns the pairs that are likely one rule, sorted. A rule is in at most one of them, and the order of the rules does
/// not matter.
pub(super) fn rename_candidates(desired: &[&SyncRule], live: &[&SyncRule]) -> Vec<RenameCandidate> {
    let pairs = similar_pairs(desired, live);
    let desired_scores = best_scores(&pairs, |pair| pair.desired);
    let live_scores = best_scores(&pairs, |pair| pair.live);
    let is_clear_best = |pair: &RenameCandidate| {
        desired_scores[&pair.desired].is_clear_best(pair.similarity)
            && live_scores[&pair.live].is_clear_best(pair.similarity)
    };
    pairs.into_iter().filter(is_clear_best).collect()
}

/// The two highest similarities among the pairs of one rule, in percent.
#[derive(Default)]
struct BestScores {
    first: u8,
    second: u8,
}

impl BestScores {
    fn add(&mut self, similarity: u8) {
        if similarity > self.first {
            self.second = self.first;
            self.first = similarity;
        } else {
            self.second = self.second.max(similarity);
        }
    }

    fn is_clear_best(&self, similarity: u8) -> bool {
        similarity == self.first && similarity >= self.second.saturating_add(MARGIN)
    }
}

fn best_scores(
    pairs: &[RenameCandidate],
    rule: impl Fn(&RenameCandidate) -> usize,
) -> FxHashMap<usize, BestScores> {
    let mut scores: FxHashMap<usize, BestScores> = FxHashMap::default();
    for pair in pairs {
        scores.entry(rule(pair)).or_default().add(pair.similarity);
    }
    scores
}

/// Returns the pairs that share something rare and are similar enough, sorted.
fn similar_pairs(desired: &[&SyncRule], live: &[&SyncRule]) -> Vec<RenameCandidate> {
    let mut sharing: FxHashMap<SharedProperty<'_>, (Vec<usize>, Vec<usize>)> = FxHashMap::default();
    for (index, rule) in desired.iter().enumerate() {
        for property in shared_properties(rule) {
            sharing.entry(property).or_default().0.push(index);
        }
    }
    for (index, rule) in live.iter().enumerate() {
        for property in shared_properties(rule) {
            if let Some((_, live)) = sharing.get_mut(&property) {
                live.push(index);
            }
        }
    }
    let mut pairs: Vec<(usize, usize)> = Vec::new();
    for (desired, live) in sharing.into_values() {
        if desired.len() * live.len() <= MAX_SHARING_PAIRS {
            for one in desired {
                pairs.extend(live.iter().map(|other| (one, *other)));
            }
        }
    }
    pairs.sort_unstable();
    pairs.dedup();
    let candidate = |(ours, theirs): (usize, usize)| {
        let similarity = similarity(desired[ours], live[theirs])?;
        (similarity >= MIN_SIMILARITY).then_some(RenameCandidate {
            desired: ours,
            live: theirs,
            similarity,
        })
    };
    pairs.into_iter().filter_map(candidate).collect()
}

/// One end of a rule, within its instance.
type RuleEnd<'a> = (Option<&'a NamespaceName>, Option<&'a RepoName>);

/// A property that two rules can have in common: the target instance and the scope, and besides those the source, the
/// target, or both and the tag filter.
#[derive(PartialEq, Eq, Hash)]
enum SharedProperty<'a> {
    Source(&'a InstanceId, &'a str, RuleEnd<'a>),
    Target(&'a InstanceId, &'a str, RuleEnd<'a>),
    Both(&'a InstanceId, &'a str, [RuleEnd<'a>; 2], &'a str),
}

fn shared_properties(rule: &SyncRule) -> [SharedProperty<'_>; 3] {
    let SyncRule {
        source,
        target,
        scope,
        tag_filter,
        ..
    } = rule;
    let (from, to, scope) = (rule_end(source), rule_end(target), scope.as_str());
    [
        SharedProperty::Source(&target.instance, scope, from),
        SharedProperty::Target(&target.instance, scope, to),
        SharedProperty::Both(&target.instance, scope, [from, to], tag_filter),
    ]
}

fn rule_end(endpoint: &Endpoint) -> RuleEnd<'_> {
    (endpoint.namespace.as_ref(), endpoint.repo.as_ref())
}

#[cfg(test)]
mod tests;
