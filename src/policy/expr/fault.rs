//! What is wrong with an expression.

use std::ops::Range;

/// One thing that is wrong with an expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The bytes of the expression that are wrong.
    pub part: Range<usize>,
    /// What is wrong, as a fragment of a sentence.
    pub why: String,
    /// What to do about it.
    pub advice: Advice,
}

/// What to do about a fault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Advice {
    /// This.
    Do(String),
    /// Take one of these words instead of the one that is given.
    Choose {
        /// What is given.
        given: String,
        /// What there is.
        among: Vec<String>,
    },
}

impl Fault {
    pub(super) fn new(
        part: Range<usize>,
        why: impl Into<String>,
        what_to_do: impl Into<String>,
    ) -> Self {
        Self {
            part,
            why: why.into(),
            advice: Advice::Do(what_to_do.into()),
        }
    }

    pub(super) fn word<'w>(
        part: Range<usize>,
        why: impl Into<String>,
        given: &str,
        among: impl IntoIterator<Item = &'w str>,
    ) -> Self {
        let among = among.into_iter().map(str::to_owned).collect();
        Self {
            part,
            why: why.into(),
            advice: Advice::Choose {
                given: given.to_owned(),
                among,
            },
        }
    }
}
