//! A filter as an alternating automaton: what [`super::lower`] makes of a syntax tree.

use super::charset::CharSet;

/// An operation's place in [`Program::ops`].
pub(super) type Pc = usize;
/// A letter's place in [`Program::letters`].
pub(super) type LetterId = usize;

/// Matches nothing.
pub(super) const FAIL: Pc = 0;
/// Matches the end of the name; in a look-behind, the place where it looks back from.
pub(super) const END: Pc = 1;
/// Matches whatever follows.
pub(super) const REST: Pc = 2;
/// The operations that every program begins with.
pub(super) const CONSTANTS: std::ops::Range<Pc> = FAIL..REST + 1;

/// Operations that each stand for a language: the rests of a name that match from there on.
///
/// Given what was read before, an operation's language is that of its successors, united (`Split`), cut or
/// complemented (`Look`). This is what makes look-around exact: a look-ahead is an intersection.
#[derive(Debug)]
pub(super) struct Program {
    pub(super) ops: Vec<Op>,
    pub(super) entry: Pc,
    /// What a rest may start with, for each operation that reads a character. The first is the end itself.
    pub(super) letters: Vec<Letter>,
    /// The bodies of the look-behinds, inner ones first.
    pub(super) watches: Vec<Pc>,
    /// The bodies of the look-aheads as ranges of `ops`, inner ones first.
    pub(super) bodies: Vec<std::ops::Range<Pc>>,
    /// The letter for a word character, where `\b` or `\B` asks for one.
    pub(super) word: Option<LetterId>,
    /// Whether `^` occurs.
    pub(super) has_start: bool,
}

/// One operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Op {
    /// Nothing matches.
    Fail,
    /// The end.
    End,
    /// Anything.
    Rest,
    /// A character, then what its letter goes on with.
    Read(LetterId),
    /// One or the other.
    Split(Pc, Pc),
    /// At the start of the name only.
    Start(Pc),
    /// Where a word character meets another one, or not there.
    Boundary { negative: bool, next: Pc },
    /// What matches `body` (or does not) and matches `next`.
    Look { body: Pc, negative: bool, next: Pc },
    /// Where the look-behind of this number has matched (or has not).
    Behind {
        watch: usize,
        negative: bool,
        next: Pc,
    },
}

/// A character that is read, and where it leads.
#[derive(Debug, Clone, Copy)]
pub(super) struct Letter {
    pub(super) set: CharSet,
    pub(super) next: Pc,
}
