//! Sets of images, and how rules that copy them, one after the other, narrow these sets.
//!
//! Each operation returns `None` for the empty set.

use filter_language::NameKind;

use super::filters::{Decision, FilterSetId, FilterSets, UndecidedId};
use super::interner::TextId;
use super::location::{LocationKey, LocationPart};
use super::rule_graph::RuleEdge;
use crate::model::{Endpoint, NamespaceName, RepoName};

/// A set of images: their origin, their location after some rules, and the filters of these rules.
///
/// A part that is open at the origin and at the location is a name that all rules so far have kept. A rule replaces
/// such a name only by one that it names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct ImageSet {
    pub(super) origin: LocationKey,
    pub(super) location: LocationKey,
    /// The filters that the open parts of the origin have to match.
    namespace_filters: FilterSetId,
    repo_filters: FilterSetId,
    tag_filters: FilterSetId,
    /// The reason why it is undecided whether the set is empty.
    pub(super) undecided: Option<UndecidedId>,
}

/// One image.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Image {
    pub(super) namespace: Box<str>,
    pub(super) repo: Box<str>,
    pub(super) tag: Box<str>,
}

impl Image {
    /// Returns the image at the target of a rule that copies it.
    pub(super) fn carried(&self, target: &Endpoint) -> Self {
        let namespace = target.namespace.as_ref().map(NamespaceName::as_str);
        let repo = target.repo.as_ref().map(RepoName::as_str);
        Self {
            namespace: namespace.unwrap_or(&self.namespace).into(),
            repo: repo.unwrap_or(&self.repo).into(),
            tag: self.tag.clone(),
        }
    }
}

impl ImageSet {
    /// Returns the images that a rule copies, at its source.
    pub(super) fn from_rule(edge: &RuleEdge<'_>, filters: &mut FilterSets<'_>) -> Option<Self> {
        let everything = Self {
            origin: edge.locations.source,
            location: edge.locations.source,
            namespace_filters: FilterSetId::EMPTY,
            repo_filters: FilterSetId::EMPTY,
            tag_filters: FilterSetId::EMPTY,
            undecided: None,
        };
        everything.apply_filters(edge, filters)
    }

    /// Returns the images that a rule copies on, at its source.
    pub(super) fn restrict_to_source(
        mut self,
        edge: &RuleEdge<'_>,
        filters: &mut FilterSets<'_>,
    ) -> Option<Self> {
        let source = edge.locations.source;
        if self.location.instance != source.instance {
            return None;
        }
        for part in LocationPart::ALL {
            match (self.location.get(part), source.get(part)) {
                (_, None) => {}
                (Some(name), Some(wanted)) if name == wanted => {}
                (Some(_), Some(_)) => return None,
                (None, Some(wanted)) => {
                    self = self.name_origin(part, wanted, filters)?;
                    self.location = self.location.with_name(part, wanted);
                }
            }
        }
        self.apply_filters(edge, filters)
    }

    /// Returns the images after a rule has copied them, at its target.
    pub(super) fn project_to_target(self, edge: &RuleEdge<'_>) -> Self {
        Self {
            location: edge.locations.carry(self.location),
            ..self
        }
    }

    /// Returns the images whose location is their origin.
    pub(super) fn close_cycle(mut self, filters: &mut FilterSets<'_>) -> Option<Self> {
        if self.location.instance != self.origin.instance {
            return None;
        }
        for part in LocationPart::ALL {
            match (self.origin.get(part), self.location.get(part)) {
                (origin, location) if origin == location => {}
                (None, Some(name)) => self = self.name_origin(part, name, filters)?,
                (Some(_), _) | (None, None) => return None,
            }
        }
        self.non_empty(filters)
    }

    /// Returns the images of the first rule, at its source, that both rules copy to `target` under one name.
    pub(super) fn intersect_at(
        mut self,
        rules: [&RuleEdge<'_>; 2],
        target: LocationKey,
        filters: &mut FilterSets<'_>,
    ) -> Option<Self> {
        let [first, second] = rules;
        for part in LocationPart::ALL {
            let is_kept_by_first = first.locations.target.get(part).is_none();
            if let Some(name) = target.get(part)
                && self.origin.get(part).is_none()
                && is_kept_by_first
            {
                self = self.name_origin(part, name, filters)?;
            }
            // The filter of a rule that replaces the name is about another name.
            if second.locations.target.get(part).is_none() {
                let filter = second.filters.get(part);
                self = self.apply_filter(part, (target.get(part), filter), filters)?;
            }
        }
        self.tag_filters = filters.extend(self.tag_filters, second.filters.tag);
        self.non_empty(filters)
    }

    /// Returns one image at its origin; `None` where the budget does not suffice to find one.
    pub(super) fn example(
        self,
        filters: &mut FilterSets<'_>,
        text: impl Fn(TextId) -> Box<str>,
    ) -> Option<Image> {
        let mut name = |part: LocationPart| {
            if let Some(name) = self.origin.get(part) {
                return Some(text(name));
            }
            let example = filters.example(part.name_kind(), self.part_filters(part));
            example.ok().flatten()
        };
        let namespace = name(LocationPart::Namespace)?;
        let repo = name(LocationPart::Repo)?;
        let tag = filters.example(NameKind::Tag, self.tag_filters);
        Some(Image {
            namespace,
            repo,
            tag: tag.ok().flatten()?,
        })
    }

    /// Returns the images that match the filters of a rule at their location.
    fn apply_filters(mut self, edge: &RuleEdge<'_>, filters: &mut FilterSets<'_>) -> Option<Self> {
        for part in LocationPart::ALL {
            let name = self.location.get(part);
            self = self.apply_filter(part, (name, edge.filters.get(part)), filters)?;
        }
        self.tag_filters = filters.extend(self.tag_filters, edge.filters.tag);
        self.non_empty(filters)
    }

    /// Returns the images whose `name` matches a filter. An open name is that of the origin, and collects its filters.
    fn apply_filter(
        mut self,
        part: LocationPart,
        (name, filter): (Option<TextId>, TextId),
        filters: &mut FilterSets<'_>,
    ) -> Option<Self> {
        if let Some(name) = name {
            return self.require(filters.matches(part.name_kind(), filter, name));
        }
        let extended = filters.extend(self.part_filters(part), filter);
        self.set_part_filters(part, extended);
        Some(self)
    }

    /// Returns the images that have a name at their origin, which leaves it open.
    fn name_origin(
        self,
        part: LocationPart,
        name: TextId,
        filters: &mut FilterSets<'_>,
    ) -> Option<Self> {
        let matches = filters.set_matches(part.name_kind(), self.part_filters(part), name);
        let mut named = self.require(matches)?;
        named.origin = named.origin.with_name(part, name);
        named.set_part_filters(part, FilterSetId::EMPTY);
        Some(named)
    }

    /// Returns this set unless it is known to be empty.
    fn non_empty(mut self, filters: &mut FilterSets<'_>) -> Option<Self> {
        self = self.require(filters.has_match(NameKind::Tag, self.tag_filters))?;
        self = self.require(filters.has_match(NameKind::Namespace, self.namespace_filters))?;
        self.require(filters.has_match(NameKind::Repository, self.repo_filters))
    }

    /// Returns this set unless a condition on all of its images is false. The first undecided condition is recorded.
    fn require(mut self, condition: Decision<bool>) -> Option<Self> {
        match condition {
            Ok(true) => Some(self),
            Ok(false) => None,
            Err(reason) => {
                self.undecided.get_or_insert(reason);
                Some(self)
            }
        }
    }

    const fn part_filters(&self, part: LocationPart) -> FilterSetId {
        match part {
            LocationPart::Namespace => self.namespace_filters,
            LocationPart::Repo => self.repo_filters,
        }
    }

    const fn set_part_filters(&mut self, part: LocationPart, set: FilterSetId) {
        match part {
            LocationPart::Namespace => self.namespace_filters = set,
            LocationPart::Repo => self.repo_filters = set,
        }
    }
}
