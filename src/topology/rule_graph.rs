//! The rules of every side as one network: each different rule once, with the sides it is on.

use std::collections::hash_map::Entry;

use rustc_hash::FxHashMap;

use super::location::{Hop, Interner, LocationIndex};
use crate::diff::{ChangeKind, LiveSet, Plan, Presence, live_rules};
use crate::model::{DesiredRule, DesiredState, LiveState, MATCH_ALL, SyncRule, Trigger};

/// On which sides something is: what is declared, what is live, and what would be live once the plan is applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct SideSet(u8);

impl SideSet {
    /// What the rules files say.
    pub const DESIRED: Self = Self(1);
    /// What the instances say.
    pub const LIVE: Self = Self(2);
    /// What the instances would say once the plan is applied.
    pub const PLANNED: Self = Self(4);
    /// Each side alone.
    pub const EACH: [Self; 3] = [Self::DESIRED, Self::LIVE, Self::PLANNED];

    /// The sides that either is on.
    #[must_use]
    pub const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// The sides that both are on.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// The sides of the one that the other is not on.
    #[must_use]
    pub const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// Whether it is on all of these sides.
    #[must_use]
    pub const fn includes(self, sides: Self) -> bool {
        self.0 & sides.0 == sides.0
    }

    /// Whether it is on no side at all.
    #[must_use]
    pub const fn is_none(self) -> bool {
        self.0 == 0
    }
}

/// A way for images: an edge of the network, from the source of its rule to its target.
#[derive(Debug, Clone)]
pub struct RuleEdge<'a> {
    /// The rule; of several that copy alike under one name, one.
    pub rule: &'a SyncRule,
    /// The sides it is on.
    pub sides: SideSet,
    /// Where it is declared, if it is.
    pub declared: Option<&'a DesiredRule>,
    /// From where to where.
    pub(super) hop: Hop,
    /// The namespace, repository and tag filter.
    pub(super) filters: [u32; 3],
    /// The name.
    pub(super) name: u32,
}

impl RuleEdge<'_> {
    /// Whether images travel on by themselves: all but those of manual rules. A trigger that
    /// this version does not know may be automatic.
    #[must_use]
    pub fn is_automatic(&self) -> bool {
        self.rule.trigger != Trigger::Initiative
    }
}

/// The rules of all sides, as ways for images.
#[derive(Debug)]
pub struct RuleGraph<'a> {
    /// Ordered by source instance, name and what they copy.
    pub routes: Vec<RuleEdge<'a>>,
    pub(super) numbers: Interner<'a>,
    /// The routes by where they begin.
    pub(super) starts: LocationIndex,
}

/// What a rule does for images, and its name: two rules alike in this are one route.
type Key = ([u32; 2], Hop, [u32; 3]);

impl<'a> RuleGraph<'a> {
    /// The rules of every side. Of a live rule that both its ends list, the source's listing counts; where the source
    /// was not read completely, its target's.
    #[must_use]
    pub fn new(desired: &'a DesiredState, live: &'a LiveState, plan: &Plan) -> Self {
        let mut builder = Builder::default();
        let declared = SideSet::DESIRED.or(SideSet::PLANNED);
        let mut routes: Vec<Option<usize>> = vec![None; desired.rules.len()];
        // The plan is in the order of routes, or nearly, so that hardly anything is left to sort.
        for rule in plan
            .changes
            .iter()
            .filter_map(|it| it.sides.desired())
            .chain(0..desired.rules.len())
        {
            if routes[rule].is_none() {
                let it = &desired.rules[rule];
                routes[rule] = Some(builder.add(&it.rule, declared, Some(it)));
            }
        }
        // Most of an estate is in sync: what is live as declared is the route that is there already.
        let mut known = LiveSet::new(live);
        for change in plan
            .changes
            .iter()
            .filter(|it| it.kind == ChangeKind::InSync && it.spellings.is_empty())
        {
            if let Presence::Both(rule, index) = change.sides
                && let Some(route) = routes[rule]
            {
                builder.also(route, SideSet::LIVE);
                known.insert(index);
            }
        }
        for index in live_rules(live).filter(|index| !known.contains(*index)) {
            builder.add(&live.rule(index).rule, SideSet::LIVE, None);
        }
        for index in &plan.untouched {
            builder.add(&live.rule(*index).rule, SideSet::PLANNED, None);
        }
        builder.build()
    }

    /// The routes that may go on from where this one ends, as far as names tell.
    pub fn onward(&self, route: &RuleEdge<'a>) -> impl Iterator<Item = &RuleEdge<'a>> {
        let arrived = route.hop.carry(route.hop.from);
        let next = self
            .starts
            .candidates(arrived)
            .filter_map(|at| self.routes.get(at));
        next.filter(move |next| super::location::compatible(arrived, next.hop.from))
    }

    /// The route of a number that comes from here.
    pub(super) fn route(&self, at: usize) -> &RuleEdge<'a> {
        &self.routes[at]
    }
}

#[derive(Default)]
struct Builder<'a> {
    numbers: Interner<'a>,
    routes: Vec<RuleEdge<'a>>,
    known: FxHashMap<Key, usize>,
}

impl<'a> Builder<'a> {
    /// Adds a rule; gives the number of its route, which may be there already.
    fn add(
        &mut self,
        rule: &'a SyncRule,
        sides: SideSet,
        declared: Option<&'a DesiredRule>,
    ) -> usize {
        let numbers = &mut self.numbers;
        let hop = numbers.hop(rule);
        let name_filters = [
            rule.scope.namespace_name_filter(),
            rule.scope.repo_name_filter(),
        ];
        let [namespace, repo] =
            name_filters.map(|filter| numbers.number(filter.unwrap_or(MATCH_ALL)));
        let filters = [namespace, repo, numbers.number(&rule.tag_filter)];
        let (name, trigger) = (
            numbers.number(rule.name.as_str()),
            numbers.number(rule.trigger.as_str()),
        );
        match self.known.entry(([name, trigger], hop, filters)) {
            Entry::Occupied(entry) => {
                let at = *entry.get();
                self.also(at, sides);
                at
            }
            Entry::Vacant(entry) => {
                let at = *entry.insert(self.routes.len());
                self.routes.push(RuleEdge {
                    rule,
                    sides,
                    declared,
                    hop,
                    filters,
                    name,
                });
                at
            }
        }
    }

    /// A route is on these sides, too.
    fn also(&mut self, route: usize, sides: SideSet) {
        let route = &mut self.routes[route];
        route.sides = route.sides.or(sides);
    }

    /// Sorts the rules: the API does not guarantee the order of a listing.
    fn build(self) -> RuleGraph<'a> {
        let Self {
            numbers,
            mut routes,
            ..
        } = self;
        routes.sort_by(|a, b| {
            let key = |it: &RuleEdge<'a>| (it.rule.source.instance.as_str(), it.rule.name.as_str());
            key(a)
                .cmp(&key(b))
                .then_with(|| a.rule.fields().cmp(&b.rule.fields()))
        });
        let starts = LocationIndex::new(routes.iter().map(|it| it.hop.from));
        RuleGraph {
            routes,
            numbers,
            starts,
        }
    }
}
