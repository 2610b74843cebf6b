//! Snapshots in files.

use std::path::Path;

use super::error::AcquireError;
use crate::links::read_file;
use crate::snapshot::Snapshot;
use crate::source::decode;

/// The largest document, in bytes: a snapshot of about two million rules.
pub const DOCUMENT_LIMIT: u64 = 2 << 30;

/// Reads a snapshot from a file.
///
/// # Errors
///
/// The error of the file, or the reason why it holds no snapshot.
pub fn read_snapshot_file(path: &Path) -> Result<Snapshot, AcquireError> {
    let name = path.display().to_string();
    match read_file(path, DOCUMENT_LIMIT) {
        Ok(bytes) => decode_snapshot(&name, bytes),
        Err(source) => Err(AcquireError::File { name, source }),
    }
}

/// Decodes the bytes of a snapshot; `name` is the name of the file in errors.
///
/// # Errors
///
/// The reason why the bytes are no snapshot.
pub fn decode_snapshot(name: &str, bytes: Vec<u8>) -> Result<Snapshot, AcquireError> {
    let name = || name.to_owned();
    let text = decode(bytes).map_err(|error| AcquireError::Encoding {
        name: name(),
        error,
    })?;
    crate::snapshot::read(text.as_bytes()).map_err(|source| AcquireError::Snapshot {
        name: name(),
        source,
    })
}
