//! Desired against live: which live rule is which desired rule, and what differs.
//!
//! [`diff`] is pure and total. It holds indices into the two states instead of copies of rules, so that a plan
//! over a large estate that is in sync costs next to nothing.

mod fields;
mod filter;
mod findings;
mod matching;
mod mirrors;
mod origin;
mod rename;

pub use fields::FieldChange;
pub use filter::{DegenerateFilter, FilterComparison};
pub use findings::findings;
pub use mirrors::OneSided;
pub use origin::{ChangeOrigin, Fixed, Origin, Origins, origins};

use filter_language::Session;
use rustc_hash::FxHashSet;

use crate::model::{
    Aliases, DesiredState, InstanceId, LiveInstance, LiveRule, LiveState, Selection, SyncRule,
};

/// Everything that would make live equal desired.
#[derive(Debug, Default)]
pub struct Plan {
    /// Every rule of every instance that was read, in-sync ones too: by alias, name and kind.
    pub changes: Vec<Change>,
    /// Undeclared live rules that are not to be reported.
    pub ignored: Vec<LiveIndex>,
    /// Desired rules of which nothing can be said, since no complete listing would hold them.
    pub unverified: Vec<usize>,
    /// Live rules whose two ends do not agree.
    pub one_sided: Vec<OneSided>,
    /// Live rules that no change is about: they would stay as they are. A selection does not narrow them down.
    pub untouched: Vec<LiveIndex>,
}

/// What would make one rule equal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// What is the matter.
    pub kind: ChangeKind,
    /// The rule's source instance: an index into [`DesiredState::instances`].
    pub instance: usize,
    /// On which sides the rule is.
    pub sides: Presence,
    /// How alike the two rules are, in percent, where nothing else says that they are one: a guess.
    pub similarity: Option<u8>,
    /// Which fields differ; empty unless both rules are there.
    pub fields: Vec<FieldChange>,
    /// Filters that are spelled differently and, where a filter has to match a whole name, mean the same.
    pub spellings: Vec<FieldChange>,
}

/// On which sides a rule is. A desired rule is an index into [`DesiredState::rules`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    /// Only declared.
    DesiredOnly(usize),
    /// Only live.
    LiveOnly(LiveIndex),
    /// Both.
    Both(usize, LiveIndex),
}

impl Presence {
    /// The desired rule.
    #[must_use]
    pub const fn desired(self) -> Option<usize> {
        match self {
            Self::DesiredOnly(rule) | Self::Both(rule, _) => Some(rule),
            Self::LiveOnly(_) => None,
        }
    }

    /// The live rule.
    #[must_use]
    pub const fn live(self) -> Option<LiveIndex> {
        match self {
            Self::LiveOnly(rule) | Self::Both(_, rule) => Some(rule),
            Self::DesiredOnly(_) => None,
        }
    }
}

/// What is the matter with a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ChangeKind {
    /// Declared, not live.
    Missing,
    /// Live with other values.
    Changed,
    /// Live under another name, perhaps with other values too.
    Renamed,
    /// Live, not declared.
    Unmanaged,
    /// Live, and what another live rule already is.
    Duplicate,
    /// As declared.
    InSync,
}

impl ChangeKind {
    /// The word of the result document, where a duplicate is an unmanaged rule like any other.
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

/// A rule of a [`LiveState`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LiveIndex {
    /// Which instance lists it: an index into [`LiveState::instances`].
    pub instance: usize,
    /// On which side of it.
    pub end: ListingEnd,
    /// Which rule of that side.
    pub rule: usize,
}

/// From which end a rule was seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ListingEnd {
    /// From its source.
    Source,
    /// From its target: its source could not be read.
    Target,
}

/// Compares two states, with a budget for filters of its own.
#[must_use]
pub fn diff(desired: &DesiredState, live: &LiveState) -> Plan {
    diff_in(desired, live, &mut Session::for_input(live.listed_bytes()))
}

/// Compares two states within the budget of a run. `live` has one entry for each of `desired.instances`, in the same
/// order.
#[must_use]
pub fn diff_in(desired: &DesiredState, live: &LiveState, session: &mut Session) -> Plan {
    let mut plan = matching::pair(desired, live);
    filter::compare(&mut plan, session);
    plan.one_sided = mirrors::one_sided(desired, live);
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
}

/// The beginning of a name, in the order of names: most are told apart by it, without a look at where they lie.
fn name_sort_key(name: &str) -> [u8; 16] {
    let mut name_sort_key = [0; 16];
    name_sort_key
        .iter_mut()
        .zip(name.bytes())
        .for_each(|(to, byte)| *to = byte);
    name_sort_key
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

/// Some of the rules of a [`LiveState`]: a flag for each, since most of them are in it.
pub(crate) struct LiveSet(Vec<[Vec<bool>; 2]>);

impl LiveSet {
    /// None of them.
    pub(crate) fn new(live: &LiveState) -> Self {
        let none = |it: &LiveInstance| {
            [
                vec![false; it.outgoing.len()],
                vec![false; it.incoming.len()],
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

/// Every live rule once: as its source lists it, or as its target does where the source was not read completely.
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
            let arriving = arriving.filter(|(_, it)| !whole.contains(&it.rule.source.instance));
            let arriving = arriving.map(move |(rule, _)| LiveIndex {
                instance,
                end: ListingEnd::Target,
                rule,
            });
            leaving.chain(arriving.collect::<Vec<_>>())
        })
}

impl Plan {
    /// Leaves only what a selection is about. A rule that is selected on one side is, whatever it is called on the
    /// other.
    pub fn select(&mut self, selection: &Selection, desired: &DesiredState, live: &LiveState) {
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

    /// Returns the changes of one kind.
    pub fn with_kind(&self, kind: ChangeKind) -> impl Iterator<Item = &Change> {
        self.changes
            .iter()
            .filter(move |change| change.kind == kind)
    }
}

/// The rule a change is about: as it is declared, or as it is live where it is not declared.
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
    /// The rule behind an index that [`diff`] made from this state.
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
