//! Reads the live side: from a file, the embedded emulator, or the API.
//!
//! A command opens a [`ReadSession`] with a [`SessionConfig`], which has everything that a read takes from the process,
//! and [reads](read) the declared instances. A [snapshot](from_snapshot) needs no session.

mod accounts;
mod confirmations;
mod error;
mod file;
mod listings;
mod prefetch;
mod progress;
mod session;
mod target;
mod variables;

use crate::model::{DesiredState, LiveState, Selection};
use crate::snapshot::{Snapshot, assign_anonymous_answers, live_state};

pub use self::accounts::CallerAccounts;
pub use self::error::{AcquireError, credentials_help};
pub use self::file::{DOCUMENT_LIMIT, decode_snapshot, read_snapshot_file};
pub use self::listings::{InstanceListings, list_instances};
pub use self::prefetch::SnapshotPrefetch;
pub use self::progress::{ProgressSink, with_progress};
pub use self::session::{EmulatorConfig, ReadSession, SessionConfig};

/// The instances and rules of a read.
#[derive(Debug, Clone, Copy)]
pub struct ReadRequest<'a> {
    /// The rules files, which declare the instances.
    pub desired: &'a DesiredState,
    /// The part of them that is compared.
    pub selection: &'a Selection,
    /// True if a second request confirms each rule that would be reported.
    pub confirm: bool,
}

impl<'a> ReadRequest<'a> {
    /// Returns the request for the instances that a selection needs, with confirmation.
    #[must_use]
    pub const fn new(desired: &'a DesiredState, selection: &'a Selection) -> Self {
        Self {
            desired,
            selection,
            confirm: true,
        }
    }
}

/// The live side as it was read.
#[derive(Debug, Default)]
pub struct LiveRead {
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
    request: ReadRequest<'_>,
    sink: &mut dyn ProgressSink,
) -> Result<LiveRead, AcquireError> {
    let InstanceListings { listings, callers } = list_instances(session, request, sink).await?;
    let snapshot = Snapshot {
        taken_ms: Some(session.now().as_millisecond()),
        listings,
    };
    let mut live = from_snapshot(snapshot, request.desired, request.selection);
    for (id, account) in callers {
        let mut instances = live.state.instances.iter_mut();
        if let Some(instance) = instances.find(|it| it.id == id) {
            instance.evidence.caller = Some(account.as_str().into());
        }
    }
    Ok(live)
}

/// Returns the live side that a snapshot holds.
#[must_use]
pub fn from_snapshot(
    mut snapshot: Snapshot,
    desired: &DesiredState,
    selection: &Selection,
) -> LiveRead {
    assign_anonymous_answers(&mut snapshot, desired, selection);
    LiveRead {
        taken_ms: snapshot.taken_ms,
        state: live_state(snapshot, desired),
    }
}
