//! Chains of rules, which grow by one rule at a time.
//!
//! A chain is a simple path: it visits no location twice. The number of simple paths may be exponential, so of chains
//! that end in the same way, and differ only in the locations before, a few are kept. Where this may hide a chain,
//! [`Chains::may_lack_some`] says so.

use std::hash::{BuildHasher, Hash};
use std::ops::Range;

use rustc_hash::{FxBuildHasher, FxHashMap};

use super::interner::TextId;
use super::location::{LocationEdge, LocationIndex, LocationKey, Positions};

/// The most pairs of rules that are compared.
const MAX_PAIRS: usize = 600_000;
/// The most chains of one length that end in the same way, each over other locations.
const MAX_SIMILAR: usize = 8;

/// Chains of equal length, and the shorter ones they grew from. `C` is the type of the images that a chain carries.
#[derive(Debug)]
pub(super) struct Chains<C> {
    links: Vec<Link<C>>,
    /// The last links of the longest chains.
    last_links: Range<usize>,
    pairs: usize,
    may_lack_some: bool,
}

/// A rule of a chain.
#[derive(Debug, Clone, Copy)]
pub(super) struct Link<C> {
    pub(super) rule: usize,
    /// The images that arrive over the links before and that the rule copies on.
    pub(super) images: C,
    /// The link before; `None` for the first one.
    previous: Option<usize>,
    /// A hash of the locations before that a chain may return to.
    visited: u64,
    /// True if a chain similar to this one, or to one that it grew from, was dropped.
    has_dropped_twin: bool,
}

/// A link that may follow the last one of a chain.
#[derive(Debug, Clone, Copy)]
pub(super) struct NextLink<C> {
    pub(super) images: C,
    /// True if rules may lead back to the location at which the last link starts.
    pub(super) may_return: bool,
}

/// The rules form more chains than are followed.
#[derive(Debug)]
pub struct TooManyChains;

impl<C: Copy + Eq + Hash> Chains<C> {
    /// Returns the chains of one rule each.
    pub(super) fn new(rules: impl Iterator<Item = (usize, C)>) -> Self {
        let links: Vec<Link<C>> = rules
            .map(|(rule, images)| Link {
                rule,
                images,
                previous: None,
                visited: 0,
                has_dropped_twin: false,
            })
            .collect();
        Self {
            last_links: 0..links.len(),
            links,
            pairs: 0,
            may_lack_some: false,
        }
    }

    /// Adds every next rule to each of the longest chains, unless it leads back to a location of the chain. Returns the
    /// last links that some rule follows, in order.
    ///
    /// `way` returns the location at which a rule finds its images, and its edge. `follow` returns the link of a rule of
    /// `sources` that may follow another link; `None` where it does not.
    pub(super) fn grow(
        &mut self,
        sources: &LocationIndex,
        way: impl Fn(usize, &C) -> (LocationKey, LocationEdge),
        mut follow: impl FnMut(&Link<C>, usize) -> Result<Option<NextLink<C>>, TooManyChains>,
    ) -> Result<Vec<usize>, TooManyChains> {
        let candidates = self.candidates(sources, &way)?;
        let mut growing = Vec::new();
        let mut similar: SimilarChains<C> = FxHashMap::default();
        let mut has_dropped = false;
        for (last, positions) in self.last_links().zip(candidates) {
            let link = self.links[last];
            for rule in sources.rules_in(positions) {
                let Some(NextLink { images, may_return }) = follow(&link, rule)? else {
                    continue;
                };
                if growing.last() != Some(&last) {
                    growing.push(last);
                }
                let ways = self
                    .links_back(last)
                    .map(|link| way(link.rule, &link.images));
                if leads_back(way(rule, &images), ways) {
                    self.may_lack_some |= link.has_dropped_twin;
                    continue;
                }
                let visited = if may_return {
                    let (location, _) = way(link.rule, &link.images);
                    link.visited ^ FxBuildHasher.hash_one(location)
                } else {
                    link.visited
                };
                let end = similar.entry((rule, images)).or_default();
                if end.admit(visited) {
                    self.links.push(Link {
                        rule,
                        images,
                        previous: Some(last),
                        visited,
                        has_dropped_twin: link.has_dropped_twin,
                    });
                }
                has_dropped |= end.has_dropped;
            }
        }
        self.last_links = self.last_links.end..self.links.len();
        if has_dropped {
            for link in &mut self.links[self.last_links.clone()] {
                let end = similar.get(&(link.rule, link.images));
                link.has_dropped_twin |= end.is_some_and(|end| end.has_dropped);
            }
        }
        Ok(growing)
    }

    /// Returns the positions of the rules that may follow each of the longest chains, by the names of locations. They are
    /// counted before any is followed: most of the time of a search that ends early would be lost.
    fn candidates(
        &mut self,
        sources: &LocationIndex,
        way: impl Fn(usize, &C) -> (LocationKey, LocationEdge),
    ) -> Result<Vec<Positions>, TooManyChains> {
        let mut candidates = Vec::with_capacity(self.last_links.len());
        for link in &self.links[self.last_links.clone()] {
            let (location, edge) = way(link.rule, &link.images);
            let positions = sources.ranges(edge.carry(location));
            self.pairs += positions.iter().map(ExactSizeIterator::len).sum::<usize>();
            if self.pairs > MAX_PAIRS {
                return Err(TooManyChains);
            }
            candidates.push(positions);
        }
        Ok(candidates)
    }

    /// Returns true if a chain may be missing: it was dropped, and a similar one could not grow because of the
    /// locations that it visited.
    pub(super) fn may_lack_some(&self) -> bool {
        self.may_lack_some
    }

    /// Returns the last links of the longest chains.
    pub(super) fn last_links(&self) -> Range<usize> {
        self.last_links.clone()
    }

    pub(super) fn link(&self, index: usize) -> &Link<C> {
        &self.links[index]
    }

    /// Returns the links of a chain, the last one first.
    fn links_back(&self, last: usize) -> impl Iterator<Item = &Link<C>> {
        let last = self.links.get(last);
        std::iter::successors(last, |link| self.links.get(link.previous?))
    }

    /// Returns the rules of the chain that ends in a link, the first one first.
    pub(super) fn rules(&self, last: usize) -> Vec<usize> {
        let mut rules: Vec<usize> = self.links_back(last).map(|link| link.rule).collect();
        rules.reverse();
        rules
    }
}

/// Chains of one length by their end, to keep only a few of those that are similar.
type SimilarChains<C> = FxHashMap<(usize, C), KnownEnd>;

/// The kept chains that end in the same way.
#[derive(Default)]
struct KnownEnd {
    /// The hash of the locations that the first one visited; `None` before there is one.
    first: Option<u64>,
    /// Those of the others.
    others: Vec<u64>,
    has_dropped: bool,
}

impl KnownEnd {
    /// Returns true if a chain that visited these locations is kept.
    fn admit(&mut self, visited: u64) -> bool {
        let Some(first) = self.first else {
            self.first = Some(visited);
            return true;
        };
        if first == visited || self.others.contains(&visited) {
            return false;
        }
        if self.others.len() + 1 == MAX_SIMILAR {
            self.has_dropped = true;
            return false;
        }
        self.others.push(visited);
        true
    }
}

/// Returns true if the images of a chain have been at the location that `next` leads to. `ways` are the location and
/// the edge of each rule before, the last one first. A name that no rule has named or replaced by then is the one that
/// the images arrive with.
fn leads_back(
    next: (LocationKey, LocationEdge),
    ways: impl Iterator<Item = (LocationKey, LocationEdge)>,
) -> bool {
    let (location, edge) = next;
    let target = edge.carry(location);
    let mut visited = target;
    for (location, edge) in std::iter::once(next).chain(ways) {
        visited = LocationKey {
            instance: location.instance,
            namespace: visited_name(location.namespace, edge.target.namespace, visited.namespace),
            repo: visited_name(location.repo, edge.target.repo, visited.repo),
        };
        if visited == target {
            return true;
        }
    }
    false
}

/// Returns the name before a rule: the named one, or the one after it where the rule keeps the name.
fn visited_name(
    before: Option<TextId>,
    target: Option<TextId>,
    after: Option<TextId>,
) -> Option<TextId> {
    if before.is_none() && target.is_none() {
        after
    } else {
        before
    }
}
