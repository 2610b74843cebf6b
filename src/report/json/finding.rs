//! Findings in the document, and what accepts or expects them.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::document::Place;

/// Something to tell a person.
#[derive(Serialize, Deserialize, JsonSchema)]
pub(super) struct Finding<'a> {
    /// What kind of thing it is.
    pub(super) code: Cow<'a, str>,
    /// How bad it is.
    #[schemars(extend("enum" = ["error", "warning", "info"]))]
    pub(super) severity: Cow<'a, str>,
    /// Whether it counts.
    #[schemars(extend("enum" = ["open", "waived", "baselined"]))]
    pub(super) status: Cow<'a, str>,
    /// What is the case.
    pub(super) message: Cow<'a, str>,
    /// What to do about it.
    pub(super) help: Cow<'a, str>,
    /// The alias of the instance it is about.
    pub(super) instance: Option<Cow<'a, str>>,
    /// The rule it is about.
    pub(super) rule: Option<Cow<'a, str>>,
    /// The field it is about.
    pub(super) field: Option<Cow<'a, str>>,
    /// SHA-256, lower-case hex, over code, rule key, field and the differing content.
    pub(super) fingerprint: Cow<'a, str>,
    /// Where in the rules files it belongs.
    pub(super) location: Option<Place<'a>>,
    /// The waiver that accepts it.
    pub(super) waiver: Option<Waiver<'a>>,
    /// When it was first seen: RFC 3339, UTC; null where no history is kept.
    #[schemars(extend("format" = "date-time"))]
    pub(super) first_seen: Option<String>,
    /// Whether it is new since the last result; null where no history is kept.
    #[schemars(extend("enum" = ["opened", "still", null]))]
    pub(super) transition: Option<Cow<'a, str>>,
    /// Whether this version of the rules files introduced the difference it is about or it was there before; null
    /// where it is about none, or no base was given.
    #[schemars(extend("enum" = ["introduced", "drifted", null]))]
    pub(super) origin: Option<Cow<'a, str>>,
    /// Whether both moved.
    pub(super) conflicting: bool,
    /// Whether it makes the result drift: it is open, bad enough, and of an origin that counts.
    pub(super) counts: bool,
}

/// The waiver that accepts a finding.
#[derive(Serialize, Deserialize, JsonSchema)]
pub(super) struct Waiver<'a> {
    /// Why the finding is accepted.
    pub(super) reason: Cow<'a, str>,
    /// Who answers for it.
    pub(super) owner: Cow<'a, str>,
    /// The last day on which it is accepted.
    #[schemars(extend("format" = "date"))]
    pub(super) expires: Cow<'a, str>,
    /// The ticket that tracks it.
    pub(super) ticket: Option<Cow<'a, str>>,
    /// Where the waiver is written.
    pub(super) location: Option<Place<'a>>,
}

/// What a baseline says of a run.
#[derive(Serialize, Deserialize, JsonSchema)]
pub(super) struct Baseline<'a> {
    /// The day on which it was written.
    #[schemars(extend("format" = "date"))]
    pub(super) date: Cow<'a, str>,
    /// What it accepts and is no longer there. Empty where anything could not be read.
    #[serde(alias = "vanished")]
    pub(super) resolved: Vec<Known<'a>>,
}

/// What drifts against what a reviewed result says.
#[derive(Serialize, Deserialize, JsonSchema)]
pub(super) struct Expectation<'a> {
    /// What the result is called.
    pub(super) name: Cow<'a, str>,
    /// How many findings are as it says.
    #[serde(alias = "as_expected")]
    pub(super) expected: usize,
    /// What drifts beyond that.
    #[serde(alias = "more")]
    pub(super) unexpected: Vec<Known<'a>>,
    /// What it says and does not drift.
    pub(super) missing: Vec<Known<'a>>,
}

/// A finding, by what makes it this one.
#[derive(Serialize, Deserialize, JsonSchema)]
pub(super) struct Known<'a> {
    /// Its code.
    pub(super) code: Cow<'a, str>,
    /// The alias of the instance it is about.
    pub(super) instance: Option<Cow<'a, str>>,
    /// The rule it is about.
    pub(super) rule: Option<Cow<'a, str>>,
    /// The field it is about.
    pub(super) field: Option<Cow<'a, str>>,
    /// SHA-256, lower-case hex.
    pub(super) fingerprint: Cow<'a, str>,
}
