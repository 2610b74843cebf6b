//! Findings in the document, and their waivers, baseline and expectation: both ways.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::convert::{
    field_from_name, fingerprint, quote, read_origin, text, time, word, write_origin,
};
use super::location::JsonLocation;
use super::read::ReadError;
use super::who::JsonWho;
use crate::finding::{Code, PathRule, RulePath, Severity};
use crate::i18n::{JsonMessageTemplate, read_message, write_template};
use crate::model;
use crate::report::time::rfc3339;
use crate::report::{
    AppliedBaseline, AppliedWaiver, ComparedExpectation, FindingStatus, Origin, ReportedFinding,
    Transition, Who,
};
use crate::source::Location;
use crate::waiver::Accepted;

/// A finding of a run.
#[derive(Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Finding")]
pub(in crate::report) struct JsonFinding<'a> {
    /// The code.
    #[serde(borrow)]
    pub(super) code: Cow<'a, str>,
    /// The severity.
    #[schemars(extend("enum" = ["error", "warning", "info"]))]
    #[serde(borrow)]
    pub(super) severity: Cow<'a, str>,
    /// The status: open, waived or baselined.
    #[schemars(extend("enum" = ["open", "waived", "baselined"]))]
    #[serde(borrow)]
    pub(super) status: Cow<'a, str>,
    /// The message.
    pub(super) message: Cow<'a, str>,
    /// The template of the message; absent where it is a text of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) message_template: Option<JsonMessageTemplate<'a>>,
    /// The advice.
    pub(super) help: Cow<'a, str>,
    /// The template of the advice; absent where a policy has a text of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) help_template: Option<JsonMessageTemplate<'a>>,
    /// The alias of the instance it is about.
    pub(super) instance: Option<Cow<'a, str>>,
    /// The rule it is about.
    pub(super) rule: Option<Cow<'a, str>>,
    /// The declared owner of the rule; left out where none is declared, or where it is about no rule.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) owner: Option<Cow<'a, str>>,
    /// The field it is about.
    pub(super) field: Option<Cow<'a, str>>,
    /// SHA-256, lower-case hex, over code, rule key, field and the differing content.
    #[serde(borrow)]
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
    /// The paths of a loop, the shortest first: at most 100. Absent for other findings.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) paths: Vec<JsonRulePath<'a>>,
    /// The number of further paths; absent for none.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub(super) omitted_paths: usize,
    /// The authors of the live rule, where it is one-sided or its filter is spelled differently, and no change has them;
    /// absent unless `--who` asked for them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) who: Option<Box<JsonWho<'a>>>,
}

#[allow(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde passes a reference"
)]
const fn is_zero(number: &usize) -> bool {
    *number == 0
}

/// A path of images over rules, one after the other.
#[derive(Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "RulePath")]
pub(in crate::report) struct JsonRulePath<'a> {
    /// The rules, in order.
    rules: Vec<JsonPathRule<'a>>,
    /// The sides that have all of these rules, in words.
    sides: Cow<'a, str>,
    /// True if it is unknown whether an image takes the path, because a filter is undecided.
    undecided: bool,
}

/// A rule of a path.
#[derive(Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "PathRule")]
struct JsonPathRule<'a> {
    /// The alias of its source instance; the id of an undeclared one.
    instance: Cow<'a, str>,
    /// Its name.
    name: Cow<'a, str>,
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

impl<'a> From<&'a ReportedFinding> for JsonFinding<'a> {
    fn from(finding: &'a ReportedFinding) -> Self {
        Self {
            code: text(finding.code.as_str()),
            severity: text(finding.severity.as_str()),
            status: text(finding.status.as_str()),
            message: text(&finding.message),
            message_template: write_template(&finding.message),
            help: text(&finding.help),
            help_template: write_template(&finding.help),
            instance: finding.instance.as_deref().map(text),
            rule: finding.rule.as_deref().map(text),
            owner: finding.owner.as_deref().map(text),
            field: finding.field.map(model::Field::as_str).map(text),
            fingerprint: finding.fingerprint.to_string().into(),
            location: finding.location.as_ref().map(JsonLocation::from),
            waiver: match &finding.status {
                FindingStatus::Waived(waiver) => Some(JsonWaiver::from(&**waiver)),
                FindingStatus::Open | FindingStatus::Baselined => None,
            },
            first_seen: finding.first_seen_ms.and_then(rfc3339),
            transition: finding.transition.map(Transition::as_str).map(text),
            origin: finding.origin.map(write_origin),
            conflicting: finding.origin == Some(Origin::Conflicting),
            counts: finding.counts,
            paths: finding.paths.iter().map(JsonRulePath::from).collect(),
            omitted_paths: finding.omitted_paths,
            who: finding.who.as_deref().map(JsonWho::from).map(Box::new),
        }
    }
}

impl TryFrom<JsonFinding<'_>> for ReportedFinding {
    type Error = ReadError;

    fn try_from(finding: JsonFinding<'_>) -> Result<Self, ReadError> {
        let status = match (&*finding.status, finding.waiver) {
            ("open", _) => FindingStatus::Open,
            ("baselined", _) => FindingStatus::Baselined,
            ("waived", Some(waiver)) => {
                FindingStatus::Waived(Box::new(AppliedWaiver::from(waiver)))
            }
            _ => {
                return Err(ReadError::UnknownWord {
                    key: "status",
                    word: quote(&finding.status),
                });
            }
        };
        Ok(Self {
            code: Code::from_name(&finding.code).ok_or_else(|| ReadError::UnknownWord {
                key: "finding code",
                word: quote(&finding.code),
            })?,
            severity: word(
                "severity",
                &finding.severity,
                &Severity::ALL,
                Severity::as_str,
            )?,
            message: read_message(finding.message, finding.message_template),
            help: read_message(finding.help, finding.help_template),
            instance: finding.instance.map(Cow::into_owned),
            rule: finding.rule.map(Cow::into_owned),
            owner: finding.owner.map(Cow::into_owned),
            field: finding.field.as_deref().map(field_from_name).transpose()?,
            fingerprint: fingerprint(&finding.fingerprint)?,
            location: finding.location.map(Location::from),
            status,
            first_seen_ms: time("first_seen", finding.first_seen.as_deref())?,
            transition: finding
                .transition
                .map(|it| word("transition", &it, &Transition::ALL, Transition::as_str))
                .transpose()?,
            origin: read_origin(finding.origin.as_deref(), finding.conflicting)?,
            counts: finding.counts,
            paths: finding.paths.into_iter().map(RulePath::from).collect(),
            omitted_paths: finding.omitted_paths,
            who: finding
                .who
                .map(|who| Who::try_from(*who))
                .transpose()?
                .map(Box::new),
        })
    }
}

impl<'a> From<&'a RulePath> for JsonRulePath<'a> {
    fn from(path: &'a RulePath) -> Self {
        let RulePath {
            rules,
            sides,
            undecided,
        } = path;
        let rules = rules
            .iter()
            .map(|PathRule { instance, name }| JsonPathRule {
                instance: text(instance),
                name: text(name),
            });
        Self {
            rules: rules.collect(),
            sides: text(sides),
            undecided: *undecided,
        }
    }
}

impl From<JsonRulePath<'_>> for RulePath {
    fn from(path: JsonRulePath<'_>) -> Self {
        let rules = path.rules.into_iter().map(|rule| PathRule {
            instance: rule.instance.into_owned(),
            name: rule.name.into_owned(),
        });
        Self {
            rules: rules.collect(),
            sides: path.sides.into_owned(),
            undecided: path.undecided,
        }
    }
}

impl<'a> From<&'a AppliedWaiver> for JsonWaiver<'a> {
    fn from(waiver: &'a AppliedWaiver) -> Self {
        let AppliedWaiver {
            reason,
            owner,
            expires,
            ticket,
            location,
        } = waiver;
        Self {
            reason: text(reason),
            owner: text(owner),
            expires: text(expires),
            ticket: ticket.as_deref().map(text),
            location: location.as_ref().map(JsonLocation::from),
        }
    }
}

impl From<JsonWaiver<'_>> for AppliedWaiver {
    fn from(waiver: JsonWaiver<'_>) -> Self {
        Self {
            reason: waiver.reason.into_owned(),
            owner: waiver.owner.into_owned(),
            expires: waiver.expires.into_owned(),
            ticket: waiver.ticket.map(Cow::into_owned),
            location: waiver.location.map(Location::from),
        }
    }
}

impl<'a> From<&'a AppliedBaseline> for JsonBaseline<'a> {
    fn from(baseline: &'a AppliedBaseline) -> Self {
        Self {
            date: text(&baseline.date),
            resolved: baseline.resolved.iter().map(JsonFindingKey::from).collect(),
        }
    }
}

impl TryFrom<JsonBaseline<'_>> for AppliedBaseline {
    type Error = ReadError;

    fn try_from(baseline: JsonBaseline<'_>) -> Result<Self, ReadError> {
        Ok(Self {
            date: baseline.date.into_owned(),
            resolved: accepted(baseline.resolved)?,
        })
    }
}

impl<'a> From<&'a ComparedExpectation> for JsonExpectation<'a> {
    fn from(expectation: &'a ComparedExpectation) -> Self {
        Self {
            name: text(&expectation.name),
            expected: expectation.expected,
            unexpected: expectation
                .unexpected
                .iter()
                .map(JsonFindingKey::from)
                .collect(),
            missing: expectation
                .missing
                .iter()
                .map(JsonFindingKey::from)
                .collect(),
        }
    }
}

impl TryFrom<JsonExpectation<'_>> for ComparedExpectation {
    type Error = ReadError;

    fn try_from(expectation: JsonExpectation<'_>) -> Result<Self, ReadError> {
        Ok(Self {
            name: expectation.name.into_owned(),
            expected: expectation.expected,
            unexpected: accepted(expectation.unexpected)?,
            missing: accepted(expectation.missing)?,
        })
    }
}

impl<'a> From<&'a Accepted> for JsonFindingKey<'a> {
    fn from(accepted: &'a Accepted) -> Self {
        Self {
            code: text(&accepted.code),
            instance: accepted.instance.as_deref().map(text),
            rule: accepted.rule.as_deref().map(text),
            field: accepted.field.as_deref().map(text),
            fingerprint: accepted.fingerprint.to_string().into(),
        }
    }
}

fn accepted(findings: Vec<JsonFindingKey<'_>>) -> Result<Vec<Accepted>, ReadError> {
    let findings = findings.into_iter().map(|key| {
        Ok(Accepted {
            instance: key.instance.map(Cow::into_owned),
            rule: key.rule.map(Cow::into_owned),
            code: key.code.into_owned(),
            field: key.field.map(Cow::into_owned),
            fingerprint: fingerprint(&key.fingerprint)?,
            rule_id: None,
        })
    });
    findings.collect()
}
