//! The pairing of desired and live rules: three hash joins, each over the rules that the one before left, and likely
//! renames last.

use std::collections::BTreeSet;
use std::collections::hash_map::Entry;

use rustc_hash::{FxBuildHasher, FxHashMap, FxHashSet};

use super::fields::compare;
use super::rename::rename_candidates;
use super::rule_content::{RuleEnds, SeenRules, rule_content, rule_ends};
use super::{Change, ChangeKind, ListingEnd, LiveIndex, Plan, Presence};
use crate::model::{DesiredState, Field, InstanceId, LiveState, SyncRule, Unmanaged};

/// Pairs the rules of every instance.
pub(super) fn pair(desired: &DesiredState, live: &LiveState) -> Plan {
    let mut plan = Plan::default();
    let index: FxHashMap<&InstanceId, usize> = desired
        .instances
        .iter()
        .enumerate()
        .map(|(index, instance)| (&instance.id, index))
        .collect();
    let mut by_source: Vec<Vec<usize>> = vec![Vec::new(); desired.instances.len()];
    for (rule, declared) in desired.rules.iter().enumerate() {
        if let Some(instance) = index.get(&declared.rule.source.instance) {
            by_source[*instance].push(rule);
        }
    }
    for (instance, rules) in by_source.into_iter().enumerate() {
        let Some(listing) = live.instances.get(instance) else {
            plan.unverified.extend(rules);
            continue;
        };
        let join = Join {
            desired,
            live,
            instance,
        };
        if listing.is_complete() {
            join.against_source(rules, &mut plan);
        } else {
            join.against_targets(rules, &index, &mut plan);
        }
    }
    plan
}

/// The pairing of one source instance.
#[derive(Clone, Copy)]
struct Join<'a> {
    desired: &'a DesiredState,
    live: &'a LiveState,
    instance: usize,
}

impl<'a> Join<'a> {
    /// Pairs the rules of a source that was read completely: unmatched rules are missing or unmanaged.
    fn against_source(self, rules: Vec<usize>, plan: &mut Plan) {
        let count = self.live.instances[self.instance].outgoing.len();
        let candidates = (0..count)
            .map(|rule| LiveIndex {
                instance: self.instance,
                end: ListingEnd::Source,
                rule,
            })
            .collect();
        let first = plan.changes.len();
        let left = self.join(rules, candidates, plan);
        if !left.is_empty() {
            let kept: Vec<LiveIndex> = plan.changes[first..]
                .iter()
                .filter_map(|change| change.sides.live())
                .collect();
            self.classify_unmatched(&left, &kept, plan);
        }
    }

    /// Pairs the rules of a source that is not read with the listings of their targets. They show missing rules, and not
    /// all unmanaged ones.
    fn against_targets(
        self,
        rules: Vec<usize>,
        index: &FxHashMap<&InstanceId, usize>,
        plan: &mut Plan,
    ) {
        let source = &self.desired.instances[self.instance];
        let read_target = |rule: &usize| {
            let target = *index.get(&self.desired.rules[*rule].rule.target.instance)?;
            self.live
                .instances
                .get(target)?
                .is_complete()
                .then_some(target)
        };
        let (verifiable, unverified): (Vec<_>, Vec<_>) = rules
            .into_iter()
            .partition(|rule| !source.read && read_target(rule).is_some());
        plan.unverified.extend(unverified);
        let targets: BTreeSet<usize> = verifiable.iter().filter_map(read_target).collect();
        let mut candidates = Vec::new();
        for instance in targets {
            let incoming = self.live.instances[instance].incoming.iter().enumerate();
            let from_source =
                incoming.filter(|(_, listed)| listed.rule.source.instance == source.id);
            candidates.extend(from_source.map(|(rule, _)| LiveIndex {
                instance,
                end: ListingEnd::Target,
                rule,
            }));
        }
        self.join(verifiable, candidates, plan);
    }

    /// Pairs desired rules with candidates; returns the unmatched candidates.
    fn join(
        self,
        rules: Vec<usize>,
        candidates: Vec<LiveIndex>,
        plan: &mut Plan,
    ) -> Vec<LiveIndex> {
        let mut left = Unmatched {
            desired: rules,
            live: candidates,
        };
        let mut paired = Vec::new();
        self.by_name(&mut left, &mut paired);
        self.put_in_order(&mut left.live);
        self.by_content(&mut left, &mut paired);
        self.by_ends(&mut left, &mut paired);
        let guessed = self.by_similarity(&mut left, &paired);
        plan.changes.extend(
            paired
                .into_iter()
                .map(|(desired, live)| self.paired(desired, live)),
        );
        plan.changes.extend(guessed);
        plan.changes.extend(
            left.desired
                .into_iter()
                .map(|rule| self.change(ChangeKind::Missing, Presence::DesiredOnly(rule))),
        );
        left.live
    }

    /// The first join, by name. Of several live rules of one name, the one with the fewest differences is taken.
    fn by_name(self, left: &mut Unmatched, paired: &mut Vec<(usize, LiveIndex)>) {
        let mut named: FxHashMap<&str, Vec<LiveIndex>> =
            FxHashMap::with_capacity_and_hasher(left.live.len(), FxBuildHasher);
        for live in &left.live {
            named
                .entry(self.live_rule(*live).name.as_str())
                .or_default()
                .push(*live);
        }
        named
            .values_mut()
            .filter(|candidates| candidates.len() > 1)
            .for_each(|it| self.put_in_order(it));
        left.join(paired, |rule| {
            let desired = self.desired_rule(rule);
            let candidates = named.get_mut(desired.name.as_str())?;
            let best = (0..candidates.len()).min_by_key(|at| {
                if candidates.len() == 1 {
                    0
                } else {
                    compare(desired, self.live_rule(candidates[*at])).len()
                }
            })?;
            Some(candidates.remove(best))
        });
    }

    /// Sorts rules: the API does not guarantee the order of a listing.
    fn put_in_order(self, rules: &mut [LiveIndex]) {
        rules.sort_by_cached_key(|live| {
            let rule = self.live.rule(*live);
            (rule.rule.fields(), rule.id.as_ref())
        });
    }

    /// The second join: equal except for the name. Several such rules are interchangeable.
    fn by_content(self, left: &mut Unmatched, paired: &mut Vec<(usize, LiveIndex)>) {
        let mut same: FxHashMap<_, Vec<LiveIndex>> = FxHashMap::default();
        for live in left.live.iter().rev() {
            same.entry(rule_content(self.live_rule(*live)))
                .or_default()
                .push(*live);
        }
        left.join(paired, |rule| {
            let desired = self.desired_rule(rule);
            let candidates = same.get_mut(&rule_content(desired))?;
            let fits = candidates
                .last()
                .is_some_and(|live| only_name_differs(desired, self.live_rule(*live)));
            if fits { candidates.pop() } else { None }
        });
    }

    /// The third join: the same ends and scope, where they are unique on each side. More would be a guess.
    fn by_ends(self, left: &mut Unmatched, paired: &mut Vec<(usize, LiveIndex)>) {
        let mut live_ends: FxHashMap<RuleEnds<'_>, Option<LiveIndex>> = FxHashMap::default();
        for live in &left.live {
            match live_ends.entry(rule_ends(self.live_rule(*live))) {
                Entry::Vacant(entry) => drop(entry.insert(Some(*live))),
                Entry::Occupied(mut entry) => drop(entry.insert(None)),
            }
        }
        let mut desired_ends: FxHashMap<RuleEnds<'_>, usize> = FxHashMap::default();
        for rule in &left.desired {
            *desired_ends
                .entry(rule_ends(self.desired_rule(*rule)))
                .or_default() += 1;
        }
        left.join(paired, |rule| {
            let ends = rule_ends(self.desired_rule(rule));
            if desired_ends.get(&ends) == Some(&1) {
                live_ends.get_mut(&ends)?.take()
            } else {
                None
            }
        });
    }

    /// The last step, a guess: likely renames. Duplicates and ignored rules are no candidates.
    fn by_similarity(self, left: &mut Unmatched, paired: &[(usize, LiveIndex)]) -> Vec<Change> {
        if left.desired.is_empty() || left.live.is_empty() {
            return Vec::new();
        }
        let known = SeenRules::new(paired.iter().map(|(_, live)| self.live_rule(*live)));
        let free: Vec<LiveIndex> = left
            .live
            .iter()
            .copied()
            .filter(|live| {
                let rule = self.live_rule(*live);
                !known.has(rule) && !self.is_ignored(rule)
            })
            .collect();
        let desired: Vec<_> = left
            .desired
            .iter()
            .map(|rule| self.desired_rule(*rule))
            .collect();
        let live: Vec<_> = free.iter().map(|live| self.live_rule(*live)).collect();
        let likely = rename_candidates(&desired, &live);
        let partners: FxHashMap<usize, (LiveIndex, u8)> = likely
            .iter()
            .map(|it| (left.desired[it.desired], (free[it.live], it.similarity)))
            .collect();
        let mut guessed = Vec::with_capacity(likely.len());
        left.join(&mut guessed, |rule| {
            partners.get(&rule).map(|(live, _)| *live)
        });
        let change = |(rule, live): (usize, LiveIndex)| {
            let similarity = partners.get(&rule).map(|(_, similarity)| *similarity);
            Change {
                similarity,
                ..self.paired(rule, live)
            }
        };
        guessed.into_iter().map(change).collect()
    }

    fn paired(self, rule: usize, live: LiveIndex) -> Change {
        let fields = compare(self.desired_rule(rule), self.live_rule(live));
        let kind = if fields.is_empty() {
            ChangeKind::InSync
        } else if self.desired_rule(rule).name == self.live_rule(live).name {
            ChangeKind::Changed
        } else {
            ChangeKind::Renamed
        };
        Change {
            fields,
            ..self.change(kind, Presence::Both(rule, live))
        }
    }

    /// Adds the unmatched live rules to the plan, as duplicates, unmanaged or ignored.
    fn classify_unmatched(self, left: &[LiveIndex], kept: &[LiveIndex], plan: &mut Plan) {
        let mut known = SeenRules::new(kept.iter().map(|live| self.live_rule(*live)));
        let instance = &self.desired.instances[self.instance];
        for live in left {
            let rule = self.live_rule(*live);
            let duplicate = known.has(rule);
            let ignored = self.is_ignored(rule);
            if ignored || (instance.unmanaged == Unmanaged::Ignore && !duplicate) {
                plan.ignored.push(*live);
                continue;
            }
            known.add(rule);
            let kind = if duplicate {
                ChangeKind::Duplicate
            } else {
                ChangeKind::Unmanaged
            };
            plan.changes
                .push(self.change(kind, Presence::LiveOnly(*live)));
        }
    }

    /// Returns whether an `ignore:` entry matches a live rule.
    fn is_ignored(self, rule: &SyncRule) -> bool {
        let instance = &self.desired.instances[self.instance];
        let ignores = &self.desired.ignores;
        let mut matching = ignores.matching(&instance.id, rule.name.as_str());
        matching.next().is_some()
    }

    fn change(self, kind: ChangeKind, sides: Presence) -> Change {
        Change {
            kind,
            instance: self.instance,
            sides,
            similarity: None,
            fields: Vec::new(),
            spellings: Vec::new(),
        }
    }

    fn desired_rule(self, rule: usize) -> &'a SyncRule {
        &self.desired.rules[rule].rule
    }

    fn live_rule(self, live: LiveIndex) -> &'a SyncRule {
        &self.live.rule(live).rule
    }
}

/// The rules that no join has paired yet.
struct Unmatched {
    desired: Vec<usize>,
    live: Vec<LiveIndex>,
}

impl Unmatched {
    /// Removes the pairs that `partner` finds and returns them; the rest keeps its order.
    fn join(
        &mut self,
        paired: &mut Vec<(usize, LiveIndex)>,
        mut partner: impl FnMut(usize) -> Option<LiveIndex>,
    ) {
        let mut taken = FxHashSet::default();
        self.desired.retain(|rule| match partner(*rule) {
            Some(live) => {
                taken.insert(live);
                paired.push((*rule, live));
                false
            }
            None => true,
        });
        if !taken.is_empty() {
            self.live.retain(|live| !taken.contains(live));
        }
    }
}

fn only_name_differs(desired: &SyncRule, live: &SyncRule) -> bool {
    compare(desired, live)
        .iter()
        .all(|change| change.field == Field::Name)
}
