//! The errors of expressions.

use std::ops::Range;

/// An error in an expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExprError {
    /// The wrong bytes of the expression.
    pub span: Range<usize>,
    /// The reason, as a fragment of a sentence.
    pub reason: String,
    /// The remedy.
    pub advice: Advice,
}

/// The remedy for an error.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Advice {
    /// A text.
    Text(String),
    /// One of some words, instead of another one.
    Word {
        /// The word of the expression.
        found: String,
        /// The words that are valid here.
        expected: Vec<String>,
    },
}

impl ExprError {
    pub(super) fn new(
        span: Range<usize>,
        reason: impl Into<String>,
        advice: impl Into<String>,
    ) -> Self {
        Self {
            span,
            reason: reason.into(),
            advice: Advice::Text(advice.into()),
        }
    }

    /// Returns an error that is resolved by another word.
    pub(super) fn with_words<'w>(
        span: Range<usize>,
        reason: impl Into<String>,
        found: &str,
        expected: impl IntoIterator<Item = &'w str>,
    ) -> Self {
        let expected = expected.into_iter().map(str::to_owned).collect();
        Self {
            span,
            reason: reason.into(),
            advice: Advice::Word {
                found: found.to_owned(),
                expected,
            },
        }
    }
}
