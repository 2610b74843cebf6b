//! Where the live side of a command comes from: a file, the embedded emulator, or the API.

mod accounts;
mod confirmations;
mod listings;
mod prefetch;
mod progress;
mod session;
mod target;
mod variables;

use acr_client::Options;

use super::args::LiveArgs;
use super::context::Context;
use super::failure::Failure;
use super::input::read_snapshot;
use super::runtime::block_on;
use crate::model::{DesiredState, LiveState, Selection};
use crate::report::LiveSource;
use crate::snapshot::{Snapshot, assign_anonymous_answers, live_state};

pub(super) use self::accounts::CallerAccounts;
pub(super) use self::listings::{Listed, credentials_help, listings, no_credentials};
pub(super) use self::prefetch::SnapshotPrefetch;
pub(super) use self::progress::watch;
pub(super) use self::session::Session;

/// The live side, and when it was read.
#[derive(Default)]
pub(super) struct Live {
    pub(super) state: LiveState,
    /// Epoch milliseconds; raw answers do not tell.
    pub(super) taken_ms: Option<i64>,
}

/// Which source the options name.
pub(super) const fn source(args: &LiveArgs) -> LiveSource {
    match (&args.live, &args.emulator.emulate) {
        (Some(_), _) => LiveSource::Snapshot,
        (None, Some(_)) => LiveSource::Emulator,
        (None, None) => LiveSource::Api,
    }
}

/// Reads the live side; what has been read `ahead` is not read again.
pub(super) fn read(
    args: &LiveArgs,
    ahead: Option<SnapshotPrefetch>,
    desired: &DesiredState,
    selection: &Selection,
    context: &mut Context,
) -> Result<Live, Failure> {
    let LiveArgs {
        live,
        emulator,
        consistency,
        connection,
    } = args;
    let (mut snapshot, callers) = match (ahead, live) {
        (Some(ahead), _) => (ahead.finish()?, Vec::new()),
        (None, Some(path)) => (read_snapshot(path, context)?, Vec::new()),
        (None, None) => block_on(async {
            let options = Options {
                consistent: consistency.consistent,
                ..connection.options()
            };
            let session = Session::open(options, connection, emulator, context).await?;
            let Listed { listings, callers } =
                listings(&session, desired, selection, consistency, context).await?;
            Ok((
                Snapshot {
                    taken_ms: Some(context.now_ms()),
                    listings,
                },
                callers,
            ))
        })?,
    };
    let taken_ms = snapshot.taken_ms;
    assign_anonymous_answers(&mut snapshot, desired, selection);
    let mut state = live_state(snapshot, desired);
    for (id, account) in callers {
        if let Some(instance) = state.instances.iter_mut().find(|it| it.id == id) {
            instance.evidence.caller = Some(account.as_str().into());
        }
    }
    Ok(Live { state, taken_ms })
}
