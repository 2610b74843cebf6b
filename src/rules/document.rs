//! A parsed file as its reader sees it: aliases and merge keys resolved, references filled in, all under a budget.

use std::borrow::Cow;
use std::collections::HashSet;
use std::ops::Range;

use serde_yaml::{Mapping, Value};

use super::error::Problems;
use super::interpolate::{Binding, EnvironmentValue, Fault, Values, fill};
use super::invisible_problem::{FREE_TEXTS, InvisibleProblem};
use super::problem::Problem;
use super::scalar::{given, plain_value};
use crate::source::{FileId, Kind, NodeId, Place, Span, Tree, is_look_alike, quote};

/// The most levels of mappings merged into mappings.
const MAX_DEPTH: usize = 64;
/// The visits of a node that are allowed for, on average. A rule that merges all it can needs about half.
const VISITS_PER_NODE: usize = 16;
/// Copying this many entries of a mapping into another counts as one more visit.
const ENTRIES_PER_VISIT: usize = 2;
/// Copying this many bytes of a scalar counts as one more visit.
const BYTES_PER_VISIT: usize = 16;

/// One file.
pub(super) struct Document<'a> {
    pub(super) tree: &'a Tree<'a>,
    /// What was found wrong with it.
    pub(super) problems: Problems,
    file: FileId,
    /// What references are filled in with.
    values: Values<'a>,
    /// How many nodes may still be visited. Every node is visited a few times; only aliases of aliases visit
    /// one much more often, so the budget goes by the size of the file.
    budget: usize,
    /// The bytes of all scalars that were read, with their references filled in.
    pub(super) filled: usize,
    /// Set when the budget has run out, or mappings merge too deep: reported once, and nothing more is read.
    pub(super) exhausted: bool,
}

/// A mapping with its merge keys resolved.
#[derive(Debug)]
pub(super) struct Record<'a> {
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

impl<'a> Record<'a> {
    /// The entry of a key, whatever its value is worth.
    pub(super) fn get(&self, key: &str) -> Option<&Entry<'a>> {
        self.entries.iter().find(|entry| entry.key == key)
    }

    /// What is marked when the mapping as a whole is meant: a block mapping would be many lines.
    pub(super) fn head(&self) -> NodeId {
        self.entries
            .first()
            .map_or(self.node, |entry| entry.key_node)
    }
}

impl<'a> Document<'a> {
    pub(super) fn new(
        tree: &'a Tree<'a>,
        file: FileId,
        variables: &'a dyn Fn(&str) -> EnvironmentValue,
    ) -> Self {
        let budget = 100_000 + VISITS_PER_NODE * tree.len() + tree.text_len() / 2;
        let values = Values {
            variables,
            matrix: Vec::new(),
        };
        Self {
            tree,
            problems: Problems::default(),
            file,
            values,
            budget,
            filled: 0,
            exhausted: false,
        }
    }

    /// The place of a node.
    pub(super) fn place(&self, node: NodeId) -> Place {
        self.place_of(self.tree.span(node))
    }

    /// The place of a span of this file.
    pub(super) fn place_of(&self, span: Span) -> Place {
        Place {
            file: self.file,
            span,
        }
    }

    /// The place of a part of what a key's value is once its references are filled in.
    pub(super) fn part_of_value(
        &self,
        entry: &Entry<'a>,
        filled: &str,
        part: Range<usize>,
    ) -> Place {
        // With references filled in, the value's bytes are not those of the file.
        let written = self.tree.scalar(entry.value) == Some(filled);
        self.place_of(if written {
            self.tree.part(entry.value, part)
        } else {
            self.tree.span(entry.value)
        })
    }

    /// Reports a problem of a node.
    pub(super) fn report(&mut self, problem: Problem, node: NodeId) {
        let place = self.place(node);
        self.problems.push(problem, place);
    }

    /// What the matrix keys stand for from now on; gives back the former ones, with what was used of them.
    pub(super) fn bind(&mut self, matrix: Vec<Binding<'a>>) -> Vec<Binding<'a>> {
        std::mem::replace(&mut self.values.matrix, matrix)
    }

    /// Allows for reading a node once more than the budget foresees.
    pub(super) fn grant(&mut self, node: NodeId) {
        self.budget = self
            .budget
            .saturating_add(100 + VISITS_PER_NODE * self.tree.size(node));
    }

    /// What an alias stands for; every other node stands for itself.
    pub(super) fn resolve(&self, node: NodeId) -> NodeId {
        match self.tree.kind(node) {
            Kind::Alias(target) => target,
            _ => node,
        }
    }

    /// The items of a list; what is none is reported.
    pub(super) fn list(&mut self, entry: &Entry<'a>) -> Vec<NodeId> {
        if self.tree.kind(entry.value) == Kind::Sequence {
            return self.tree.items(entry.value).collect();
        }
        self.wrong_type(entry.value, Some(entry), &quote(entry.key), "a list");
        Vec::new()
    }

    /// The mapping under a key, its merge keys resolved; what is none is reported.
    pub(super) fn record_of(&mut self, entry: &Entry<'a>) -> Option<Record<'a>> {
        if self.tree.kind(entry.value) == Kind::Mapping {
            return self.record(entry.value, "");
        }
        self.wrong_type(
            entry.value,
            Some(entry),
            &quote(entry.key),
            "a mapping of keys and values",
        );
        None
    }

    /// Whether the value of a key is a list.
    pub(super) fn is_list(&self, entry: &Entry<'a>) -> bool {
        self.tree.kind(entry.value) == Kind::Sequence
    }

    /// Whether the value of a key is a mapping.
    pub(super) fn is_mapping(&self, entry: &Entry<'a>) -> bool {
        self.tree.kind(entry.value) == Kind::Mapping
    }

    /// A mapping with its merge keys resolved; what is none is reported as `what`.
    pub(super) fn record(&mut self, node: NodeId, what: &str) -> Option<Record<'a>> {
        let target = self.resolve(node);
        if self.tree.kind(target) != Kind::Mapping {
            self.wrong_type(target, None, what, "a mapping of keys and values");
            return None;
        }
        let entries = self.entries(target, node, 0)?;
        Some(Record {
            node: target,
            entries,
        })
    }

    /// The entries of a mapping, its own before merged ones. `at` is marked when the budget runs out.
    fn entries(&mut self, mapping: NodeId, at: NodeId, depth: usize) -> Option<Vec<Entry<'a>>> {
        let tree = self.tree;
        let mut entries = Vec::new();
        let mut merged = Vec::new();
        for (key_node, value) in tree.entries(mapping) {
            self.visit(1, at, depth)?;
            match tree.kind(key_node) {
                Kind::Scalar {
                    text: "<<",
                    plain: true,
                } => merged.push(value),
                Kind::Scalar { text, .. } => {
                    if let Some(character) =
                        text.chars().find(|character| is_look_alike(*character))
                    {
                        self.report(InvisibleProblem::in_key(text, character).into(), key_node);
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
                    self.visit(1, source, depth)?;
                    let more = self.entries(self.resolve(source), source, depth + 1)?;
                    // What is merged is copied at every level.
                    self.visit(more.len() / ENTRIES_PER_VISIT, source, depth)?;
                    entries.extend(more.into_iter().filter(|entry| known.insert(entry.key)));
                }
            }
        }
        Some(entries)
    }

    /// The mappings that a `<<` merges, the strongest first.
    fn merge_sources(&mut self, value: NodeId) -> Vec<NodeId> {
        let target = self.resolve(value);
        let sources = match self.tree.kind(target) {
            Kind::Sequence => self.tree.items(target).collect(),
            _ => vec![value],
        };
        let mut mappings = Vec::with_capacity(sources.len());
        for source in sources {
            match self.tree.kind(self.resolve(source)) {
                Kind::Mapping => mappings.push(source),
                Kind::Invalid => {}
                kind => self.report(Problem::MergeKey { given: given(kind) }, source),
            }
        }
        mappings
    }

    /// The mapping's entries as the value layer has them, without the keys that `skip` names. What cannot be
    /// read is reported and left out.
    pub(super) fn mapping(&mut self, record: &Record<'a>, skip: &[&str]) -> Mapping {
        self.fill_mapping(&record.entries, skip, true)
    }

    fn fill_mapping(&mut self, entries: &[Entry<'a>], skip: &[&str], nested: bool) -> Mapping {
        let mut mapping = Mapping::with_capacity(entries.len());
        for entry in entries.iter().filter(|entry| !skip.contains(&entry.key)) {
            if let Some(value) = self.value(entry.value, Some(entry), nested) {
                mapping.insert(Value::String(entry.key.to_owned()), value);
            }
        }
        mapping
    }

    /// A node as the value layer has it; `None` for one that was reported. A value without content is one, as
    /// nothing in a rules file may be empty.
    ///
    /// What is decoded is never deeper than a mapping in a mapping, and lists are read item by item. So deeper
    /// collections are only named, which keeps whatever aliases make of them out of memory.
    pub(super) fn value(
        &mut self,
        node: NodeId,
        entry: Option<&Entry<'a>>,
        nested: bool,
    ) -> Option<Value> {
        match self.tree.kind(node) {
            Kind::Scalar { text, plain } => {
                self.visit(1 + text.len() / BYTES_PER_VISIT, node, 0)?;
                let filled = self.fill_at(text, node)?;
                self.filled = self.filled.saturating_add(filled.len());
                self.refuse_invisible(&filled, node, entry)?;
                let value = if plain {
                    plain_value(filled)
                } else {
                    Value::String(filled.into_owned())
                };
                if value.is_null() {
                    self.report_empty(node, entry);
                    return None;
                }
                Some(value)
            }
            Kind::Sequence => Some(Value::Sequence(Vec::new())),
            Kind::Mapping if nested => {
                let entries = self.entries(node, node, 0)?;
                Some(Value::Mapping(self.fill_mapping(&entries, &[], false)))
            }
            Kind::Mapping => Some(Value::Mapping(Mapping::new())),
            Kind::Alias(_) | Kind::Invalid => None,
        }
    }

    /// A scalar's value, references filled in.
    pub(super) fn filled(&mut self, text: &'a str) -> Result<Cow<'a, str>, Vec<Fault>> {
        fill(text, |reference| self.values.get(reference))
    }

    fn fill_at(&mut self, text: &'a str, node: NodeId) -> Option<Cow<'a, str>> {
        match self.filled(text) {
            Ok(filled) => Some(filled),
            Err(faults) => {
                for fault in faults {
                    let place = self.place_of(self.tree.part(node, fault.part));
                    self.problems.push(fault.problem.into(), place);
                }
                None
            }
        }
    }

    /// Reports an invisible character of a value: an escape, or what a reference was filled in with. Lines and tabs are
    /// left to what reads the value.
    fn refuse_invisible(
        &mut self,
        value: &str,
        node: NodeId,
        entry: Option<&Entry<'a>>,
    ) -> Option<()> {
        let key = entry.map(|entry| entry.key);
        if key.is_some_and(|key| FREE_TEXTS.contains(&key)) {
            return Some(());
        }
        let is_refused =
            |character: &char| is_look_alike(*character) && !matches!(character, '\n' | '\t');
        let Some(character) = value.chars().find(is_refused) else {
            return Some(());
        };
        self.report(InvisibleProblem::in_value(key, character).into(), node);
        None
    }

    fn visit(&mut self, nodes: usize, at: NodeId, depth: usize) -> Option<()> {
        if self.exhausted {
            return None;
        }
        let problem = match self.budget.checked_sub(nodes) {
            Some(rest) if depth <= MAX_DEPTH => {
                self.budget = rest;
                return Some(());
            }
            Some(_) => Problem::MergeDepth { limit: MAX_DEPTH },
            None => Problem::TooManyAliases,
        };
        self.exhausted = true;
        self.report(problem, at);
        None
    }
}
