//! Regular expressions as languages: two filters compared by the names that they match, with a witness for every
//! difference.
//!
//! ```
//! use filter_language::{NameKind, QueryBudget, Relation, compare};
//!
//! let verdict = compare(r"v1\..*", "v1.*", NameKind::Tag, &QueryBudget::default());
//! assert_eq!(verdict.whole.relation, Relation::Wider);
//! assert_eq!(verdict.whole.live_only.as_deref(), Some("v1"));
//! ```
//!
//! `cargo run -p filter-language --example compare -- 'v1\..*' 'v1.*'` prints the comparison of two filters.
//!
//! # Purpose
//!
//! The sync rules of a container registry select tags, repositories and namespaces by regular expressions. A filter is
//! the set of names that it matches: two filters are equal if no name is in one set and not in the other, no matter how
//! they are written. Only valid names count ([`NameKind`] has their grammars), and there are finitely many of them.
//!
//! The dialect is that of `java.util.regex` in Java 17: [`check`] accepts the texts that Java compiles. The registry's
//! API does not document whether a filter must match a whole name or some part of it, so the answers exist for both
//! [`Reading`]s.
//!
//! # Types
//!
//! | type | purpose |
//! |---|---|
//! | [`compare`] | compares two filters once |
//! | [`Comparer`] | compares many filters, and caches their automata; each query has a budget of its own |
//! | [`FilterSession`] | a comparer for all queries of a run, with one budget for all of them and a cache of the results |
//! | [`CompiledFilter`] | matches names in linear time, without an automaton |
//! | [`FilterVerdict`] | the relation of two filters and the first name of each difference |
//! | [`ExampleQuery`] | a name with the same property that people recognize |
//! | [`Coverage`], [`PrefixMatch`] | a filter that matches all names or none; the longest viable prefix of a name |
//! | [`SyntaxError`], [`Undecided`], [`UndecidedReason`] | the reason for an invalid filter, a query without an answer, an undecided comparison |
//!
//! # Method
//!
//! 1. `java` parses the text into a syntax tree.
//! 2. `lowering` translates the tree, back to front, into an *alternating automaton* (Chandra, Kozen, Stockmeyer 1981).
//!    Its operations denote languages, namely the rests of a name that match from there on, and are the union, the
//!    intersection or the complement of others. Look-ahead is exact this way: `(?!X)Y` is the intersection of `Y` and
//!    the complement of `X.*`. The text *before* a position (`^`, `\b`, look-behind) is known when a name is read from
//!    left to right, and becomes a fact that operations depend on.
//! 3. `automaton` determinizes it on demand (Brzozowski and Leiss 1980). A state is a boolean formula, in disjunctive
//!    normal form, over the characters that may come next. Without look-around this is the subset construction.
//!    Characters that no part of a filter distinguishes form one class.
//! 4. `product` searches the product of both automata breadth first, in byte order within a level. The first state that
//!    only one filter accepts has the shortest name, and of those the first in byte order: the *witness*. A search that
//!    ends without a witness proves that there is none. Its depth is the maximum length of names: `a{1,128}` equals `a+`
//!    for tags, `a{1,127}` does not.
//!
//! # Guarantees
//!
//! - Answers are exact. A construct that is not regular (back-references), that Java implements inconsistently, or that
//!   exceeds the [`QueryBudget`] is [`Undecided`], with a reason and a column. Two filters that are not understood are
//!   never equal, unless their texts are.
//! - Answers are deterministic: budgets count steps and bytes, not time.
//! - All functions are pure and total: any text is an acceptable argument.
//!
//! # Limits
//!
//! Names are ASCII. Patterns have at most 4 KiB and 100 nested groups. Determinization is exponential for some
//! patterns, such as `.*a.{40}`, and doubly exponential with look-around; the budget bounds it.

mod automaton;
mod bit_set;
mod budget;
mod charset;
mod closures;
mod comparer;
mod error;
mod examples;
mod formula;
mod java;
#[cfg(test)]
mod java_conformance;
mod lowering;
mod matcher;
mod name_kind;
mod product;
mod program;
#[cfg(test)]
mod proptests;
mod session;
mod supported;
mod syntax;
#[cfg(test)]
mod tests;
mod verdict;
mod visitor;

use std::sync::Arc;

pub use budget::QueryBudget;
pub use comparer::{Comparer, FilterQuery, PrefixMatch};
pub use error::{Construct, SyntaxError, SyntaxProblem, Undecided};
pub use examples::ExampleQuery;
pub use matcher::CompiledFilter;
pub use name_kind::NameKind;
pub use session::FilterSession;
pub use verdict::{
    FORMAT_VERSION, FilterSide, FilterVerdict, ReadingComparison, Relation, UndecidedReason,
};
pub use visitor::Coverage;

/// The way in which a filter is applied to a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reading {
    /// The filter must match the whole name (Java's `matches`).
    Whole,
    /// The filter must match some part of the name (Java's `find`).
    Search,
}

impl Reading {
    /// Both readings.
    pub const ALL: [Self; 2] = [Self::Whole, Self::Search];
}

/// Compares a desired and a live filter. For many pairs, a [`Comparer`] is faster.
#[must_use]
pub fn compare(desired: &str, live: &str, kind: NameKind, budget: &QueryBudget) -> FilterVerdict {
    Arc::unwrap_or_clone(Comparer::new().compare(desired, live, kind, budget))
}

/// Checks that `java.util.regex.Pattern` compiles a text.
///
/// A text that exceeds the maximum length or depth passes too; comparisons with it are [`Undecided::TooLong`] or
/// [`Undecided::TooDeep`].
///
/// # Errors
///
/// The first problem and its position.
pub fn check(text: &str) -> Result<(), SyntaxError> {
    match java::parse(text) {
        Err(Undecided::Invalid(error)) => Err(error),
        Ok(_) | Err(_) => Ok(()),
    }
}

/// Returns the reason why Java may reject a text that passes [`check`]: the text exceeds the maximum length or depth,
/// or it has a construct that only Java can judge. Returns `None` for a text that Java certainly compiles, and for one
/// that [`check`] rejects.
#[must_use]
pub fn find_uncertainty(text: &str) -> Option<Undecided> {
    java::find_uncertainty(text)
}
