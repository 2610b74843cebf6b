//! A snapshot file that is read while the rules files are.

use std::path::Path;
use std::thread::{self, JoinHandle};

use super::error::AcquireError;
use super::file::read_snapshot_file;
use crate::snapshot::Snapshot;

/// A thread that reads a snapshot file. A run that fails before it needs the snapshot drops this.
#[derive(Debug)]
pub struct SnapshotPrefetch(JoinHandle<Result<Snapshot, AcquireError>>);

impl SnapshotPrefetch {
    /// Starts to read a file; `None` where the system has no thread left, and the file is read later.
    #[must_use]
    pub fn start(path: &Path) -> Option<Self> {
        let path = path.to_owned();
        let thread = thread::Builder::new().spawn(move || read_snapshot_file(&path));
        thread.ok().map(Self)
    }

    /// Waits for the snapshot.
    ///
    /// # Errors
    ///
    /// The error of the file, or the reason why it holds no snapshot.
    pub fn finish(self) -> Result<Snapshot, AcquireError> {
        match self.0.join() {
            Ok(result) => result,
            Err(_) => Err(AcquireError::Panicked),
        }
    }
}
