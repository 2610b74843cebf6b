//! Why a pattern is refused, or a question about it left undecided.

use std::fmt;

use thiserror::Error;

/// A pattern that `java.util.regex` refuses to compile.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{problem} (column {column})")]
pub struct Invalid {
    /// Where, in bytes from the start of the pattern.
    pub offset: usize,
    /// Where, in characters, counted from 1.
    pub column: usize,
    /// What is wrong, as a fragment of a sentence.
    pub problem: &'static str,
}

/// Why there is no answer. Never a reason to take two filters for equal.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Undecided {
    /// The pattern is not one.
    #[error("Java refuses it: {0}")]
    Invalid(#[from] Invalid),
    /// The pattern holds something whose language is not worked out.
    #[error("{what} (column {column})")]
    Construct {
        /// What it holds.
        what: Construct,
        /// Where, in bytes from the start of the pattern.
        offset: usize,
        /// Where, in characters, counted from 1.
        column: usize,
    },
    /// The pattern, or the automaton it needs, is larger than the budget allows.
    #[error("more states are needed than the budget allows")]
    TooLarge,
    /// Other questions of the run used up the budget of its [`Session`](super::Session).
    #[error("the filters of this run need more work than its budget allows")]
    Exhausted,
}

/// What is not translated, since a wrong translation would be worse than none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Construct {
    /// `\1`, `\k<name>`: matches no regular language.
    Backreference,
    /// `(?>…)`.
    AtomicGroup,
    /// `a++` where it is not certain to match the same names as `a+`.
    Possessive,
    /// `(?:^|a){2}`: Java ends a counted repetition at the first round that matches nothing.
    EmptyRound,
    /// Look-around with something to match on both sides of it.
    LookAround,
    /// A look-behind that holds a look-ahead, `$`, `\b`, or no greatest length.
    LookBehind,
    /// `\X` and `\b{g}`, which Java gets wrong in places.
    Grapheme,
    /// `\N{…}`: needs the names of all Unicode characters.
    NamedCharacter,
    /// `(?c)`, which Java does not document.
    CanonicalEquivalence,
    /// `(?x)` with white space or a comment inside of a construct, where Java skips it in some places only.
    Comments,
    /// An intersection of classes in which Java drops an operand or reads one twice.
    ClassIntersection,
}

impl fmt::Display for Construct {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Backreference => "a back-reference is not compared",
            Self::AtomicGroup => "an atomic group is not compared",
            Self::Possessive => "a possessive quantifier is compared only where giving back could not matter",
            Self::EmptyRound => "a counted repetition of what may match nothing, under a condition, is not compared",
            Self::LookAround => "look-around is compared only at the edges of a pattern",
            Self::LookBehind => {
                "a look-behind is compared only with a greatest length and without look-ahead, `$` or `\\b` in it"
            }
            Self::Grapheme => "a grapheme is not compared",
            Self::NamedCharacter => "a character's Unicode name is not looked up",
            Self::CanonicalEquivalence => "canonical equivalence is not compared",
            Self::Comments => "white space inside of a construct is not compared in comments mode",
            Self::ClassIntersection => "Java reads this intersection of character classes in a way of its own",
        })
    }
}

impl Undecided {
    pub(super) fn construct(text: &str, what: Construct, offset: usize) -> Self {
        Self::Construct {
            what,
            offset,
            column: column(text, offset),
        }
    }
}

/// The column of a byte offset: characters, counted from 1.
pub(super) fn column(text: &str, offset: usize) -> usize {
    text.get(..offset).unwrap_or(text).chars().count() + 1
}
