//! The rules of every side as one graph: each different rule is one edge, with the sides that have it.

use std::cmp::Ordering;
use std::collections::hash_map::Entry;

use rustc_hash::{FxBuildHasher, FxHashMap};

use super::interner::{Interner, TextId};
use super::location::{LocationEdge, LocationIndex, LocationPart};
use crate::diff::{ChangeKind, LiveSet, Plan, Presence, live_rules};
use crate::model::{DesiredRule, DesiredState, LiveState, MATCH_ALL, SyncRule, Trigger};

/// A set of sides: desired, live, and live after the plan is applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct SideSet(u8);

impl SideSet {
    /// The rules files.
    pub const DESIRED: Self = Self(1);
    /// The instances.
    pub const LIVE: Self = Self(2);
    /// The instances after the plan is applied.
    pub const PLANNED: Self = Self(4);
    /// The sets of one side.
    pub const EACH: [Self; 3] = [Self::DESIRED, Self::LIVE, Self::PLANNED];
    /// The set of all sides.
    pub(super) const ALL: Self = Self(7);
    /// The sides that exist now.
    pub(super) const CURRENT: Self = Self(3);

    /// Returns the sides that are in one set or in both.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Returns the sides that are in both sets.
    #[must_use]
    pub const fn intersection(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// Returns the sides of this set that are not in the other one.
    #[must_use]
    pub const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// Returns true if all of these sides are in the set.
    #[must_use]
    pub const fn includes(self, sides: Self) -> bool {
        self.0 & sides.0 == sides.0
    }

    /// Returns true if no side is in the set.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }
}

/// A rule as an edge of the graph, from its source to its target.
#[derive(Debug, Clone)]
pub(super) struct RuleEdge<'a> {
    /// The rule, or one of several rules that have one name and copy the same.
    pub(super) rule: &'a SyncRule,
    /// The sides that have the rule.
    pub(super) sides: SideSet,
    /// The declaration; `None` for a rule that is only live.
    pub(super) declared: Option<&'a DesiredRule>,
    pub(super) locations: LocationEdge,
    pub(super) filters: FilterIds,
    /// The id of the rule's name.
    pub(super) name: TextId,
}

impl RuleEdge<'_> {
    /// Returns true if the rule runs by itself. A trigger that this version does not know may be automatic.
    pub(super) fn is_automatic(&self) -> bool {
        self.rule.trigger != Trigger::Initiative
    }
}

/// The filters of a rule. One that the rule does not have matches everything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct FilterIds {
    pub(super) namespace: TextId,
    pub(super) repo: TextId,
    pub(super) tag: TextId,
}

impl FilterIds {
    fn from_rule<'a>(rule: &'a SyncRule, interner: &mut Interner<'a>) -> Self {
        let namespace = rule.scope.namespace_name_filter().unwrap_or(MATCH_ALL);
        let repo = rule.scope.repo_name_filter().unwrap_or(MATCH_ALL);
        Self {
            namespace: interner.intern(namespace),
            repo: interner.intern(repo),
            tag: interner.intern(&rule.tag_filter),
        }
    }

    /// Returns the filter of the names of a part.
    pub(super) const fn get(&self, part: LocationPart) -> TextId {
        match part {
            LocationPart::Namespace => self.namespace,
            LocationPart::Repo => self.repo,
        }
    }
}

/// The rules of all sides as a graph of locations.
#[derive(Debug)]
pub struct RuleGraph<'a> {
    /// The edges, ordered by source instance, name, and the other fields of the rule.
    pub(super) edges: Vec<RuleEdge<'a>>,
    pub(super) interner: Interner<'a>,
    /// The edges by their source.
    pub(super) sources: LocationIndex,
}

impl<'a> RuleGraph<'a> {
    /// Builds the graph of every side. A live rule is taken from the listing of its source; from the listing of its
    /// target where the source is incomplete.
    #[must_use]
    pub fn new(desired: &'a DesiredState, live: &'a LiveState, plan: &Plan) -> Self {
        let mut builder = RuleGraphBuilder::with_capacity(desired.rules.len());
        let desired_edges = builder.add_desired(desired, plan);
        // Most rules are in sync: such a live rule is the edge of its desired rule.
        let mut in_sync = LiveSet::new(live);
        for change in &plan.changes {
            let is_same = change.kind == ChangeKind::InSync && change.spellings.is_empty();
            if let Presence::Both(rule, index) = change.sides
                && is_same
            {
                builder.add_sides(desired_edges[rule], SideSet::LIVE);
                in_sync.insert(index);
            }
        }
        for index in live_rules(live).filter(|index| !in_sync.contains(*index)) {
            builder.add(&live.rule(index).rule, SideSet::LIVE, None);
        }
        for index in &plan.untouched {
            builder.add(&live.rule(*index).rule, SideSet::PLANNED, None);
        }
        builder.build()
    }

    /// Returns the edge of an index, which is one of this graph.
    pub(super) fn edge(&self, index: usize) -> &RuleEdge<'a> {
        &self.edges[index]
    }
}

/// The fields by which rules are distinguished: rules that have the same ones are one edge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct EdgeKey {
    name: TextId,
    trigger: TextId,
    locations: LocationEdge,
    filters: FilterIds,
}

struct RuleGraphBuilder<'a> {
    interner: Interner<'a>,
    edges: Vec<RuleEdge<'a>>,
    indices: FxHashMap<EdgeKey, usize>,
}

impl<'a> RuleGraphBuilder<'a> {
    /// Returns a builder with room for so many edges: to grow, all would be copied.
    fn with_capacity(edges: usize) -> Self {
        Self {
            interner: Interner::with_capacity(edges),
            edges: Vec::with_capacity(edges),
            indices: FxHashMap::with_capacity_and_hasher(edges, FxBuildHasher),
        }
    }

    /// Adds every desired rule. Returns the index of the edge of each.
    fn add_desired(&mut self, desired: &'a DesiredState, plan: &Plan) -> Vec<usize> {
        let mut edges: Vec<Option<usize>> = vec![None; desired.rules.len()];
        // The plan has nearly the order of edges, which leaves little to sort.
        let planned = plan
            .changes
            .iter()
            .filter_map(|change| change.sides.desired());
        for rule in planned.chain(0..desired.rules.len()) {
            if edges[rule].is_none() {
                let declared = &desired.rules[rule];
                let sides = SideSet::DESIRED.union(SideSet::PLANNED);
                edges[rule] = Some(self.add(&declared.rule, sides, Some(declared)));
            }
        }
        edges.into_iter().flatten().collect()
    }

    /// Adds a rule. Returns the index of its edge, which may exist already.
    fn add(
        &mut self,
        rule: &'a SyncRule,
        sides: SideSet,
        declared: Option<&'a DesiredRule>,
    ) -> usize {
        let interner = &mut self.interner;
        let key = EdgeKey {
            name: interner.intern(rule.name.as_str()),
            trigger: interner.intern(rule.trigger.as_str()),
            locations: LocationEdge::from_rule(rule, interner),
            filters: FilterIds::from_rule(rule, interner),
        };
        match self.indices.entry(key) {
            Entry::Occupied(entry) => {
                let index = *entry.get();
                self.add_sides(index, sides);
                index
            }
            Entry::Vacant(entry) => {
                let index = *entry.insert(self.edges.len());
                self.edges.push(RuleEdge {
                    rule,
                    sides,
                    declared,
                    locations: key.locations,
                    filters: key.filters,
                    name: key.name,
                });
                index
            }
        }
    }

    fn add_sides(&mut self, edge: usize, sides: SideSet) {
        let edge = &mut self.edges[edge];
        edge.sides = edge.sides.union(sides);
    }

    /// Sorts the edges: the API does not guarantee the order of a listing.
    fn build(self) -> RuleGraph<'a> {
        let Self {
            interner,
            mut edges,
            ..
        } = self;
        edges.sort_by(|one, other| compare_rules(one.rule, other.rule));
        let sources = LocationIndex::new(edges.iter().map(|edge| edge.locations.source));
        RuleGraph {
            edges,
            interner,
            sources,
        }
    }
}

/// Compares two rules by source instance, name, and all other fields.
pub(super) fn compare_rules(one: &SyncRule, other: &SyncRule) -> Ordering {
    let instances = one.source.instance.cmp(&other.source.instance);
    instances
        .then_with(|| one.name.cmp(&other.name))
        .then_with(|| one.fields().cmp(&other.fields()))
}
