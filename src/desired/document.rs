//! A parsed file as its reader sees it: aliases and merge keys resolved, references filled in, all under a budget.

use std::borrow::Cow;
use std::ops::RangeInclusive;

use rustc_hash::FxHashSet;
use serde_yaml::{Mapping, Value};

use super::error::Problems;
use super::interpolate::{self, Reference};
use super::problem::{Problem, clipped, shown};
use super::scalar::{BOOLEAN, EMPTY, TEXT, plain_kind, plain_value};
use super::suggest::{did_you_mean, listed};
use crate::source::{FileId, Kind, NodeId, Place, Span, Tree};

/// The most levels of collections once aliases are resolved.
const MAX_DEPTH: usize = 64;
/// A scalar's bytes count as one more node each time this many are copied.
const BYTES_PER_NODE: usize = 64;

/// One file.
pub(super) struct Document<'a> {
    pub(super) tree: &'a Tree<'a>,
    /// What was found wrong with it.
    pub(super) problems: Problems,
    file: FileId,
    variables: &'a dyn Fn(&str) -> Option<String>,
    /// What the keys of the matrix stand for in the rule that is being read.
    matrix: Vec<Binding<'a>>,
    /// How many nodes may still be visited. Every node is visited a few times; only aliases of aliases visit
    /// one more often than that.
    budget: usize,
    /// Set when the budget has run out, or aliases nest too deep: reported once, and nothing more is read.
    pub(super) exhausted: bool,
}

/// A matrix key and its value.
#[derive(Debug, Clone)]
pub(super) struct Binding<'a> {
    pub(super) key: &'a str,
    pub(super) value: String,
    /// Whether a `${key}` asked for it.
    pub(super) used: bool,
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
        self.entries.first().map_or(self.node, |entry| entry.key_node)
    }
}

impl<'a> Document<'a> {
    pub(super) fn new(tree: &'a Tree<'a>, file: FileId, variables: &'a dyn Fn(&str) -> Option<String>) -> Self {
        let budget = 10_000 + 4 * (tree.len() + tree.text_len() / BYTES_PER_NODE);
        Self { tree, problems: Problems::default(), file, variables, matrix: Vec::new(), budget, exhausted: false }
    }

    /// The place of a node.
    pub(super) fn place(&self, node: NodeId) -> Place {
        self.place_of(self.tree.span(node))
    }

    /// The place of a span of this file.
    pub(super) fn place_of(&self, span: Span) -> Place {
        Place { file: self.file, span }
    }

    /// Reports a problem of a node.
    pub(super) fn report(&mut self, problem: Problem, node: NodeId) {
        let place = self.place(node);
        self.problems.push(problem, place);
    }

    /// What the matrix keys stand for from now on; gives back the former ones, with what was used of them.
    pub(super) fn bind(&mut self, matrix: Vec<Binding<'a>>) -> Vec<Binding<'a>> {
        std::mem::replace(&mut self.matrix, matrix)
    }

    /// Allows for reading a node once more than the budget foresees.
    pub(super) fn grant(&mut self, node: NodeId) {
        self.budget = self.budget.saturating_add(100 + 4 * self.tree.size(node));
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
        self.wrong_type(entry.value, Some(entry), &shown(entry.key), "a list");
        Vec::new()
    }

    /// The mapping under a key, its merge keys resolved; what is none is reported.
    pub(super) fn record_of(&mut self, entry: &Entry<'a>) -> Option<Record<'a>> {
        if self.tree.kind(entry.value) == Kind::Mapping {
            return self.record(entry.value, "");
        }
        self.wrong_type(entry.value, Some(entry), &shown(entry.key), "a mapping of keys and values");
        None
    }

    /// The value of a key where it is a whole number.
    pub(super) fn whole_number(&self, entry: &Entry<'a>) -> Option<i64> {
        match self.tree.kind(entry.value) {
            Kind::Scalar { text, plain: true } => plain_value(Cow::Borrowed(text)).as_i64(),
            _ => None,
        }
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
        Some(Record { node: target, entries })
    }

    /// The entries of a mapping, its own before merged ones. `at` is marked when the budget runs out.
    fn entries(&mut self, mapping: NodeId, at: NodeId, depth: usize) -> Option<Vec<Entry<'a>>> {
        let tree = self.tree;
        let mut entries = Vec::new();
        let mut merged = Vec::new();
        for (key_node, value) in tree.entries(mapping) {
            self.visit(1, at, depth)?;
            match tree.kind(key_node) {
                Kind::Scalar { text: "<<", plain: true } => merged.push(value),
                Kind::Scalar { text, .. } => entries.push(Entry { key: text, key_node, value: self.resolve(value) }),
                _ => {}
            }
        }
        if !merged.is_empty() {
            let mut known: FxHashSet<&str> = entries.iter().map(|entry| entry.key).collect();
            for value in merged {
                for source in self.merge_sources(value) {
                    let more = self.entries(self.resolve(source), source, depth + 1)?;
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
        self.fill_mapping(&record.entries, skip, 0)
    }

    fn fill_mapping(&mut self, entries: &[Entry<'a>], skip: &[&str], depth: usize) -> Mapping {
        let mut mapping = Mapping::with_capacity(entries.len());
        for entry in entries.iter().filter(|entry| !skip.contains(&entry.key)) {
            if let Some(value) = self.value(entry.value, Some(entry), depth + 1) {
                mapping.insert(Value::String(entry.key.to_owned()), value);
            }
        }
        mapping
    }

    /// A node as the value layer has it; `None` for one that was reported. A value without content is one, as
    /// nothing in a rules file may be empty.
    fn value(&mut self, node: NodeId, entry: Option<&Entry<'a>>, depth: usize) -> Option<Value> {
        let tree = self.tree;
        match tree.kind(node) {
            Kind::Scalar { text, plain } => {
                self.visit(1 + text.len() / BYTES_PER_NODE, node, depth)?;
                let filled = self.fill(text, node)?;
                let value = if plain { plain_value(filled) } else { Value::String(filled.into_owned()) };
                if value.is_null() {
                    self.report_empty(node, entry);
                    return None;
                }
                Some(value)
            }
            Kind::Sequence => {
                self.visit(1, node, depth)?;
                let mut values = Vec::new();
                for item in tree.items(node) {
                    values.extend(self.value(self.resolve(item), None, depth + 1));
                }
                Some(Value::Sequence(values))
            }
            Kind::Mapping => {
                let entries = self.entries(node, node, depth)?;
                Some(Value::Mapping(self.fill_mapping(&entries, &[], depth)))
            }
            Kind::Alias(_) | Kind::Invalid => None,
        }
    }

    /// A scalar's text, references filled in; `None` for what was reported, such as a number.
    pub(super) fn text(&mut self, node: NodeId, what: &str) -> Option<String> {
        self.text_as(node, None, what, TEXT)
    }

    /// The text under a key, references filled in; what is none is reported as not being what is `expected`.
    pub(super) fn text_of(&mut self, entry: &Entry<'a>, expected: &str) -> Option<String> {
        self.text_as(entry.value, Some(entry), &shown(entry.key), expected)
    }

    fn text_as(&mut self, node: NodeId, entry: Option<&Entry<'a>>, what: &str, expected: &str) -> Option<String> {
        let target = self.resolve(node);
        let value = self.value(target, entry, 0)?;
        if let Value::String(text) = value {
            return Some(text);
        }
        self.wrong_type(target, entry, what, expected);
        None
    }

    /// A value that passes a check; what does not is reported where it stands and gone.
    pub(super) fn checked(
        &mut self,
        record: &Record<'a>,
        key: &str,
        value: Option<String>,
        check: fn(&str) -> Result<(), Problem>,
    ) -> Option<String> {
        match check(value.as_ref()?) {
            Ok(()) => value,
            Err(problem) => {
                self.report(problem, record.get(key).map_or(record.head(), |entry| entry.value));
                None
            }
        }
    }

    /// A number between two others; what is outside of them is reported.
    pub(super) fn in_range(
        &mut self,
        entry: &Entry<'a>,
        key: &'static str,
        given: i64,
        range: RangeInclusive<u8>,
        help: &'static str,
    ) -> Option<u8> {
        let within = u8::try_from(given).ok().filter(|it| range.contains(it));
        if within.is_none() {
            let (low, high) = range.into_inner();
            self.report(Problem::OutOfRange { key, given, low, high, help }, entry.value);
        }
        within
    }

    /// Reports a required key that is not there. One with a bad value is there, and was reported for that.
    pub(super) fn require(&mut self, record: &Record<'a>, what: &'static str, key: &'static str, help: &'static str) {
        if record.get(key).is_none() {
            self.report(Problem::MissingKey { what, key, help }, record.head());
        }
    }

    fn filled(&mut self, text: &'a str) -> Result<Cow<'a, str>, Vec<interpolate::Fault>> {
        let (matrix, variables) = (&mut self.matrix, self.variables);
        interpolate::fill(text, |reference| value_of(reference, matrix, variables))
    }

    fn fill(&mut self, text: &'a str, node: NodeId) -> Option<Cow<'a, str>> {
        match self.filled(text) {
            Ok(filled) => Some(filled),
            Err(faults) => {
                for fault in faults {
                    let place = self.place_of(self.tree.part(node, fault.part));
                    self.problems.push(fault.problem, place);
                }
                None
            }
        }
    }

    /// Reports that a node is not what is meant in its place. `entry` is the key it stands under.
    pub(super) fn wrong_type(&mut self, node: NodeId, entry: Option<&Entry<'a>>, what: &str, expected: &str) {
        let kind = self.tree.kind(node);
        let written = self.tree.written(node);
        let given = match kind {
            Kind::Invalid => return,
            Kind::Scalar { text, plain: true } => plain_kind(&self.filled(text).unwrap_or(Cow::Borrowed(text))),
            kind => given(kind),
        };
        if given == EMPTY {
            self.report_empty(node, entry);
            return;
        }
        let help = match kind {
            Kind::Scalar { plain: true, .. } if expected == TEXT => Some(format!("quote it: \"{}\"", clipped(written))),
            Kind::Scalar { plain: false, text } if text.contains("${") => {
                Some("write it without quotes, in a mapping over several lines instead of one in `{ }`".to_owned())
            }
            Kind::Scalar { .. } if expected == BOOLEAN => Some(format!("write {BOOLEAN}, without quotes")),
            Kind::Scalar { plain: false, .. } => Some("write it without quotes".to_owned()),
            _ => None,
        };
        self.report(Problem::WrongType { what: what.to_owned(), given, expected: expected.to_owned(), help }, node);
    }

    fn report_empty(&mut self, node: NodeId, entry: Option<&Entry<'a>>) {
        let what = entry.map_or_else(|| "an item of the list".to_owned(), |entry| shown(entry.key));
        let written = self.tree.written(node);
        let help = match written {
            "" => "give it a value, or remove it".to_owned(),
            word if word.contains("${") => format!("what it refers to is empty; in quotes it is text: \"{word}\""),
            word => format!("give it a value; if the text is meant, quote it: \"{word}\""),
        };
        let at = if written.is_empty() { entry.map_or(node, |entry| entry.key_node) } else { node };
        self.report(Problem::EmptyValue { what, help }, at);
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
            Some(_) => Problem::AliasDepth { limit: MAX_DEPTH },
            None => Problem::TooManyAliases,
        };
        self.exhausted = true;
        self.report(problem, at);
        None
    }
}

fn value_of(
    reference: Reference<'_>,
    matrix: &mut [Binding<'_>],
    variables: &dyn Fn(&str) -> Option<String>,
) -> Result<String, Problem> {
    match reference {
        Reference::Env { name, default } => match (variables(name), default) {
            (Some(value), None) => Ok(value),
            (Some(value), Some(_)) if !value.is_empty() => Ok(value),
            (_, Some(default)) => Ok(default.to_owned()),
            (None, None) => Err(Problem::UnsetVariable { name: name.to_owned() }),
        },
        Reference::Key(name) => {
            if let Some(binding) = matrix.iter_mut().find(|binding| binding.key == name) {
                binding.used = true;
                return Ok(binding.value.clone());
            }
            let keys = || matrix.iter().map(|binding| binding.key);
            let help = did_you_mean(name, keys()).unwrap_or_else(|| match matrix {
                [] => format!(
                    "only a rule with a `matrix` has keys, and only inside of it; an environment variable is \
                     ${{env.{name}}}, a literal is $${{{name}}}"
                ),
                _ => format!("the matrix has {}; an environment variable is ${{env.{name}}}", listed(keys())),
            });
            Err(Problem::UnknownReference { name: name.to_owned(), help })
        }
    }
}

/// What a node is, for a sentence.
pub(super) fn given(kind: Kind<'_>) -> &'static str {
    match kind {
        Kind::Scalar { .. } => TEXT,
        Kind::Sequence => "a list",
        Kind::Mapping => "a mapping",
        Kind::Alias(_) | Kind::Invalid => "nothing",
    }
}
