//! The paths of one image: the rules that copy it, desired and live, and the filters that stop it.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use filter_language::{FilterSession, PrefixMatch, Undecided};
use rustc_hash::FxHashSet;

use super::rule_graph::{RuleGraph, SideSet};
use super::tracer::Tracer;
use crate::model::{Field, SyncRule, Trigger};

/// The paths of one image.
#[derive(Debug)]
pub struct Trace<'a> {
    /// The tag, which no rule changes.
    pub tag: String,
    /// The places of the image, those where it starts first.
    pub places: Vec<TracePlace<'a>>,
    /// The number of places where it starts.
    pub start_count: usize,
    /// True if there are more places than were followed.
    pub is_truncated: bool,
}

/// A repository that the image gets to.
#[derive(Debug)]
pub struct TracePlace<'a> {
    /// The instance's id.
    pub instance: &'a str,
    /// The namespace.
    pub namespace: String,
    /// The repository.
    pub repo: String,
    /// The shortest paths to this place, desired and live; `None` where the image does not get here.
    pub paths: [Option<PathLength>; 2],
    /// The rules that copy from this place, ordered by name.
    pub steps: Vec<RuleStep<'a>>,
}

/// The length of a path. The shortest one has the fewest manual rules, and of those the fewest rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct PathLength {
    /// The number of manual rules.
    pub manual: usize,
    /// The number of rules.
    pub hops: usize,
}

impl PathLength {
    /// Returns the length with one more rule.
    fn with(self, rule: &SyncRule) -> Self {
        let is_manual = rule.trigger == Trigger::Initiative;
        Self {
            manual: if is_manual {
                self.manual + 1
            } else {
                self.manual
            },
            hops: self.hops + 1,
        }
    }
}

/// A rule that copies from a place.
#[derive(Debug)]
pub struct RuleStep<'a> {
    /// The rule.
    pub rule: &'a SyncRule,
    /// The sides that have it.
    pub sides: SideSet,
    /// The outcome for the image.
    pub outcome: StepOutcome<'a>,
}

/// The outcome of a rule for an image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StepOutcome<'a> {
    /// The rule copies the image: an index into [`Trace::places`]; `None` beyond the bound.
    Copied(Option<usize>),
    /// A filter does not match.
    Stopped(FilterMismatch<'a>),
    /// A filter is undecided.
    Undecided {
        /// The field of the filter.
        field: Field,
        /// The filter.
        filter: &'a str,
        /// The reason.
        reason: Undecided,
    },
}

impl StepOutcome<'_> {
    /// Returns the place to which the rule copies the image: an index into [`Trace::places`].
    #[must_use]
    pub const fn place(&self) -> Option<usize> {
        match self {
            Self::Copied(place) => *place,
            Self::Stopped(_) | Self::Undecided { .. } => None,
        }
    }
}

/// A filter that does not match a name of the image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilterMismatch<'a> {
    /// The field of the filter.
    pub field: Field,
    /// The filter.
    pub filter: &'a str,
    /// The prefix of the name that begins a match; `None` where it was not computed, or is undecided.
    pub matched_prefix: Option<PrefixMatch>,
    /// True if the filter matches a part of the name.
    pub matches_partially: bool,
}

/// An image to follow.
#[derive(Debug, Clone, Copy)]
pub struct ImageRef<'t> {
    /// The namespace.
    pub namespace: &'t str,
    /// The repository.
    pub repo: &'t str,
    /// The tag.
    pub tag: &'t str,
}

/// Follows an image from one instance; without one, from each instance where a rule copies it and to which no rule
/// copies it.
#[must_use]
pub fn trace<'a>(
    graph: &'a RuleGraph<'a>,
    image: ImageRef<'_>,
    from: Option<&'a str>,
    session: &mut FilterSession,
) -> Trace<'a> {
    let starts = match from {
        Some(instance) => vec![instance],
        None => source_instances(graph, image, session),
    };
    let mut tracer = Tracer::new(graph, image.tag, session);
    for instance in &starts {
        tracer.visit(instance, image.namespace, image.repo);
    }
    tracer.follow();
    let Tracer {
        mut places,
        is_truncated,
        ..
    } = tracer;
    find_shortest_paths(&mut places, starts.len());
    for place in &mut places {
        let reached = sides_of(place);
        place
            .steps
            .retain(|step| !step.sides.intersection(reached).is_empty());
    }
    Trace {
        tag: image.tag.to_owned(),
        places,
        start_count: starts.len(),
        is_truncated,
    }
}

/// The sides on which an image is followed, in the order of [`TracePlace::paths`].
const FOLLOWED: [SideSet; 2] = [SideSet::DESIRED, SideSet::LIVE];

/// Returns the sides on which the image gets to a place.
fn sides_of(place: &TracePlace<'_>) -> SideSet {
    let mut sides = SideSet::default();
    for (side, path) in FOLLOWED.into_iter().zip(place.paths) {
        if path.is_some() {
            sides = sides.union(side);
        }
    }
    sides
}

/// Returns the instances from which a rule copies the image, without those to which it is copied from another one. Of
/// several that copy it to each other, the first one is returned.
fn source_instances<'a>(
    graph: &'a RuleGraph<'a>,
    image: ImageRef<'_>,
    session: &mut FilterSession,
) -> Vec<&'a str> {
    let mut tracer = Tracer::new(graph, image.tag, session);
    let mut candidates: Vec<(&'a str, usize)> = Vec::new();
    for edge in &graph.edges {
        let instance = edge.rule.source.instance.as_str();
        let is_known = candidates.last().is_some_and(|(last, _)| *last == instance);
        if is_known || !tracer.copies_from(edge, instance, image) {
            continue;
        }
        if let Some(place) = tracer.visit(instance, image.namespace, image.repo) {
            candidates.push((instance, place));
        }
    }
    tracer.follow();
    let mut reachable = FxHashSet::default();
    let mut sources: Vec<(&'a str, usize)> = Vec::new();
    for (instance, place) in candidates {
        if reachable.contains(&place) {
            continue;
        }
        let reached = reachable_from(&tracer.places, place);
        sources.retain(|(_, earlier)| !reached.contains(earlier));
        sources.push((instance, place));
        reachable.extend(reached);
    }
    sources.into_iter().map(|(instance, _)| instance).collect()
}

/// Returns the places to which an image is copied from one, over any number of rules.
fn reachable_from(places: &[TracePlace<'_>], start: usize) -> FxHashSet<usize> {
    let mut reached = FxHashSet::default();
    let mut open = vec![start];
    while let Some(place) = open.pop() {
        for step in &places[place].steps {
            if let Some(next) = step.outcome.place()
                && reached.insert(next)
            {
                open.push(next);
            }
        }
    }
    reached
}

/// Finds the shortest path to each place on each side, with the algorithm of Dijkstra.
fn find_shortest_paths(places: &mut [TracePlace<'_>], start_count: usize) {
    const START: PathLength = PathLength { manual: 0, hops: 0 };
    for (position, side) in FOLLOWED.into_iter().enumerate() {
        let starts = 0..start_count.min(places.len());
        let mut open: BinaryHeap<Reverse<(PathLength, usize)>> =
            starts.map(|start| Reverse((START, start))).collect();
        while let Some(Reverse((path, index))) = open.pop() {
            let place = &mut places[index];
            if place.paths[position].is_some() {
                continue;
            }
            place.paths[position] = Some(path);
            for step in place.steps.iter().filter(|step| step.sides.includes(side)) {
                if let Some(next) = step.outcome.place() {
                    open.push(Reverse((path.with(step.rule), next)));
                }
            }
        }
    }
}
