//! Chains of rules, which grow by a rule at a time; and `topology/long-chain`.
//!
//! A chain is a simple path: it visits no place twice. What comes back to a place is a loop, which `topology/sync-loop`
//! reports. To list all simple paths may take any time, so of chains that end alike, and differ in the places before,
//! only a few are kept; where that may hide one, the search says so.

use std::hash::{BuildHasher, Hash};
use std::ops::Range;

use rustc_hash::{FxBuildHasher, FxHashMap, FxHashSet};

use super::analysis::{Analysis, Detection};
use super::flow::ImageSet;
use super::location::{Hop, LocationKey};
use super::rule_graph::SideSet;
use super::scc::Components;
use crate::finding::Code;

/// How many rules an image may travel over by itself, one after the other, without a word being said. The last
/// instance of three hops is already two failures away from a push; a team that wants fewer declares a policy of the
/// kind `max-hops`.
pub const MAX_HOPS: usize = 3;

/// How many pairs of rules are looked at before giving up.
const MAX_PAIRS: usize = 2_000_000;
/// How many rules of a chain are followed.
const MAX_LENGTH: usize = 64;
/// How many chains of one length that end alike are kept, each over other places.
const MAX_ALIKE: u8 = 8;

/// Chains that all have the same number of rules, and those they grew from. What a chain carries is a `C`.
#[derive(Debug)]
pub(crate) struct Chains<C> {
    links: Vec<Link<C>>,
    /// The last links of the longest chains.
    latest: Range<usize>,
    pairs: usize,
    /// Whether a chain may be missing.
    may_lack_some: bool,
}

/// A rule of a chain.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Link<C> {
    pub(crate) rule: usize,
    /// What the rule carries of what the links before have delivered.
    pub(crate) images: C,
    /// The link before: its own index where there is none.
    before: usize,
    /// The places before, as far as a chain may come back to them: tells chains that end alike apart.
    visited: u64,
    /// Whether chains that end like this one, or like one that it grew from, were not kept.
    is_crowded: bool,
}

/// A rule that may go on from the end of a chain.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Step<C> {
    pub(crate) rule: usize,
    pub(crate) images: C,
    /// Whether rules may lead back to where the link before picks the images up.
    pub(crate) may_return: bool,
}

/// There are more chains than are looked at.
#[derive(Debug)]
pub(crate) struct TooMany;

impl<C: Copy + Eq + Hash> Chains<C> {
    /// Each of these rules is a chain.
    pub(crate) fn new(rules: impl Iterator<Item = (usize, C)>) -> Self {
        let link = |(before, (rule, images))| Link {
            rule,
            images,
            before,
            visited: 0,
            is_crowded: false,
        };
        let links: Vec<_> = rules.enumerate().map(link).collect();
        Self {
            latest: 0..links.len(),
            links,
            pairs: 0,
            may_lack_some: false,
        }
    }

    /// Adds to each chain every rule that goes on from its end, unless it leads back to a place of the chain. `goes_on`
    /// gives these rules, and how many it looked at; `hop` gives where a rule picks its images up, and where it copies it.
    pub(crate) fn grow(
        &mut self,
        hop: impl Fn(usize, &C) -> (LocationKey, Hop),
        mut goes_on: impl FnMut(&Self, usize, &mut Vec<Step<C>>) -> usize,
    ) -> Result<(), TooMany> {
        let mut known: FxHashSet<(usize, C, u64)> = FxHashSet::default();
        let mut alike: FxHashMap<(usize, C), u8> = FxHashMap::default();
        let mut crowded: FxHashSet<(usize, C)> = FxHashSet::default();
        let before = self.latest.clone();
        let mut next = Vec::new();
        for at in before.clone() {
            self.pairs += goes_on(self, at, &mut next);
            if self.pairs > MAX_PAIRS {
                return Err(TooMany);
            }
            for Step {
                rule,
                images,
                may_return,
            } in next.drain(..)
            {
                let (from, way) = hop(rule, &images);
                let links = self.back(at).map(|link| hop(link.rule, &link.images));
                if leads_back(std::iter::once((from, way)).chain(links), way.carry(from)) {
                    self.may_lack_some |= self.links[at].is_crowded;
                    continue;
                }
                let Link {
                    rule: last,
                    images: carried,
                    visited,
                    is_crowded,
                    ..
                } = self.links[at];
                let place = if may_return {
                    FxBuildHasher.hash_one(hop(last, &carried).0)
                } else {
                    0
                };
                let visited = visited ^ place;
                if !known.insert((rule, images, visited)) {
                    continue;
                }
                let count = alike.entry((rule, images)).or_default();
                if *count == MAX_ALIKE {
                    crowded.insert((rule, images));
                    continue;
                }
                *count += 1;
                self.links.push(Link {
                    rule,
                    images,
                    before: at,
                    visited,
                    is_crowded,
                });
            }
        }
        self.latest = before.end..self.links.len();
        for link in &mut self.links[before.end..] {
            link.is_crowded |= crowded.contains(&(link.rule, link.images));
        }
        Ok(())
    }

    /// Returns whether a chain may be missing: it was not kept, and one that ends alike could not go on for the places
    /// that it was at.
    pub(crate) fn may_lack_some(&self) -> bool {
        self.may_lack_some
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

/// Returns whether images that arrive somewhere have been there before. `links` are the links of their chain, from the
/// last one back: where each picks the images up, and its way. A name that no rule has named or replaced by then is the
/// one that they arrive with.
fn leads_back(links: impl Iterator<Item = (LocationKey, Hop)>, arrived: LocationKey) -> bool {
    let mut place = arrived;
    for (from, hop) in links {
        place = std::array::from_fn(|axis| match (from[axis], hop.to[axis]) {
            (0, 0) => place[axis],
            (named, _) => named,
        });
        if place == arrived {
            return true;
        }
    }
    false
}

/// Looks for chains of automatic rules on one side that some image travels to their end, and that are too long.
///
/// For each rule, the longest chain that ends there is reported, and only where no image goes on from it. A chain that
/// runs into a loop is reported as the loop.
pub(super) fn find(analysis: &mut Analysis<'_, '_>, components: &Components, side: SideSet) {
    let network = analysis.network;
    let is_long = |route: usize| components.longest(route) as usize > MAX_HOPS;
    let first = (0..network.routes.len()).filter(|route| is_long(*route));
    let mut chains =
        Chains::new(first.filter_map(|route| Some((route, analysis.image_sets[route]?))));
    let mut ends: FxHashMap<usize, usize> = FxHashMap::default();
    let loops = analysis
        .found
        .iter()
        .filter(|it| it.code == Code::SyncLoop && it.sides.includes(side));
    let looping: FxHashSet<usize> = loops.flat_map(|it| it.routes.iter().copied()).collect();
    for length in 1..=MAX_LENGTH {
        let latest = chains.latest();
        let mut goes_on = vec![false; latest.len()];
        let hop = |route: usize, images: &ImageSet| (images.at, network.route(route).hop);
        let grown = chains.grow(hop, |chains, at, next| {
            let arrived = chains
                .link(at)
                .images
                .project_to_target(network.route(chains.link(at).rule));
            let mut pairs = 0;
            for route in network.starts.candidates(arrived.at) {
                if analysis.filters.is_exhausted() {
                    return MAX_PAIRS + 1;
                }
                pairs += 1;
                if !is_long(route) || !network.route(route).sides.includes(side) {
                    continue;
                }
                if let Some(images) =
                    arrived.restrict_to_source(network.route(route), &mut analysis.filters)
                {
                    goes_on[at - latest.start] = true;
                    let may_return = components.cycle_id(chains.link(at).rule).is_some();
                    next.push(Step {
                        rule: route,
                        images,
                        may_return,
                    });
                }
            }
            pairs
        });
        // What is a part of a loop goes on forever, and is reported as the loop.
        let goes_on_still = |at: usize| !looping.contains(&chains.link(at).rule);
        if grown.is_err() || length == MAX_LENGTH && chains.latest().any(goes_on_still) {
            analysis.mark_incomplete(Code::LongChain, side);
            break;
        }
        let stopped = latest
            .clone()
            .filter(|at| length > MAX_HOPS && !goes_on[at - latest.start]);
        ends.extend(stopped.map(|at| (chains.link(at).rule, at)));
        if chains.latest().is_empty() {
            break;
        }
    }
    // Where every long way is in a loop, no chain has an end.
    let has_ends =
        (0..network.routes.len()).any(|route| is_long(route) && !looping.contains(&route));
    if chains.may_lack_some() && has_ends {
        analysis.mark_incomplete(Code::LongChain, side);
    }
    tell(analysis, &chains, ends.into_values().collect());
}

fn tell(analysis: &mut Analysis<'_, '_>, chains: &Chains<ImageSet>, mut ends: Vec<usize>) {
    ends.sort_unstable();
    for end in ends {
        let (routes, images) = (chains.rules(end), chains.link(end).images);
        let (sides, evidence) = (analysis.sides_of(&routes), analysis.evidence(images));
        analysis.found.push(Detection {
            code: Code::LongChain,
            routes,
            sides,
            evidence,
        });
    }
}
