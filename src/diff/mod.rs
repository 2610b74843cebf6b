//! The comparison of desired and live rules: pairs of rules, and their differences.
//!
//! [`diff`] is pure and total. A [`Plan`] holds indices into the two states in place of copies of rules, so that the plan
//! of a large estate in sync is small.

mod fields;
mod filter;
mod findings;
mod matching;
mod mirrors;
mod origin;
mod rename;
mod rule_content;

pub use fields::FieldChange;
pub use filter::{DegenerateFilter, FilterComparison, Witness};
pub use findings::{findings, one_sided_fingerprint};
pub use mirrors::OneSided;
pub use origin::{ChangeOrigin, DesiredVersions, Origin, Origins, ResolvedDifference, origins};

use filter_language::FilterSession;
use rustc_hash::FxHashSet;

use crate::finding::ChangeId;
use crate::model::{
    Aliases, DesiredState, InstanceId, LiveInstance, LiveRule, LiveState, SyncRule,
};
use crate::parallel::{MIN_RULES, join};

/// The changes that bring live in line with desired.
#[derive(Debug, Default)]
pub struct Plan {
    /// The rules of all instances that were read, those in sync too: sorted by alias, name and kind.
    pub changes: Vec<Change>,
    /// Unmanaged rules that are not reported.
    pub ignored: Vec<LiveIndex>,
    /// Unverified rules: indices into [`DesiredState::rules`]. No complete listing would contain them.
    pub unverified: Vec<usize>,
    /// Live rules that source and target list differently.
    pub one_sided: Vec<OneSided>,
    /// Live rules that no change is about, so that they stay. A selection does not narrow them down.
    pub untouched: Vec<LiveIndex>,
}

/// The change that brings one rule in line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The kind of difference.
    pub kind: ChangeKind,
    /// The source instance of the rule: an index into [`DesiredState::instances`].
    pub instance: usize,
    /// The sides that have the rule.
    pub sides: Presence,
    /// The similarity of the two rules in percent, for a likely rename, which is a guess; `None` otherwise.
    pub similarity: Option<u8>,
    /// The fields that differ; empty unless both sides have the rule.
    pub fields: Vec<FieldChange>,
    /// Filters with different spellings that are equal under whole-name matching.
    pub spellings: Vec<FieldChange>,
}

/// The sides that have a rule. A desired rule is an index into [`DesiredState::rules`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    /// Missing on the live side.
    DesiredOnly(usize),
    /// Missing on the desired side.
    LiveOnly(LiveIndex),
    /// On both sides.
    Both(usize, LiveIndex),
}

impl Presence {
    /// Returns the desired rule.
    #[must_use]
    pub const fn desired(self) -> Option<usize> {
        match self {
            Self::DesiredOnly(rule) | Self::Both(rule, _) => Some(rule),
            Self::LiveOnly(_) => None,
        }
    }

    /// Returns the live rule.
    #[must_use]
    pub const fn live(self) -> Option<LiveIndex> {
        match self {
            Self::LiveOnly(rule) | Self::Both(_, rule) => Some(rule),
            Self::DesiredOnly(_) => None,
        }
    }
}

/// The kind of difference of a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ChangeKind {
    /// Desired and not live.
    Missing,
    /// Live with other values.
    Changed,
    /// Live under another name, with the same or other values.
    Renamed,
    /// Live and not declared.
    Unmanaged,
    /// Unmanaged, and equal to another live rule.
    Duplicate,
    /// Live as declared.
    InSync,
}

impl ChangeKind {
    /// Returns the word of the result document, which has no word of its own for a duplicate.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Changed => "changed",
            Self::Renamed => "renamed",
            Self::Unmanaged | Self::Duplicate => "unmanaged",
            Self::InSync => "in_sync",
        }
    }
}

/// An index of a rule in a [`LiveState`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LiveIndex {
    /// The instance that lists it: an index into [`LiveState::instances`].
    pub instance: usize,
    /// The listing: of outgoing or of incoming rules.
    pub end: ListingEnd,
    /// The rule: an index into that listing.
    pub rule: usize,
}

/// The end of a rule whose instance lists it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ListingEnd {
    /// The source.
    Source,
    /// The target. It counts where the source could not be read.
    Target,
}

/// Compares two states, with a filter budget of its own.
#[must_use]
pub fn diff(desired: &DesiredState, live: &LiveState) -> Plan {
    diff_in(
        desired,
        live,
        &mut FilterSession::for_input(live.listed_bytes()),
    )
}

/// Compares two states within the filter budget of a run. `live` has one entry for each of `desired.instances`, in the
/// same order.
#[must_use]
pub fn diff_in(desired: &DesiredState, live: &LiveState, session: &mut FilterSession) -> Plan {
    let find_one_sided = || mirrors::one_sided(desired, live);
    let pair_rules = || {
        let mut plan = matching::pair(desired, live);
        filter::compare(&mut plan, session);
        plan.untouched = untouched(&plan, live);
        // Instances are sorted by alias.
        plan.changes.sort_by_cached_key(|change| {
            let name = rule_of(change, desired, live).name.as_str();
            (
                change.instance,
                name_sort_key(name),
                name,
                change.kind,
                change.sides.live(),
            )
        });
        plan
    };
    let is_large = desired.rules.len() >= MIN_RULES;
    let (one_sided, mut plan) = join(is_large, find_one_sided, pair_rules);
    plan.one_sided = one_sided;
    plan.select(desired, live);
    plan
}

/// Returns the first bytes of a name, in the order of names. They decide most comparisons without a memory access to the
/// names.
fn name_sort_key(name: &str) -> [u8; 16] {
    let mut key = [0; 16];
    key.iter_mut()
        .zip(name.bytes())
        .for_each(|(to, byte)| *to = byte);
    key
}

fn untouched(plan: &Plan, live: &LiveState) -> Vec<LiveIndex> {
    let mut touched = LiveSet::new(live);
    plan.changes
        .iter()
        .filter_map(|change| change.sides.live())
        .for_each(|index| touched.insert(index));
    live_rules(live)
        .filter(|index| !touched.contains(*index))
        .collect()
}

/// A set of rules of a [`LiveState`]: a flag for each rule, since most sets are nearly complete.
pub(crate) struct LiveSet(Vec<[Vec<bool>; 2]>);

impl LiveSet {
    /// Returns the empty set.
    pub(crate) fn new(live: &LiveState) -> Self {
        let none = |instance: &LiveInstance| {
            [
                vec![false; instance.outgoing.len()],
                vec![false; instance.incoming.len()],
            ]
        };
        Self(live.instances.iter().map(none).collect())
    }

    pub(crate) fn insert(
        &mut self,
        LiveIndex {
            instance,
            end,
            rule,
        }: LiveIndex,
    ) {
        if let Some(flag) = self
            .0
            .get_mut(instance)
            .and_then(|ends| ends[end as usize].get_mut(rule))
        {
            *flag = true;
        }
    }

    pub(crate) fn contains(
        &self,
        LiveIndex {
            instance,
            end,
            rule,
        }: LiveIndex,
    ) -> bool {
        self.0
            .get(instance)
            .and_then(|ends| ends[end as usize].get(rule))
            .copied()
            .unwrap_or_default()
    }
}

/// Returns every live rule once: as its source lists it, or as its target does where the source is incomplete.
pub fn live_rules(live: &LiveState) -> impl Iterator<Item = LiveIndex> {
    let whole: FxHashSet<&InstanceId> = live
        .instances
        .iter()
        .filter(|it| it.is_complete())
        .map(|it| &it.id)
        .collect();
    live.instances
        .iter()
        .enumerate()
        .flat_map(move |(instance, listing)| {
            let leaving = (0..listing.outgoing.len()).map(move |rule| LiveIndex {
                instance,
                end: ListingEnd::Source,
                rule,
            });
            let arriving = listing.incoming.iter().enumerate();
            let arriving =
                arriving.filter(|(_, listed)| !whole.contains(&listed.rule.source.instance));
            let arriving = arriving.map(move |(rule, _)| LiveIndex {
                instance,
                end: ListingEnd::Target,
                rule,
            });
            leaving.chain(arriving.collect::<Vec<_>>())
        })
}

impl Plan {
    /// Keeps the changes that the selection selects. Selecting one side of a change is enough, so that a renamed rule is
    /// found under both names.
    fn select(&mut self, desired: &DesiredState, live: &LiveState) {
        let selection = &desired.selection;
        if selection.is_everything() {
            return;
        }
        let has = |instance: usize, rule: &SyncRule| {
            desired
                .instances
                .get(instance)
                .is_some_and(|it| selection.has_rule(it.alias.as_str(), rule))
        };
        let listed = |index: LiveIndex, instance: usize| has(instance, &live.rule(index).rule);
        self.changes.retain(|change| {
            change
                .sides
                .desired()
                .is_some_and(|rule| has(change.instance, &desired.rules[rule].rule))
                || change
                    .sides
                    .live()
                    .is_some_and(|index| listed(index, change.instance))
        });
        self.ignored.retain(|index| listed(*index, index.instance));
        let aliases = Aliases::from_desired(desired);
        let has =
            |rule: &SyncRule| selection.has_rule(aliases.name(rule.source.instance.as_str()), rule);
        self.unverified
            .retain(|rule| has(&desired.rules[*rule].rule));
        let kept: FxHashSet<LiveIndex> = self
            .changes
            .iter()
            .filter_map(|change| change.sides.live())
            .collect();
        self.one_sided
            .retain(|it| kept.contains(&it.listed) || has(&live.rule(it.listed).rule));
    }

    /// Returns the change with an id.
    #[must_use]
    pub fn change(&self, id: ChangeId) -> Option<&Change> {
        self.changes.get(id.0)
    }

    /// Returns every change with its id.
    pub fn changes_with_ids(&self) -> impl Iterator<Item = (ChangeId, &Change)> {
        let changes = self.changes.iter().enumerate();
        changes.map(|(index, change)| (ChangeId(index), change))
    }

    /// Takes the changes out, each with its id.
    pub fn into_changes_with_ids(self) -> impl Iterator<Item = (ChangeId, Change)> {
        let changes = self.changes.into_iter().enumerate();
        changes.map(|(index, change)| (ChangeId(index), change))
    }

    /// Returns the changes of one kind.
    pub fn with_kind(&self, kind: ChangeKind) -> impl Iterator<Item = &Change> {
        self.changes
            .iter()
            .filter(move |change| change.kind == kind)
    }
}

/// Returns the rule of a change: as declared, otherwise as live.
#[must_use]
pub fn rule_of<'a>(
    change: &Change,
    desired: &'a DesiredState,
    live: &'a LiveState,
) -> &'a SyncRule {
    match change.sides {
        Presence::DesiredOnly(rule) | Presence::Both(rule, _) => &desired.rules[rule].rule,
        Presence::LiveOnly(rule) => &live.rule(rule).rule,
    }
}

impl LiveState {
    /// Returns the rule of an index that [`diff`] made from this state.
    #[must_use]
    pub fn rule(&self, index: LiveIndex) -> &LiveRule {
        let instance = &self.instances[index.instance];
        match index.end {
            ListingEnd::Source => &instance.outgoing[index.rule],
            ListingEnd::Target => &instance.incoming[index.rule],
        }
    }
}

#[cfg(test)]
mod tests;
