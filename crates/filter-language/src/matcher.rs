//! Whether one name matches: no automaton, no budget.

use std::ops::Range;

use super::charset::CharSet;
use super::error::Undecided;
use super::kind::Kind;
use super::lower::lower;
use super::program::{CONSTANTS, END, LetterId, Op, Pc, Program};
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
        let [whole, search] =
            Reading::ALL.map(|reading| lower(text, &tree, kind.grammar(), reading));
        Ok(Self {
            kind,
            programs: [whole?, search?],
        })
    }

    /// Returns the steps for reading a filter, at most.
    pub(super) const fn parse_steps(text: &str) -> u64 {
        2_000 + 100 * text.len() as u64
    }

    /// Returns the steps for matching a name, about.
    pub(super) fn match_steps(&self, name: &str) -> u64 {
        let operations: usize = self.programs.iter().map(|program| program.ops.len()).sum();
        5 * operations as u64 * (1 + name.len() as u64)
    }

    /// Returns the bytes that the filter's programs take, about.
    pub(super) fn bytes(&self) -> usize {
        let bytes = |program: &Program| size_of_val(&*program.ops) + size_of_val(&*program.letters);
        500 + self.programs.iter().map(bytes).sum::<usize>()
    }

    /// Whether the filter matches a name. What holds a character that no name has does not match.
    ///
    /// Takes time in proportion to the lengths of the filter and of the name.
    #[must_use]
    pub fn is_match(&self, name: &str, reading: Reading) -> bool {
        let grammar = self.kind.grammar();
        let possible =
            name.len() <= grammar.max && name.bytes().all(|byte| grammar.alphabet().contains(byte));
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
        let mut matching = Self {
            program,
            name,
            behind: Vec::new(),
        };
        for body in &program.watches {
            let holds = matching.look_behind(*body);
            matching.behind.push(holds);
        }
        matching
    }

    pub(super) fn matches(&self) -> bool {
        let mut after = vec![false; self.program.ops.len()];
        let mut here = after.clone();
        for at in (0..=self.name.len()).rev() {
            here.fill(false);
            // A look-ahead may be negated, so its body has to be settled before anything asks for it.
            for ops in std::iter::once(&CONSTANTS).chain(&self.program.bodies) {
                self.settle(ops.clone(), at, &mut here, &after);
            }
            self.settle(0..here.len(), at, &mut here, &after);
            std::mem::swap(&mut here, &mut after);
        }
        after[self.program.entry]
    }

    /// Finds the least solution for some operations: they may lead to each other in circles.
    fn settle(&self, ops: Range<Pc>, at: usize, here: &mut [bool], after: &[bool]) {
        let mut changed = true;
        while changed {
            changed = false;
            for pc in ops.clone() {
                if !here[pc] && self.holds(pc, at, here, after) {
                    here[pc] = true;
                    changed = true;
                }
            }
        }
    }

    fn holds(&self, pc: Pc, at: usize, here: &[bool], after: &[bool]) -> bool {
        match self.program.ops[pc] {
            Op::Fail => false,
            Op::End => at == self.name.len(),
            Op::Rest => true,
            Op::Read(letter) => self.reads(letter, at).is_some_and(|next| after[next]),
            Op::Split(one, other) => here[one] || here[other],
            Op::Start(next) => at == 0 && here[next],
            Op::Boundary { negative, next } => (self.is_boundary(at) != negative) && here[next],
            Op::Look {
                body,
                negative,
                next,
            } => here[body] != negative && here[next],
            Op::Behind {
                watch,
                negative,
                next,
            } => self.is_behind(watch, at) != negative && here[next],
        }
    }

    /// The places where a match of a look-behind's body ends: it may begin anywhere, and looks back only.
    fn look_behind(&self, body: Pc) -> Vec<bool> {
        let mut open: Vec<Pc> = Vec::new();
        let mut holds = Vec::with_capacity(self.name.len() + 1);
        for at in 0..=self.name.len() {
            open.push(body);
            let mut next = Vec::new();
            let mut seen = vec![false; self.program.ops.len()];
            while let Some(pc) = open.pop() {
                if std::mem::replace(&mut seen[pc], true) {
                    continue;
                }
                match self.program.ops[pc] {
                    Op::Read(letter) => next.extend(self.reads(letter, at)),
                    Op::Split(one, other) => open.extend([one, other]),
                    Op::Start(next) if at == 0 => open.push(next),
                    Op::Behind {
                        watch,
                        negative,
                        next,
                    } if self.is_behind(watch, at) != negative => open.push(next),
                    _ => {}
                }
            }
            holds.push(seen[END]);
            open = next;
        }
        holds
    }

    /// Where a letter leads, if it reads the character at a place.
    fn reads(&self, letter: LetterId, at: usize) -> Option<Pc> {
        let letter = self.program.letters[letter];
        self.name
            .get(at)
            .filter(|byte| letter.set.contains(**byte))
            .map(|_| letter.next)
    }

    fn is_behind(&self, watch: usize, at: usize) -> bool {
        self.behind.get(watch).is_some_and(|holds| holds[at])
    }

    fn is_boundary(&self, at: usize) -> bool {
        let is_word = |at: Option<usize>| {
            at.and_then(|at| self.name.get(at))
                .is_some_and(|byte| CharSet::WORD.contains(*byte))
        };
        is_word(at.checked_sub(1)) != is_word(Some(at))
    }
}
