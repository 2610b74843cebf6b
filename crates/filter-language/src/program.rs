//! A filter as an alternating automaton: the output of [`super::lowering`].

use super::charset::CharSet;

/// An index into [`Program::ops`].
pub(super) type Pc = usize;
/// An index into [`Program::letters`].
pub(super) type LetterId = usize;

/// The operation that matches nothing.
pub(super) const FAIL: Pc = 0;
/// The operation that matches the end of the name; in a look-behind, the position that the look-behind starts from.
pub(super) const END: Pc = 1;
/// The operation that matches any rest of a name.
pub(super) const REST: Pc = 2;
/// The operations that every program begins with.
pub(super) const CONSTANTS: std::ops::Range<Pc> = FAIL..REST + 1;

/// An alternating automaton. The language of an operation is the set of the rests of a name that match from there on.
///
/// Given the characters read before, the language of an operation is the union (`Split`), the intersection or the
/// complement (`LookAhead`) of the languages of its successors. Look-around is exact this way: a look-ahead is an
/// intersection.
#[derive(Debug)]
pub(super) struct Program {
    pub(super) ops: Vec<Op>,
    pub(super) entry: Pc,
    /// The characters that a rest may start with, one entry per operation that reads a character. The first entry
    /// represents the end of the name.
    pub(super) letters: Vec<Letter>,
    /// The bodies of the look-behinds, inner ones first. The index of a body is the slot of its look-behind.
    pub(super) lookbehinds: Vec<Pc>,
    /// The bodies of the look-aheads as ranges of `ops`, inner ones first.
    pub(super) bodies: Vec<std::ops::Range<Pc>>,
    /// The letter that reads a word character, if the pattern has a `\b` or a `\B`.
    pub(super) word: Option<LetterId>,
    /// True if the pattern has a `^`.
    pub(super) has_start: bool,
}

/// One operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Op {
    /// Matches nothing.
    Fail,
    /// Matches the end.
    End,
    /// Matches any rest.
    Rest,
    /// Reads a character and continues where the letter leads.
    Read(LetterId),
    /// Continues at either operation.
    Split(Pc, Pc),
    /// Continues at the start of the name only.
    Start(Pc),
    /// Continues between a word character and another one, or, if `negative`, elsewhere.
    Boundary { negative: bool, next: Pc },
    /// Matches a rest that `next` matches and `body` matches, or, if `negative`, does not match.
    LookAhead { body: Pc, negative: bool, next: Pc },
    /// Continues where the look-behind of a slot matches, or, if `negative`, does not match.
    LookBehind {
        slot: usize,
        negative: bool,
        next: Pc,
    },
}

/// A set of characters, and the operation after one of them is read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Letter {
    pub(super) set: CharSet,
    pub(super) next: Pc,
}
