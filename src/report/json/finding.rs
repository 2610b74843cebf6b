//! Findings in the document, and what accepts or expects them.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::document::JsonLocation;

/// A finding of a run.
#[derive(Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Finding")]
pub(in crate::report) struct JsonFinding<'a> {
    /// The code.
    pub(super) code: Cow<'a, str>,
    /// The severity.
    #[schemars(extend("enum" = ["error", "warning", "info"]))]
    pub(super) severity: Cow<'a, str>,
    /// The status: open, waived or baselined.
    #[schemars(extend("enum" = ["open", "waived", "baselined"]))]
    pub(super) status: Cow<'a, str>,
    /// The message.
    pub(super) message: Cow<'a, str>,
    /// The advice.
    pub(super) help: Cow<'a, str>,
    /// The alias of the instance it is about.
    pub(super) instance: Option<Cow<'a, str>>,
    /// The rule it is about.
    pub(super) rule: Option<Cow<'a, str>>,
    /// The field it is about.
    pub(super) field: Option<Cow<'a, str>>,
    /// SHA-256, lower-case hex, over code, rule key, field and the differing content.
    pub(super) fingerprint: Cow<'a, str>,
    /// The place in the rules files.
    pub(super) location: Option<JsonLocation<'a>>,
    /// The waiver that accepts it.
    pub(super) waiver: Option<JsonWaiver<'a>>,
    /// The time it was first seen: RFC 3339, UTC; null where no history is kept.
    #[schemars(extend("format" = "date-time"))]
    pub(super) first_seen: Option<String>,
    /// The transition since the previous result; null where no history is kept.
    #[schemars(extend("enum" = ["opened", "still", null]))]
    pub(super) transition: Option<Cow<'a, str>>,
    /// The origin of its difference: introduced by this version of the rules files, or drifted before it; null
    /// where it has no difference, or no base was given.
    #[schemars(extend("enum" = ["introduced", "drifted", null]))]
    pub(super) origin: Option<Cow<'a, str>>,
    /// True if both sides changed.
    pub(super) conflicting: bool,
    /// True if it fails the run: open, at or above the threshold, and of an origin that counts.
    pub(super) counts: bool,
}

/// The waiver that accepts a finding.
#[derive(Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Waiver")]
pub(in crate::report) struct JsonWaiver<'a> {
    /// The reason for accepting the finding.
    pub(super) reason: Cow<'a, str>,
    /// The owner.
    pub(super) owner: Cow<'a, str>,
    /// The last day on which it is accepted.
    #[schemars(extend("format" = "date"))]
    pub(super) expires: Cow<'a, str>,
    /// The ticket that tracks it.
    pub(super) ticket: Option<Cow<'a, str>>,
    /// The place of the waiver.
    pub(super) location: Option<JsonLocation<'a>>,
}

/// A baseline applied to a run.
#[derive(Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Baseline")]
pub(in crate::report) struct JsonBaseline<'a> {
    /// The day on which it was written.
    #[schemars(extend("format" = "date"))]
    pub(super) date: Cow<'a, str>,
    /// The resolved findings, which it accepts and which no longer occur. Empty in an incomplete run.
    #[serde(alias = "vanished")]
    pub(super) resolved: Vec<JsonFindingKey<'a>>,
}

/// The comparison of the drift with a reviewed result.
#[derive(Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Expectation")]
pub(in crate::report) struct JsonExpectation<'a> {
    /// The name of the reviewed result.
    pub(super) name: Cow<'a, str>,
    /// The number of expected findings that occurred.
    #[serde(alias = "as_expected")]
    pub(super) expected: usize,
    /// The findings that the reviewed result does not list.
    #[serde(alias = "more")]
    pub(super) unexpected: Vec<JsonFindingKey<'a>>,
    /// The findings that it lists and that did not occur.
    pub(super) missing: Vec<JsonFindingKey<'a>>,
}

/// A finding, by what makes it this one.
#[derive(Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Known")]
pub(in crate::report) struct JsonFindingKey<'a> {
    /// The code.
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
