//! Breadth-first search over the product of several automata, shortest name first.

use std::collections::hash_map::Entry;

use rustc_hash::{FxBuildHasher, FxHashMap};

use super::automaton::{Automaton, ClassId, StateId};
use super::budget::BudgetTracker;
use super::error::Undecided;
use super::name_kind::Grammar;
use super::visitor::ProductVisitor;

/// A breadth-first search over the names of a grammar, with one state per automaton at each node.
///
/// Nodes of a level are expanded in the order of their names, so the first name with a property is a shortest one, and
/// the first of those in byte order. Two names that lead to the same states, and agree on whether a name may end there,
/// are one node.
pub(super) struct ProductBfs<'a> {
    automata: &'a mut [Box<Automaton>],
    grammar: &'a Grammar,
    /// One edge per class of characters that neither an automaton nor the grammar distinguishes, in byte order.
    edges: Vec<ProductEdge>,
    nodes: Vec<ProductNode>,
    /// The states of all nodes, `automata.len()` per node.
    states: Vec<StateId>,
    /// A trie of the tuples of states seen so far: the number of a prefix and one more state give the next number.
    seen: FxHashMap<(u32, StateId), u32>,
    /// The common prefix of all names of the search.
    prefix: String,
}

struct ProductEdge {
    byte: u8,
    classes: Box<[ClassId]>,
}

struct ProductNode {
    parent: usize,
    /// The last character of the node's name; at the root, the last character of the prefix.
    byte: u8,
}

/// The size of a node, and of each of its states, in bytes.
const NODE_BYTES: usize = 40;
/// The number of nodes to reserve memory for.
const INITIAL_NODES: usize = 64;

impl<'a> ProductBfs<'a> {
    /// Returns a search over the names of a grammar.
    pub(super) fn new(automata: &'a mut [Box<Automaton>], grammar: &'a Grammar) -> Self {
        let capacity = INITIAL_NODES * automata.len();
        Self {
            edges: collect_edges(automata, grammar),
            nodes: Vec::with_capacity(INITIAL_NODES),
            states: Vec::with_capacity(capacity),
            seen: FxHashMap::with_capacity_and_hasher(capacity, FxBuildHasher),
            automata,
            grammar,
            prefix: String::new(),
        }
    }

    /// Visits the names that begin with `prefix`, which must begin some name, until the visitor expands no further
    /// node.
    pub(super) fn run(
        &mut self,
        prefix: &str,
        visitor: &mut dyn ProductVisitor,
        tracker: &mut BudgetTracker,
    ) -> Result<(), Undecided> {
        prefix.clone_into(&mut self.prefix);
        for automaton in self.automata.iter_mut() {
            let mut state = automaton.start(tracker)?;
            for byte in prefix.bytes() {
                if let Some(class) = automaton.class(byte) {
                    state = automaton.step(state, class, tracker)?;
                }
            }
            self.states.push(state);
        }
        self.nodes.push(ProductNode {
            parent: 0,
            byte: prefix.bytes().last().unwrap_or(0),
        });
        self.visit(0, prefix.len(), visitor);
        let mut level = 0..1;
        for length in prefix.len() + 1..=self.grammar.max {
            // States reached by names below the minimum length were not visited, and can still be reached by longer
            // names.
            if length <= self.grammar.min {
                self.seen.clear();
            }
            for node in level.clone() {
                self.expand(node, length, visitor, tracker)?;
            }
            level = level.end..self.nodes.len();
            if level.is_empty() {
                break;
            }
        }
        Ok(())
    }

    /// Adds and visits the new successors of a node, whose names have `length` characters.
    fn expand(
        &mut self,
        node: usize,
        length: usize,
        visitor: &mut dyn ProductVisitor,
        tracker: &mut BudgetTracker,
    ) -> Result<(), Undecided> {
        let arity = self.automata.len();
        let from = node * arity;
        let residuals: Vec<_> = self
            .automata
            .iter()
            .zip(&self.states[from..])
            .map(|(automaton, state)| automaton.residual(*state))
            .collect();
        if !visitor.should_expand(&residuals) {
            return Ok(());
        }
        for edge in 0..self.edges.len() {
            let byte = self.edges[edge].byte;
            let allowed = if length == 1 {
                self.grammar.first
            } else {
                self.grammar.rest
            };
            if !allowed.contains(byte) {
                continue;
            }
            tracker.charge_steps(30 + 30 * arity as u64)?;
            let to = self.states.len();
            for (i, automaton) in self.automata.iter_mut().enumerate() {
                let class = self.edges[edge].classes[i];
                let next = automaton.step(self.states[from + i], class, tracker)?;
                self.states.push(next);
            }
            if self.insert_states(to, self.grammar.last.contains(byte)) {
                tracker.charge_bytes(NODE_BYTES * (1 + arity))?;
                self.nodes.push(ProductNode { parent: node, byte });
                self.visit(self.nodes.len() - 1, length, visitor);
            } else {
                self.states.truncate(to);
            }
        }
        Ok(())
    }

    /// Adds the tuple of the states from index `at` on, and of whether a name may end, to the states seen. Returns
    /// false for a known one.
    fn insert_states(&mut self, at: usize, may_end: bool) -> bool {
        // The numbers 0 and 1 are the two roots of the trie.
        let mut number = u32::from(may_end);
        let mut is_new = false;
        for state in &self.states[at..] {
            // The memory budget ends long before the numbers do.
            let unused = u32::try_from(self.seen.len() + 2).unwrap_or(u32::MAX);
            match self.seen.entry((number, *state)) {
                Entry::Occupied(entry) => {
                    number = *entry.get();
                    is_new = false;
                }
                Entry::Vacant(entry) => {
                    number = *entry.insert(unused);
                    is_new = true;
                }
            }
        }
        is_new
    }

    /// Passes the name of a node to the visitor, if the grammar has such a name.
    fn visit(&self, node: usize, length: usize, visitor: &mut dyn ProductVisitor) {
        let may_end = self.grammar.last.contains(self.nodes[node].byte);
        if length < self.grammar.min || !may_end {
            return;
        }
        let arity = self.automata.len();
        let states = &self.states[node * arity..][..arity];
        let matches: Vec<bool> = self
            .automata
            .iter()
            .zip(states)
            .map(|(automaton, state)| automaton.accepts(*state))
            .collect();
        visitor.visit(&matches, &|| self.name(node));
    }

    /// Returns the name of a node: the prefix and the characters on the path to the node.
    fn name(&self, mut node: usize) -> String {
        let mut bytes = Vec::new();
        while node != 0 {
            bytes.push(self.nodes[node].byte);
            node = self.nodes[node].parent;
        }
        let mut name = self.prefix.clone();
        name.extend(bytes.iter().rev().map(|byte| char::from(*byte)));
        name
    }
}

/// Returns one edge per class of characters, with the first character of the class.
fn collect_edges(automata: &[Box<Automaton>], grammar: &Grammar) -> Vec<ProductEdge> {
    let mut edges: Vec<ProductEdge> = Vec::new();
    for byte in grammar.alphabet().iter() {
        let classes: Option<Box<[ClassId]>> = automata
            .iter()
            .map(|automaton| automaton.class(byte))
            .collect();
        let Some(classes) = classes else { continue };
        let is_known = edges.iter().any(|edge| {
            edge.classes == classes
                && grammar.first.contains(edge.byte) == grammar.first.contains(byte)
                && grammar.last.contains(edge.byte) == grammar.last.contains(byte)
        });
        if !is_known {
            edges.push(ProductEdge { byte, classes });
        }
    }
    edges
}
