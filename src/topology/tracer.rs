//! The search behind a trace: every rule that copies an image, from every place that it gets to.

use filter_language::{FilterSession, NameKind, PrefixMatch, Reading};
use rustc_hash::FxHashMap;

use super::flow::Image;
use super::location::LocationKey;
use super::rule_graph::{RuleEdge, RuleGraph, SideSet};
use super::trace::{FilterMismatch, ImageRef, RuleStep, StepOutcome, TracePlace};
use crate::model::{Field, MATCH_ALL, SyncRule};

/// The maximum number of places that an image is followed to.
const MAX_PLACES: usize = 1_000;
/// The maximum number of filters for which the matching prefix of a name is computed.
const MAX_EXPLAINED: usize = 500;

/// Follows one image over the rules of both sides.
pub(super) struct Tracer<'a, 't> {
    session: &'t mut FilterSession,
    graph: &'a RuleGraph<'a>,
    tag: &'t str,
    pub(super) places: Vec<TracePlace<'a>>,
    /// The index of each place, by instance, namespace and repository.
    indices: FxHashMap<(&'a str, String, String), usize>,
    pub(super) is_truncated: bool,
    /// The number of filters for which the matching prefix was computed.
    explained: usize,
}

impl<'a, 't> Tracer<'a, 't> {
    pub(super) fn new(
        graph: &'a RuleGraph<'a>,
        tag: &'t str,
        session: &'t mut FilterSession,
    ) -> Self {
        Self {
            session,
            graph,
            tag,
            places: Vec::new(),
            indices: FxHashMap::default(),
            is_truncated: false,
            explained: 0,
        }
    }

    /// Returns true if a rule copies from the repository of an image, by the names of its source.
    pub(super) fn copies_from(
        &self,
        edge: &RuleEdge<'_>,
        instance: &str,
        image: ImageRef<'_>,
    ) -> bool {
        let location = self.location(instance, image.namespace, image.repo);
        !edge.sides.intersection(SideSet::CURRENT).is_empty()
            && edge.locations.source.is_compatible(&location)
    }

    fn location(&self, instance: &str, namespace: &str, repo: &str) -> LocationKey {
        let interner = &self.graph.interner;
        LocationKey {
            instance: interner.id(instance),
            namespace: Some(interner.id(namespace)),
            repo: Some(interner.id(repo)),
        }
    }

    /// Returns the index of a place, which may be a new one; `None` beyond the bound.
    pub(super) fn visit(
        &mut self,
        instance: &'a str,
        namespace: &str,
        repo: &str,
    ) -> Option<usize> {
        let key = (instance, namespace.to_owned(), repo.to_owned());
        if let Some(known) = self.indices.get(&key) {
            return Some(*known);
        }
        let index = self.places.len();
        if index == MAX_PLACES {
            self.is_truncated = true;
            return None;
        }
        self.indices.insert(key, index);
        self.places.push(TracePlace {
            instance,
            namespace: namespace.to_owned(),
            repo: repo.to_owned(),
            paths: [None; 2],
            steps: Vec::new(),
        });
        Some(index)
    }

    /// Takes every step from every place that the image gets to, on either side.
    pub(super) fn follow(&mut self) {
        let graph = self.graph;
        let mut at = 0;
        while let Some(place) = self.places.get(at) {
            let location = self.location(place.instance, &place.namespace, &place.repo);
            let namespace = place.namespace.clone();
            let repo = place.repo.clone();
            let mut edges: Vec<usize> = graph.sources.candidates(location).collect();
            edges.sort_unstable();
            for edge in edges {
                let edge = graph.edge(edge);
                let sides = edge.sides.intersection(SideSet::CURRENT);
                if sides.is_empty() || !edge.locations.source.is_compatible(&location) {
                    continue;
                }
                let outcome = self.outcome(edge.rule, &namespace, &repo);
                self.places[at].steps.push(RuleStep {
                    rule: edge.rule,
                    sides,
                    outcome,
                });
            }
            at += 1;
        }
    }

    fn outcome(&mut self, rule: &'a SyncRule, namespace: &str, repo: &str) -> StepOutcome<'a> {
        let filters = [
            (
                Field::NamespaceNameFilter,
                rule.scope.namespace_name_filter(),
            ),
            (Field::RepoNameFilter, rule.scope.repo_name_filter()),
            (Field::TagFilter, Some(&*rule.tag_filter)),
        ];
        for (field, filter) in filters {
            let Some(filter) = filter.filter(|filter| *filter != MATCH_ALL) else {
                continue;
            };
            let (kind, name) = match field {
                Field::NamespaceNameFilter => (NameKind::Namespace, namespace),
                Field::RepoNameFilter => (NameKind::Repository, repo),
                _ => (NameKind::Tag, self.tag),
            };
            match self.session.is_match(filter, name, kind, Reading::Whole) {
                Ok(true) => {}
                Ok(false) => {
                    let search = self.session.is_match(filter, name, kind, Reading::Search);
                    return StepOutcome::Stopped(FilterMismatch {
                        field,
                        filter,
                        matched_prefix: self.matched_prefix(filter, name, kind),
                        matches_partially: search == Ok(true),
                    });
                }
                Err(reason) => {
                    return StepOutcome::Undecided {
                        field,
                        filter,
                        reason,
                    };
                }
            }
        }
        let image = Image {
            namespace: namespace.into(),
            repo: repo.into(),
            tag: self.tag.into(),
        };
        let copy = image.carried(&rule.target);
        let place = self.visit(rule.target.instance.as_str(), &copy.namespace, &copy.repo);
        StepOutcome::Copied(place)
    }

    fn matched_prefix(&mut self, filter: &str, name: &str, kind: NameKind) -> Option<PrefixMatch> {
        self.explained += 1;
        if self.explained > MAX_EXPLAINED {
            return None;
        }
        self.session
            .longest_prefix(filter, name, kind, Reading::Whole)
            .ok()
    }
}
