//! `topology/long-chain`: automatic rules, one after the other, that copy an image over many hops.

use rustc_hash::{FxHashMap, FxHashSet};

use super::analysis::{Analysis, Detection};
use super::chains::{Chains, NextLink, TooManyChains};
use super::components::Components;
use super::flow::ImageSet;
use super::rule_graph::SideSet;
use crate::finding::Code;

/// The most automatic rules that a chain has without a finding. The last instance of three hops is already two
/// failures away from a push; a team that wants fewer declares a policy of the kind `max-hops`.
pub const MAX_HOPS: usize = 3;

/// The most rules of a chain that are followed.
const MAX_LENGTH: usize = 64;

/// Finds the chains of automatic rules on one side that some image travels to their end, and that are too long.
///
/// The longest chain that ends in a rule is reported, and only where no image travels on from it. A chain
/// that runs into a loop is reported as the loop.
pub(super) fn find(analysis: &mut Analysis<'_, '_>, components: &Components, side: SideSet) {
    let looping = edges_in_loops(analysis, side);
    let candidates: Vec<usize> = (0..analysis.graph.edges.len())
        .filter(|edge| is_candidate(components, *edge))
        .collect();
    let first = candidates
        .iter()
        .filter_map(|edge| Some((*edge, analysis.image_sets[*edge]?)));
    let mut chains = Chains::new(first);
    let mut ends: FxHashMap<usize, usize> = FxHashMap::default();
    for length in 1..=MAX_LENGTH {
        let last_links = chains.last_links();
        let Ok(growing) = grow(&mut chains, analysis, components, side) else {
            analysis.mark_incomplete(Code::LongChain, side);
            break;
        };
        // The edges of a loop can be followed forever, and are reported as the loop.
        let is_outside_loops = |link: usize| !looping.contains(&chains.link(link).rule);
        if length == MAX_LENGTH && chains.last_links().any(is_outside_loops) {
            analysis.mark_incomplete(Code::LongChain, side);
            break;
        }
        if length > MAX_HOPS {
            let ended = last_links.filter(|link| growing.binary_search(link).is_err());
            ends.extend(ended.map(|link| (chains.link(link).rule, link)));
        }
        if chains.last_links().is_empty() {
            break;
        }
    }
    // No chain has an end where every long way is in a loop.
    if chains.may_lack_some() && candidates.iter().any(|edge| !looping.contains(edge)) {
        analysis.mark_incomplete(Code::LongChain, side);
    }
    let mut ends: Vec<usize> = ends.into_values().collect();
    ends.sort_unstable();
    for end in ends {
        let detection = detection(analysis, &chains, end);
        analysis.detections.push(detection);
    }
}

/// Returns true if an edge can be part of a long chain, by the names of locations alone.
fn is_candidate(components: &Components, edge: usize) -> bool {
    components.longest(edge) as usize > MAX_HOPS
}

/// Returns the edges of the loops that were found on a side.
fn edges_in_loops(analysis: &Analysis<'_, '_>, side: SideSet) -> FxHashSet<usize> {
    let mut edges = FxHashSet::default();
    for detection in &analysis.detections {
        if detection.code == Code::SyncLoop && detection.sides.includes(side) {
            edges.extend(&detection.edges);
        }
    }
    edges
}

/// Grows each of the longest chains by every edge that copies some of its images on. Returns the last links of the
/// chains from which images travel on, in order.
fn grow(
    chains: &mut Chains<ImageSet>,
    analysis: &mut Analysis<'_, '_>,
    components: &Components,
    side: SideSet,
) -> Result<Vec<usize>, TooManyChains> {
    let graph = analysis.graph;
    let filters = &mut analysis.filters;
    let way = |edge: usize, images: &ImageSet| (images.location, graph.edge(edge).locations);
    chains.grow(&graph.sources, way, |link, rule| {
        if filters.is_exhausted() {
            return Err(TooManyChains);
        }
        let edge = graph.edge(rule);
        if !is_candidate(components, rule) || !edge.sides.includes(side) {
            return Ok(None);
        }
        let arrived = link.images.project_to_target(graph.edge(link.rule));
        let next = arrived
            .restrict_to_source(edge, filters)
            .map(|images| NextLink {
                images,
                may_return: components.cycle_id(link.rule).is_some(),
            });
        Ok(next)
    })
}

fn detection(analysis: &mut Analysis<'_, '_>, chains: &Chains<ImageSet>, end: usize) -> Detection {
    let edges = chains.rules(end);
    Detection {
        code: Code::LongChain,
        sides: analysis.sides_of(&edges),
        evidence: analysis.evidence(chains.link(end).images),
        edges,
    }
}
