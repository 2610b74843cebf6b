//! Reads the live side: from a file, the embedded emulator, or the API.
//!
//! A command opens a [`ReadSession`] with a [`SessionConfig`], which has everything that a read takes from the process,
//! and [reads](read) the declared instances. The [listings of a snapshot](from_listings) need no session.

mod accounts;
mod confirmations;
mod error;
mod event_lookups;
mod file;
mod listings;
mod message;
mod prefetch;
mod progress;
mod request_log;
mod session;
mod target;
mod variables;

use crate::model::{DesiredState, LiveState};
use crate::snapshot::{LiveListings, Snapshot, SnapshotFile};

pub use self::accounts::CallerAccounts;
pub use self::error::{AcquireError, credentials_help, tried_sources};
pub use self::event_lookups::{EventSelection, EventSources};
pub use self::file::{DOCUMENT_LIMIT, decode_snapshot, read_snapshot_file};
pub use self::listings::{InstanceListings, list_instances};
pub(crate) use self::message::{read_error, read_failure, script_error};
pub use self::prefetch::SnapshotPrefetch;
pub use self::progress::{ProgressSink, with_progress};
pub use self::session::{EmulatorConfig, ReadSession, SessionConfig};

/// The live side as it was read.
#[derive(Debug, Default)]
pub struct LiveRead {
    /// The files with the listings; empty where they come from an instance.
    pub files: Vec<SnapshotFile>,
    /// The listings of the declared instances.
    pub state: LiveState,
    /// The time of the listings, epoch milliseconds; `None` for raw answers.
    pub taken_ms: Option<i64>,
}

/// Reads the declared instances that the selection needs.
///
/// # Errors
///
/// Missing credentials. An instance that cannot be read is incomplete, and no error.
pub async fn read(
    session: &ReadSession,
    desired: &DesiredState,
    sink: &mut dyn ProgressSink,
) -> Result<LiveRead, AcquireError> {
    let InstanceListings { listings, callers } = list_instances(session, desired, sink).await?;
    let snapshot = Snapshot {
        taken_ms: Some(session.now().as_millisecond()),
        part: None,
        listings,
    };
    let mut live = from_listings(snapshot.into(), desired);
    for (id, account) in callers {
        let mut instances = live.state.instances.iter_mut();
        if let Some(instance) = instances.find(|it| it.id == id) {
            instance.evidence.caller = Some(account.as_str().into());
        }
    }
    Ok(live)
}

/// Returns the live side that the listings of a snapshot show.
#[must_use]
pub fn from_listings(listings: LiveListings, desired: &DesiredState) -> LiveRead {
    LiveRead {
        files: Vec::new(),
        taken_ms: listings.taken_ms,
        state: listings.of_declared(desired),
    }
}
