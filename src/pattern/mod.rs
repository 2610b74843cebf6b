//! Filters as languages.
mod automaton;
mod bits;
mod budget;
mod charset;
mod closure;
mod comparer;
mod decidable;
mod error;
mod formula;
mod java;
mod kind;
mod lower;
mod matcher;
mod program;
mod syntax;
mod verdict;
mod walk;

pub use budget::Budget;
pub use comparer::{Comparer, Extent, Progress};
pub use error::{Construct, Invalid, Undecided};
pub use kind::Kind;
pub use matcher::Pattern;
pub use verdict::{Comparison, FORMAT_VERSION, Relation, Verdict};

/// What a filter has to match.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reading {
    /// The whole name (Java's `matches`).
    Whole,
    /// Some part of it (Java's `find`).
    Search,
}

impl Reading {
    /// Both readings.
    pub const ALL: [Self; 2] = [Self::Whole, Self::Search];
}

/// Whether Java compiles the pattern.
pub fn check(text: &str) -> Result<(), Invalid> {
    match java::parse(text) {
        Err(Undecided::Invalid(invalid)) => Err(invalid),
        _ => Ok(()),
    }
}
