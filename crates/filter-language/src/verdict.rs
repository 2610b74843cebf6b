//! The answer to "are these two filters the same?", as it is shown.

use serde::Serialize;

use super::kind::Kind;

/// The version of [`Verdict`] as a document.
pub const FORMAT_VERSION: &str = "1.0";

/// How two filters relate, under both readings. `compare-filters -o json` prints it as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Verdict {
    /// [`FORMAT_VERSION`].
    pub format_version: &'static str,
    /// What the filters are about.
    pub kind: Kind,
    /// The desired filter.
    pub desired: String,
    /// The live filter.
    pub live: String,
    /// Whether the two are the same text, or match the same names under both readings.
    pub in_sync: bool,
    /// When a filter has to match a whole name.
    pub whole: Comparison,
    /// When it is enough that it matches somewhere in a name.
    pub search: Comparison,
}

/// How two filters relate under one reading.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Comparison {
    /// What the live filter matches, seen from the desired one.
    pub relation: Relation,
    /// The shortest name that only the desired filter matches, and of those the first in byte order.
    pub desired_only: Option<String>,
    /// The shortest name that only the live filter matches, and of those the first in byte order.
    pub live_only: Option<String>,
    /// Why the relation is undecided.
    pub reason: Option<String>,
}

/// The names a live filter matches, against those the desired filter matches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Relation {
    /// The same ones.
    Equal,
    /// All of those, and more.
    Wider,
    /// Some of those only, or none.
    Narrower,
    /// Some of those, and others.
    Overlapping,
    /// Only others.
    Disjoint,
    /// Not known; see [`Comparison::reason`].
    Undecided,
}

impl Verdict {
    pub(super) fn new(
        kind: Kind,
        desired: &str,
        live: &str,
        whole: Comparison,
        search: Comparison,
    ) -> Self {
        let in_sync = [&whole, &search]
            .iter()
            .all(|reading| reading.relation == Relation::Equal);
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

    /// Whether the filters are the same when they have to match whole names, as is likely, and might differ
    /// otherwise: `drift/filter-spelling`.
    #[must_use]
    pub fn differs_in_spelling_only(&self) -> bool {
        self.whole.relation == Relation::Equal && !self.in_sync
    }
}

impl Comparison {
    pub(super) const EQUAL: Self = Self {
        relation: Relation::Equal,
        desired_only: None,
        live_only: None,
        reason: None,
    };

    pub(super) fn undecided(reason: String) -> Self {
        Self {
            relation: Relation::Undecided,
            desired_only: None,
            live_only: None,
            reason: Some(reason),
        }
    }
}

impl Relation {
    /// All there are.
    pub const ALL: [Self; 6] = [
        Self::Equal,
        Self::Wider,
        Self::Narrower,
        Self::Overlapping,
        Self::Disjoint,
        Self::Undecided,
    ];

    /// The word for it.
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
