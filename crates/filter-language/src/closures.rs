//! Epsilon closures: from an operation to the letters that it can read next.

use super::budget::BudgetTracker;
use super::error::Undecided;
use super::formula::{END_LETTER, Formula, LetterLiteral};
use super::program::{Op, Pc, Program};

/// The facts about the characters before a position that assertions depend on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct PrefixContext(u64);

const AT_START: u64 = 1;
const AFTER_WORD: u64 = 2;
const FIRST_LOOKBEHIND: u64 = 4;

impl PrefixContext {
    /// Returns the facts at the start of a name.
    pub(super) fn at_start() -> Self {
        Self(AT_START)
    }

    /// Returns the facts after a character.
    pub(super) fn after(word: bool) -> Self {
        Self(if word { AFTER_WORD } else { 0 })
    }

    /// Records whether the look-behind of a slot matches here.
    pub(super) fn record_lookbehind(&mut self, slot: usize, holds: bool) {
        if holds {
            self.0 |= FIRST_LOOKBEHIND << slot;
        }
    }

    fn has(self, flag: u64) -> bool {
        self.0 & flag != 0
    }
}

/// The memoized epsilon closures of operations, as formulas.
#[derive(Debug)]
pub(super) struct EpsilonClosures {
    /// The facts that the program depends on.
    relevant: u64,
    /// The formulas of the operations, per context.
    known: Vec<(PrefixContext, Vec<Option<Formula>>)>,
}

impl EpsilonClosures {
    pub(super) fn new(program: &Program) -> Self {
        let mut relevant = ((1 << program.lookbehinds.len()) - 1) * FIRST_LOOKBEHIND;
        if program.has_start {
            relevant |= AT_START;
        }
        if program.word.is_some() {
            relevant |= AFTER_WORD;
        }
        Self {
            relevant,
            known: Vec::new(),
        }
    }

    /// Returns the condition of an operation on the rest of the name.
    #[inline]
    pub(super) fn get(
        &mut self,
        program: &Program,
        pc: Pc,
        context: PrefixContext,
        tracker: &mut BudgetTracker,
    ) -> Result<&Formula, Undecided> {
        let context = PrefixContext(context.0 & self.relevant);
        let known = self.known.iter().position(|(known, _)| *known == context);
        let index = known.unwrap_or(self.known.len());
        if known.is_none() {
            self.known.push((context, vec![None; program.ops.len()]));
        }
        let formula = &mut self.known[index].1[pc];
        match formula {
            Some(formula) => Ok(formula),
            None => Ok(formula.insert(
                ClosureBuilder {
                    program,
                    context,
                    open: Vec::new(),
                    tracker,
                }
                .formula(pc)?,
            )),
        }
    }
}

/// The construction of one closure.
struct ClosureBuilder<'a> {
    program: &'a Program,
    context: PrefixContext,
    /// The conditions under construction. A condition that depends on itself, without a character read in between, adds
    /// nothing: the language is the least fixed point.
    open: Vec<Pc>,
    tracker: &'a mut BudgetTracker,
}

impl ClosureBuilder<'_> {
    /// Returns the formula of an operation.
    fn formula(&mut self, entry: Pc) -> Result<Formula, Undecided> {
        let letters = self.program.letters.len();
        let mut formula = Formula::never(letters);
        let mut seen = vec![false; self.program.ops.len()];
        let mut todo = vec![entry];
        self.tracker.charge_steps(seen.len() as u64 / 8)?;
        while let Some(pc) = todo.pop() {
            if std::mem::replace(&mut seen[pc], true) {
                continue;
            }
            self.tracker.charge_steps(10)?;
            match self.program.ops[pc] {
                Op::End => formula.add_letter(END_LETTER),
                Op::Rest => return Ok(Formula::always(letters)),
                Op::Read(letter) => formula.add_letter(letter),
                Op::Split(one, other) => todo.extend([other, one]),
                Op::Start(next) if self.context.has(AT_START) => todo.push(next),
                Op::LookBehind {
                    slot,
                    negative,
                    next,
                } if self.context.has(FIRST_LOOKBEHIND << slot) != negative => {
                    todo.push(next);
                }
                Op::Fail | Op::Start(_) | Op::LookBehind { .. } => {}
                Op::Boundary { .. } | Op::LookAhead { .. } => {
                    if !self.open.contains(&pc) {
                        self.open.push(pc);
                        let condition = self.condition(self.program.ops[pc])?;
                        self.open.pop();
                        formula.or(&condition, self.tracker)?;
                    }
                }
            }
        }
        Ok(formula)
    }

    /// Returns the formula of an operation that looks ahead.
    fn condition(&mut self, op: Op) -> Result<Formula, Undecided> {
        let (ahead, next) = match op {
            Op::LookAhead {
                body,
                negative,
                next,
            } => {
                let body = self.formula(body)?;
                (
                    if negative {
                        body.not(self.tracker)?
                    } else {
                        body
                    },
                    next,
                )
            }
            Op::Boundary { negative, next } => {
                // A boundary is between a word character and another one; a negated one is between two of a kind.
                let wants_word = self.context.has(AFTER_WORD) == negative;
                let letter = self.program.word.unwrap_or(END_LETTER);
                (
                    Formula::literal(
                        LetterLiteral {
                            letter,
                            negative: !wants_word,
                        },
                        self.program.letters.len(),
                    ),
                    next,
                )
            }
            _ => return Ok(Formula::never(self.program.letters.len())),
        };
        let next = self.formula(next)?;
        ahead.and(&next, self.tracker)
    }
}
