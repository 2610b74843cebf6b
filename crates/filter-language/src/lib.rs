//! Filters as languages: whether two regular expressions match the same names, and if not, a name that shows it.
//!
//! ```
//! use filter_language::{Budget, Kind, Relation, compare};
//!
//! let verdict = compare(r"v1\..*", "v1.*", Kind::Tag, &Budget::default());
//! assert_eq!(verdict.whole.relation, Relation::Wider);
//! assert_eq!(verdict.whole.live_only.as_deref(), Some("v1"));
//! ```
//!
//! # What is asked
//!
//! A filter is a set of names. Two filters are the same when no name is in one set and not in the other, however
//! differently they are written; only names that can exist count, which are finitely many ([`Kind`] has their
//! grammars). The API does not say whether a filter has to match a whole name or some part of it, nor in which
//! dialect it is read. Java's is likely, so that is the one read here (Java 17; what Java refuses, [`check`]
//! refuses), and every question is put under both [`Reading`]s.
//!
//! # How it is answered
//!
//! `java` reads the text into a syntax tree. `lower` turns the tree, back to front, into an *alternating
//! automaton* (Chandra, Kozen, Stockmeyer 1981): operations that each stand for the rests of a name that match
//! from there on, and are the union, the intersection or the complement of others. That makes look-ahead exact:
//! `(?!X)Y` is "not `X` and anything, and `Y`". What came *before* a place, `^`, `\b` or a look-behind, is known
//! when a name is read from left to right, and so becomes a fact that operations can ask for.
//!
//! `automaton` makes it deterministic on demand (Brzozowski and Leiss 1980). A state is a boolean formula over
//! the characters that may come next, kept in disjunctive normal form; without look-around it is a plain set,
//! and this is the subset construction. Characters that no part of a filter tells apart are one class.
//!
//! `walk` goes through the automata of both filters side by side, breadth first, and in byte order within a
//! level. The first place where one accepts and the other does not is spelled by the shortest name, and by the
//! first of those in byte order, that tells them apart: the *witness*. If the walk ends without one, there is
//! none. Relations come from which of "only here", "only there" and "in both" were met. Names are at most
//! [`Kind`]'s length, so the walk stops at that depth: `a{1,128}` equals `a+` for tags, `a{1,127}` does not.
//!
//! # What is not answered
//!
//! What is not regular (back-references), what Java itself reads in ways of its own, and what outgrows its
//! [`Budget`] (determinizing is exponential for some) is [`Undecided`], with the reason and the column. Nothing
//! is approximated: a filter that is not understood is never taken for the same as another one, unless the two
//! texts are the same.

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
#[cfg(test)]
mod laws;
mod lower;
mod matcher;
mod program;
mod quest;
#[cfg(test)]
mod replay;
mod session;
mod syntax;
#[cfg(test)]
mod tests;
mod verdict;
mod walk;

use std::sync::Arc;

pub use budget::Budget;
pub use comparer::{Comparer, Progress};
pub use error::{Construct, Invalid, Undecided};
pub use kind::Kind;
pub use matcher::Pattern;
pub use quest::Extent;
pub use session::Session;
pub use verdict::{Comparison, FORMAT_VERSION, Relation, Verdict};

/// How a filter is put to a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reading {
    /// It has to match the whole name (Java's `matches`).
    Whole,
    /// It has to match some part of it (Java's `find`).
    Search,
}

impl Reading {
    /// Both readings.
    pub const ALL: [Self; 2] = [Self::Whole, Self::Search];
}

/// Returns why Java may refuse a text that [`check`] passes: it is too long or nested too deeply to be parsed here, or
/// it holds a construct that only Java can judge. `None` where Java compiles it, and where [`check`] refuses it.
#[must_use]
pub fn doubt(text: &str) -> Option<Undecided> {
    java::doubt(text)
}

/// Compares two filters. For many pairs, a [`Comparer`] remembers what they have in common.
#[must_use]
pub fn compare(desired: &str, live: &str, kind: Kind, budget: &Budget) -> Verdict {
    Arc::unwrap_or_clone(Comparer::new().compare(desired, live, kind, budget))
}

/// Passes a text that `java.util.regex.Pattern` compiles.
///
/// A text that is too long, or nested too deeply, to be read here passes too; comparing it is
/// [`Undecided::TooLarge`].
///
/// # Errors
///
/// What is wrong with it, and where.
pub fn check(text: &str) -> Result<(), Invalid> {
    match java::parse(text) {
        Err(Undecided::Invalid(invalid)) => Err(invalid),
        Ok(_) | Err(_) => Ok(()),
    }
}
