//! The result of a comparison.

use std::fmt;

use serde::{Serialize, Serializer};
use thiserror::Error;

use super::error::Undecided;
use super::name_kind::NameKind;

/// The version of [`FilterVerdict`] as a document.
pub const FORMAT_VERSION: &str = "1.0";

/// The relation of two filters under both readings. `compare-filters -o json` prints it as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FilterVerdict {
    /// The version of the document, [`FORMAT_VERSION`].
    pub format_version: &'static str,
    /// The kind of the names that the filters match.
    pub kind: NameKind,
    /// The desired filter.
    pub desired: String,
    /// The live filter.
    pub live: String,
    /// True if the texts are equal, or if the filters match the same names under both readings.
    pub in_sync: bool,
    /// The comparison under [`Reading::Whole`](super::Reading::Whole).
    pub whole: ReadingComparison,
    /// The comparison under [`Reading::Search`](super::Reading::Search).
    pub search: ReadingComparison,
}

/// The relation of two filters under one reading.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReadingComparison {
    /// The relation of the live filter to the desired filter.
    pub relation: Relation,
    /// The shortest name that only the desired filter matches, and of those the first in byte order.
    pub desired_only: Option<String>,
    /// The shortest name that only the live filter matches, and of those the first in byte order.
    pub live_only: Option<String>,
    /// The reason for an undecided relation.
    pub reason: Option<UndecidedReason>,
}

/// The reason for an undecided relation. Documents have its text.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum UndecidedReason {
    /// One of the filters has no automaton.
    #[error("{side}: {undecided}")]
    Filter {
        /// The side of the filter.
        side: FilterSide,
        /// The reason why it has none.
        undecided: Undecided,
    },
    /// The query has no answer.
    #[error(transparent)]
    Query(#[from] Undecided),
    /// Neither filter matches a name of this kind.
    #[error("neither filter matches any {} that can exist", .0.as_str())]
    NoName(NameKind),
}

/// The side of one of two filters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FilterSide {
    /// The desired filter.
    Desired,
    /// The live filter.
    Live,
}

/// The names that the live filter matches, relative to those that the desired filter matches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Relation {
    /// The same names.
    Equal,
    /// All of them, and more.
    Wider,
    /// Fewer of them, and no others.
    Narrower,
    /// Some of them, and others.
    Overlapping,
    /// Only others.
    Disjoint,
    /// Not decided; see [`ReadingComparison::reason`].
    Undecided,
}

impl FilterVerdict {
    /// Returns the verdict on one text compared with itself.
    pub(super) fn from_equal_texts(kind: NameKind, text: &str) -> Self {
        let equal = ReadingComparison {
            relation: Relation::Equal,
            desired_only: None,
            live_only: None,
            reason: None,
        };
        Self::new(kind, [text, text], equal.clone(), equal)
    }

    /// Returns the verdict of the comparisons under both readings.
    pub(super) fn new(
        kind: NameKind,
        [desired, live]: [&str; 2],
        whole: ReadingComparison,
        search: ReadingComparison,
    ) -> Self {
        let in_sync = whole.relation == Relation::Equal && search.relation == Relation::Equal;
        Self {
            format_version: FORMAT_VERSION,
            kind,
            desired: desired.to_owned(),
            live: live.to_owned(),
            in_sync,
            whole,
            search,
        }
    }

    /// Returns whether the filters are equal under the likely reading, [`Reading::Whole`](super::Reading::Whole), but
    /// perhaps not under the other one: `drift/filter-spelling`.
    #[must_use]
    pub fn differs_in_spelling_only(&self) -> bool {
        self.whole.relation == Relation::Equal && !self.in_sync
    }
}

impl ReadingComparison {
    /// Returns a comparison without a result, and its reason.
    pub(super) fn undecided(reason: impl Into<UndecidedReason>) -> Self {
        Self {
            relation: Relation::Undecided,
            desired_only: None,
            live_only: None,
            reason: Some(reason.into()),
        }
    }
}

impl Serialize for UndecidedReason {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl fmt::Display for FilterSide {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Desired => "desired filter",
            Self::Live => "live filter",
        })
    }
}

impl Relation {
    /// All relations.
    pub const ALL: [Self; 6] = [
        Self::Equal,
        Self::Wider,
        Self::Narrower,
        Self::Overlapping,
        Self::Disjoint,
        Self::Undecided,
    ];

    /// Returns the word of the JSON document.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Equal => "equal",
            Self::Wider => "wider",
            Self::Narrower => "narrower",
            Self::Overlapping => "overlapping",
            Self::Disjoint => "disjoint",
            Self::Undecided => "undecided",
        }
    }
}
