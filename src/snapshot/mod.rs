//! Listings as a file, and listings as live state.
//!
//! A live read and a file give the same [`Snapshot`], so that its origin does not matter afterwards. A file is crdrift's
//! own document (`schemas/snapshot.v1.schema.json`), or responses of `ListRepoSyncRule` as the API and the `aliyun`
//! command line print them: one, or several in a row.

mod anonymous;
mod answers;
mod document;
mod live;
mod parts;
mod redact;
mod repeated;

pub use document::{FORMAT_VERSION, schema, write};
pub use live::{LiveListings, live_state};
pub use parts::{MergedSnapshot, NamedSnapshot, PartError, SnapshotFile, SnapshotPart, merge};
pub use redact::redact_accounts;

use acr_api::Listing;
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;

use crate::i18n::Message;
use crate::model::ReadFailure;

/// Listings, and their time.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Snapshot {
    /// The time of the listings, epoch milliseconds; `None` for raw responses.
    pub taken_ms: Option<i64>,
    /// The part of the instances that it has; `None` where it has all.
    pub part: Option<SnapshotPart>,
    /// The listing of each instance. A response without rules names no instance: its id is empty.
    pub listings: Vec<Listing<ReadFailure>>,
}

/// The reason why a file is no snapshot.
#[derive(Debug, thiserror::Error)]
pub enum SnapshotError {
    /// It has no JSON.
    #[error("it is empty")]
    Empty,
    /// It is not valid JSON.
    #[error("it is not JSON: {0}")]
    Syntax(#[source] serde_json::Error),
    /// It is another document.
    #[error(
        "expected a crdrift snapshot or a response of ListRepoSyncRule in document {number}: {reason}"
    )]
    Shape {
        /// The number of the document in the file, from 1.
        number: usize,
        /// The missing or invalid part.
        reason: Message,
    },
    /// A later version of crdrift wrote it.
    #[error("expected format version 1.x, found {found:?}")]
    Version {
        /// Its version.
        found: String,
    },
}

impl SnapshotError {
    /// Returns the message, which has a text in each language.
    #[must_use]
    pub fn message(&self) -> Message {
        match self {
            Self::Empty => Message::file_is_empty(),
            Self::Syntax(error) => Message::not_json(error.to_string()),
            Self::Shape { number, reason } => Message::not_a_snapshot(*number, reason.clone()),
            Self::Version { found } => Message::newer_format(format!("{found:?}")),
        }
    }
}

/// Parses the bytes of a file.
///
/// # Errors
///
/// The reason why the file is no snapshot.
pub fn read(bytes: &[u8]) -> Result<Snapshot, SnapshotError> {
    let snapshot = parse(bytes)?;
    Ok(Snapshot {
        listings: repeated::join(snapshot.listings),
        ..snapshot
    })
}

fn parse(bytes: &[u8]) -> Result<Snapshot, SnapshotError> {
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
    // The own document is parsed in one pass; its errors are found below.
    if has_version_first(bytes)
        && let Ok(snapshot) = document::parse(bytes)
    {
        return snapshot;
    }
    let mut answers = answers::AnswerCollector::default();
    let mut number = 0;
    for document in serde_json::Deserializer::from_slice(bytes).into_iter::<&RawValue>() {
        let document = document.map_err(SnapshotError::Syntax)?.get();
        number += 1;
        if number == 1 && is_own_document(document) {
            let snapshot = document::read(document)?;
            return only_document(bytes, document).map(|()| snapshot);
        }
        answers.add(document, number)?;
    }
    if number == 0 {
        Err(SnapshotError::Empty)
    } else {
        Ok(answers.into_snapshot())
    }
}

/// Returns whether a document is likely crdrift's own: its writer, and every program that sorts keys, puts the version
/// first.
fn has_version_first(bytes: &[u8]) -> bool {
    let head = bytes.get(..4096).unwrap_or(bytes);
    head.windows(16)
        .any(|window| window == b"\"format_version\"")
}

/// Returns whether a document has the keys of crdrift's own.
fn is_own_document(document: &str) -> bool {
    #[derive(Deserialize)]
    struct OwnKeys {
        format_version: Option<IgnoredAny>,
        listings: Option<IgnoredAny>,
    }
    // serde reads a struct from a list, too.
    document.starts_with('{')
        && serde_json::from_str::<OwnKeys>(document)
            .is_ok_and(|it| it.format_version.is_some() || it.listings.is_some())
}

/// Refuses text after a snapshot, which would be lost.
fn only_document(bytes: &[u8], document: &str) -> Result<(), SnapshotError> {
    let leading = bytes
        .iter()
        .take_while(|byte| byte.is_ascii_whitespace())
        .count();
    let rest = bytes.get(leading + document.len()..).unwrap_or_default();
    if rest.iter().all(u8::is_ascii_whitespace) {
        return Ok(());
    }
    Err(SnapshotError::Shape {
        number: 2,
        reason: Message::snapshot_is_one(),
    })
}

#[cfg(test)]
mod tests;
