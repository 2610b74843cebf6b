//! Locations that rules copy from and to, by the ids of their names, so that 100,000 rules are joined in milliseconds.

use std::ops::Range;

use filter_language::NameKind;

use rustc_hash::{FxBuildHasher, FxHashMap};

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

/// Positions of rules in the order of their locations.
pub(super) type Positions = [Range<u32>; 3];

/// An index over the locations of rules.
#[derive(Debug)]
pub(super) struct LocationIndex {
    /// The rules in the order of their locations.
    rules: Vec<usize>,
    /// The rules at exactly one location, as positions.
    locations: FxHashMap<LocationKey, Range<u32>>,
    /// The rules that name a namespace of an instance, and the instance.
    namespaces: FxHashMap<(TextId, TextId), Range<u32>>,
    instances: FxHashMap<TextId, InstancePositions>,
}

/// The rules at an instance, as positions.
#[derive(Debug, Clone, Default)]
struct InstancePositions {
    all: Range<u32>,
    /// The rules that leave the namespace open: the first ones of the instance.
    in_every_namespace: Range<u32>,
}

impl LocationIndex {
    /// Indexes the locations of rules 0, 1, 2, ….
    pub(super) fn new(locations: impl Iterator<Item = LocationKey>) -> Self {
        let mut entries: Vec<(LocationKey, usize)> = locations.zip(0..).collect();
        entries.sort_unstable();
        let mut index = Self {
            rules: Vec::with_capacity(entries.len()),
            locations: FxHashMap::with_capacity_and_hasher(entries.len(), FxBuildHasher),
            namespaces: FxHashMap::default(),
            instances: FxHashMap::default(),
        };
        for (location, rule) in entries {
            index.push(location, rule);
        }
        index
    }

    /// Adds a rule whose location comes after all others.
    fn push(&mut self, location: LocationKey, rule: usize) {
        let position = u32::try_from(self.rules.len()).unwrap_or(u32::MAX);
        let extend = |range: &mut Range<u32>| range.end = position.saturating_add(1);
        let here = || position..position;
        let LocationKey {
            instance,
            namespace,
            repo: _,
        } = location;
        extend(self.locations.entry(location).or_insert_with(here));
        let of_instance = self
            .instances
            .entry(instance)
            .or_insert_with(|| InstancePositions {
                all: here(),
                in_every_namespace: here(),
            });
        extend(&mut of_instance.all);
        match namespace {
            Some(name) => extend(self.namespaces.entry((instance, name)).or_insert_with(here)),
            None => extend(&mut of_instance.in_every_namespace),
        }
        self.rules.push(rule);
    }

    /// Returns the rules whose location may be compatible with this one: those that name the same, those that leave
    /// more open, and, where this one leaves a part open, all that name it.
    pub(super) fn candidates(&self, location: LocationKey) -> impl Iterator<Item = usize> {
        self.rules_in(self.ranges(location))
    }

    /// Returns the rules at positions.
    pub(super) fn rules_in(&self, positions: Positions) -> impl Iterator<Item = usize> {
        positions
            .into_iter()
            .flat_map(|range| self.rules.get(to_usize(&range)).unwrap_or_default())
            .copied()
    }

    /// Returns the candidates of a location as positions.
    pub(super) fn ranges(&self, location: LocationKey) -> Positions {
        let LocationKey {
            instance,
            namespace,
            repo,
        } = location;
        let Some(of_instance) = self.instances.get(&instance) else {
            return [0..0, 0..0, 0..0];
        };
        let at = |location: LocationKey| self.locations.get(&location).cloned().unwrap_or_default();
        let in_every_namespace = of_instance.in_every_namespace.clone();
        match (namespace, repo) {
            (None, _) => [of_instance.all.clone(), 0..0, 0..0],
            (Some(name), None) => {
                let in_namespace = self.namespaces.get(&(instance, name));
                [
                    in_namespace.cloned().unwrap_or_default(),
                    in_every_namespace,
                    0..0,
                ]
            }
            (Some(_), Some(_)) => {
                let whole_namespace = LocationKey {
                    repo: None,
                    ..location
                };
                [at(location), at(whole_namespace), in_every_namespace]
            }
        }
    }
}

/// Returns the same range of indices.
const fn to_usize(range: &Range<u32>) -> Range<usize> {
    range.start as usize..range.end as usize
}
