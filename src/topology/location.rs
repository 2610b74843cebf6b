//! Locations that rules copy from and to, by the ids of their names, so that 100,000 rules are joined in milliseconds.

use std::ops::Range;

use filter_language::NameKind;

use super::interner::{Interner, TextId};
use crate::model::{Endpoint, NamespaceName, RepoName, SyncRule};

/// A part of a location that a rule may leave open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LocationPart {
    Namespace,
    Repo,
}

impl LocationPart {
    pub(super) const ALL: [Self; 2] = [Self::Namespace, Self::Repo];

    /// Returns the kind of the names of this part, which decides how filters are read.
    pub(super) const fn name_kind(self) -> NameKind {
        match self {
            Self::Namespace => NameKind::Namespace,
            Self::Repo => NameKind::Repository,
        }
    }
}

/// One repository, or all repositories that agree with the names given here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct LocationKey {
    pub(super) instance: TextId,
    /// The namespace; `None` for every namespace.
    pub(super) namespace: Option<TextId>,
    /// The repository; `None` for every repository.
    pub(super) repo: Option<TextId>,
}

impl LocationKey {
    pub(super) fn from_endpoint<'a>(endpoint: &'a Endpoint, interner: &mut Interner<'a>) -> Self {
        let namespace = endpoint.namespace.as_ref().map(NamespaceName::as_str);
        let repo = endpoint.repo.as_ref().map(RepoName::as_str);
        Self {
            instance: interner.intern(endpoint.instance.as_str()),
            namespace: namespace.map(|name| interner.intern(name)),
            repo: repo.map(|name| interner.intern(name)),
        }
    }

    /// Returns the name of a part.
    pub(super) const fn get(&self, part: LocationPart) -> Option<TextId> {
        match part {
            LocationPart::Namespace => self.namespace,
            LocationPart::Repo => self.repo,
        }
    }

    /// Returns this location with a name for one part.
    pub(super) const fn with_name(mut self, part: LocationPart, name: TextId) -> Self {
        match part {
            LocationPart::Namespace => self.namespace = Some(name),
            LocationPart::Repo => self.repo = Some(name),
        }
        self
    }

    /// Returns true if some repository is at both locations.
    pub(super) fn is_compatible(&self, other: &Self) -> bool {
        self.instance == other.instance
            && agree(self.namespace, other.namespace)
            && agree(self.repo, other.repo)
    }

    /// Returns the location of the repositories that are at both locations; `None` where none is.
    pub(super) fn unify(&self, other: &Self) -> Option<Self> {
        self.is_compatible(other).then_some(Self {
            instance: self.instance,
            namespace: self.namespace.or(other.namespace),
            repo: self.repo.or(other.repo),
        })
    }
}

/// Returns true if two names of one part do not contradict each other.
fn agree(one: Option<TextId>, other: Option<TextId>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => one == other,
        _ => true,
    }
}

/// The way of images from the source of a rule to its target.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct LocationEdge {
    pub(super) source: LocationKey,
    /// The target as the rule has it: names that it leaves open are kept.
    pub(super) target: LocationKey,
}

impl LocationEdge {
    pub(super) fn from_rule<'a>(rule: &'a SyncRule, interner: &mut Interner<'a>) -> Self {
        Self {
            source: LocationKey::from_endpoint(&rule.source, interner),
            target: LocationKey::from_endpoint(&rule.target, interner),
        }
    }

    /// Returns the location to which images are copied from a location at the source.
    pub(super) fn carry(&self, from: LocationKey) -> LocationKey {
        LocationKey {
            instance: self.target.instance,
            namespace: self.target.namespace.or(from.namespace),
            repo: self.target.repo.or(from.repo),
        }
    }

    /// Returns the location to which everything of the source is copied.
    pub(super) fn whole_target(&self) -> LocationKey {
        self.carry(self.source)
    }

    /// Returns true if images are copied onto themselves.
    pub(super) fn is_self_loop(&self) -> bool {
        self.whole_target() == self.source
    }
}

/// An index over the locations of rules.
#[derive(Debug)]
pub(super) struct LocationIndex {
    /// The locations in order, each with the index of its rule.
    entries: Vec<(LocationKey, usize)>,
}

impl LocationIndex {
    /// Indexes the locations of rules 0, 1, 2, ….
    pub(super) fn new(locations: impl Iterator<Item = LocationKey>) -> Self {
        let mut entries: Vec<(LocationKey, usize)> = locations.zip(0..).collect();
        entries.sort_unstable();
        Self { entries }
    }

    /// Returns the rules whose location may be compatible with this one: those that name the same, those that leave
    /// more open, and, where this one leaves a part open, all that name it.
    pub(super) fn candidates(&self, location: LocationKey) -> impl Iterator<Item = usize> {
        self.ranges(location)
            .into_iter()
            .flatten()
            .flat_map(|range| self.entries.get(range).unwrap_or_default())
            .map(|(_, rule)| *rule)
    }

    /// Returns the same rules as ranges of positions in the order of locations.
    pub(super) fn ranges(&self, location: LocationKey) -> [Option<Range<usize>>; 3] {
        let LocationKey {
            instance,
            namespace,
            repo,
        } = location;
        let key = |namespace, repo| LocationKey {
            instance,
            namespace,
            repo,
        };
        let max = Some(TextId::MAX);
        let in_every_namespace = || self.range(key(None, None), key(None, max));
        match (namespace, repo) {
            (None, _) => [Some(self.range(key(None, None), key(max, max))), None, None],
            (Some(_), None) => {
                let in_namespace = self.range(key(namespace, None), key(namespace, max));
                [Some(in_namespace), Some(in_every_namespace()), None]
            }
            (Some(_), Some(_)) => {
                let whole_namespace = key(namespace, None);
                [
                    Some(self.range(location, location)),
                    Some(self.range(whole_namespace, whole_namespace)),
                    Some(in_every_namespace()),
                ]
            }
        }
    }

    /// Returns the positions of the locations from `low` to `high`, both included.
    fn range(&self, low: LocationKey, high: LocationKey) -> Range<usize> {
        let start = self.entries.partition_point(|(key, _)| *key < low);
        let rest = self.entries.get(start..).unwrap_or_default();
        // Most ranges are empty or short, so the end is looked for near the start first.
        let is_within = |position: usize| rest.get(position).is_some_and(|(key, _)| *key <= high);
        let mut bound = 1;
        while is_within(bound - 1) {
            bound *= 2;
        }
        let near = rest.get(..bound).unwrap_or(rest);
        start..start + near.partition_point(|(key, _)| *key <= high)
    }
}
