//! Translation of a syntax tree into a [`Program`], back to front: each node is translated given its continuation.

use super::charset::CharSet;
use super::error::{Construct, Undecided};
use super::name_kind::Grammar;
use super::program::{END, FAIL, Letter, LetterId, Op, Pc, Program, REST};
use super::syntax::{LookAround, Repetition, SyntaxNode};
use super::{Reading, supported};

/// The maximum number of letters of a program. Counted repetitions multiply.
const MAX_LETTERS: usize = 1_000;
/// The maximum number of operations of a program.
const MAX_OPS: usize = 4_000;
/// The maximum number of nodes visited, copies included. Not every node becomes an operation.
const MAX_VISITS: usize = 20_000;
/// The maximum number of look-behinds of a program: one bit each in a
/// [`PrefixContext`](super::closures::PrefixContext).
const MAX_LOOKBEHINDS: usize = 32;

/// Translates a pattern.
///
/// # Errors
///
/// [`Undecided::Construct`] at an unsupported construct, [`Undecided::TooLarge`] if the program exceeds a maximum.
pub(super) fn lower(
    text: &str,
    tree: &SyntaxNode,
    grammar: &Grammar,
    reading: Reading,
) -> Result<Program, Undecided> {
    supported::check(tree)
        .map_err(|(construct, offset)| Undecided::construct(text, construct, offset))?;
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
            lookbehinds: Vec::new(),
            bodies: Vec::new(),
            word: None,
            has_start: false,
        },
    };
    let entry = match reading {
        Reading::Whole => lowering.lower_node(tree, END)?,
        Reading::Search => {
            let entry = lowering.lower_node(tree, REST)?;
            if starts_at_start(tree) {
                entry
            } else {
                lowering.prepend_any(entry)?
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
    /// The possessive repetitions: the first characters of the body, the continuation, and the byte offset.
    possessive: Vec<(CharSet, Pc, usize)>,
    program: Program,
}

impl Lowering<'_> {
    fn lower_node(&mut self, node: &SyntaxNode, next: Pc) -> Result<Pc, Undecided> {
        self.visits += 1;
        if self.visits > MAX_VISITS {
            return Err(Undecided::TooLarge);
        }
        if next == FAIL {
            return Ok(FAIL);
        }
        match node {
            SyntaxNode::Empty => Ok(next),
            SyntaxNode::Chars(set) => self.push_read(*set, next),
            SyntaxNode::Concat(items) => items
                .iter()
                .rev()
                .try_fold(next, |next, item| self.lower_node(item, next)),
            SyntaxNode::Either(branches) => {
                branches.iter().rev().try_fold(FAIL, |others, branch| {
                    let branch = self.lower_node(branch, next)?;
                    self.push_split(branch, others)
                })
            }
            SyntaxNode::Repetition(repeat) => self.lower_repetition(repeat, next),
            SyntaxNode::Start => {
                self.program.has_start = true;
                self.push(Op::Start(next))
            }
            SyntaxNode::End => self.push(Op::LookAhead {
                body: END,
                negative: false,
                next,
            }),
            SyntaxNode::Boundary { negative } => {
                self.ensure_word_letter()?;
                self.push(Op::Boundary {
                    negative: *negative,
                    next,
                })
            }
            SyntaxNode::LookAround(look) => self.lower_look_around(look, next),
            SyntaxNode::Unsupported(unsupported) => Err(Undecided::construct(
                self.text,
                unsupported.construct,
                unsupported.at,
            )),
        }
    }

    fn push_read(&mut self, set: CharSet, next: Pc) -> Result<Pc, Undecided> {
        let set = set.intersect(self.alphabet);
        if set.is_empty() {
            return Ok(FAIL);
        }
        let letter = self.push_letter(set, next)?;
        self.push(Op::Read(letter))
    }

    fn push_letter(&mut self, set: CharSet, next: Pc) -> Result<LetterId, Undecided> {
        let letters = &mut self.program.letters;
        if letters.len() == MAX_LETTERS {
            return Err(Undecided::TooLarge);
        }
        letters.push(Letter { set, next });
        Ok(letters.len() - 1)
    }

    fn ensure_word_letter(&mut self) -> Result<(), Undecided> {
        if self.program.word.is_none() {
            let set = CharSet::WORD.intersect(self.alphabet);
            self.program.word = Some(self.push_letter(set, REST)?);
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

    fn push_split(&mut self, one: Pc, other: Pc) -> Result<Pc, Undecided> {
        match (one, other) {
            (FAIL, pc) | (pc, FAIL) => Ok(pc),
            _ if one == other => Ok(one),
            _ => self.push(Op::Split(one, other)),
        }
    }

    /// Translates `body` zero or more times, then `next`. Returns the entry for zero or more iterations, and the one
    /// for one or more.
    fn repeat_unlimited(&mut self, body: &SyntaxNode, next: Pc) -> Result<(Pc, Pc), Undecided> {
        let again = self.push(Op::Fail)?;
        let entry = self.lower_node(body, again)?;
        if entry == FAIL {
            return Ok((next, FAIL));
        }
        if let Some(op) = self.program.ops.get_mut(again) {
            *op = Op::Split(entry, next);
        }
        Ok((again, entry))
    }

    fn lower_repetition(&mut self, repeat: &Repetition, next: Pc) -> Result<Pc, Undecided> {
        let body = &repeat.body;
        if repeat.possessive {
            self.record_possessive(repeat, next)?;
        }
        if body.is_zero_width() {
            return if repeat.min == 0 {
                Ok(next)
            } else {
                self.lower_node(body, next)
            };
        }
        let (min, shortest) = (repeat.min as usize, body.min_len());
        if min.saturating_mul(shortest) > self.max_len {
            return Ok(FAIL);
        }
        // A limit beyond the maximum length of names has no effect. Iterations that consume nothing can be left out, so
        // as many iterations as characters are enough.
        let limit = repeat
            .max
            .map(|max| max as usize)
            .filter(|max| max.saturating_mul(shortest.max(1)) < self.max_len);
        let mut entry = next;
        let mut copies = min;
        if let Some(max) = limit {
            for _ in min..max {
                let iteration = self.lower_node(body, entry)?;
                entry = self.push_split(iteration, next)?;
            }
        } else {
            let (any_number, one_or_more) = self.repeat_unlimited(body, next)?;
            entry = if min == 0 { any_number } else { one_or_more };
            copies = min.saturating_sub(1);
        }
        (0..copies).try_fold(entry, |entry, _| self.lower_node(body, entry))
    }

    fn lower_look_around(&mut self, look: &LookAround, next: Pc) -> Result<Pc, Undecided> {
        let negative = look.negative;
        if look.behind {
            let outer = std::mem::replace(&mut self.in_look_behind, true);
            let body = self.lower_node(&look.body, END)?;
            self.in_look_behind = outer;
            let slot = self.program.lookbehinds.len();
            if slot == MAX_LOOKBEHINDS {
                return Err(Undecided::TooLarge);
            }
            self.program.lookbehinds.push(body);
            return self.push(Op::LookBehind {
                slot,
                negative,
                next,
            });
        }
        let first = self.program.ops.len();
        let body = self.lower_node(&look.body, REST)?;
        match (body, negative) {
            (REST, false) | (FAIL, true) => return Ok(next),
            (REST, true) | (FAIL, false) => return Ok(FAIL),
            _ => {}
        }
        self.program.bodies.push(first..self.program.ops.len());
        self.push(Op::LookAhead {
            body,
            negative,
            next,
        })
    }

    /// Prepends any number of characters.
    fn prepend_any(&mut self, entry: Pc) -> Result<Pc, Undecided> {
        if matches!(entry, FAIL | REST) {
            return Ok(entry);
        }
        let again = self.push(Op::Fail)?;
        let skip = self.push_read(self.alphabet, again)?;
        if let Some(op) = self.program.ops.get_mut(again) {
            *op = Op::Split(entry, skip);
        }
        Ok(again)
    }

    /// Records a possessive repetition. It matches the same names as a greedy one if every match of its body has the
    /// same length, and if the number of iterations is fixed or the continuation cannot start with a character that the
    /// greedy one would give back. The latter is checked at the end, when the continuation is complete.
    fn record_possessive(&mut self, repeat: &Repetition, next: Pc) -> Result<(), Undecided> {
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
            // A continuation that accepts anything does not depend on the end of the repetition.
            *next != REST && !self.first_chars(*next).intersect(*first).is_empty()
        });
        clash.map_or(Ok(()), |(_, _, at)| {
            Err(Undecided::construct(self.text, Construct::Possessive, *at))
        })
    }

    /// Returns the characters that can be read first from an operation on, if all conditions hold.
    fn first_chars(&self, entry: Pc) -> CharSet {
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
                | Op::LookAhead { next, .. }
                | Op::LookBehind { next, .. } => {
                    open.push(next);
                }
            }
        }
        first
    }
}

/// Returns whether every match begins at the start of the name.
fn starts_at_start(node: &SyntaxNode) -> bool {
    match node {
        SyntaxNode::Start => true,
        SyntaxNode::Either(branches) => branches.iter().all(starts_at_start),
        SyntaxNode::Concat(items) => {
            let leading = items
                .iter()
                .position(|item| !item.is_zero_width())
                .map_or(items.len(), |i| i + 1);
            items.iter().take(leading).any(starts_at_start)
        }
        SyntaxNode::Repetition(repeat) => repeat.min > 0 && starts_at_start(&repeat.body),
        _ => false,
    }
}
