//! Where the live side of a command comes from: a file, the embedded emulator, or the API.

mod accounts;
mod ahead;
mod listings;
mod questions;
mod session;
mod target;
mod variables;
mod watch;

use acr_client::Options;

use super::args::LiveArgs;
use super::commands::read_snapshot;
use super::errors::Failure;
use super::world::World;
use crate::model::{DesiredState, LiveState, Selection};
use crate::report::LiveSource;
use crate::snapshot::{Snapshot, assign_anonymous_answers, live_state};

pub(super) use self::accounts::Callers;
pub(super) use self::ahead::Ahead;
pub(super) use self::listings::{Listed, credentials_help, listings, no_credentials};
pub(super) use self::session::{Session, block_on};
pub(super) use self::watch::watch;

/// The live side, and when it was read.
pub(super) struct Live {
    pub(super) state: LiveState,
    /// Epoch milliseconds; raw answers do not tell.
    pub(super) taken_ms: Option<i64>,
}

/// Which source the options name.
pub(super) const fn source(args: &LiveArgs) -> LiveSource {
    match (&args.live, &args.emulation.emulate) {
        (Some(_), _) => LiveSource::Snapshot,
        (None, Some(_)) => LiveSource::Emulator,
        (None, None) => LiveSource::Api,
    }
}

/// Reads the live side; what has been read `ahead` is not read again.
pub(super) fn read(
    args: &LiveArgs,
    ahead: Option<Ahead>,
    desired: &DesiredState,
    selection: &Selection,
    world: &mut World,
) -> Result<Live, Failure> {
    let LiveArgs {
        live,
        emulation,
        reading,
        connection,
    } = args;
    let (mut snapshot, callers) = match (ahead, live) {
        (Some(ahead), _) => (ahead.finish()?, Vec::new()),
        (None, Some(path)) => (read_snapshot(path, world)?, Vec::new()),
        (None, None) => block_on(async {
            let options = Options {
                consistent: reading.consistent,
                ..connection.options()
            };
            let session = Session::open(options, connection, emulation, world).await?;
            let Listed { listings, callers } =
                listings(&session, desired, selection, reading, world).await?;
            Ok((
                Snapshot {
                    taken_ms: Some(world.now_ms()),
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
