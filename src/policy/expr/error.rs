//! The errors of expressions.

use std::ops::Range;

use crate::i18n::Message;

/// An error in an expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExprError {
    /// The wrong bytes of the expression.
    pub span: Range<usize>,
    /// The reason, as a fragment of a sentence.
    pub reason: Message,
    /// The remedy.
    pub advice: Advice,
}

/// The remedy for an error.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Advice {
    /// A sentence.
    Text(Message),
    /// One of some words, instead of another one.
    Word {
        /// The word of the expression.
        found: String,
        /// The words that are valid here.
        expected: Vec<String>,
    },
}

impl ExprError {
    pub(super) fn new(span: Range<usize>, reason: Message, advice: Message) -> Self {
        Self {
            span,
            reason,
            advice: Advice::Text(advice),
        }
    }

    /// Returns an error that is resolved by another word.
    pub(super) fn with_words<'w>(
        span: Range<usize>,
        reason: Message,
        found: &str,
        expected: impl IntoIterator<Item = &'w str>,
    ) -> Self {
        let expected = expected.into_iter().map(str::to_owned).collect();
        Self {
            span,
            reason,
            advice: Advice::Word {
                found: found.to_owned(),
                expected,
            },
        }
    }
}
