//! Policies in the document: both ways.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::convert::{text, word};
use super::location::JsonLocation;
use super::read::ReadError;
use crate::finding::{PolicyCode, Severity};
use crate::policy::AppliesTo;
use crate::report::{PolicySubject, ReportedPolicy};
use crate::source::Location;

/// A policy of the rules files, and how it is met. `checked` is the sum of `passed`, `failed` and `accepted`.
#[derive(Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Policy")]
pub(in crate::report) struct JsonPolicy<'a> {
    /// The id. The code of its findings is `policy/` and the id.
    pub(super) id: Cow<'a, str>,
    /// The severity of its findings.
    #[schemars(extend("enum" = ["error", "warning", "info"]))]
    pub(super) severity: Cow<'a, str>,
    /// The kind; null for an expression.
    pub(super) kind: Option<Cow<'a, str>>,
    /// The expression; null for a built-in kind.
    pub(super) expr: Option<Cow<'a, str>>,
    /// The side that it applies to.
    #[schemars(extend("enum" = ["desired", "live", "both"]))]
    pub(super) applies_to: Cow<'a, str>,
    /// The kind of subject that it checks.
    #[schemars(extend("enum" = ["rule", "namespace", "repository"]))]
    pub(super) subject: Cow<'a, str>,
    /// The number of subjects checked: those that are selected and were read. A subject on both sides counts once.
    pub(super) checked: usize,
    /// The number of subjects that pass.
    pub(super) passed: usize,
    /// The number of subjects with an open finding.
    pub(super) failed: usize,
    /// The number of subjects whose findings are all waived or baselined.
    pub(super) accepted: usize,
    /// The number of open findings.
    pub(super) open: usize,
    /// The number of waived findings.
    pub(super) waived: usize,
    /// The number of baselined findings.
    pub(super) baselined: usize,
    /// The place of the declaration.
    pub(super) location: Option<JsonLocation<'a>>,
}

impl<'a> From<&'a ReportedPolicy> for JsonPolicy<'a> {
    fn from(policy: &'a ReportedPolicy) -> Self {
        Self {
            id: text(policy.code.id()),
            severity: text(policy.severity.as_str()),
            kind: policy.kind.as_deref().map(text),
            expr: policy.expr.as_deref().map(text),
            applies_to: text(policy.applies_to.as_str()),
            subject: text(policy.subject.as_str()),
            checked: policy.checked,
            passed: policy.passed(),
            failed: policy.failed,
            accepted: policy.accepted,
            open: policy.open,
            waived: policy.waived,
            baselined: policy.baselined,
            location: policy.location.as_ref().map(JsonLocation::from),
        }
    }
}

impl TryFrom<JsonPolicy<'_>> for ReportedPolicy {
    type Error = ReadError;

    fn try_from(policy: JsonPolicy<'_>) -> Result<Self, ReadError> {
        Ok(Self {
            code: PolicyCode::new(&policy.id),
            severity: word(
                "severity",
                &policy.severity,
                &Severity::ALL,
                Severity::as_str,
            )?,
            kind: policy.kind.map(Cow::into_owned),
            expr: policy.expr.map(Cow::into_owned),
            applies_to: word(
                "applies_to",
                &policy.applies_to,
                &AppliesTo::ALL,
                AppliesTo::as_str,
            )?,
            subject: word(
                "subject",
                &policy.subject,
                &PolicySubject::ALL,
                PolicySubject::as_str,
            )?,
            checked: policy.checked,
            failed: policy.failed,
            accepted: policy.accepted,
            open: policy.open,
            waived: policy.waived,
            baselined: policy.baselined,
            location: policy.location.map(Location::from),
        })
    }
}
