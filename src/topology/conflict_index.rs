//! An index of the rules that may be in conflict with a rule: by location and, within one, by the literal prefix of the
//! names of repositories that they copy.

use std::ops::Range;

use rustc_hash::FxHashMap;

use super::filters::literal_prefix;
use super::interner::TextId;
use super::location::LocationKey;
use super::rule_graph::{RuleEdge, RuleGraph};

/// The maximum length of a prefix in bytes. Each length of a prefix is a look-up, and longer names are hostile.
const MAX_PREFIX_BYTES: usize = 64;

/// The key of a rule in the index: a location, and the target instance where only rules with the same one conflict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct ConflictKey {
    pub(super) location: LocationKey,
    pub(super) target_instance: Option<TextId>,
}

/// Edges by their location and prefix.
pub(super) struct ConflictIndex<'a> {
    /// The indices of the edges with their prefixes: by key, and in order within one.
    edges: Vec<(&'a str, usize)>,
    ranges: FxHashMap<ConflictKey, Range<usize>>,
    /// The key and the prefix of each edge.
    keys: Vec<(ConflictKey, &'a str)>,
}

impl<'a> ConflictIndex<'a> {
    /// Indexes the edges of a graph, except those whose target is their source.
    pub(super) fn new(graph: &RuleGraph<'a>, key: impl Fn(&RuleEdge<'_>) -> ConflictKey) -> Self {
        let mut ranges: FxHashMap<ConflictKey, Range<usize>> = FxHashMap::default();
        let mut keys = Vec::with_capacity(graph.edges.len());
        for edge in &graph.edges {
            let key = key(edge);
            let prefix = match key.location.repo {
                Some(repo) => graph.interner.text(repo),
                None => literal_prefix(graph.interner.text(edge.filters.repo)),
            };
            keys.push((key, truncate(prefix)));
            if !edge.locations.is_self_loop() {
                ranges.entry(key).or_default().end += 1;
            }
        }
        let mut end = 0;
        for range in ranges.values_mut() {
            let count = range.end;
            *range = end..end;
            end += count;
        }
        let mut edges = vec![("", 0); end];
        for (index, (key, prefix)) in keys.iter().enumerate() {
            if let Some(range) = ranges.get_mut(key)
                && !graph.edges[index].locations.is_self_loop()
            {
                edges[range.end] = (*prefix, index);
                range.end += 1;
            }
        }
        for range in ranges.values() {
            edges[range.clone()].sort_unstable();
        }
        Self {
            edges,
            ranges,
            keys,
        }
    }

    /// Returns the edges that may be in conflict with an edge. Each pair is returned for one of its two edges.
    pub(super) fn candidates(&self, edge: usize) -> impl Iterator<Item = usize> {
        let (key, prefix) = self.keys[edge];
        let same_location = self.edges(key);
        let before = with_prefix(same_location, prefix).take_while(move |other| *other < edge);
        let wider_locations = wider_locations(key.location).into_iter().flatten();
        let in_wider_locations = wider_locations.flat_map(move |location| {
            let edges = self.edges(ConflictKey { location, ..key });
            with_shorter_prefix(edges, prefix).chain(beginning_with(edges, prefix))
        });
        before
            .chain(with_shorter_prefix(same_location, prefix))
            .chain(in_wider_locations)
    }

    fn edges(&self, key: ConflictKey) -> &[(&'a str, usize)] {
        let range = self.ranges.get(&key).cloned().unwrap_or_default();
        &self.edges[range]
    }
}

/// Returns the locations that include a location and name fewer of its parts.
fn wider_locations(location: LocationKey) -> [Option<LocationKey>; 3] {
    let LocationKey {
        instance,
        namespace,
        repo,
    } = location;
    let wider = |namespace, repo| {
        Some(LocationKey {
            instance,
            namespace,
            repo,
        })
    };
    match (namespace, repo) {
        (None, None) => [None, None, None],
        (None, Some(_)) | (Some(_), None) => [wider(None, None), None, None],
        (Some(_), Some(_)) => [wider(None, None), wider(None, repo), wider(namespace, None)],
    }
}

/// Returns the first bytes of a prefix, cut between two characters.
fn truncate(prefix: &str) -> &str {
    if prefix.len() <= MAX_PREFIX_BYTES {
        return prefix;
    }
    (0..=MAX_PREFIX_BYTES)
        .rev()
        .find_map(|end| prefix.get(..end))
        .unwrap_or_default()
}

/// Returns the edges whose prefix is a shorter beginning of `prefix`, the shortest first.
fn with_shorter_prefix<'r>(
    edges: &'r [(&'r str, usize)],
    prefix: &'r str,
) -> impl Iterator<Item = usize> + 'r {
    // A scan of few edges is cheaper than a look-up for each length of the prefix.
    let (scanned, lengths) = if edges.len() <= prefix.len() {
        (edges, 0..0)
    } else {
        (&[][..], 0..prefix.len())
    };
    let found_by_scan = scanned
        .iter()
        .filter(move |(other, _)| other.len() < prefix.len() && prefix.starts_with(other))
        .map(|(_, edge)| *edge);
    let looked_up = lengths
        .filter_map(|length| prefix.get(..length))
        .flat_map(|shorter| with_prefix(edges, shorter));
    found_by_scan.chain(looked_up)
}

/// Returns the edges that have exactly this prefix, in order.
fn with_prefix<'r>(
    edges: &'r [(&'r str, usize)],
    prefix: &'r str,
) -> impl Iterator<Item = usize> + 'r {
    from_prefix(edges, prefix)
        .iter()
        .take_while(move |(other, _)| *other == prefix)
        .map(|(_, edge)| *edge)
}

/// Returns the edges whose prefix begins with `prefix`, in order.
fn beginning_with<'r>(
    edges: &'r [(&'r str, usize)],
    prefix: &'r str,
) -> impl Iterator<Item = usize> + 'r {
    from_prefix(edges, prefix)
        .iter()
        .take_while(move |(other, _)| other.starts_with(prefix))
        .map(|(_, edge)| *edge)
}

/// Returns the edges from a prefix on, in the order of prefixes.
fn from_prefix<'r, 'a>(edges: &'r [(&'a str, usize)], prefix: &str) -> &'r [(&'a str, usize)] {
    let start = edges.partition_point(|(other, _)| *other < prefix);
    edges.get(start..).unwrap_or_default()
}
