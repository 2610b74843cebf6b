//! A filter's syntax tree: what was written, before it means anything.

use super::charset::CharSet;
use super::error::Construct;

/// A part of a pattern. Capturing is gone: it does not change which names match.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Node {
    /// Nothing, which always matches.
    Empty,
    /// One character.
    Chars(CharSet),
    /// One after the other.
    Concat(Vec<Node>),
    /// One of several.
    Either(Vec<Node>),
    /// The same several times.
    Repeat(Box<Repeat>),
    /// The start of the name.
    Start,
    /// The end of the name.
    End,
    /// Between a word character and another one, or `negative`, not there.
    Boundary { negative: bool },
    /// What comes next, or what came before, without consuming it.
    Look(Box<Look>),
    /// Something whose language is not worked out.
    Opaque(Box<Opaque>),
}

/// A quantifier and what it applies to. Lazy and greedy match the same names and are not told apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Repeat {
    pub(super) body: Node,
    pub(super) min: u32,
    /// `None`: no limit.
    pub(super) max: Option<u32>,
    pub(super) possessive: bool,
    /// Byte offset of the quantifier in the pattern.
    pub(super) at: usize,
}

/// A look-around group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Look {
    pub(super) behind: bool,
    pub(super) negative: bool,
    pub(super) body: Node,
    /// Byte offset of the group in the pattern.
    pub(super) at: usize,
}

/// A construct that ends in "undecided".
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Opaque {
    pub(super) what: Construct,
    /// What an atomic group holds; else [`Node::Empty`].
    pub(super) body: Node,
    /// Byte offset in the pattern.
    pub(super) at: usize,
}

impl Node {
    /// The items one after the other, without a wrapper round one of them.
    pub(super) fn concat(mut items: Vec<Self>) -> Self {
        match items.len() {
            0 => Self::Empty,
            1 => items.remove(0),
            _ => Self::Concat(items),
        }
    }

    /// The length of the shortest match, in characters.
    pub(super) fn min_len(&self) -> usize {
        match self {
            Self::Chars(_) => 1,
            Self::Concat(items) => items
                .iter()
                .map(Self::min_len)
                .fold(0, usize::saturating_add),
            Self::Either(items) => items.iter().map(Self::min_len).min().unwrap_or(0),
            Self::Repeat(repeat) => repeat.body.min_len().saturating_mul(repeat.min as usize),
            Self::Empty
            | Self::Start
            | Self::End
            | Self::Boundary { .. }
            | Self::Look(_)
            | Self::Opaque(_) => 0,
        }
    }

    /// The length of the longest match, in characters; `None` where there is no limit.
    pub(super) fn max_len(&self) -> Option<usize> {
        match self {
            Self::Chars(_) => Some(1),
            Self::Concat(items) => items
                .iter()
                .try_fold(0usize, |sum, item| sum.checked_add(item.max_len()?)),
            Self::Either(items) => items
                .iter()
                .try_fold(0, |max, item| Some(max.max(item.max_len()?))),
            Self::Repeat(repeat) => match (repeat.body.max_len(), repeat.max) {
                (Some(0), _) => Some(0),
                (Some(length), Some(max)) => length.checked_mul(max as usize),
                _ => None,
            },
            Self::Opaque(_) => None,
            Self::Empty | Self::Start | Self::End | Self::Boundary { .. } | Self::Look(_) => {
                Some(0)
            }
        }
    }

    /// The characters a match may start with, and maybe others.
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
            Self::Repeat(repeat) => repeat.body.first(),
            Self::Opaque(_) => CharSet::ASCII,
            Self::Empty | Self::Start | Self::End | Self::Boundary { .. } | Self::Look(_) => {
                CharSet::EMPTY
            }
        }
    }

    /// Whether no match consumes a character.
    pub(super) fn is_zero_width(&self) -> bool {
        self.max_len() == Some(0)
    }
}
