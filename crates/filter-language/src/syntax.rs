//! The syntax tree of a filter.

use super::charset::CharSet;
use super::error::Construct;

/// A part of a pattern. Capturing is dropped: it does not affect matching.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum SyntaxNode {
    /// Matches the empty text.
    Empty,
    /// Matches one character of a set.
    Chars(CharSet),
    /// Matches the parts one after the other.
    Concat(Vec<SyntaxNode>),
    /// Matches one of the alternatives.
    Either(Vec<SyntaxNode>),
    /// Matches a part repeatedly.
    Repetition(Box<Repetition>),
    /// Matches at the start of the name.
    Start,
    /// Matches at the end of the name.
    End,
    /// Matches between a word character and another one, or, if `negative`, elsewhere.
    Boundary { negative: bool },
    /// Matches where the text ahead or behind does, without consuming it.
    LookAround(Box<LookAround>),
    /// A construct whose language is not computed.
    Unsupported(Box<Unsupported>),
}

/// A quantifier and its operand. Lazy and greedy quantifiers match the same names, and are not distinguished.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Repetition {
    pub(super) body: SyntaxNode,
    pub(super) min: u32,
    /// The maximum count; `None` if unlimited.
    pub(super) max: Option<u32>,
    pub(super) possessive: bool,
    /// The byte offset of the quantifier in the pattern.
    pub(super) at: usize,
}

/// A look-around group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct LookAround {
    pub(super) behind: bool,
    pub(super) negative: bool,
    pub(super) body: SyntaxNode,
    /// The byte offset of the group in the pattern.
    pub(super) at: usize,
}

/// A construct that makes every query about the pattern undecided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Unsupported {
    pub(super) construct: Construct,
    /// The body of an atomic group; [`SyntaxNode::Empty`] for other constructs.
    pub(super) body: SyntaxNode,
    /// The byte offset in the pattern.
    pub(super) at: usize,
}

impl SyntaxNode {
    /// Returns the concatenation of the items; a single item is returned as it is.
    pub(super) fn concat(mut items: Vec<Self>) -> Self {
        match items.len() {
            0 => Self::Empty,
            1 => items.remove(0),
            _ => Self::Concat(items),
        }
    }

    /// Returns the length of the shortest match, in characters.
    pub(super) fn min_len(&self) -> usize {
        match self {
            Self::Chars(_) => 1,
            Self::Concat(items) => items
                .iter()
                .map(Self::min_len)
                .fold(0, usize::saturating_add),
            Self::Either(items) => items.iter().map(Self::min_len).min().unwrap_or(0),
            Self::Repetition(repeat) => repeat.body.min_len().saturating_mul(repeat.min as usize),
            Self::Empty
            | Self::Start
            | Self::End
            | Self::Boundary { .. }
            | Self::LookAround(_)
            | Self::Unsupported(_) => 0,
        }
    }

    /// Returns the length of the longest match, in characters; `None` if unlimited.
    pub(super) fn max_len(&self) -> Option<usize> {
        match self {
            Self::Chars(_) => Some(1),
            Self::Concat(items) => items
                .iter()
                .try_fold(0usize, |sum, item| sum.checked_add(item.max_len()?)),
            Self::Either(items) => items
                .iter()
                .try_fold(0, |max, item| Some(max.max(item.max_len()?))),
            Self::Repetition(repeat) => match (repeat.body.max_len(), repeat.max) {
                (Some(0), _) => Some(0),
                (Some(length), Some(max)) => length.checked_mul(max as usize),
                _ => None,
            },
            Self::Unsupported(_) => None,
            Self::Empty | Self::Start | Self::End | Self::Boundary { .. } | Self::LookAround(_) => {
                Some(0)
            }
        }
    }

    /// Returns a superset of the characters that a match may start with.
    pub(super) fn first(&self) -> CharSet {
        match self {
            Self::Chars(set) => *set,
            Self::Concat(items) => {
                let leading = items
                    .iter()
                    .position(|item| item.min_len() > 0)
                    .map_or(items.len(), |i| i + 1);
                items
                    .iter()
                    .take(leading)
                    .map(Self::first)
                    .fold(CharSet::EMPTY, CharSet::union)
            }
            Self::Either(items) => items
                .iter()
                .map(Self::first)
                .fold(CharSet::EMPTY, CharSet::union),
            Self::Repetition(repeat) => repeat.body.first(),
            Self::Unsupported(_) => CharSet::ASCII,
            Self::Empty | Self::Start | Self::End | Self::Boundary { .. } | Self::LookAround(_) => {
                CharSet::EMPTY
            }
        }
    }

    /// Returns whether no match consumes a character.
    pub(super) fn is_zero_width(&self) -> bool {
        self.max_len() == Some(0)
    }
}
