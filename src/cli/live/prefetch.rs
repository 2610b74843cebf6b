//! A live side that is a file, read while the rules files are: the two have nothing to do with each other.

use std::thread::{self, JoinHandle};

use crate::cli::args::LiveArgs;
use crate::cli::failure::Failure;
use crate::cli::input::read_snapshot_file;
use crate::snapshot::Snapshot;

/// A file that is being read. Whoever finds something wrong before it is needed leaves it alone.
pub(in crate::cli) struct SnapshotPrefetch(JoinHandle<Result<Snapshot, Failure>>);

impl SnapshotPrefetch {
    /// Begins to read the live side, where it is a file. Standard input is the context's, and read when its turn comes.
    pub(in crate::cli) fn start(args: &LiveArgs) -> Option<Self> {
        let path = args.live.clone().filter(|path| path.as_os_str() != "-")?;
        // Where the system has no thread to give, the file is read when its turn comes, too.
        thread::Builder::new()
            .spawn(move || read_snapshot_file(&path))
            .ok()
            .map(Self)
    }

    /// What was read.
    pub(in crate::cli) fn finish(self) -> Result<Snapshot, Failure> {
        self.0
            .join()
            .unwrap_or_else(|_| Err(Failure::new("reading the live rules ended unexpectedly")))
    }
}
