//! The baseline: the findings of one day, by fingerprint, as a file. `schemas/baseline.v1.schema.json`.

use std::io::{self, Write};

use jiff::civil::Date;
use rustc_hash::FxHashMap;
use schemars::{JsonSchema, Schema};
use serde::{Deserialize, Serialize};

use super::TriagedFinding;
use crate::finding::Fingerprint;
use crate::i18n::Message;
use crate::model::{Alias, Field, RuleName};

/// The version this crdrift writes. A reader takes every 1.x and leaves out keys it does not know.
const FORMAT_VERSION: &str = "1.0";

/// The accepted findings of one day: each as often as it is listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Baseline {
    /// The day.
    pub date: Date,
    /// The accepted findings, sorted by instance, rule, code and field.
    pub accepted: Vec<Accepted>,
}

/// A finding of a baseline. Only its fingerprint is compared; the rest is for people.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Accepted {
    /// The alias of the instance.
    pub instance: Option<String>,
    /// The name of the rule.
    pub rule: Option<String>,
    /// The code.
    pub code: String,
    /// The field.
    pub field: Option<String>,
    /// The fingerprint.
    pub fingerprint: Fingerprint,
    /// The id of the live rule that it is about.
    pub rule_id: Option<String>,
}

/// The error of reading a baseline.
#[derive(Debug, thiserror::Error)]
pub enum BaselineError {
    /// The file is not complete JSON.
    #[error("invalid JSON: {0}")]
    Syntax(#[source] serde_json::Error),
    /// The file is other JSON.
    #[error("expected a baseline of crdrift: {0}")]
    Shape(#[source] serde_json::Error),
    /// A later version of crdrift wrote it.
    #[error("expected format version 1.x, found {found:?}")]
    Version {
        /// The version of the file.
        found: String,
    },
    /// A fingerprint is invalid.
    #[error(
        "expected 64 lower-case hexadecimal digits as the fingerprint of entry {number}, found {found:?}"
    )]
    Fingerprint {
        /// The number of the entry, from 1.
        number: usize,
        /// The invalid fingerprint.
        found: String,
    },
}

impl BaselineError {
    /// Returns the message, which has a text in each language.
    #[must_use]
    pub fn message(&self) -> Message {
        match self {
            Self::Syntax(error) => Message::baseline_not_json(error.to_string()),
            Self::Shape(error) => Message::baseline_shape(error.to_string()),
            Self::Version { found } => Message::newer_format(format!("{found:?}")),
            Self::Fingerprint { number, found } => {
                Message::baseline_fingerprint(*number, format!("{found:?}"))
            }
        }
    }
}

impl Baseline {
    /// Returns a baseline of the open findings.
    #[must_use]
    pub fn from_open(triaged: &[TriagedFinding<'_>], date: Date) -> Self {
        let open = triaged
            .iter()
            .filter(|it| it.is_open() && it.finding.code.is_acceptable());
        let mut accepted: Vec<_> = open.map(Accepted::from).collect();
        accepted.sort();
        Self { date, accepted }
    }

    /// Parses the bytes of a file.
    ///
    /// # Errors
    ///
    /// [`BaselineError`], for a file with any invalid part: such a file accepts no finding.
    pub fn read(bytes: &[u8]) -> Result<Self, BaselineError> {
        #[derive(Deserialize)]
        struct BaselineHeader {
            format_version: String,
        }
        let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
        let classify = |error: serde_json::Error| match error.classify() {
            serde_json::error::Category::Data => BaselineError::Shape(error),
            _ => BaselineError::Syntax(error),
        };
        let BaselineHeader { format_version } = serde_json::from_slice(bytes).map_err(classify)?;
        if format_version != "1" && !format_version.starts_with("1.") {
            return Err(BaselineError::Version {
                found: format_version,
            });
        }
        let BaselineV1 { date, accepted, .. } = serde_json::from_slice(bytes).map_err(classify)?;
        let mut baseline = Self {
            date,
            accepted: Vec::with_capacity(accepted.len()),
        };
        for (index, entry) in accepted.into_iter().enumerate() {
            baseline.accepted.push(entry.into_accepted(index + 1)?);
        }
        Ok(baseline)
    }

    /// Writes the document.
    ///
    /// # Errors
    ///
    /// The error of the writer.
    pub fn write(&self, to: &mut dyn Write) -> io::Result<()> {
        let document = BaselineV1 {
            format_version: FORMAT_VERSION.to_owned(),
            date: self.date,
            accepted: self
                .accepted
                .iter()
                .cloned()
                .map(AcceptedV1::from)
                .collect(),
        };
        crate::source::write_pretty(to, &document)?;
        writeln!(to)
    }

    /// Returns the entries that another baseline does not have.
    #[must_use]
    pub fn difference(&self, other: &Self) -> Vec<&Accepted> {
        let mut known = other.counts();
        self.accepted
            .iter()
            .filter(|it| !super::take_one(&mut known, it.fingerprint))
            .collect()
    }

    /// Returns the number of entries of each fingerprint.
    pub(super) fn counts(&self) -> FxHashMap<Fingerprint, usize> {
        let mut counts = FxHashMap::default();
        for accepted in &self.accepted {
            *counts.entry(accepted.fingerprint).or_default() += 1;
        }
        counts
    }

    /// Returns the entries of the remaining counts, after [`Baseline::counts`] were reduced.
    pub(super) fn remaining(&self, mut counts: FxHashMap<Fingerprint, usize>) -> Vec<&Accepted> {
        self.accepted
            .iter()
            .filter(|it| super::take_one(&mut counts, it.fingerprint))
            .collect()
    }
}

impl From<&TriagedFinding<'_>> for Accepted {
    fn from(triaged: &TriagedFinding<'_>) -> Self {
        let finding = &triaged.finding;
        Self {
            instance: finding.instance.as_ref().map(Alias::to_string),
            rule: finding.rule.as_ref().map(RuleName::to_string),
            code: finding.code.as_str().to_owned(),
            field: finding.field.map(Field::as_str).map(str::to_owned),
            fingerprint: finding.fingerprint,
            rule_id: None,
        }
    }
}

/// The findings that were there on one day, and that are accepted since.
#[derive(Serialize, Deserialize, JsonSchema)]
#[schemars(title = "crdrift baseline", rename = "Baseline")]
struct BaselineV1 {
    /// `1.0`. A later minor version only adds keys.
    format_version: String,
    /// The day on which it was written.
    #[schemars(with = "String", extend("format" = "date"))]
    date: Date,
    /// The accepted findings, by instance, rule, code and field. A finding that occurs twice has two entries.
    accepted: Vec<AcceptedV1>,
}

/// A finding that is accepted.
#[derive(Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Accepted")]
struct AcceptedV1 {
    /// The code.
    code: String,
    /// The alias of the instance it is about.
    instance: Option<String>,
    /// The rule it is about.
    rule: Option<String>,
    /// The field it is about.
    field: Option<String>,
    /// SHA-256, lower-case hex, over code, rule key, field and the differing content. It alone decides.
    #[schemars(regex(pattern = r"^[0-9a-f]{64}$"))]
    fingerprint: String,
    /// The id of the live rule, by which `plan --who` finds its deletion. Absent where none is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    rule_id: Option<String>,
}

impl AcceptedV1 {
    fn into_accepted(self, number: usize) -> Result<Accepted, BaselineError> {
        let Self {
            code,
            instance,
            rule,
            field,
            fingerprint,
            rule_id,
        } = self;
        match Fingerprint::from_hex(&fingerprint) {
            Some(fingerprint) => Ok(Accepted {
                instance,
                rule,
                code,
                field,
                fingerprint,
                rule_id,
            }),
            None => Err(BaselineError::Fingerprint {
                number,
                found: fingerprint,
            }),
        }
    }
}

impl From<Accepted> for AcceptedV1 {
    fn from(accepted: Accepted) -> Self {
        let Accepted {
            instance,
            rule,
            code,
            field,
            fingerprint,
            rule_id,
        } = accepted;
        Self {
            code,
            instance,
            rule,
            field,
            fingerprint: fingerprint.to_string(),
            rule_id,
        }
    }
}

/// Returns the JSON Schema of the document.
#[must_use]
pub fn schema() -> Schema {
    schemars::schema_for!(BaselineV1)
}

#[cfg(test)]
mod tests {

    #[test]
    fn a_message_has_the_text_of_its_error() {
        let json = || serde_json::from_str::<u8>("x").expect_err("no JSON");
        let errors = [
            super::BaselineError::Syntax(json()),
            super::BaselineError::Shape(json()),
            super::BaselineError::Version {
                found: "2".to_owned(),
            },
            super::BaselineError::Fingerprint {
                number: 1,
                found: "x\"".to_owned(),
            },
        ];
        for error in errors {
            crate::i18n::assert_message(&error.message(), &error);
        }
    }
}
