//! Snapshots in files.

use std::path::Path;

use super::error::AcquireError;
use crate::links::read_file;
use crate::snapshot::NamedSnapshot;
use crate::source::{decode, sha256};

/// The largest document, in bytes: a snapshot of about two million rules.
pub const DOCUMENT_LIMIT: u64 = 2 << 30;

/// Reads a snapshot from a file; its name is the path.
///
/// # Errors
///
/// The error of the file, or the reason why it holds no snapshot.
pub fn read_snapshot_file(path: &Path) -> Result<NamedSnapshot, AcquireError> {
    let name = path.display().to_string();
    match read_file(path, DOCUMENT_LIMIT) {
        Ok(bytes) => decode_snapshot(name, bytes),
        Err(source) => Err(AcquireError::File { name, source }),
    }
}

/// Decodes the bytes of a snapshot; `name` is the name of the file.
///
/// # Errors
///
/// The reason why the bytes are no snapshot.
pub fn decode_snapshot(name: String, bytes: Vec<u8>) -> Result<NamedSnapshot, AcquireError> {
    let digest = sha256(&bytes);
    let text = match decode(bytes) {
        Ok(text) => text,
        Err(error) => return Err(AcquireError::Encoding { name, error }),
    };
    match crate::snapshot::read(text.as_bytes()) {
        Ok(snapshot) => Ok(NamedSnapshot {
            name,
            sha256: digest,
            snapshot,
        }),
        Err(source) => Err(AcquireError::Snapshot { name, source }),
    }
}
