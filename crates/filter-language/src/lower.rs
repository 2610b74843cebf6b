//! Syntax tree → [`Program`], back to front: each part is told what comes after it.

use super::charset::CharSet;
use super::error::{Construct, Undecided};
use super::kind::Grammar;
use super::program::{END, FAIL, Letter, LetterId, Op, Pc, Program, REST};
use super::syntax::{Look, Node, Repeat};
use super::{Reading, decidable};

/// Letters beyond which a pattern is too large: counted repetitions multiply.
const MAX_LETTERS: usize = 1_000;
/// Operations beyond which it is.
const MAX_OPS: usize = 4_000;
/// Parts read, copies included, beyond which it is: not every part becomes an operation.
const MAX_VISITS: usize = 20_000;
/// Look-behinds beyond which it is: one bit each, beside two others.
const MAX_WATCHES: usize = 32;

/// Makes a program of a pattern.
///
/// # Errors
///
/// [`Undecided::Construct`] at what is not compared, [`Undecided::TooLarge`] where the program would be.
pub(super) fn lower(
    text: &str,
    tree: &Node,
    grammar: &Grammar,
    reading: Reading,
) -> Result<Program, Undecided> {
    decidable::check(tree).map_err(|(what, offset)| Undecided::construct(text, what, offset))?;
    let mut lowering = Lowering {
        text,
        alphabet: grammar.alphabet(),
        max_len: grammar.max,
        in_look_behind: false,
        visits: 0,
        possessive: Vec::new(),
        program: Program {
            ops: vec![Op::Fail, Op::End, Op::Rest],
            entry: FAIL,
            letters: vec![Letter {
                set: CharSet::EMPTY,
                next: FAIL,
            }],
            watches: Vec::new(),
            bodies: Vec::new(),
            word: None,
            has_start: false,
        },
    };
    let entry = match reading {
        Reading::Whole => lowering.node(tree, END)?,
        Reading::Search => {
            let entry = lowering.node(tree, REST)?;
            if starts_at_start(tree) {
                entry
            } else {
                lowering.anywhere(entry)?
            }
        }
    };
    lowering.program.entry = entry;
    lowering.check_possessive()?;
    Ok(lowering.program)
}

struct Lowering<'t> {
    text: &'t str,
    alphabet: CharSet,
    max_len: usize,
    in_look_behind: bool,
    visits: usize,
    /// Possessive repetitions: what they may start with, what follows, and their byte offset.
    possessive: Vec<(CharSet, Pc, usize)>,
    program: Program,
}

impl Lowering<'_> {
    fn node(&mut self, node: &Node, next: Pc) -> Result<Pc, Undecided> {
        self.visits += 1;
        if self.visits > MAX_VISITS {
            return Err(Undecided::TooLarge);
        }
        if next == FAIL {
            return Ok(FAIL);
        }
        match node {
            Node::Empty => Ok(next),
            Node::Chars(set) => self.read(*set, next),
            Node::Concat(items) => items
                .iter()
                .rev()
                .try_fold(next, |next, item| self.node(item, next)),
            Node::Either(branches) => branches.iter().rev().try_fold(FAIL, |others, branch| {
                let branch = self.node(branch, next)?;
                self.split(branch, others)
            }),
            Node::Repeat(repeat) => self.repeat(repeat, next),
            Node::Start => {
                self.program.has_start = true;
                self.push(Op::Start(next))
            }
            Node::End => self.push(Op::Look {
                body: END,
                negative: false,
                next,
            }),
            Node::Boundary { negative } => {
                self.word()?;
                self.push(Op::Boundary {
                    negative: *negative,
                    next,
                })
            }
            Node::Look(look) => self.look(look, next),
            Node::Opaque(opaque) => Err(Undecided::construct(self.text, opaque.what, opaque.at)),
        }
    }

    fn read(&mut self, set: CharSet, next: Pc) -> Result<Pc, Undecided> {
        let set = set.intersect(self.alphabet);
        if set.is_empty() {
            return Ok(FAIL);
        }
        let letter = self.letter(set, next)?;
        self.push(Op::Read(letter))
    }

    fn letter(&mut self, set: CharSet, next: Pc) -> Result<LetterId, Undecided> {
        let letters = &mut self.program.letters;
        if letters.len() == MAX_LETTERS {
            return Err(Undecided::TooLarge);
        }
        letters.push(Letter { set, next });
        Ok(letters.len() - 1)
    }

    fn word(&mut self) -> Result<(), Undecided> {
        if self.program.word.is_none() {
            let set = CharSet::WORD.intersect(self.alphabet);
            self.program.word = Some(self.letter(set, REST)?);
        }
        Ok(())
    }

    fn push(&mut self, op: Op) -> Result<Pc, Undecided> {
        let ops = &mut self.program.ops;
        if ops.len() == MAX_OPS {
            return Err(Undecided::TooLarge);
        }
        ops.push(op);
        Ok(ops.len() - 1)
    }

    fn split(&mut self, one: Pc, other: Pc) -> Result<Pc, Undecided> {
        match (one, other) {
            (FAIL, pc) | (pc, FAIL) => Ok(pc),
            _ if one == other => Ok(one),
            _ => self.push(Op::Split(one, other)),
        }
    }

    /// `body` as often as wanted, then `next`; the second place is where to enter with one `body` at least.
    fn star(&mut self, body: &Node, next: Pc) -> Result<(Pc, Pc), Undecided> {
        let again = self.push(Op::Fail)?;
        let entry = self.node(body, again)?;
        if entry == FAIL {
            return Ok((next, FAIL));
        }
        if let Some(op) = self.program.ops.get_mut(again) {
            *op = Op::Split(entry, next);
        }
        Ok((again, entry))
    }

    fn repeat(&mut self, repeat: &Repeat, next: Pc) -> Result<Pc, Undecided> {
        let body = &repeat.body;
        if repeat.possessive {
            self.note_possessive(repeat, next)?;
        }
        if body.is_zero_width() {
            return if repeat.min == 0 {
                Ok(next)
            } else {
                self.node(body, next)
            };
        }
        let (min, shortest) = (repeat.min as usize, body.min_len());
        if min.saturating_mul(shortest) > self.max_len {
            return Ok(FAIL);
        }
        // Names are so short that a limit this great is none. An iteration that consumes nothing can be left
        // out, so as many iterations as characters are enough.
        let limit = repeat
            .max
            .map(|max| max as usize)
            .filter(|max| max.saturating_mul(shortest.max(1)) < self.max_len);
        let (mut entry, mut copies) = (next, min);
        if let Some(max) = limit {
            for _ in min..max {
                let once_more = self.node(body, entry)?;
                entry = self.split(once_more, next)?;
            }
        } else {
            let (any_number, one_or_more) = self.star(body, next)?;
            entry = if min == 0 { any_number } else { one_or_more };
            copies = min.saturating_sub(1);
        }
        (0..copies).try_fold(entry, |entry, _| self.node(body, entry))
    }

    fn look(&mut self, look: &Look, next: Pc) -> Result<Pc, Undecided> {
        let negative = look.negative;
        if look.behind {
            let outer = std::mem::replace(&mut self.in_look_behind, true);
            let body = self.node(&look.body, END)?;
            self.in_look_behind = outer;
            let watch = self.program.watches.len();
            if watch == MAX_WATCHES {
                return Err(Undecided::TooLarge);
            }
            self.program.watches.push(body);
            return self.push(Op::Behind {
                watch,
                negative,
                next,
            });
        }
        let first = self.program.ops.len();
        let body = self.node(&look.body, REST)?;
        match (body, negative) {
            (REST, false) | (FAIL, true) => return Ok(next),
            (REST, true) | (FAIL, false) => return Ok(FAIL),
            _ => {}
        }
        self.program.bodies.push(first..self.program.ops.len());
        self.push(Op::Look {
            body,
            negative,
            next,
        })
    }

    /// Puts any number of characters in front.
    fn anywhere(&mut self, entry: Pc) -> Result<Pc, Undecided> {
        if matches!(entry, FAIL | REST) {
            return Ok(entry);
        }
        let again = self.push(Op::Fail)?;
        let skip = self.read(self.alphabet, again)?;
        if let Some(op) = self.program.ops.get_mut(again) {
            *op = Op::Split(entry, skip);
        }
        Ok(again)
    }

    /// A possessive repetition matches what a greedy one does if every way to match its body ends in the same
    /// place, and if it is repeated a fixed number of times or nothing that follows could start where a
    /// greedy one would give back. The latter is checked at the end, when what follows is known.
    fn note_possessive(&mut self, repeat: &Repeat, next: Pc) -> Result<(), Undecided> {
        let body = &repeat.body;
        let fixed_length = body.max_len() == Some(body.min_len());
        let fixed_end = fixed_length && (body.is_zero_width() || repeat.max == Some(repeat.min));
        if !fixed_length || (self.in_look_behind && !fixed_end) {
            return Err(Undecided::construct(
                self.text,
                Construct::Possessive,
                repeat.at,
            ));
        }
        if !fixed_end {
            self.possessive.push((body.first(), next, repeat.at));
        }
        Ok(())
    }

    fn check_possessive(&self) -> Result<(), Undecided> {
        let clash = self.possessive.iter().find(|(first, next, _)| {
            // What ends in "anything" does not care where the repetition ended.
            *next != REST && !self.first(*next).intersect(*first).is_empty()
        });
        clash.map_or(Ok(()), |(_, _, at)| {
            Err(Undecided::construct(self.text, Construct::Possessive, *at))
        })
    }

    /// The characters that can be read first from an operation on; conditions are taken to hold.
    fn first(&self, entry: Pc) -> CharSet {
        let mut first = CharSet::EMPTY;
        let mut seen = vec![false; self.program.ops.len()];
        let mut open = vec![entry];
        while let Some(pc) = open.pop() {
            if std::mem::replace(&mut seen[pc], true) {
                continue;
            }
            match self.program.ops[pc] {
                Op::Fail | Op::End => {}
                Op::Rest => first = self.alphabet,
                Op::Read(letter) => first = first.union(self.program.letters[letter].set),
                Op::Split(one, other) => open.extend([one, other]),
                Op::Start(next)
                | Op::Boundary { next, .. }
                | Op::Look { next, .. }
                | Op::Behind { next, .. } => {
                    open.push(next);
                }
            }
        }
        first
    }
}

/// Whether every match begins at the start of the name.
fn starts_at_start(node: &Node) -> bool {
    match node {
        Node::Start => true,
        Node::Either(branches) => branches.iter().all(starts_at_start),
        Node::Concat(items) => {
            let leading = items
                .iter()
                .position(|item| !item.is_zero_width())
                .map_or(items.len(), |i| i + 1);
            items.iter().take(leading).any(starts_at_start)
        }
        Node::Repeat(repeat) => repeat.min > 0 && starts_at_start(&repeat.body),
        _ => false,
    }
}
