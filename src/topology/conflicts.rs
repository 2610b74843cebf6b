//! Two rules that copy an image to one name: `topology/fan-in`, `topology/overlap`, `topology/shadowed-rule`; and
//! `topology/self-sync`, a rule whose target is its source.
//!
//! If both rules copy the image from one location, one of the copies is redundant; if from two, the rule that runs last
//! determines the image of the name. A pair is reported if it shows a conflict of a rule that has none yet: a hundred
//! rules into one location are ninety-nine findings and not five thousand.
//!
//! An index over locations and the literal prefixes of filters excludes most pairs without comparing them.

use filter_language::NameKind;

use super::analysis::{Analysis, Detection, DetectionEvidence};
use super::conflict_index::{ConflictIndex, ConflictKey};
use super::filters::Decision;
use super::flow::ImageSet;
use super::location::{LocationKey, LocationPart};
use super::rule_graph::{RuleEdge, RuleGraph, SideSet};
use crate::finding::Code;

/// The most pairs that are compared.
const MAX_PAIRS: usize = 5_000_000;
/// The most pairs that are visited, those included that can show nothing new.
const MAX_VISITS: usize = 50_000_000;

/// Finds the rules whose target is their source, even those that copy nothing.
pub(super) fn find_self_syncs(analysis: &mut Analysis<'_, '_>) {
    let graph = analysis.graph;
    for (index, edge) in graph.edges.iter().enumerate() {
        if !edge.locations.is_self_loop() {
            continue;
        }
        let evidence = match analysis.image_sets[index] {
            Some(images) if images.undecided.is_none() => analysis.evidence(images),
            _ => DetectionEvidence::Names,
        };
        analysis.detections.push(Detection {
            code: Code::SelfSync,
            edges: vec![index],
            sides: edge.sides,
            evidence,
        });
    }
}

/// Indexes the rules by the location that they copy from, and the instance that they copy to.
pub(super) fn index_overlaps<'a>(graph: &RuleGraph<'a>) -> ConflictIndex<'a> {
    ConflictIndex::new(graph, |edge| ConflictKey {
        location: edge.locations.source,
        target_instance: Some(edge.locations.target.instance),
    })
}

/// Indexes the rules by the location that they copy to.
pub(super) fn index_fan_in<'a>(graph: &RuleGraph<'a>) -> ConflictIndex<'a> {
    ConflictIndex::new(graph, |edge| ConflictKey {
        location: edge.locations.whole_target(),
        target_instance: None,
    })
}

/// Finds the rules that copy from one location to one location.
pub(super) fn find_overlaps(analysis: &mut Analysis<'_, '_>, index: &ConflictIndex<'_>) {
    find(analysis, index, Code::Overlap, overlap);
}

/// Finds the rules that copy from two locations to one.
pub(super) fn find_fan_in(analysis: &mut Analysis<'_, '_>, index: &ConflictIndex<'_>) {
    find(analysis, index, Code::FanIn, fan_in);
}

fn find(analysis: &mut Analysis<'_, '_>, index: &ConflictIndex<'_>, code: Code, check: PairCheck) {
    let graph = analysis.graph;
    let mut search = PairSearch::new(analysis, check);
    for (edge, rule) in graph.edges.iter().enumerate() {
        if rule.locations.is_self_loop() {
            continue;
        }
        let mut candidates = index.candidates(edge);
        let checked = candidates.try_for_each(|other| search.compare(edge, other));
        if checked.is_err() {
            analysis.mark_incomplete(code, rule.sides);
            return;
        }
    }
}

/// A check of two edges for a conflict. The images are those that the first one copies.
type PairCheck = fn(&mut Analysis<'_, '_>, ImageSet, [usize; 2]) -> Option<Detection>;

/// There are more pairs than are compared.
struct TooManyPairs;

/// A search for the conflicts of pairs.
struct PairSearch<'s, 'g, 'a> {
    analysis: &'s mut Analysis<'g, 'a>,
    check: PairCheck,
    /// The sides on which each edge has no conflict yet.
    unreported: Vec<SideSet>,
    /// True for each edge of which an undecided conflict was found.
    has_undecided: Vec<bool>,
    pairs: usize,
    visits: usize,
}

impl<'s, 'g, 'a> PairSearch<'s, 'g, 'a> {
    fn new(analysis: &'s mut Analysis<'g, 'a>, check: PairCheck) -> Self {
        let edges = &analysis.graph.edges;
        Self {
            unreported: edges.iter().map(|edge| edge.sides).collect(),
            has_undecided: vec![false; edges.len()],
            analysis,
            check,
            pairs: 0,
            visits: 0,
        }
    }

    /// Checks two edges, unless their conflict would show nothing new, and records the conflict.
    fn compare(&mut self, edge: usize, other: usize) -> Result<(), TooManyPairs> {
        let is_over_limit = self.visits == MAX_VISITS || self.pairs == MAX_PAIRS;
        if is_over_limit || self.analysis.filters.is_exhausted() {
            return Err(TooManyPairs);
        }
        self.visits += 1;
        let new_sides = self.new_sides(edge, other);
        if new_sides.is_empty() || self.stays_undecided(edge, other) {
            return Ok(());
        }
        let (first, second) = (edge.min(other), edge.max(other));
        let image_sets = &self.analysis.image_sets;
        let (Some(images), Some(_)) = (image_sets[first], image_sets[second]) else {
            return Ok(());
        };
        self.pairs += 1;
        if let Some(found) = (self.check)(self.analysis, images, [first, second]) {
            self.record(found, [first, second], new_sides);
        }
        Ok(())
    }

    /// Returns the sides that have both edges, and on which one of them has no conflict yet.
    fn new_sides(&self, edge: usize, other: usize) -> SideSet {
        let shared = self.analysis.sides_of(&[edge, other]);
        shared.intersection(self.unreported[edge].union(self.unreported[other]))
    }

    /// Returns true if both edges have an undecided conflict, and every conflict of the two is undecided.
    fn stays_undecided(&self, edge: usize, other: usize) -> bool {
        let is_undecided =
            |edge: usize| self.analysis.image_sets[edge].is_none_or(|set| set.undecided.is_some());
        self.has_undecided[edge]
            && self.has_undecided[other]
            && (is_undecided(edge) || is_undecided(other))
    }

    /// Records a conflict. An undecided one does not end the search for a certain one.
    fn record(&mut self, found: Detection, pair: [usize; 2], new_sides: SideSet) {
        let sides = found.sides.intersection(new_sides);
        let is_undecided = matches!(found.evidence, DetectionEvidence::Undecided(_));
        if is_undecided && pair.iter().all(|edge| self.has_undecided[*edge]) {
            return;
        }
        for edge in pair {
            if is_undecided {
                self.has_undecided[edge] = true;
            } else {
                self.unreported[edge] = self.unreported[edge].without(sides);
            }
        }
        self.analysis.detections.push(Detection { sides, ..found });
    }
}

/// Returns the conflict of two rules that copy one name from two locations to one.
fn fan_in(
    analysis: &mut Analysis<'_, '_>,
    images: ImageSet,
    pair: [usize; 2],
) -> Option<Detection> {
    let rules = pair.map(|edge| analysis.graph.edge(edge));
    let target = shared_target(rules)?;
    let [first, second] = rules.map(|edge| source_of(edge, target));
    // Before any filter: rules with one source rarely arrive from two.
    if first == second {
        return None;
    }
    let images = images.intersect_at(rules, target, &mut analysis.filters)?;
    Some(Detection {
        code: Code::FanIn,
        edges: pair.to_vec(),
        sides: analysis.sides_of(&pair),
        evidence: analysis.evidence(images),
    })
}

/// Returns the conflict of two rules with one trigger that copy the same from one location to one location. Where only
/// one of two rules is automatic, the other one copies what was pushed before the first one existed, on purpose.
fn overlap(
    analysis: &mut Analysis<'_, '_>,
    images: ImageSet,
    pair: [usize; 2],
) -> Option<Detection> {
    let rules = pair.map(|edge| analysis.graph.edge(edge));
    let [first, second] = rules;
    let have_common_source = first
        .locations
        .source
        .is_compatible(&second.locations.source);
    if first.rule.trigger != second.rule.trigger || !have_common_source {
        return None;
    }
    let target = shared_target(rules)?;
    if source_of(first, target) != source_of(second, target) {
        return None;
    }
    let images = images.intersect_at(rules, target, &mut analysis.filters)?;
    let sides = analysis.sides_of(&pair);
    // The plan ends such an overlap, and its change says so: one of the two is unmanaged or a duplicate.
    if sides == SideSet::LIVE {
        return None;
    }
    let evidence = analysis.evidence(images);
    let [one, other] = pair;
    let (code, edges) = if is_covered(analysis, second, first) == Ok(true) {
        (Code::ShadowedRule, vec![other, one])
    } else if is_covered(analysis, first, second) == Ok(true) {
        (Code::ShadowedRule, vec![one, other])
    } else {
        (Code::Overlap, vec![one, other])
    };
    Some(Detection {
        code,
        edges,
        sides,
        evidence,
    })
}

/// Returns the location to which both rules may copy; `None` where there is none.
fn shared_target(rules: [&RuleEdge<'_>; 2]) -> Option<LocationKey> {
    let [first, second] = rules.map(|edge| edge.locations.whole_target());
    first.unify(&second)
}

/// Returns the location at the source of an edge whose images it copies to `target`.
fn source_of(edge: &RuleEdge<'_>, target: LocationKey) -> LocationKey {
    let name = |part: LocationPart| match edge.locations.target.get(part) {
        None => target.get(part),
        Some(_) => edge.locations.source.get(part),
    };
    LocationKey {
        instance: edge.locations.source.instance,
        namespace: name(LocationPart::Namespace),
        repo: name(LocationPart::Repo),
    }
}

/// Returns true if `wide` copies everything that `narrow` copies. Both copy from one location to one location.
fn is_covered(
    analysis: &mut Analysis<'_, '_>,
    narrow: &RuleEdge<'_>,
    wide: &RuleEdge<'_>,
) -> Decision<bool> {
    if !LocationPart::ALL
        .into_iter()
        .all(|part| covers_names(wide, narrow, part))
    {
        return Ok(false);
    }
    let filters = &mut analysis.filters;
    for part in LocationPart::ALL {
        let kind = part.name_kind();
        let (wide_filter, narrow_filter) = (wide.filters.get(part), narrow.filters.get(part));
        let names = (
            wide.locations.source.get(part),
            narrow.locations.source.get(part),
        );
        let is_covered = match names {
            (Some(_), _) => true,
            (None, Some(name)) => filters.matches(kind, wide_filter, name)?,
            (None, None) => filters.covers(kind, wide_filter, narrow_filter)?,
        };
        if !is_covered {
            return Ok(false);
        }
    }
    filters.covers(NameKind::Tag, wide.filters.tag, narrow.filters.tag)
}

/// Returns true if a part of `wide` has the names of `narrow`, or keeps every name where `narrow` keeps one.
fn covers_names(wide: &RuleEdge<'_>, narrow: &RuleEdge<'_>, part: LocationPart) -> bool {
    let names = |edge: &RuleEdge<'_>| {
        let locations = &edge.locations;
        (locations.source.get(part), locations.target.get(part))
    };
    let (wide, narrow) = (names(wide), names(narrow));
    wide == narrow || wide == (None, None) && narrow.0 == narrow.1
}
