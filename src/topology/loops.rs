//! `topology/sync-loop`: images that come back to where they started, and start again.
//!
//! Only automatic rules form a loop: at a manual one, an image stops. The search starts at each edge of a cycle and is
//! breadth-first, so the first loop found is a shortest one over that edge. Every edge of a cycle is in a reported
//! loop, or in none, or in one beyond the bounds of the search, which is reported as such.

use rustc_hash::FxHashSet;

use super::analysis::{Analysis, Detection, DetectionEvidence};
use super::flow::ImageSet;
use super::rule_graph::SideSet;
use super::scc::Components;
use crate::finding::Code;

/// The most edges that are tried from one edge on.
const MAX_TRIED: usize = 20_000;
/// The most edges that are tried on one side.
const MAX_TRIED_IN_ALL: usize = 2_000_000;

/// Finds the loops on one side.
pub(super) fn find(analysis: &mut Analysis<'_, '_>, components: &Components, side: SideSet) {
    let mut reported: FxHashSet<usize> = FxHashSet::default();
    for detection in &analysis.detections {
        if detection.code == Code::SyncLoop && detection.sides.includes(side) {
            reported.extend(&detection.edges);
        }
    }
    let mut remaining = MAX_TRIED_IN_ALL;
    for start in 0..analysis.graph.edges.len() {
        if components.cycle_id(start).is_none() || reported.contains(&start) {
            continue;
        }
        let allowed = remaining.min(MAX_TRIED);
        let mut search = LoopSearch {
            analysis,
            components,
            side,
            start,
            nodes: Vec::new(),
            remaining: allowed,
        };
        let found = search.find_shortest();
        let is_incomplete = search.remaining == 0;
        remaining -= allowed - search.remaining;
        if let Some(found) = found {
            reported.extend(&found.edges);
            let detection = detection(analysis, &found);
            analysis.detections.push(detection);
        } else if is_incomplete {
            analysis.mark_incomplete(Code::SyncLoop, side);
        }
    }
}

/// Returns the detection of a loop. It begins with the first edge, so that it is the same from wherever the loop was
/// found.
fn detection(analysis: &mut Analysis<'_, '_>, found: &SyncLoop) -> Detection {
    let rotate = |by: usize| [&found.edges[by..], &found.edges[..by]].concat();
    let first = (0..found.edges.len())
        .min_by_key(|by| rotate(*by))
        .unwrap_or_default();
    let mut evidence = analysis.evidence(found.images);
    if let DetectionEvidence::Image(image) = &mut evidence {
        for edge in &found.edges[..first] {
            *image = image.carried(&analysis.graph.edge(*edge).rule.target);
        }
    }
    Detection {
        code: Code::SyncLoop,
        edges: rotate(first),
        sides: analysis.sides_of(&found.edges),
        evidence,
    }
}

/// Edges that lead images back to the source of the first one.
struct SyncLoop {
    edges: Vec<usize>,
    /// The images that come back, at the source of the first edge.
    images: ImageSet,
}

/// An edge of a breadth-first search.
struct SearchNode {
    edge: usize,
    /// The images that the edge delivers, at its target.
    images: ImageSet,
    /// The node before: an index; `None` for the first one.
    previous: Option<usize>,
}

/// A breadth-first search for a loop over one edge.
struct LoopSearch<'s, 'g, 'a> {
    analysis: &'s mut Analysis<'g, 'a>,
    components: &'s Components,
    side: SideSet,
    start: usize,
    nodes: Vec<SearchNode>,
    /// The number of edges that may still be tried.
    remaining: usize,
}

impl LoopSearch<'_, '_, '_> {
    /// Returns a shortest loop over the first edge: a certain one, where there is one.
    fn find_shortest(&mut self) -> Option<SyncLoop> {
        let graph = self.analysis.graph;
        let copied = self.analysis.image_sets[self.start]?;
        self.nodes.push(SearchNode {
            edge: self.start,
            images: copied.project_to_target(graph.edge(self.start)),
            previous: None,
        });
        let mut known = FxHashSet::default();
        let mut undecided = None;
        let mut at = 0;
        while let Some(node) = self.nodes.get(at) {
            let arrived = node.images;
            for next in graph.sources.candidates(arrived.location) {
                if self.remaining == 0 || self.analysis.filters.is_exhausted() {
                    self.remaining = 0;
                    return undecided;
                }
                self.remaining -= 1;
                if next == self.start
                    && let Some(images) = arrived.close_cycle(&mut self.analysis.filters)
                {
                    let edges = self.edges_to(at);
                    if images.undecided.is_none() {
                        return Some(SyncLoop { edges, images });
                    }
                    undecided.get_or_insert(SyncLoop { edges, images });
                }
                if let Some(images) = self.follow(arrived, next)
                    && known.insert((next, images))
                {
                    self.nodes.push(SearchNode {
                        edge: next,
                        images,
                        previous: Some(at),
                    });
                }
            }
            at += 1;
        }
        undecided
    }

    /// Returns the images that an edge of the same component and side delivers of those that arrived.
    fn follow(&mut self, arrived: ImageSet, next: usize) -> Option<ImageSet> {
        let edge = self.analysis.graph.edge(next);
        let is_same_component =
            self.components.cycle_id(next) == self.components.cycle_id(self.start);
        if !is_same_component || !edge.sides.includes(self.side) {
            return None;
        }
        let images = arrived.restrict_to_source(edge, &mut self.analysis.filters)?;
        Some(images.project_to_target(edge))
    }

    /// Returns the edges from the first one to that of a node.
    fn edges_to(&self, node: usize) -> Vec<usize> {
        let nodes =
            std::iter::successors(self.nodes.get(node), |node| self.nodes.get(node.previous?));
        let mut edges: Vec<usize> = nodes.map(|node| node.edge).collect();
        edges.reverse();
        edges
    }
}
