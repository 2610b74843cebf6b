//! Reading one rules file: aliases and merge keys are resolved and references filled in, under a budget.

mod merge;
mod typed;
mod value;

pub(super) use self::typed::RequiredKey;

use std::ops::Range;

use super::interpolate::{Binding, ReferenceValues};
use super::options::Variables;
use super::problem::{Problem, StructureProblem};
use super::problems::Problems;
use crate::i18n::Phrase;
use crate::source::{FileId, NodeId, NodeKind, Place, Span, Tree, quote};

/// The visits of a node that the budget allows, on average. A rule that merges all it can needs about half.
const VISITS_PER_NODE: usize = 16;

/// A rules file while it is read.
pub(super) struct FileReader<'a> {
    pub(super) tree: &'a Tree<'a>,
    /// The problems found in the file.
    pub(super) problems: Problems,
    file: FileId,
    /// The values of references.
    values: ReferenceValues<'a>,
    /// The visits of nodes that are left. A reader visits every node a few times; only aliases of aliases need many
    /// more, so the budget grows with the size of the file.
    budget: usize,
    /// The bytes of all scalars read so far, with their references filled in.
    pub(super) filled_bytes: usize,
    /// True after the budget ran out, or mappings merged too deep: reported once, and nothing more is read.
    pub(super) is_exhausted: bool,
}

/// A mapping with its merge keys resolved.
#[derive(Debug)]
pub(super) struct MappingNode<'a> {
    pub(super) node: NodeId,
    pub(super) entries: Vec<Entry<'a>>,
}

/// A key with its value, which is never an alias.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entry<'a> {
    pub(super) key: &'a str,
    pub(super) key_node: NodeId,
    pub(super) value: NodeId,
}

impl<'a> MappingNode<'a> {
    /// Returns the entry of a key, valid or not.
    pub(super) fn get(&self, key: &str) -> Option<&Entry<'a>> {
        self.entries.iter().find(|entry| entry.key == key)
    }

    /// Returns the first key, which stands for the whole mapping in messages: a block mapping has many lines.
    pub(super) fn head(&self) -> NodeId {
        self.entries
            .first()
            .map_or(self.node, |entry| entry.key_node)
    }

    /// Returns the value of a key; the [head](Self::head) where the mapping lacks the key.
    pub(super) fn value_or_head(&self, key: &str) -> NodeId {
        self.get(key).map_or(self.head(), |entry| entry.value)
    }
}

impl<'a> FileReader<'a> {
    /// Returns a reader of a parsed file.
    pub(super) fn new(tree: &'a Tree<'a>, file: FileId, variables: Variables<'a>) -> Self {
        let budget = 100_000 + VISITS_PER_NODE * tree.len() + tree.text_len() / 2;
        let values = ReferenceValues {
            variables,
            matrix: Vec::new(),
        };
        Self {
            tree,
            problems: Problems::default(),
            file,
            values,
            budget,
            filled_bytes: 0,
            is_exhausted: false,
        }
    }

    /// Returns the place of a node.
    pub(super) fn place(&self, node: NodeId) -> Place {
        self.place_of(self.tree.span(node))
    }

    /// Returns the place of a span of this file.
    pub(super) fn place_of(&self, span: Span) -> Place {
        Place {
            file: self.file,
            span,
        }
    }

    /// Returns the place of a part of a value: `filled` is the value with its references filled in.
    pub(super) fn place_in_value(
        &self,
        entry: &Entry<'a>,
        filled: &str,
        part: Range<usize>,
    ) -> Place {
        // With references filled in, the bytes of the value are not those of the file.
        let is_written = self.tree.scalar(entry.value) == Some(filled);
        self.place_of(if is_written {
            self.tree.part(entry.value, part)
        } else {
            self.tree.span(entry.value)
        })
    }

    /// Reports a problem of a node.
    pub(super) fn report(&mut self, problem: impl Into<Problem>, node: NodeId) {
        let place = self.place(node);
        self.problems.push(problem, place);
    }

    /// Replaces the matrix keys and their values; returns the former ones, with their uses.
    pub(super) fn bind(&mut self, matrix: Vec<Binding<'a>>) -> Vec<Binding<'a>> {
        std::mem::replace(&mut self.values.matrix, matrix)
    }

    /// Adds the budget for reading a node once more.
    pub(super) fn extend_budget(&mut self, node: NodeId) {
        self.budget = self
            .budget
            .saturating_add(100 + VISITS_PER_NODE * self.tree.size(node));
    }

    /// Returns the target of an alias, and every other node itself.
    pub(super) fn resolve(&self, node: NodeId) -> NodeId {
        match self.tree.kind(node) {
            NodeKind::Alias(target) => target,
            _ => node,
        }
    }

    /// Returns `true` if the value of a key is a list.
    pub(super) fn is_list(&self, entry: &Entry<'a>) -> bool {
        self.tree.kind(entry.value) == NodeKind::Sequence
    }

    /// Returns `true` if the value of a key is a mapping.
    pub(super) fn is_mapping(&self, entry: &Entry<'a>) -> bool {
        self.tree.kind(entry.value) == NodeKind::Mapping
    }

    /// Returns the items of the list under a key; reports every other value.
    pub(super) fn list(&mut self, entry: &Entry<'a>) -> Vec<NodeId> {
        if self.is_list(entry) {
            return self.tree.items(entry.value).collect();
        }
        self.report_wrong_type(
            entry.value,
            Some(entry),
            quote(entry.key).into(),
            Phrase::list(),
        );
        Vec::new()
    }

    /// Returns the mapping under a key; reports every other value.
    pub(super) fn mapping_of(&mut self, entry: &Entry<'a>) -> Option<MappingNode<'a>> {
        if self.is_mapping(entry) {
            return self.merged_mapping(entry.value, entry.value);
        }
        self.report_wrong_type(
            entry.value,
            Some(entry),
            quote(entry.key).into(),
            Phrase::mapping_of_keys(),
        );
        None
    }

    /// Returns a mapping; reports every other value as `what`.
    pub(super) fn mapping(&mut self, node: NodeId, what: Phrase) -> Option<MappingNode<'a>> {
        let target = self.resolve(node);
        if self.tree.kind(target) != NodeKind::Mapping {
            self.report_wrong_type(target, None, what.into(), Phrase::mapping_of_keys());
            return None;
        }
        self.merged_mapping(target, node)
    }

    /// Returns a mapping with the entries that it merges. `node` is the mapping or an alias of it.
    fn merged_mapping(&mut self, mapping: NodeId, node: NodeId) -> Option<MappingNode<'a>> {
        let entries = self.merged_entries(mapping, node, 0)?;
        Some(MappingNode {
            node: mapping,
            entries,
        })
    }

    /// Charges visits of nodes to the budget; `None` once it has run out, which is reported at `at`.
    fn charge(&mut self, visits: usize, at: NodeId) -> Option<()> {
        if self.is_exhausted {
            return None;
        }
        match self.budget.checked_sub(visits) {
            Some(rest) => {
                self.budget = rest;
                Some(())
            }
            None => self.exhaust(StructureProblem::TooManyAliases, at),
        }
    }

    /// Ends the reading of the file.
    fn exhaust(&mut self, problem: StructureProblem, at: NodeId) -> Option<()> {
        self.is_exhausted = true;
        self.report(problem, at);
        None
    }
}
