//! Rules that are likely live under another name: of what the exact joins left, the pairs that are alike and cannot
//! be mistaken for any other.
//!
//! [`rename_candidates`] is a guess, so it is careful. A pair is never told where the images go to another instance or account
//! or where neither end is the same ([`similarity()`]), where the two are not alike enough, or where somebody else is
//! nearly as alike ([`assignment`]). What is not told stays missing and undeclared.
//!
//! Only rules that share something rare are looked at together, so that never everything is compared with
//! everything: 100,000 rules left on each side take about a second (`benches/matching.rs`).

mod assignment;
mod similarity;

use rustc_hash::FxHashMap;

use self::similarity::{LEAST, similarity};
use crate::model::{Endpoint, InstanceId, NamespaceName, RepoName, SyncRule};

/// How much less alike everybody else has to be, in percent. Also what leaving a pair apart is worth.
const MARGIN: i64 = 5;

/// What more pairs of rules than this have in common tells nothing.
const RARE: usize = 256;

/// A pair that is likely one rule: indices into what was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct RenameCandidate {
    pub(super) desired: usize,
    pub(super) live: usize,
    /// How alike the two are, in percent.
    pub(super) similarity: u8,
}

/// The pairs that are likely one rule. Each rule is in one of them at most, and the order in which rules are given
/// does not matter.
pub(super) fn rename_candidates(desired: &[&SyncRule], live: &[&SyncRule]) -> Vec<RenameCandidate> {
    let alike = alike(desired, live);
    let mut found: Vec<RenameCandidate> = groups(&alike, desired.len(), live.len())
        .into_iter()
        .flat_map(|group| {
            assignment::unambiguous(group, |it| {
                i64::from(it.similarity) - i64::from(LEAST) + MARGIN
            })
        })
        .collect();
    found.sort_unstable();
    found
}

/// The pairs that share something rare and are alike enough.
fn alike(desired: &[&SyncRule], live: &[&SyncRule]) -> Vec<RenameCandidate> {
    let mut sharing: FxHashMap<Shared<'_>, (Vec<usize>, Vec<usize>)> = FxHashMap::default();
    for (index, rule) in desired.iter().enumerate() {
        for it in shared(rule) {
            sharing.entry(it).or_default().0.push(index);
        }
    }
    for (index, rule) in live.iter().enumerate() {
        for it in shared(rule) {
            if let Some((_, live)) = sharing.get_mut(&it) {
                live.push(index);
            }
        }
    }
    let rare = sharing
        .into_values()
        .filter(|(desired, live)| desired.len() * live.len() <= RARE);
    let mut pairs: Vec<(usize, usize)> = rare
        .flat_map(|(desired, live)| {
            desired
                .into_iter()
                .flat_map(move |rule| live.clone().into_iter().map(move |it| (rule, it)))
        })
        .collect();
    pairs.sort_unstable();
    pairs.dedup();
    let likely = |(ours, theirs): (usize, usize)| {
        let similarity = similarity(desired[ours], live[theirs]).filter(|it| *it >= LEAST)?;
        Some(RenameCandidate {
            desired: ours,
            live: theirs,
            similarity,
        })
    };
    pairs.into_iter().filter_map(likely).collect()
}

/// One end of a rule, within its instance.
type End<'a> = (Option<&'a NamespaceName>, Option<&'a RepoName>);

/// Something two rules can have in common: where they go and how much they cover, and besides the source, the
/// target, or both and the tag filter.
#[derive(PartialEq, Eq, Hash)]
enum Shared<'a> {
    Source(&'a InstanceId, &'a str, End<'a>),
    Target(&'a InstanceId, &'a str, End<'a>),
    Both(&'a InstanceId, &'a str, [End<'a>; 2], &'a str),
}

fn shared(rule: &SyncRule) -> [Shared<'_>; 3] {
    let SyncRule {
        source,
        target,
        scope,
        tag_filter,
        ..
    } = rule;
    let (from, to, scope) = (end(source), end(target), scope.as_str());
    [
        Shared::Source(&target.instance, scope, from),
        Shared::Target(&target.instance, scope, to),
        Shared::Both(&target.instance, scope, [from, to], tag_filter),
    ]
}

fn end(it: &Endpoint) -> End<'_> {
    (it.namespace.as_ref(), it.repo.as_ref())
}

/// The pairs in groups, so that no rule is in two of them.
fn groups(pairs: &[RenameCandidate], desired: usize, live: usize) -> Vec<Vec<RenameCandidate>> {
    let mut leader: Vec<usize> = (0..desired + live).collect();
    for it in pairs {
        let (one, other) = (
            lead(&mut leader, it.desired),
            lead(&mut leader, desired + it.live),
        );
        leader[one.max(other)] = one.min(other);
    }
    let mut groups: FxHashMap<usize, Vec<RenameCandidate>> = FxHashMap::default();
    for it in pairs {
        groups
            .entry(lead(&mut leader, it.desired))
            .or_default()
            .push(*it);
    }
    groups.into_values().collect()
}

/// Who leads the group that somebody is in; every step on the way there is made shorter.
fn lead(leader: &mut [usize], mut of: usize) -> usize {
    while leader[of] != of {
        leader[of] = leader[leader[of]];
        of = leader[of];
    }
    of
}

#[cfg(test)]
mod tests;
