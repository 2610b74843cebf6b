//! Matching of one name against one filter, in time linear in both lengths.

use std::ops::Range;

use super::charset::CharSet;
use super::error::Undecided;
use super::lowering::lower;
use super::name_kind::NameKind;
use super::program::{CONSTANTS, END, LetterId, Op, Pc, Program};
use super::{Reading, java};

/// A filter prepared to match names.
///
/// ```
/// use filter_language::{CompiledFilter, NameKind, Reading};
///
/// let filter = CompiledFilter::new("v1|w", NameKind::Tag)?;
/// assert!(filter.is_match("v1.2", Reading::Search));
/// assert!(!filter.is_match("v1.2", Reading::Whole));
/// # Ok::<(), filter_language::Undecided>(())
/// ```
#[derive(Debug)]
pub struct CompiledFilter {
    kind: NameKind,
    /// The program under each [`Reading`].
    programs: [Program; 2],
}

impl CompiledFilter {
    /// Compiles a filter.
    ///
    /// # Errors
    ///
    /// [`Undecided`] if Java rejects the filter, or if the filter has an unsupported construct.
    pub fn new(text: &str, kind: NameKind) -> Result<Self, Undecided> {
        let tree = java::parse(text)?;
        let [whole, search] =
            Reading::ALL.map(|reading| lower(text, &tree, kind.grammar(), reading));
        Ok(Self {
            kind,
            programs: [whole?, search?],
        })
    }

    /// Returns an upper bound of the steps to compile a filter.
    pub(super) const fn compile_steps(text: &str) -> u64 {
        2_000 + 100 * text.len() as u64
    }

    /// Returns the approximate steps to match a name.
    pub(super) fn match_steps(&self, name: &str) -> u64 {
        let operations: usize = self.programs.iter().map(|program| program.ops.len()).sum();
        5 * operations as u64 * (1 + name.len() as u64)
    }

    /// Returns the approximate size of the programs, in bytes.
    pub(super) fn bytes(&self) -> usize {
        let mut bytes = 500;
        for program in &self.programs {
            bytes += size_of_val(&*program.ops) + size_of_val(&*program.letters);
        }
        bytes
    }

    /// Returns whether the filter matches a name. A text with a character that no name has does not match.
    ///
    /// The time is proportional to the product of the lengths of the filter and the name.
    #[must_use]
    pub fn is_match(&self, name: &str, reading: Reading) -> bool {
        let grammar = self.kind.grammar();
        let possible =
            name.len() <= grammar.max && name.bytes().all(|byte| grammar.alphabet().contains(byte));
        possible
            && BackwardMatcher::new(&self.programs[reading as usize], name.as_bytes()).is_match()
    }
}

/// A backward simulation of a program: the operations that match the rest of the name, from its end to its start.
pub(super) struct BackwardMatcher<'a> {
    program: &'a Program,
    name: &'a [u8],
    /// The positions where each look-behind matches.
    behind: Vec<Vec<bool>>,
}

impl<'a> BackwardMatcher<'a> {
    pub(super) fn new(program: &'a Program, name: &'a [u8]) -> Self {
        let mut matcher = Self {
            program,
            name,
            behind: Vec::new(),
        };
        for body in &program.lookbehinds {
            let holds = matcher.run_lookbehind(*body);
            matcher.behind.push(holds);
        }
        matcher
    }

    /// Returns whether the program matches the whole name.
    pub(super) fn is_match(&self) -> bool {
        let mut after = vec![false; self.program.ops.len()];
        let mut here = after.clone();
        for at in (0..=self.name.len()).rev() {
            here.fill(false);
            // A look-ahead may be negated, so its body must be complete before any operation depends on it.
            for ops in std::iter::once(&CONSTANTS).chain(&self.program.bodies) {
                self.saturate(ops.clone(), at, &mut here, &after);
            }
            self.saturate(0..here.len(), at, &mut here, &after);
            std::mem::swap(&mut here, &mut after);
        }
        after[self.program.entry]
    }

    /// Computes the least fixed point for some operations, which may depend on each other.
    fn saturate(&self, ops: Range<Pc>, at: usize, here: &mut [bool], after: &[bool]) {
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
            Op::Read(letter) => self.read_letter(letter, at).is_some_and(|next| after[next]),
            Op::Split(one, other) => here[one] || here[other],
            Op::Start(next) => at == 0 && here[next],
            Op::Boundary { negative, next } => (self.is_boundary(at) != negative) && here[next],
            Op::LookAhead {
                body,
                negative,
                next,
            } => here[body] != negative && here[next],
            Op::LookBehind {
                slot,
                negative,
                next,
            } => self.has_lookbehind(slot, at) != negative && here[next],
        }
    }

    /// Returns, per position, whether a match of the body of a look-behind ends there. Such a match begins anywhere,
    /// and depends only on the characters before its end.
    fn run_lookbehind(&self, body: Pc) -> Vec<bool> {
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
                    Op::Read(letter) => next.extend(self.read_letter(letter, at)),
                    Op::Split(one, other) => open.extend([one, other]),
                    Op::Start(next) if at == 0 => open.push(next),
                    Op::LookBehind {
                        slot,
                        negative,
                        next,
                    } if self.has_lookbehind(slot, at) != negative => open.push(next),
                    _ => {}
                }
            }
            holds.push(seen[END]);
            open = next;
        }
        holds
    }

    /// Returns the continuation of a letter, if it reads the character at a position.
    fn read_letter(&self, letter: LetterId, at: usize) -> Option<Pc> {
        let letter = self.program.letters[letter];
        self.name
            .get(at)
            .filter(|byte| letter.set.contains(**byte))
            .map(|_| letter.next)
    }

    fn has_lookbehind(&self, slot: usize, at: usize) -> bool {
        self.behind.get(slot).is_some_and(|holds| holds[at])
    }

    fn is_boundary(&self, at: usize) -> bool {
        let is_word = |at: Option<usize>| {
            at.and_then(|at| self.name.get(at))
                .is_some_and(|byte| CharSet::WORD.contains(*byte))
        };
        is_word(at.checked_sub(1)) != is_word(Some(at))
    }
}
