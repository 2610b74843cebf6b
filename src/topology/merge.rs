//! Detections that become one finding: the same rules on several sides, and loops over the same instances, however many
//! paths images take through namespaces, repositories and rules.

use rustc_hash::FxHashMap;

use super::analysis::{Detection, DetectionEvidence};
use super::interner::TextId;
use super::rule_graph::{RuleGraph, SideSet};
use crate::finding::Code;

/// Returns each detection once: of detections that differ only in the values of rules with the same names, the one on
/// the first side, with all of their sides.
pub(super) fn merge_sides(graph: &RuleGraph<'_>, mut detections: Vec<Detection>) -> Vec<Detection> {
    let rule_id = |edge: &usize| {
        let edge = graph.edge(*edge);
        (edge.locations.source.instance, edge.name)
    };
    detections.sort_by(|one, other| {
        let sides = first_side(one.sides).cmp(&first_side(other.sides));
        sides.then_with(|| one.edges.cmp(&other.edges))
    });
    let mut indices: FxHashMap<(Code, Vec<(TextId, TextId)>), usize> = FxHashMap::default();
    let mut merged: Vec<Detection> = Vec::new();
    for detection in detections {
        let rules = detection.edges.iter().map(rule_id).collect();
        let index = *indices
            .entry((detection.code.clone(), rules))
            .or_insert(merged.len());
        match merged.get_mut(index) {
            Some(first) => {
                first.sides = first.sides.union(detection.sides);
                if is_undecided(first) {
                    first.evidence = detection.evidence;
                }
            }
            None => merged.push(detection),
        }
    }
    merged
}

/// Returns the position of the first side of a set.
fn first_side(sides: SideSet) -> Option<usize> {
    SideSet::EACH.iter().position(|side| sides.includes(*side))
}

/// Returns the detections by finding: the loops of one cycle of instances together, every other detection alone.
///
/// The first loop of a cycle is a certain one, where there is one, and the shortest of those.
pub(super) fn group_by_cycle(
    graph: &RuleGraph<'_>,
    detections: Vec<Detection>,
) -> Vec<Vec<Detection>> {
    let mut groups: Vec<Vec<Detection>> = Vec::new();
    let mut indices: FxHashMap<Vec<TextId>, usize> = FxHashMap::default();
    for detection in detections {
        let index = if detection.code == Code::SyncLoop {
            let cycle = instance_cycle(graph, &detection.edges);
            *indices.entry(cycle).or_insert(groups.len())
        } else {
            groups.len()
        };
        match groups.get_mut(index) {
            Some(group) => group.push(detection),
            None => groups.push(vec![detection]),
        }
    }
    for group in &mut groups {
        group.sort_by(|one, other| {
            let key = |detection: &Detection| (is_undecided(detection), detection.edges.len());
            key(one)
                .cmp(&key(other))
                .then_with(|| one.edges.cmp(&other.edges))
        });
    }
    groups
}

/// Returns true if it is unknown whether the rules of a detection are in conflict.
pub(super) fn is_undecided(detection: &Detection) -> bool {
    matches!(detection.evidence, DetectionEvidence::Undecided(_))
}

/// Returns the instances of a loop in order. It is the same from whichever instance the loop starts, and for a loop that
/// passes its instances several times.
fn instance_cycle(graph: &RuleGraph<'_>, edges: &[usize]) -> Vec<TextId> {
    let source = |edge: &usize| graph.edge(*edge).locations.source.instance;
    let instances: Vec<TextId> = edges.iter().map(source).collect();
    let repeats = |period: usize| {
        let later = instances.iter().skip(period);
        instances.len().is_multiple_of(period) && later.eq(&instances[..instances.len() - period])
    };
    let period = (1..=instances.len()).find(|period| repeats(*period));
    let cycle = &instances[..period.unwrap_or_default()];
    let rotate = |by: usize| [&cycle[by..], &cycle[..by]].concat();
    (0..cycle.len()).map(rotate).min().unwrap_or_default()
}
