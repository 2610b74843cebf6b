//! Whether one name matches: no automaton, no budget.

use std::ops::Range;

use super::charset::CharSet;
use super::error::Undecided;
use super::kind::Kind;
use super::lower::lower;
use super::program::{CONSTANTS, Op, Pc, Program};
use super::{Reading, java};

/// A filter made ready to match names.
#[derive(Debug)]
pub struct Pattern {
    kind: Kind,
    /// One program for each [`Reading`].
    programs: [Program; 2],
}

impl Pattern {
    /// Reads a filter.
    ///
    /// # Errors
    ///
    /// Where Java would refuse it, or where it holds something that is not worked out exactly.
    pub fn new(text: &str, kind: Kind) -> Result<Self, Undecided> {
        let tree = java::parse(text)?;
        let [whole, search] = Reading::ALL.map(|reading| lower(text, &tree, kind.grammar(), reading));
        Ok(Self { kind, programs: [whole?, search?] })
    }

    /// Whether the filter matches a name. What holds a character that no name has does not match.
    ///
    /// Takes time in proportion to the lengths of the filter and of the name.
    #[must_use]
    pub fn is_match(&self, name: &str, reading: Reading) -> bool {
        let grammar = self.kind.grammar();
        let possible = name.len() <= grammar.max && name.bytes().all(|byte| grammar.alphabet().contains(byte));
        possible && Matching::new(&self.programs[reading as usize], name.as_bytes()).matches()
    }
}

/// One name being matched: from its end to its start, which operations match the rest of it.
pub(super) struct Matching<'a> {
    program: &'a Program,
    name: &'a [u8],
    /// For each look-behind, the places where it holds.
    behind: Vec<Vec<bool>>,
}

impl<'a> Matching<'a> {
    pub(super) fn new(program: &'a Program, name: &'a [u8]) -> Self {
        let mut matching = Self { program, name, behind: Vec::new() };
        for body in &program.watches {
            let holds = (0..=name.len()).map(|end| matching.rests(end).any(|rest| rest[*body])).collect();
            matching.behind.push(holds);
        }
        matching
    }

    pub(super) fn matches(&self) -> bool {
        self.rests(self.name.len()).last().is_some_and(|rest| rest[self.program.entry])
    }

    /// For each place from `end` down to the start, which operations match from there to `end`.
    fn rests(&self, end: usize) -> impl Iterator<Item = Vec<bool>> {
        let mut after = vec![false; self.program.ops.len()];
        (0..=end).rev().map(move |at| {
            let mut here = vec![false; after.len()];
            // A look-ahead may be negated, so its body has to be settled before anything asks for it.
            for ops in std::iter::once(&CONSTANTS).chain(&self.program.bodies) {
                self.settle(ops.clone(), at, end, &mut here, &after);
            }
            self.settle(0..here.len(), at, end, &mut here, &after);
            after.clone_from(&here);
            here
        })
    }

    /// Finds the least solution for some operations: they may lead to each other in circles.
    fn settle(&self, ops: Range<Pc>, at: usize, end: usize, here: &mut [bool], after: &[bool]) {
        let mut changed = true;
        while changed {
            changed = false;
            for pc in ops.clone() {
                if !here[pc] && self.holds(pc, at, end, here, after) {
                    here[pc] = true;
                    changed = true;
                }
            }
        }
    }

    fn holds(&self, pc: Pc, at: usize, end: usize, here: &[bool], after: &[bool]) -> bool {
        match self.program.ops[pc] {
            Op::Fail => false,
            Op::End => at == end,
            Op::Rest => true,
            Op::Read(letter) => {
                let letter = self.program.letters[letter];
                at < end && letter.set.contains(self.name[at]) && after[letter.next]
            }
            Op::Split(one, other) => here[one] || here[other],
            Op::Start(next) => at == 0 && here[next],
            Op::Boundary { negative, next } => (self.is_boundary(at) != negative) && here[next],
            Op::Look { body, negative, next } => here[body] != negative && here[next],
            Op::Behind { watch, negative, next } => {
                self.behind.get(watch).is_some_and(|holds| holds[at] != negative) && here[next]
            }
        }
    }

    fn is_boundary(&self, at: usize) -> bool {
        let is_word =
            |at: Option<usize>| at.and_then(|at| self.name.get(at)).is_some_and(|b| CharSet::WORD.contains(*b));
        is_word(at.checked_sub(1)) != is_word(Some(at))
    }
}
