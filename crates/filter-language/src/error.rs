//! Reasons for a filter that is invalid, and for a query without an answer.

use std::fmt;

use thiserror::Error;

/// The reason why `java.util.regex` rejects a pattern.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{problem} (column {column})")]
pub struct SyntaxError {
    /// The position in bytes from the start of the pattern.
    pub offset: usize,
    /// The position in characters, counted from 1.
    pub column: usize,
    /// The problem.
    pub problem: SyntaxProblem,
}

/// The problem of a pattern that `java.util.regex` rejects, as a fragment of a sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum SyntaxProblem {
    /// An operand of `&&` is missing.
    #[error("`&&` has no operand")]
    EmptyOperand,
    /// `\0` without an octal number.
    #[error("`\\0` is not followed by an octal number")]
    OctalEscape,
    /// `\N` without `{name}`.
    #[error("`\\N` is not followed by `{{name}}`")]
    NamedCharacterEscape,
    /// `\c` without a character.
    #[error("`\\c` is not followed by a character")]
    ControlEscape,
    /// `\k` without `<name>`.
    #[error("`\\k` is not followed by `<name>`")]
    BackreferenceName,
    /// `\x` without two digits.
    #[error("`\\x` is not followed by two hexadecimal digits")]
    HexadecimalEscape,
    /// `\u` without four digits.
    #[error("`\\u` is not followed by four hexadecimal digits")]
    UnicodeEscape,
    /// `\x{` without digits and `}`.
    #[error("`\\x{{` is not followed by hexadecimal digits and `}}`")]
    CodePointEscape,
    /// `[` without `]`.
    #[error("the character class is not closed")]
    UnclosedClass,
    /// `\x{…}` beyond the last code point.
    #[error("the code point is out of range")]
    CodePointRange,
    /// A backslash at the end.
    #[error("the pattern ends in a backslash")]
    TrailingBackslash,
    /// `\p{` without `}`.
    #[error("the property name is not closed with `}}`")]
    UnclosedProperty,
    /// `[b-a]`.
    #[error("the range is out of order")]
    RangeOrder,
    /// `\p{…}` with a name that Java does not know.
    #[error("unknown character property")]
    UnknownProperty,
    /// `\k<name>` of a group that does not exist.
    #[error("unknown group name")]
    UnknownGroupName,
    /// `(?<1>…)`.
    #[error("a group name starts with a letter")]
    GroupNameStart,
    /// `(?<a_b>…)`.
    #[error("a group name is letters and digits between `<` and `>`")]
    GroupName,
    /// Two groups with one name.
    #[error("duplicate group name")]
    DuplicateGroupName,
    /// A look-behind of which Java finds no maximum length.
    #[error("the look-behind has no obvious maximum length")]
    LookBehindLength,
    /// `{` without `}`.
    #[error("the quantifier is not closed with `}}`")]
    UnclosedQuantifier,
    /// `{…}` with a number beyond Java's maximum.
    #[error("the quantifier's number is too large")]
    QuantifierSize,
    /// `{2,1}`.
    #[error("the quantifier's numbers are out of order")]
    QuantifierOrder,
    /// A quantifier at the start.
    #[error("nothing to repeat in front of the quantifier")]
    NothingToRepeat,
    /// `(?` with a character that Java does not know.
    #[error("unknown group syntax")]
    UnknownGroup,
    /// `)` without `(`.
    #[error("`)` without `(`")]
    UnopenedGroup,
    /// `{` without a number.
    #[error("`{{` is not followed by a number; write `\\{{` for a brace")]
    QuantifierNumber,
    /// `(` without `)`.
    #[error("the group is not closed")]
    UnclosedGroup,
    /// A backslash before a letter without a meaning.
    #[error("unknown escape: a backslash before a letter always starts one")]
    UnknownEscape,
    /// `\N{…}` with a name that Java does not know.
    #[error("unknown character name")]
    UnknownCharacter,
}

impl SyntaxProblem {
    /// All problems.
    pub const ALL: [Self; 29] = [
        Self::EmptyOperand,
        Self::OctalEscape,
        Self::NamedCharacterEscape,
        Self::ControlEscape,
        Self::BackreferenceName,
        Self::HexadecimalEscape,
        Self::UnicodeEscape,
        Self::CodePointEscape,
        Self::UnclosedClass,
        Self::CodePointRange,
        Self::TrailingBackslash,
        Self::UnclosedProperty,
        Self::RangeOrder,
        Self::UnknownProperty,
        Self::UnknownGroupName,
        Self::GroupNameStart,
        Self::GroupName,
        Self::DuplicateGroupName,
        Self::LookBehindLength,
        Self::UnclosedQuantifier,
        Self::QuantifierSize,
        Self::QuantifierOrder,
        Self::NothingToRepeat,
        Self::UnknownGroup,
        Self::UnopenedGroup,
        Self::QuantifierNumber,
        Self::UnclosedGroup,
        Self::UnknownEscape,
        Self::UnknownCharacter,
    ];
}

/// The reason why a query has no answer. Two filters of an undecided comparison must not be taken for equal.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Undecided {
    /// The pattern is invalid.
    #[error("invalid Java regular expression: {0}")]
    Invalid(#[from] SyntaxError),
    /// The pattern has a construct whose language is not computed.
    #[error("{construct} (column {column})")]
    Construct {
        /// The construct.
        construct: Construct,
        /// The position in bytes from the start of the pattern.
        offset: usize,
        /// The position in characters, counted from 1.
        column: usize,
    },
    /// The pattern is longer than the maximum.
    #[error("a filter of more than 4 KiB is not compared")]
    TooLong,
    /// Groups or classes are nested deeper than the maximum.
    #[error("a filter with groups nested more than 100 levels deep is not compared")]
    TooDeep,
    /// The automaton of the pattern or of the query exceeds the budget.
    #[error("more states are needed than the budget allows")]
    TooLarge,
    /// Earlier queries used up the budget of the [`FilterSession`](super::FilterSession).
    #[error("the filters of this run need more work than its budget allows")]
    Exhausted,
}

/// A construct that is not translated, because the translation could be wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Construct {
    /// `\1`, `\k<name>`: not a regular language.
    Backreference,
    /// `(?>…)`.
    AtomicGroup,
    /// `a++`, unless it certainly matches the same names as `a+`.
    Possessive,
    /// `(?:^|a){2}`: Java ends a counted repetition at the first empty iteration.
    EmptyRound,
    /// Look-around between two parts that consume characters.
    LookAround,
    /// A look-behind with a look-ahead, `$` or `\b` in it, or without a maximum length.
    LookBehind,
    /// `\X` and `\b{g}`, which Java implements with errors.
    Grapheme,
    /// `\N{…}`: depends on the names of all Unicode characters.
    NamedCharacter,
    /// `(?c)`, which Java does not document.
    CanonicalEquivalence,
    /// `(?x)` with white space or a comment inside of a construct, where Java skips it inconsistently.
    Comments,
    /// An intersection of classes in which Java drops an operand or uses one twice.
    ClassIntersection,
}

impl Construct {
    /// All constructs.
    pub const ALL: [Self; 11] = [
        Self::Backreference,
        Self::AtomicGroup,
        Self::Possessive,
        Self::EmptyRound,
        Self::LookAround,
        Self::LookBehind,
        Self::Grapheme,
        Self::NamedCharacter,
        Self::CanonicalEquivalence,
        Self::Comments,
        Self::ClassIntersection,
    ];
}

impl fmt::Display for Construct {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Backreference => "a back-reference is not compared",
            Self::AtomicGroup => "an atomic group is not compared",
            Self::Possessive => {
                "a possessive quantifier is compared only where backtracking could not matter"
            }
            Self::EmptyRound => {
                "a counted repetition of a condition that may match nothing is not compared"
            }
            Self::LookAround => "look-around is compared only at the edges of a pattern",
            Self::LookBehind => {
                "a look-behind is compared only with a maximum length and without look-ahead, `$` or `\\b` in it"
            }
            Self::Grapheme => "a grapheme is not compared",
            Self::NamedCharacter => "a character's Unicode name is not looked up",
            Self::CanonicalEquivalence => "canonical equivalence is not compared",
            Self::Comments => "white space inside of a construct is not compared in comments mode",
            Self::ClassIntersection => {
                "an intersection of character classes is not compared where Java drops an operand"
            }
        })
    }
}

impl Undecided {
    /// Returns the reason for an unsupported construct at a byte offset of `text`.
    pub(super) fn construct(text: &str, construct: Construct, offset: usize) -> Self {
        Self::Construct {
            construct,
            offset,
            column: column(text, offset),
        }
    }
}

/// Returns the column of a byte offset, in characters, counted from 1.
pub(super) fn column(text: &str, offset: usize) -> usize {
    text.get(..offset).unwrap_or(text).chars().count() + 1
}
