//! The baseline: the findings of one day, by fingerprint, as a file. `schemas/baseline.v1.schema.json`.

use std::io::{self, Write};

use jiff::civil::Date;
use rustc_hash::FxHashMap;
use schemars::{JsonSchema, Schema};
use serde::{Deserialize, Serialize};

use super::TriagedFinding;
use crate::finding::Fingerprint;
use crate::model::{Alias, Field, RuleName};

/// The version this crdrift writes. A reader takes every 1.x and leaves out keys it does not know.
const FORMAT_VERSION: &str = "1.0";

/// Accepts what was there on a day: each finding as often as it is in it, and no other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Baseline {
    /// The day.
    pub date: Date,
    /// What it accepts: by instance, rule, code and field.
    pub accepted: Vec<Accepted>,
}

/// A finding of a baseline. Its fingerprint alone decides; the rest is for people.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Accepted {
    /// The alias of the instance it is about.
    pub instance: Option<String>,
    /// The rule it is about.
    pub rule: Option<String>,
    /// Its code.
    pub code: String,
    /// The field it is about.
    pub field: Option<String>,
    /// What makes it this finding and no other.
    pub fingerprint: Fingerprint,
}

/// Why a file is no baseline.
#[derive(Debug, thiserror::Error)]
pub enum BaselineError {
    /// It is not JSON, or not to its end.
    #[error("it is not JSON: {0}")]
    Syntax(#[source] serde_json::Error),
    /// It is JSON of another shape.
    #[error("it is no baseline of crdrift: {0}")]
    Shape(#[source] serde_json::Error),
    /// A later version of crdrift wrote it.
    #[error("it has format version {found:?}, and this crdrift reads 1.x")]
    Version {
        /// The version it names.
        found: String,
    },
    /// A fingerprint is none.
    #[error(
        "entry {number} has the fingerprint {found:?}, which is not 64 lower-case hexadecimal digits"
    )]
    Fingerprint {
        /// Which entry, from 1.
        number: usize,
        /// What it holds.
        found: String,
    },
}

impl Baseline {
    /// Creates a baseline of the open findings.
    #[must_use]
    pub fn from_open(triaged: &[TriagedFinding<'_>], date: Date) -> Self {
        let open = triaged
            .iter()
            .filter(|it| it.is_open() && it.finding.code.is_acceptable());
        let mut accepted: Vec<_> = open.map(Accepted::from).collect();
        accepted.sort();
        Self { date, accepted }
    }

    /// Reads a file's bytes.
    ///
    /// # Errors
    ///
    /// [`BaselineError`]: nothing that is not wholly understood accepts anything.
    pub fn read(bytes: &[u8]) -> Result<Self, BaselineError> {
        #[derive(Deserialize)]
        struct Version {
            format_version: String,
        }
        let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
        let fault = |error: serde_json::Error| match error.classify() {
            serde_json::error::Category::Data => BaselineError::Shape(error),
            _ => BaselineError::Syntax(error),
        };
        let Version { format_version } = serde_json::from_slice(bytes).map_err(fault)?;
        if format_version != "1" && !format_version.starts_with("1.") {
            return Err(BaselineError::Version {
                found: format_version,
            });
        }
        let BaselineV1 { date, accepted, .. } = serde_json::from_slice(bytes).map_err(fault)?;
        let accepted = accepted
            .into_iter()
            .enumerate()
            .map(|(at, it)| it.into_accepted(at + 1));
        Ok(Self {
            date,
            accepted: accepted.collect::<Result<_, _>>()?,
        })
    }

    /// Writes the document.
    ///
    /// # Errors
    ///
    /// What the writer says.
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

    /// What this one accepts and another does not.
    #[must_use]
    pub fn beyond(&self, other: &Self) -> Vec<&Accepted> {
        let mut known = other.counts();
        self.accepted
            .iter()
            .filter(|it| !super::take(&mut known, it.fingerprint))
            .collect()
    }

    /// How often each finding is in it.
    pub(super) fn counts(&self) -> FxHashMap<Fingerprint, usize> {
        let mut counts = FxHashMap::default();
        for it in &self.accepted {
            *counts.entry(it.fingerprint).or_default() += 1;
        }
        counts
    }

    /// The entries that are left when some of [`Baseline::counts`] were taken.
    pub(super) fn left(&self, mut counts: FxHashMap<Fingerprint, usize>) -> Vec<&Accepted> {
        self.accepted
            .iter()
            .filter(|it| super::take(&mut counts, it.fingerprint))
            .collect()
    }
}

impl From<&TriagedFinding<'_>> for Accepted {
    fn from(it: &TriagedFinding<'_>) -> Self {
        let finding = &it.finding;
        Self {
            instance: finding.instance.as_ref().map(Alias::to_string),
            rule: finding.rule.as_ref().map(RuleName::to_string),
            code: finding.code.as_str().to_owned(),
            field: finding.field.map(Field::as_str).map(str::to_owned),
            fingerprint: finding.fingerprint,
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
    /// What it accepts: by instance, rule, code and field. A finding that is there twice is in it twice.
    accepted: Vec<AcceptedV1>,
}

/// A finding that is accepted.
#[derive(Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Accepted")]
struct AcceptedV1 {
    /// Its code.
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
}

impl AcceptedV1 {
    fn into_accepted(self, number: usize) -> Result<Accepted, BaselineError> {
        let Self {
            code,
            instance,
            rule,
            field,
            fingerprint,
        } = self;
        match Fingerprint::from_hex(&fingerprint) {
            Some(fingerprint) => Ok(Accepted {
                instance,
                rule,
                code,
                field,
                fingerprint,
            }),
            None => Err(BaselineError::Fingerprint {
                number,
                found: fingerprint,
            }),
        }
    }
}

impl From<Accepted> for AcceptedV1 {
    fn from(it: Accepted) -> Self {
        let Accepted {
            instance,
            rule,
            code,
            field,
            fingerprint,
        } = it;
        Self {
            code,
            instance,
            rule,
            field,
            fingerprint: fingerprint.to_string(),
        }
    }
}

/// The JSON Schema of the document.
#[must_use]
pub fn schema() -> Schema {
    schemars::schema_for!(BaselineV1)
}
