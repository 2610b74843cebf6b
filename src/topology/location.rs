//! Where rules copy from and to, as numbers, so that 100,000 rules are joined in milliseconds.

use rustc_hash::FxHashMap;

use crate::model::{Endpoint, NamespaceName, RepoName, SyncRule};

/// An instance, a namespace and a repository, each by its number; 0 is one that is not named.
pub(crate) type LocationKey = [u32; 3];

/// Where in a [`LocationKey`] the instance, the namespace and the repository are.
pub(super) const INSTANCE: usize = 0;
pub(super) const NAMESPACE: usize = 1;
pub(super) const REPO: usize = 2;

/// No name: above every number that is given out.
const MAX_NAME: u32 = u32::MAX;

/// The number of a name that no rule has.
pub(super) const UNKNOWN_NAME: u32 = MAX_NAME - 1;

/// From where to where a rule copies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Hop {
    /// What it copies.
    pub(crate) from: LocationKey,
    /// Where it copies it; what is not named here keeps its name.
    pub(crate) to: LocationKey,
}

impl Hop {
    /// What is at the target when this is at the source.
    pub(crate) fn carry(&self, [_, namespace, repo]: LocationKey) -> LocationKey {
        let kept = |to: u32, from: u32| if to == 0 { from } else { to };
        [
            self.to[INSTANCE],
            kept(self.to[NAMESPACE], namespace),
            kept(self.to[REPO], repo),
        ]
    }

    /// Whether the target is what is copied.
    pub(crate) fn is_self_loop(&self) -> bool {
        self.carry(self.from) == self.from
    }
}

/// What two descriptions of one place have in common, where they do not contradict each other.
pub(crate) fn unify(one: LocationKey, other: LocationKey) -> LocationKey {
    std::array::from_fn(|axis| one[axis].max(other[axis]))
}

/// Whether two descriptions can be of one place.
pub(super) fn compatible(one: LocationKey, other: LocationKey) -> bool {
    one[INSTANCE] == other[INSTANCE]
        && [NAMESPACE, REPO]
            .into_iter()
            .all(|it| one[it] == 0 || other[it] == 0 || one[it] == other[it])
}

/// Rules by a spot of each, in order.
#[derive(Debug)]
pub(crate) struct LocationIndex(Vec<(LocationKey, usize)>);

impl LocationIndex {
    /// The spots of rules 0, 1, 2, ….
    pub(crate) fn new(spots: impl Iterator<Item = LocationKey>) -> Self {
        let mut entries: Vec<(LocationKey, usize)> = spots.zip(0..).collect();
        entries.sort_unstable();
        Self(entries)
    }

    /// The rules whose spot may be of the same place: those that name the same, or less; and all below, where this
    /// one leaves something open.
    pub(crate) fn candidates(&self, spot: LocationKey) -> impl Iterator<Item = usize> {
        self.ranges(spot)
            .into_iter()
            .flatten()
            .flat_map(|range| self.0.get(range).unwrap_or_default())
            .map(|it| it.1)
    }

    /// The same as positions, each range of neighbours.
    pub(super) fn ranges(
        &self,
        [instance, namespace, repo]: LocationKey,
    ) -> [Option<std::ops::Range<usize>>; 3] {
        let less = ([instance, 0, 0], [instance, 0, MAX_NAME]);
        let ranges = match (namespace, repo) {
            (0, _) => [
                Some(([instance, 0, 0], [instance, MAX_NAME, MAX_NAME])),
                None,
                None,
            ],
            (_, 0) => [
                Some(([instance, namespace, 0], [instance, namespace, MAX_NAME])),
                Some(less),
                None,
            ],
            _ => {
                let same = [instance, namespace, repo];
                let whole = [instance, namespace, 0];
                [Some((same, same)), Some((whole, whole)), Some(less)]
            }
        };
        ranges.map(|range| {
            let (low, high) = range?;
            let start = self.0.partition_point(|(spot, _)| *spot < low);
            let length = self
                .0
                .get(start..)?
                .partition_point(|(spot, _)| *spot <= high);
            Some(start..start + length)
        })
    }
}

/// Gives every text a number, from 1.
#[derive(Debug, Default)]
pub(crate) struct Interner<'a> {
    numbers: FxHashMap<&'a str, u32>,
    texts: Vec<&'a str>,
}

impl<'a> Interner<'a> {
    /// From where to where a rule copies.
    pub(crate) fn hop(&mut self, rule: &'a SyncRule) -> Hop {
        Hop {
            from: self.spot(&rule.source),
            to: self.spot(&rule.target),
        }
    }

    fn spot(&mut self, end: &'a Endpoint) -> LocationKey {
        let namespace = end.namespace.as_ref().map(NamespaceName::as_str);
        let repo = end.repo.as_ref().map(RepoName::as_str);
        [Some(end.instance.as_str()), namespace, repo]
            .map(|name| name.map_or(0, |name| self.number(name)))
    }

    /// The number of a text.
    pub(super) fn number(&mut self, text: &'a str) -> u32 {
        *self.numbers.entry(text).or_insert_with(|| {
            self.texts.push(text);
            u32::try_from(self.texts.len()).unwrap_or(UNKNOWN_NAME)
        })
    }

    /// The number of a text that may have none.
    pub(super) fn known(&self, text: &str) -> u32 {
        self.numbers.get(text).copied().unwrap_or(UNKNOWN_NAME)
    }

    /// The text of a number.
    pub(super) fn text(&self, number: u32) -> &'a str {
        (number as usize)
            .checked_sub(1)
            .and_then(|at| self.texts.get(at))
            .copied()
            .unwrap_or_default()
    }
}
