//! Listings as a file, and listings as live state.
//!
//! A live read and a file give the same [`Snapshot`], so nothing after it knows where the rules came from. A
//! file is crdrift's own document (`schemas/snapshot.v1.schema.json`) or the answers of `ListRepoSyncRule` just as
//! the API and the `aliyun` command line print them: one, or several in a row.

mod answers;
mod document;
mod live;

pub use document::{FORMAT_VERSION, schema, write};
pub use live::live_state;

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;

use crate::acr::Listing;

/// Listings with a time.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Snapshot {
    /// When it was taken, epoch milliseconds; raw answers do not tell.
    pub taken_ms: Option<i64>,
    /// What each instance answered. An answer without rules names no instance: its id is empty, and
    /// [`live_state`] finds out whose it can be.
    pub listings: Vec<Listing>,
}

/// Why a file is no snapshot.
#[derive(Debug, thiserror::Error)]
pub enum SnapshotError {
    /// There is no JSON in it.
    #[error("it is empty")]
    Empty,
    /// It is not JSON, or not to its end.
    #[error("it is not JSON: {0}")]
    Syntax(#[source] serde_json::Error),
    /// It is JSON of another shape.
    #[error("document {number} is neither a crdrift snapshot nor an answer of ListRepoSyncRule: {reason}")]
    Shape {
        /// Which document of the file, from 1.
        number: usize,
        /// What is missing or wrong.
        reason: String,
    },
    /// A later version of crdrift wrote it.
    #[error("it has format version {found:?}, and this crdrift reads 1.x")]
    Version {
        /// The version it names.
        found: String,
    },
}

/// Reads a file's bytes.
///
/// # Errors
///
/// [`SnapshotError`]: nothing that is not wholly understood becomes a snapshot.
pub fn read(bytes: &[u8]) -> Result<Snapshot, SnapshotError> {
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
    let mut answers = answers::Answers::default();
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
    if number == 0 { Err(SnapshotError::Empty) } else { Ok(answers.into_snapshot()) }
}

/// Whether a document says that it is crdrift's own.
fn is_own_document(document: &str) -> bool {
    #[derive(Deserialize)]
    struct Probe {
        format_version: Option<IgnoredAny>,
        listings: Option<IgnoredAny>,
    }
    serde_json::from_str::<Probe>(document).is_ok_and(|it| it.format_version.is_some() || it.listings.is_some())
}

/// A snapshot is one document; what follows it would be lost.
fn only_document(bytes: &[u8], document: &str) -> Result<(), SnapshotError> {
    let leading = bytes.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
    let rest = bytes.get(leading + document.len()..).unwrap_or_default();
    if rest.iter().all(u8::is_ascii_whitespace) {
        return Ok(());
    }
    Err(SnapshotError::Shape { number: 2, reason: "a crdrift snapshot is one document".to_owned() })
}
