//! Mappings with the mappings that `<<` merges into them.

use std::collections::HashSet;

use super::{Entry, FileReader};
use crate::rules::problem::{InvisibleProblem, StructureProblem};
use crate::rules::scalar::kind_name;
use crate::source::{NodeId, NodeKind, is_look_alike, is_printable_ascii};

/// The most levels of mappings merged into mappings.
const MAX_DEPTH: usize = 64;

/// The entries of a mapping that are copied for the price of one visit.
const ENTRIES_PER_VISIT: usize = 2;

/// The most entries that memory is reserved for: the values of a large mapping are large.
const MAX_RESERVED: usize = 16;

impl<'a> FileReader<'a> {
    /// Returns the entries of a mapping, its own before merged ones. `at` is marked when the budget runs out.
    pub(super) fn merged_entries(
        &mut self,
        mapping: NodeId,
        at: NodeId,
        depth: usize,
    ) -> Option<Vec<Entry<'a>>> {
        let tree = self.tree;
        // A key and a value are two nodes at least.
        let mut entries = Vec::with_capacity((tree.size(mapping) / 2).min(MAX_RESERVED));
        let mut merged = Vec::new();
        for (key_node, value) in tree.entries(mapping) {
            self.charge_merge(1, at, depth)?;
            match tree.kind(key_node) {
                NodeKind::Scalar {
                    text: "<<",
                    plain: true,
                } => merged.push(value),
                NodeKind::Scalar { text, .. } => {
                    if !is_printable_ascii(text)
                        && let Some(character) =
                            text.chars().find(|character| is_look_alike(*character))
                    {
                        self.report(InvisibleProblem::in_key(text, character), key_node);
                    }
                    entries.push(Entry {
                        key: text,
                        key_node,
                        value: self.resolve(value),
                    });
                }
                _ => {}
            }
        }
        if !merged.is_empty() {
            let mut known: HashSet<&str> = entries.iter().map(|entry| entry.key).collect();
            for value in merged {
                for source in self.merge_sources(value) {
                    self.charge_merge(1, source, depth)?;
                    let more = self.merged_entries(self.resolve(source), source, depth + 1)?;
                    // Every level copies the entries that it merges.
                    self.charge_merge(more.len() / ENTRIES_PER_VISIT, source, depth)?;
                    entries.extend(more.into_iter().filter(|entry| known.insert(entry.key)));
                }
            }
        }
        Some(entries)
    }

    /// Returns the mappings that a `<<` merges, the strongest first.
    fn merge_sources(&mut self, value: NodeId) -> Vec<NodeId> {
        let target = self.resolve(value);
        let sources = match self.tree.kind(target) {
            NodeKind::Sequence => self.tree.items(target).collect(),
            _ => vec![value],
        };
        let mut mappings = Vec::with_capacity(sources.len());
        for source in sources {
            match self.tree.kind(self.resolve(source)) {
                NodeKind::Mapping => mappings.push(source),
                NodeKind::Invalid => {}
                kind => self.report(
                    StructureProblem::MergeKey {
                        given: kind_name(kind),
                    },
                    source,
                ),
            }
        }
        mappings
    }

    fn charge_merge(&mut self, visits: usize, at: NodeId, depth: usize) -> Option<()> {
        if depth > MAX_DEPTH && !self.is_exhausted {
            return self.exhaust(StructureProblem::MergeDepth { limit: MAX_DEPTH }, at);
        }
        self.charge(visits, at)
    }
}
