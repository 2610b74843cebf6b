//! Walks several automata side by side over the names that exist, shortest name first.

use std::collections::hash_map::Entry;

use rustc_hash::{FxBuildHasher, FxHashMap};

use super::automaton::{Automaton, ClassId, Outlook, StateId};
use super::budget::Meter;
use super::error::Undecided;
use super::kind::Grammar;

/// What a walk is for.
pub(super) trait Quest {
    /// Told once for each combination of states in which some name ends, whether each automaton matches that
    /// name; the names come in order of length, then of bytes. `name` spells it.
    fn meet(&mut self, matches: &[bool], name: &dyn Fn() -> String);

    /// Whether it is of use to go on from where each automaton has this outlook.
    fn wants(&self, outlooks: &[Outlook]) -> bool;
}

/// Breadth first, so that the first name found for anything is a shortest one, and the first of those in byte
/// order: nodes of one level are visited in the order of the names that lead to them.
///
/// Two names that lead to the same states, and may end alike, are one node, visited for the first of them only.
pub(super) struct Walk<'a> {
    automata: &'a mut [Box<Automaton>],
    grammar: &'a Grammar,
    /// One character for each class that neither an automaton nor the grammar tells apart, in byte order.
    edges: Vec<Edge>,
    nodes: Vec<Node>,
    /// The states of the nodes, `automata.len()` for each.
    states: Vec<StateId>,
    /// The tuples of states met so far, as pairs of what came first (a number for each) and one more state.
    seen: FxHashMap<(u32, StateId), u32>,
    /// What the walk starts behind.
    prefix: String,
}

struct Edge {
    byte: u8,
    classes: Box<[ClassId]>,
}

struct Node {
    parent: usize,
    /// The character that led here; none at the root.
    byte: u8,
}

/// Bytes for a node, and for each of its states.
const NODE_BYTES: usize = 40;
/// How many nodes to make room for at once.
const USUAL_NODES: usize = 64;

impl<'a> Walk<'a> {
    /// A walk over the names of a grammar.
    pub(super) fn new(automata: &'a mut [Box<Automaton>], grammar: &'a Grammar) -> Self {
        Self {
            edges: edges(automata, grammar),
            nodes: Vec::with_capacity(USUAL_NODES),
            states: Vec::with_capacity(USUAL_NODES * automata.len()),
            seen: FxHashMap::with_capacity_and_hasher(USUAL_NODES * automata.len(), FxBuildHasher),
            automata,
            grammar,
            prefix: String::new(),
        }
    }

    /// Walks over the names that begin with `prefix`, which some name does, until the quest wants no more.
    pub(super) fn run(
        &mut self,
        prefix: &str,
        quest: &mut dyn Quest,
        meter: &mut Meter,
    ) -> Result<(), Undecided> {
        prefix.clone_into(&mut self.prefix);
        let mut start = Vec::with_capacity(self.automata.len());
        for automaton in self.automata.iter_mut() {
            let mut state = automaton.start(meter)?;
            for class in prefix
                .bytes()
                .filter_map(|byte| automaton.class(byte))
                .collect::<Vec<_>>()
            {
                state = automaton.step(state, class, meter)?;
            }
            start.push(state);
        }
        self.nodes.push(Node {
            parent: 0,
            byte: prefix.bytes().last().unwrap_or(0),
        });
        self.states.extend(start);
        self.visit(0, prefix.len(), quest);
        let mut level = 0..1;
        for length in prefix.len() + 1..=self.grammar.max {
            // States that were reached by names too short to exist have to be met again.
            if length <= self.grammar.min {
                self.seen.clear();
            }
            for node in level.clone() {
                self.expand(node, length, quest, meter)?;
            }
            level = level.end..self.nodes.len();
            if level.is_empty() {
                break;
            }
        }
        Ok(())
    }

    fn expand(
        &mut self,
        node: usize,
        length: usize,
        quest: &mut dyn Quest,
        meter: &mut Meter,
    ) -> Result<(), Undecided> {
        let arity = self.automata.len();
        let from = node * arity;
        let outlooks = self
            .automata
            .iter()
            .zip(&self.states[from..])
            .map(|(one, state)| one.outlook(*state));
        if !quest.wants(&outlooks.collect::<Vec<_>>()) {
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
            meter.work(30 + 30 * arity as u64)?;
            let to = self.states.len();
            for (i, automaton) in self.automata.iter_mut().enumerate() {
                let next =
                    automaton.step(self.states[from + i], self.edges[edge].classes[i], meter)?;
                self.states.push(next);
            }
            if self.is_new(to, self.grammar.last.contains(byte)) {
                meter.keep(NODE_BYTES * (1 + arity))?;
                self.nodes.push(Node { parent: node, byte });
                self.visit(self.nodes.len() - 1, length, quest);
            } else {
                self.states.truncate(to);
            }
        }
        Ok(())
    }

    /// Whether the states from `at` on, and whether a name may end, are met for the first time.
    fn is_new(&mut self, at: usize, ends: bool) -> bool {
        let mut number = u32::from(ends);
        let mut new = false;
        for state in &self.states[at..] {
            // Below 2 are the two numbers to begin with. Nodes run out of memory long before numbers run out.
            let fresh = u32::try_from(self.seen.len() + 2).unwrap_or(u32::MAX);
            new = false;
            number = match self.seen.entry((number, *state)) {
                Entry::Occupied(entry) => *entry.get(),
                Entry::Vacant(entry) => {
                    new = true;
                    *entry.insert(fresh)
                }
            };
        }
        new
    }

    /// Tells the quest about a node, if a name may end there.
    fn visit(&self, node: usize, length: usize, quest: &mut dyn Quest) {
        let ends = self.grammar.last.contains(self.nodes[node].byte);
        if length < self.grammar.min || !ends {
            return;
        }
        let arity = self.automata.len();
        let states = &self.states[node * arity..][..arity];
        let matches: Vec<bool> = self
            .automata
            .iter()
            .zip(states)
            .map(|(one, state)| one.accepts(*state))
            .collect();
        quest.meet(&matches, &|| self.name(node));
    }

    fn name(&self, mut node: usize) -> String {
        let mut bytes = Vec::new();
        while node != 0 {
            bytes.push(self.nodes[node].byte);
            node = self.nodes[node].parent;
        }
        self.prefix
            .chars()
            .chain(bytes.iter().rev().map(|byte| char::from(*byte)))
            .collect()
    }
}

fn edges(automata: &[Box<Automaton>], grammar: &Grammar) -> Vec<Edge> {
    let mut edges: Vec<(bool, bool, Edge)> = Vec::new();
    for byte in grammar.alphabet().iter() {
        let classes: Option<Box<[ClassId]>> = automata
            .iter()
            .map(|automaton| automaton.class(byte))
            .collect();
        let Some(classes) = classes else { continue };
        let (first, last) = (grammar.first.contains(byte), grammar.last.contains(byte));
        if !edges
            .iter()
            .any(|(f, l, edge)| (*f, *l) == (first, last) && edge.classes == classes)
        {
            edges.push((first, last, Edge { byte, classes }));
        }
    }
    edges.into_iter().map(|(_, _, edge)| edge).collect()
}
