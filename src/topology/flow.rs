//! Images on their way: all those that some rules, one after the other, carry along.

use filter_language::NameKind;

use super::filters::{Decision, Filters, SetId, UndecidedId};
use super::location::{INSTANCE, LocationKey, NAMESPACE, REPO};
use super::rule_graph::RuleEdge;
use crate::model::{Endpoint, NamespaceName, RepoName};

/// What each axis of a [`LocationKey`] names; the first has no filter, and its place is taken by tags, which keep theirs.
const KINDS: [NameKind; 3] = [NameKind::Tag, NameKind::Namespace, NameKind::Repository];

/// A set of images: where they set out, where they are now, and what filters have let them pass.
///
/// An axis that is 0 at both ends is a name that no rule has named yet, and that all rules so far have kept. Rules
/// replace such a name by one that they name, and never by anything else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct ImageSet {
    /// Where the images set out.
    pub(super) origin: LocationKey,
    /// Where they are now.
    pub(super) at: LocationKey,
    /// What the tag, and the namespace and repository of the origin where it does not name them, have to match.
    sets: [SetId; 3],
    /// Why it is not known whether there is any such image.
    pub(super) doubt: Option<UndecidedId>,
}

/// One image.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Image {
    pub(super) namespace: Box<str>,
    pub(super) repo: Box<str>,
    pub(super) tag: Box<str>,
}

impl Image {
    /// The image where a rule has copied it.
    pub(super) fn carried(&self, target: &Endpoint) -> Self {
        let namespace = target
            .namespace
            .as_ref()
            .map_or(&*self.namespace, NamespaceName::as_str);
        let repo = target.repo.as_ref().map_or(&*self.repo, RepoName::as_str);
        Self {
            namespace: namespace.into(),
            repo: repo.into(),
            tag: self.tag.clone(),
        }
    }
}

impl ImageSet {
    /// Everything that a rule copies, at its source; `None` where it copies nothing.
    pub(super) fn from_rule(route: &RuleEdge<'_>, filters: &mut Filters<'_>) -> Option<Self> {
        let from = route.hop.from;
        Self {
            origin: from,
            at: from,
            sets: [0; 3],
            doubt: None,
        }
        .apply_filters(route, filters)
    }

    /// What of this a rule picks up, at its source.
    pub(super) fn restrict_to_source(
        mut self,
        route: &RuleEdge<'_>,
        filters: &mut Filters<'_>,
    ) -> Option<Self> {
        let from = route.hop.from;
        if self.at[INSTANCE] != from[INSTANCE] {
            return None;
        }
        for axis in [NAMESPACE, REPO] {
            if from[axis] == 0 || from[axis] == self.at[axis] {
                continue;
            }
            if self.at[axis] != 0 {
                return None;
            }
            self.name(axis, from[axis], filters)?;
            self.at[axis] = from[axis];
        }
        self.apply_filters(route, filters)
    }

    /// The same, at the target.
    pub(super) fn project_to_target(self, route: &RuleEdge<'_>) -> Self {
        Self {
            at: route.hop.carry(self.at),
            ..self
        }
    }

    /// What of this is where it set out.
    pub(super) fn close_cycle(mut self, filters: &mut Filters<'_>) -> Option<Self> {
        if self.at[INSTANCE] != self.origin[INSTANCE] {
            return None;
        }
        for axis in [NAMESPACE, REPO] {
            if self.at[axis] == self.origin[axis] {
                continue;
            }
            if self.origin[axis] != 0 {
                return None;
            }
            self.name(axis, self.at[axis], filters)?;
        }
        self.non_empty(filters)
    }

    /// What of this one rule leaves at a place where another rule leaves the same.
    pub(super) fn intersect_at(
        mut self,
        one: &RuleEdge<'_>,
        other: &RuleEdge<'_>,
        place: LocationKey,
        filters: &mut Filters<'_>,
    ) -> Option<Self> {
        for axis in [NAMESPACE, REPO] {
            if place[axis] != 0 && self.origin[axis] == 0 && one.hop.to[axis] == 0 {
                self.name(axis, place[axis], filters)?;
            }
            // Where the other rule replaces the name, its filter is about another one.
            let filter = other.filters[axis - 1];
            if other.hop.to[axis] != 0 {
                continue;
            }
            if place[axis] == 0 {
                self.sets[axis] = filters.join(self.sets[axis], filter);
            } else {
                let matches = filters.matches(KINDS[axis], filter, place[axis]);
                self.record(matches)?;
            }
        }
        self.sets[0] = filters.join(self.sets[0], other.filters[2]);
        self.non_empty(filters)
    }

    /// An image of this, as it sets out; `None` where that is not known.
    pub(super) fn example(
        self,
        filters: &mut Filters<'_>,
        text: impl Fn(u32) -> Box<str>,
    ) -> Option<Image> {
        let mut name = |axis: usize| match self.origin[axis] {
            0 => filters.example(KINDS[axis], self.sets[axis]).ok().flatten(),
            named => Some(text(named)),
        };
        let (namespace, repo) = (name(NAMESPACE)?, name(REPO)?);
        let tag = filters
            .example(NameKind::Tag, self.sets[0])
            .ok()
            .flatten()?;
        Some(Image {
            namespace,
            repo,
            tag,
        })
    }

    /// Names what the origin leaves open.
    fn name(&mut self, axis: usize, name: u32, filters: &mut Filters<'_>) -> Option<()> {
        let matches = filters.all_match(KINDS[axis], self.sets[axis], name);
        self.record(matches)?;
        self.origin[axis] = name;
        self.sets[axis] = 0;
        Some(())
    }

    /// What passes the filters of a rule.
    fn apply_filters(mut self, route: &RuleEdge<'_>, filters: &mut Filters<'_>) -> Option<Self> {
        let [namespace_filter, repo_filter, tag_filter] = route.filters;
        for (axis, filter) in [(NAMESPACE, namespace_filter), (REPO, repo_filter)] {
            if self.at[axis] == 0 {
                self.sets[axis] = filters.join(self.sets[axis], filter);
            } else {
                let matches = filters.matches(KINDS[axis], filter, self.at[axis]);
                self.record(matches)?;
            }
        }
        self.sets[0] = filters.join(self.sets[0], tag_filter);
        self.non_empty(filters)
    }

    /// This, unless there is no such image.
    fn non_empty(mut self, filters: &mut Filters<'_>) -> Option<Self> {
        for (kind, set) in KINDS.into_iter().zip(self.sets) {
            let any = filters.any(kind, set);
            self.record(any)?;
        }
        Some(self)
    }

    fn record(&mut self, known: Decision<bool>) -> Option<()> {
        match known {
            Ok(true) => Some(()),
            Ok(false) => None,
            Err(why) => {
                self.doubt.get_or_insert(why);
                Some(())
            }
        }
    }
}
