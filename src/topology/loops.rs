//! `topology/sync-loop`: rules that copy images back to the location where they started.
//!
//! Only automatic rules form a loop: at a manual one, an image stops. The search starts at each edge of a component and
//! is breadth-first, so the first loop found is a shortest one over that edge. Every edge that is in a loop is in a
//! detected one, unless the search hits a bound, which is reported. The detections over the same instances become one
//! finding.

use rustc_hash::FxHashSet;

use super::analysis::{Analysis, Detection, DetectionEvidence};
use super::components::Components;
use super::flow::ImageSet;
use super::rule_graph::SideSet;
use crate::finding::Code;

/// The maximum number of steps from edge to edge in one search.
const MAX_STEPS: usize = 20_000;
/// The maximum number of steps in all searches of one side.
const MAX_STEPS_OF_SIDE: usize = 2_000_000;

/// Finds the loops on one side.
pub(super) fn find(analysis: &mut Analysis<'_, '_>, components: &Components, side: SideSet) {
    let mut detected: FxHashSet<usize> = FxHashSet::default();
    for detection in &analysis.detections {
        if detection.code == Code::SyncLoop && detection.sides.includes(side) {
            detected.extend(&detection.edges);
        }
    }
    let mut remaining = MAX_STEPS_OF_SIDE;
    let mut search = LoopSearch {
        analysis,
        components,
        side,
        start: 0,
        nodes: Vec::new(),
        known: FxHashSet::default(),
        remaining,
    };
    for start in 0..search.analysis.graph.edges.len() {
        if components.cycle_id(start).is_none() || detected.contains(&start) {
            continue;
        }
        let allowed = remaining.min(MAX_STEPS);
        let shortest = search.find_shortest(start, allowed);
        let is_incomplete = search.remaining == 0;
        remaining -= allowed - search.remaining;
        if let Some(sync_loop) = shortest {
            detected.extend(&sync_loop.edges);
            let detection = detection(search.analysis, &sync_loop);
            search.analysis.detections.push(detection);
        } else if is_incomplete {
            search.analysis.mark_incomplete(Code::SyncLoop, side);
        }
    }
}

/// Returns the detection of a loop. It begins with the first edge of the graph, so that it does not depend on the edge
/// at which the search started.
fn detection(analysis: &mut Analysis<'_, '_>, sync_loop: &SyncLoop) -> Detection {
    let edges = &sync_loop.edges;
    let rotate = |by: usize| [&edges[by..], &edges[..by]].concat();
    let first = (0..edges.len())
        .min_by_key(|by| rotate(*by))
        .unwrap_or_default();
    let mut evidence = analysis.evidence(sync_loop.images);
    if let DetectionEvidence::Image(image) = &mut evidence {
        for edge in &edges[..first] {
            *image = image.carried(&analysis.graph.edge(*edge).rule.target);
        }
    }
    Detection {
        code: Code::SyncLoop,
        edges: rotate(first),
        sides: analysis.sides_of(edges),
        evidence,
    }
}

/// Edges that lead images back to the source of the first one.
struct SyncLoop {
    edges: Vec<usize>,
    /// The images that return, at the source of the first edge.
    images: ImageSet,
}

/// An edge of a breadth-first search.
struct SearchNode {
    edge: usize,
    /// The images that the edge delivers, at its target.
    images: ImageSet,
    /// The index of the node before; `None` for the first one.
    previous: Option<usize>,
}

/// A breadth-first search for a loop over one edge.
struct LoopSearch<'s, 'g, 'a> {
    analysis: &'s mut Analysis<'g, 'a>,
    components: &'s Components,
    side: SideSet,
    start: usize,
    nodes: Vec<SearchNode>,
    /// The edges in `nodes`, each with the images that it delivers.
    known: FxHashSet<(usize, ImageSet)>,
    /// The number of steps that are left.
    remaining: usize,
}

impl LoopSearch<'_, '_, '_> {
    /// Returns a shortest loop over an edge: a certain one, where there is one. The search takes so many steps at most.
    fn find_shortest(&mut self, start: usize, steps: usize) -> Option<SyncLoop> {
        self.start = start;
        self.remaining = steps;
        self.nodes.clear();
        self.known.clear();
        let graph = self.analysis.graph;
        let copied = self.analysis.image_sets[self.start]?;
        self.nodes.push(SearchNode {
            edge: self.start,
            images: copied.project_to_target(graph.edge(self.start)),
            previous: None,
        });
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
                    && self.known.insert((next, images))
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
