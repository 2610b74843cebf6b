//! Snapshot files that are read while the rules files are.

use std::path::PathBuf;
use std::thread::{self, JoinHandle};

use super::error::AcquireError;
use super::file::read_snapshot_file;
use crate::snapshot::{LiveListings, MergedSnapshot, PartError, merge};

/// The listings of all files, or the reason why the files are not one snapshot.
type Merged = Result<MergedSnapshot<LiveListings>, PartError>;

/// A thread that reads snapshot files. A run that fails before it needs the snapshots drops this.
#[derive(Debug)]
pub struct SnapshotPrefetch(JoinHandle<Result<Merged, AcquireError>>);

impl SnapshotPrefetch {
    /// Starts to read files; `None` where the system has no thread left, and the files are read later.
    #[must_use]
    pub fn start(paths: &[PathBuf]) -> Option<Self> {
        let paths = paths.to_vec();
        let thread = thread::Builder::new().spawn(move || read_files(&paths));
        thread.ok().map(Self)
    }

    /// Waits for the listings of all files; returns the reason where the files are not one snapshot.
    ///
    /// # Errors
    ///
    /// The error of a file, or the reason why it holds no snapshot.
    pub fn finish(self) -> Result<Merged, AcquireError> {
        match self.0.join() {
            Ok(result) => result,
            Err(_) => Err(AcquireError::Panicked),
        }
    }
}

fn read_files(paths: &[PathBuf]) -> Result<Merged, AcquireError> {
    let files: Result<Vec<_>, _> = paths.iter().map(|path| read_snapshot_file(path)).collect();
    Ok(merge(files?).map(MergedSnapshot::from))
}
