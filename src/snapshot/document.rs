//! crdrift's own snapshot document, version 1.

use std::io::Write;

use acr_api::{Listing, WireField, WireRule};
use jiff::Timestamp;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

use super::{Snapshot, SnapshotError, SnapshotPart};
use crate::i18n::{JsonMessageTemplate, read_message, write_owned_template};
use crate::model::{ReadFailure, ReadStatus};
use crate::shard::Shard;
use crate::source::read_json;

/// The version that crdrift writes. A reader accepts every 1.x and ignores unknown keys.
pub const FORMAT_VERSION: &str = "1.0";

/// The listings of some instances at one time.
#[derive(Serialize, Deserialize, JsonSchema)]
#[schemars(title = "crdrift snapshot", rename = "Snapshot")]
struct SnapshotV1 {
    /// `1.0`. A later minor version only adds keys.
    format_version: String,
    /// The time of the snapshot: RFC 3339, UTC.
    #[schemars(with = "Option<String>", extend("format" = "date-time"))]
    taken_at: Option<Timestamp>,
    /// The part of the instances that was read; absent where all were.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    part: Option<PartV1>,
    /// One entry for each instance.
    listings: Vec<ListingV1>,
}

/// A part of a snapshot.
#[derive(Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Part")]
struct PartV1 {
    /// The shard that was read, such as `2/16`.
    shard: Box<str>,
    /// The SHA-256 of the rules files, which all parts have in common.
    rules_sha256: Box<str>,
}

/// The listing of one instance.
#[derive(Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Listing")]
struct ListingV1 {
    /// The id of the instance: `cri-…`.
    instance_id: Box<str>,
    /// The region, such as `cn-shanghai`.
    region_id: Option<Box<str>>,
    /// The status of the reading. Only a `complete` listing proves that a rule is missing.
    #[serde(default)]
    status: StatusV1,
    /// The error of an incomplete reading.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    error: Option<ErrorV1>,
    /// The rules as the API spells them, from both ends.
    #[serde(default)]
    #[schemars(schema_with = "rules_schema")]
    rules: Vec<WireRule>,
    /// The pages of the reading.
    #[serde(default)]
    pages: u32,
    /// The requests, retries included.
    #[serde(default)]
    requests: u32,
    /// The API's request ids, as evidence.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    request_ids: Vec<Box<str>>,
}

/// The status of a reading.
#[derive(Serialize, Deserialize, JsonSchema, Clone, Copy, Default)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "ReadStatus")]
enum StatusV1 {
    /// Every page was read, and the pages agree.
    #[default]
    Complete,
    /// The credentials may not list this instance's rules.
    Denied,
    /// The service refused too many requests.
    Throttled,
    /// No usable response arrived.
    Unreachable,
    /// The pages never agreed.
    Inconsistent,
    /// There is no such instance.
    NotFound,
    /// The instance was not read.
    Skipped,
}

/// The error of a reading.
#[derive(Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "ReadError")]
struct ErrorV1 {
    /// The API's error code.
    code: Box<str>,
    /// The API's message.
    message: Box<str>,
    /// The template of the message; absent where it is a text of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    message_template: Option<JsonMessageTemplate<'static>>,
    /// The API's request id.
    request_id: Option<Box<str>>,
}

/// Parses bytes that hold a snapshot alone. `Err` gives no reason.
pub(super) fn parse(bytes: &[u8]) -> serde_json::Result<Result<Snapshot, SnapshotError>> {
    read_json::<SnapshotV1>(bytes).map(SnapshotV1::into_snapshot)
}

/// Parses a document, or returns the reason why it is no snapshot: another version first.
pub(super) fn read(document: &str) -> Result<Snapshot, SnapshotError> {
    #[derive(Deserialize)]
    struct FormatVersion {
        format_version: String,
    }
    let shape = |error: serde_json::Error| SnapshotError::Shape {
        number: 1,
        reason: error.to_string().into(),
    };
    let FormatVersion { format_version } = serde_json::from_str(document).map_err(shape)?;
    refuse_other_versions(&format_version)?;
    serde_json::from_str::<SnapshotV1>(document)
        .map_err(shape)?
        .into_snapshot()
}

fn refuse_other_versions(version: &str) -> Result<(), SnapshotError> {
    if version == "1" || version.starts_with("1.") {
        return Ok(());
    }
    Err(SnapshotError::Version {
        found: version.to_owned(),
    })
}

impl SnapshotV1 {
    fn into_snapshot(self) -> Result<Snapshot, SnapshotError> {
        refuse_other_versions(&self.format_version)?;
        Ok(Snapshot {
            taken_ms: self.taken_at.map(Timestamp::as_millisecond),
            part: self.part.map(PartV1::into_part).transpose()?,
            listings: self.listings.into_iter().map(Listing::from).collect(),
        })
    }
}

impl PartV1 {
    fn into_part(self) -> Result<SnapshotPart, SnapshotError> {
        let shard = Shard::parse(&self.shard).map_err(|error| SnapshotError::Shape {
            number: 1,
            reason: error.to_string().into(),
        })?;
        Ok(SnapshotPart {
            shard,
            rules_sha256: self.rules_sha256,
        })
    }
}

impl From<SnapshotPart> for PartV1 {
    fn from(part: SnapshotPart) -> Self {
        Self {
            shard: part.shard.to_string().into(),
            rules_sha256: part.rules_sha256,
        }
    }
}

/// Writes a snapshot: pretty-printed, the rules of an instance in the order of the listing.
///
/// # Errors
///
/// The error of the writer.
pub fn write(snapshot: Snapshot, mut to: impl Write) -> std::io::Result<()> {
    let document = SnapshotV1 {
        format_version: FORMAT_VERSION.to_owned(),
        taken_at: snapshot
            .taken_ms
            .and_then(|ms| Timestamp::from_millisecond(ms).ok()),
        part: snapshot.part.map(PartV1::from),
        listings: snapshot.listings.into_iter().map(ListingV1::from).collect(),
    };
    crate::source::write_pretty(&mut to, &document)?;
    writeln!(to)
}

/// The JSON Schema of the document.
#[must_use]
pub fn schema() -> Schema {
    schemars::schema_for!(SnapshotV1)
}

fn rules_schema(_: &mut SchemaGenerator) -> Schema {
    let properties: serde_json::Map<_, _> = WireField::ALL
        .into_iter()
        .map(|field| (field.as_str().to_owned(), serde_json::json!({})))
        .collect();
    json_schema!({
        "type": "array",
        "description": "The rules as the API spells them, from both ends.",
        "items": { "type": "object", "properties": properties },
    })
}

impl From<ListingV1> for Listing<ReadFailure> {
    fn from(listing: ListingV1) -> Self {
        let ListingV1 {
            instance_id,
            region_id,
            status,
            error,
            rules,
            pages,
            requests,
            request_ids,
        } = listing;
        let failure = error.map(
            |ErrorV1 {
                 code,
                 message,
                 message_template,
                 request_id,
             }| ReadFailure {
                code,
                message: read_message(String::from(message).into(), message_template),
                request_id,
            },
        );
        Self {
            instance_id,
            region_id,
            status: status.into(),
            failure,
            rules,
            pages,
            requests,
            request_ids,
        }
    }
}

impl From<Listing<ReadFailure>> for ListingV1 {
    fn from(listing: Listing<ReadFailure>) -> Self {
        let Listing {
            instance_id,
            region_id,
            status,
            failure,
            rules,
            pages,
            requests,
            request_ids,
        } = listing;
        let error = failure.map(
            |ReadFailure {
                 code,
                 message,
                 request_id,
             }| ErrorV1 {
                code,
                message: message.as_str().into(),
                message_template: write_owned_template(&message),
                request_id,
            },
        );
        Self {
            instance_id,
            region_id,
            status: status.into(),
            error,
            rules,
            pages,
            requests,
            request_ids,
        }
    }
}

/// Converts between the words of the document and those of the model.
macro_rules! statuses {
    ($($word:ident),*) => {
        impl From<StatusV1> for ReadStatus {
            fn from(status: StatusV1) -> Self {
                match status { $(StatusV1::$word => Self::$word),* }
            }
        }
        impl From<ReadStatus> for StatusV1 {
            fn from(status: ReadStatus) -> Self {
                match status { $(ReadStatus::$word => Self::$word),* }
            }
        }
    };
}
statuses!(
    Complete,
    Denied,
    Throttled,
    Unreachable,
    Inconsistent,
    NotFound,
    Skipped
);
