//! Chains of rules, which grow by a rule at a time; and `topology/long-chain`.

use std::hash::Hash;
use std::ops::Range;

use rustc_hash::{FxHashMap, FxHashSet};

use super::cargo::Cargo;
use super::components::Components;
use super::network::Sides;
use super::survey::{Discovery, Survey};
use crate::finding::Code;

/// How many rules an image may travel over by itself, one after the other, without a word being said. The last
/// instance of three hops is already two failures away from a push; a team that wants fewer declares a policy of the
/// kind `max-hops`.
pub const MAX_HOPS: usize = 3;

/// How many pairs of rules are looked at before giving up.
const MAX_PAIRS: usize = 2_000_000;
/// How many rules of a chain are followed.
const MAX_LENGTH: usize = 64;

/// Chains that all have the same number of rules, and those they grew from. What a chain carries is a `C`.
#[derive(Debug)]
pub(crate) struct Chains<C> {
    links: Vec<Link<C>>,
    /// The last links of the longest chains.
    latest: Range<usize>,
    pairs: usize,
}

/// A rule of a chain.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Link<C> {
    pub(crate) rule: usize,
    /// What the rule carries of what the links before have delivered.
    pub(crate) cargo: C,
    /// The link before: its own index where there is none.
    before: usize,
}

/// There are more chains than are looked at.
#[derive(Debug)]
pub(crate) struct TooMany;

impl<C: Copy + Eq + Hash> Chains<C> {
    /// Each of these rules is a chain.
    pub(crate) fn new(rules: impl Iterator<Item = (usize, C)>) -> Self {
        let links: Vec<_> = rules.enumerate().map(|(before, (rule, cargo))| Link { rule, cargo, before }).collect();
        Self { latest: 0..links.len(), links, pairs: 0 }
    }

    /// Adds to each chain every rule that goes on from its end. `goes_on` tells these, and how many it looked at.
    pub(crate) fn grow(
        &mut self,
        mut goes_on: impl FnMut(&Self, usize, &mut Vec<(usize, C)>) -> usize,
    ) -> Result<(), TooMany> {
        let mut known: FxHashSet<(usize, C)> = FxHashSet::default();
        let before = self.latest.clone();
        let mut next = Vec::new();
        for at in before.clone() {
            self.pairs += goes_on(self, at, &mut next);
            if self.pairs > MAX_PAIRS {
                return Err(TooMany);
            }
            for (rule, cargo) in next.drain(..) {
                if known.insert((rule, cargo)) {
                    self.links.push(Link { rule, cargo, before: at });
                }
            }
        }
        self.latest = before.end..self.links.len();
        Ok(())
    }

    /// The last links of the longest chains.
    pub(crate) fn latest(&self) -> Range<usize> {
        self.latest.clone()
    }

    /// A link.
    pub(crate) fn link(&self, at: usize) -> &Link<C> {
        &self.links[at]
    }

    /// The links of the chain that ends in one, from that one back.
    pub(crate) fn back(&self, last: usize) -> impl Iterator<Item = &Link<C>> {
        let before = |at: &usize| (self.links[*at].before != *at).then_some(self.links[*at].before);
        std::iter::successors(Some(last), before).map(|at| &self.links[at])
    }

    /// The rules of the chain that ends in a link, from its beginning.
    pub(crate) fn rules(&self, last: usize) -> Vec<usize> {
        let mut rules: Vec<usize> = self.back(last).map(|link| link.rule).collect();
        rules.reverse();
        rules
    }
}

/// Looks for chains of automatic rules on one side that some image travels to their end, and that are too long.
///
/// For each rule, the longest chain that ends there is told, and only where no image goes on from it. A chain that
/// runs into a loop is told as the loop.
pub(super) fn find(survey: &mut Survey<'_, '_>, components: &Components, side: Sides) {
    let network = survey.network;
    let is_long = |route: usize| components.longest(route) as usize > MAX_HOPS;
    let first = (0..network.routes.len()).filter(|route| is_long(*route));
    let mut chains = Chains::new(first.filter_map(|route| Some((route, survey.cargos[route]?))));
    let mut ends: FxHashMap<usize, usize> = FxHashMap::default();
    for length in 1..=MAX_LENGTH {
        let latest = chains.latest();
        let mut goes_on = vec![false; latest.len()];
        let grown = chains.grow(|chains, at, next| {
            let arrived = chains.link(at).cargo.delivered(network.route(chains.link(at).rule));
            let mut pairs = 0;
            for route in network.starts.around(arrived.at) {
                if survey.filters.is_exhausted() {
                    return MAX_PAIRS + 1;
                }
                pairs += 1;
                if !is_long(route) || !network.route(route).sides.includes(side) {
                    continue;
                }
                if let Some(cargo) = arrived.picked_up(network.route(route), &mut survey.filters) {
                    goes_on[at - latest.start] = true;
                    let leads_back = chains.back(at).any(|link| link.rule == route && link.cargo.at == cargo.at);
                    next.extend((!leads_back).then_some((route, cargo)));
                }
            }
            pairs
        });
        // What leads in circles goes on forever, and is told as a loop.
        let goes_on_still = |at: usize| components.circle(chains.link(at).rule).is_none();
        if grown.is_err() || length == MAX_LENGTH && chains.latest().any(goes_on_still) {
            survey.give_up(Code::LongChain, side);
            break;
        }
        let stopped = latest.clone().filter(|at| length > MAX_HOPS && !goes_on[at - latest.start]);
        ends.extend(stopped.map(|at| (chains.link(at).rule, at)));
        if chains.latest().is_empty() {
            break;
        }
    }
    tell(survey, &chains, ends.into_values().collect());
}

fn tell(survey: &mut Survey<'_, '_>, chains: &Chains<Cargo>, mut ends: Vec<usize>) {
    ends.sort_unstable();
    for end in ends {
        let (routes, cargo) = (chains.rules(end), chains.link(end).cargo);
        let (sides, proof) = (survey.sides_of(&routes), survey.proof(cargo));
        survey.found.push(Discovery { code: Code::LongChain, routes, sides, proof });
    }
}
