//! From an operation to the letters it can read next.

use super::budget::Meter;
use super::error::Undecided;
use super::formula::{END_LETTER, Formula, Literal};
use super::program::{Op, Pc, Program};

/// What is known at a place of the name about what came before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Context(u64);

const AT_START: u64 = 1;
const AFTER_WORD: u64 = 2;
const FIRST_WATCH: u64 = 4;

impl Context {
    pub(super) fn at_start() -> Self {
        Self(AT_START)
    }

    /// Behind a character.
    pub(super) fn after(word: bool) -> Self {
        Self(if word { AFTER_WORD } else { 0 })
    }

    /// Notes whether a look-behind holds here.
    pub(super) fn note_watch(&mut self, watch: usize, holds: bool) {
        if holds {
            self.0 |= FIRST_WATCH << watch;
        }
    }

    fn has(self, flag: u64) -> bool {
        self.0 & flag != 0
    }
}

/// The formulas of operations, remembered.
#[derive(Debug)]
pub(super) struct Closures {
    /// The part of a context that the program asks for.
    relevant: u64,
    /// For each context met so far, the formulas of the operations.
    known: Vec<(Context, Vec<Option<Formula>>)>,
}

impl Closures {
    pub(super) fn new(program: &Program) -> Self {
        let start = if program.has_start { AT_START } else { 0 };
        let word = if program.word.is_some() {
            AFTER_WORD
        } else {
            0
        };
        let watches = ((1 << program.watches.len()) - 1) * FIRST_WATCH;
        Self {
            relevant: start | word | watches,
            known: Vec::new(),
        }
    }

    /// What an operation asks of the rest of the name.
    #[inline]
    pub(super) fn get(
        &mut self,
        program: &Program,
        pc: Pc,
        context: Context,
        meter: &mut Meter,
    ) -> Result<&Formula, Undecided> {
        let context = Context(context.0 & self.relevant);
        let index = self
            .known
            .iter()
            .position(|(known, _)| *known == context)
            .unwrap_or_else(|| {
                self.known.push((context, vec![None; program.ops.len()]));
                self.known.len() - 1
            });
        let formula = &mut self.known[index].1[pc];
        match formula {
            Some(formula) => Ok(formula),
            None => Ok(formula.insert(
                Gathering {
                    program,
                    context,
                    open: Vec::new(),
                    meter,
                }
                .formula(pc)?,
            )),
        }
    }
}

/// One formula being worked out.
struct Gathering<'a> {
    program: &'a Program,
    context: Context,
    /// The conditions being worked out. One that depends on itself, without a character read in between, adds
    /// nothing: the language is the least one that fits.
    open: Vec<Pc>,
    meter: &'a mut Meter,
}

impl Gathering<'_> {
    fn formula(&mut self, entry: Pc) -> Result<Formula, Undecided> {
        let letters = self.program.letters.len();
        let mut formula = Formula::never(letters);
        let mut seen = vec![false; self.program.ops.len()];
        let mut todo = vec![entry];
        self.meter.work(seen.len() as u64 / 8)?;
        while let Some(pc) = todo.pop() {
            if std::mem::replace(&mut seen[pc], true) {
                continue;
            }
            self.meter.work(10)?;
            match self.program.ops[pc] {
                Op::End => formula.add_letter(END_LETTER),
                Op::Rest => return Ok(Formula::always(letters)),
                Op::Read(letter) => formula.add_letter(letter),
                Op::Split(one, other) => todo.extend([other, one]),
                Op::Start(next) if self.context.has(AT_START) => todo.push(next),
                Op::Behind {
                    watch,
                    negative,
                    next,
                } if self.context.has(FIRST_WATCH << watch) != negative => {
                    todo.push(next);
                }
                Op::Fail | Op::Start(_) | Op::Behind { .. } => {}
                Op::Boundary { .. } | Op::Look { .. } => {
                    if !self.open.contains(&pc) {
                        self.open.push(pc);
                        let condition = self.condition(self.program.ops[pc])?;
                        self.open.pop();
                        formula.or(&condition, self.meter)?;
                    }
                }
            }
        }
        Ok(formula)
    }

    /// The formula of an operation that looks ahead.
    fn condition(&mut self, op: Op) -> Result<Formula, Undecided> {
        let (ahead, next) = match op {
            Op::Look {
                body,
                negative,
                next,
            } => {
                let body = self.formula(body)?;
                (
                    if negative {
                        body.not(self.meter)?
                    } else {
                        body
                    },
                    next,
                )
            }
            Op::Boundary { negative, next } => {
                let wants_word = self.context.has(AFTER_WORD) == negative;
                let letter = self.program.word.unwrap_or(END_LETTER);
                (
                    Formula::literal(
                        Literal {
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
        ahead.and(&next, self.meter)
    }
}
