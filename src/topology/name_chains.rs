//! Chains of rules by the names of their locations alone, for the policy `max-hops`.

use filter_language::FilterSession;
use rustc_hash::FxHashSet;

use super::chains::{Chains, NextLink, TooManyChains};
use super::interner::Interner;
use super::location::{LocationEdge, LocationIndex, LocationKey};
use super::rule_graph::compare_rules;
use crate::model::SyncRule;

/// Steps for each rule of each chain.
const LINK_STEPS: u64 = 200;

/// Chains of rules that all have the same length.
#[derive(Debug)]
pub struct NameChains {
    /// Each chain as indices of rules, the first rule first. Of the chains with one last rule, one.
    pub chains: Vec<Vec<usize>>,
    /// True if a chain may be missing that ends in another rule.
    pub may_lack_some: bool,
}

/// Returns the chains of `limit + 1` rules: each rule may copy on, by the names of its source, something that the rule
/// before copied. Filters and triggers are not considered.
///
/// # Errors
///
/// Returns an error if the rules form too many chains, or the budget of the run is exhausted.
pub fn chains_beyond(
    limit: u8,
    rules: &[&SyncRule],
    session: &mut FilterSession,
) -> Result<NameChains, TooManyChains> {
    // The API does not guarantee the order of a listing, and of several chains with one last rule, one is returned.
    let mut order: Vec<usize> = (0..rules.len()).collect();
    order.sort_by(|one, other| compare_rules(rules[*one], rules[*other]));
    let mut interner = Interner::default();
    let edges: Vec<LocationEdge> = order
        .iter()
        .map(|rule| LocationEdge::from_rule(rules[*rule], &mut interner))
        .collect();
    let sources = LocationIndex::new(edges.iter().map(|edge| edge.source));
    let moving = edges
        .iter()
        .enumerate()
        .filter(|(_, edge)| !edge.is_self_loop());
    let mut chains = Chains::new(moving.map(|(rule, edge)| (rule, edge.source)));
    for _ in 0..limit {
        let way = |rule: usize, location: &LocationKey| (*location, edges[rule]);
        chains.grow(&sources, way, |link, rule| {
            let arrived = edges[link.rule].carry(link.images);
            let next = arrived.unify(&edges[rule].source).map(|location| NextLink {
                images: location,
                may_return: true,
            });
            Ok(next)
        })?;
        session
            .charge_steps(LINK_STEPS * chains.last_links().len() as u64)
            .map_err(|_| TooManyChains)?;
    }
    let mut ends = FxHashSet::default();
    let mut found: Vec<Vec<usize>> = Vec::new();
    for last in chains.last_links() {
        if ends.insert(chains.link(last).rule) {
            let chain = chains.rules(last);
            found.push(chain.into_iter().map(|rule| order[rule]).collect());
        }
    }
    Ok(NameChains {
        may_lack_some: chains.may_lack_some() && found.len() < rules.len(),
        chains: found,
    })
}
