//! The state that all searches share: the graph, its filters, and the detections so far.

use filter_language::FilterSession;
use rustc_hash::FxHashMap;

use super::filters::FilterSets;
use super::flow::{Image, ImageSet};
use super::rule_graph::{RuleGraph, SideSet};
use crate::finding::Code;
use crate::i18n::Message;

/// A loop, a chain or a conflict of rules, before it becomes a finding.
#[derive(Debug, Clone)]
pub(super) struct Detection {
    pub(super) code: Code,
    /// The edges of the rules, in the order of the message.
    pub(super) edges: Vec<usize>,
    pub(super) sides: SideSet,
    pub(super) evidence: DetectionEvidence,
}

/// The evidence of a detection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum DetectionEvidence {
    /// An image, at the source of the first rule.
    Image(Image),
    /// The names of the rules' locations alone.
    Names,
    /// No evidence: the reason why the detection is undecided.
    Undecided(Message),
}

/// The state that all searches share.
#[derive(Debug)]
pub(super) struct Analysis<'g, 'a> {
    pub(super) graph: &'g RuleGraph<'a>,
    pub(super) filters: FilterSets<'g>,
    /// The images that the rule of each edge copies, at its source; `None` where it copies none.
    pub(super) image_sets: Vec<Option<ImageSet>>,
    pub(super) detections: Vec<Detection>,
    /// The searches that hit a bound, by what they look for, and on which sides.
    pub(super) incomplete: FxHashMap<Code, SideSet>,
    /// The sides to search one by one: of sides with the same edges, one.
    pub(super) sides: Vec<SideSet>,
}

impl<'g, 'a> Analysis<'g, 'a> {
    pub(super) fn new(graph: &'g RuleGraph<'a>, session: &'g mut FilterSession) -> Self {
        let mut filters = FilterSets::new(&graph.interner, session);
        let image_sets = graph
            .edges
            .iter()
            .map(|edge| ImageSet::from_rule(edge, &mut filters))
            .collect();
        Self {
            graph,
            filters,
            image_sets,
            detections: Vec::new(),
            incomplete: FxHashMap::default(),
            sides: distinct_sides(graph),
        }
    }

    /// Returns the sides that have all of these edges.
    pub(super) fn sides_of(&self, edges: &[usize]) -> SideSet {
        edges.iter().fold(SideSet::ALL, |sides, edge| {
            sides.intersection(self.graph.edge(*edge).sides)
        })
    }

    /// Returns the evidence that a set of images gives: one of them.
    pub(super) fn evidence(&mut self, images: ImageSet) -> DetectionEvidence {
        if let Some(reason) = images.undecided {
            return DetectionEvidence::Undecided(self.filters.reason(reason));
        }
        let interner = &self.graph.interner;
        let image = images.example(&mut self.filters, |name| interner.text(name).into());
        image.map_or(DetectionEvidence::Names, DetectionEvidence::Image)
    }

    pub(super) fn mark_incomplete(&mut self, code: Code, side: SideSet) {
        let sides = self.incomplete.entry(code).or_default();
        *sides = sides.union(side);
    }
}

/// Returns the sides that differ in some edge from each side before.
fn distinct_sides(graph: &RuleGraph<'_>) -> Vec<SideSet> {
    let mut distinct: Vec<SideSet> = Vec::new();
    for side in SideSet::EACH {
        let has_same_edges = |other: &SideSet| {
            let mut edges = graph.edges.iter();
            edges.all(|edge| edge.sides.includes(side) == edge.sides.includes(*other))
        };
        if !distinct.iter().any(has_same_edges) {
            distinct.push(side);
        }
    }
    distinct
}
