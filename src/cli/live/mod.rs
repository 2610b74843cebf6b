//! Where the live side of a command comes from: a file, the embedded emulator, or the API.

mod accounts;
mod listings;
mod questions;
mod session;
mod watch;

use std::path::Path;

use super::args::{ComparingArgs, ConnectionArgs, EmulationArgs, ReadingArgs};
use super::commands::read_snapshot;
use super::errors::Failure;
use super::world::World;
use crate::client::Options;
use crate::model::{DesiredState, LiveState, Selection};
use crate::report::LiveSource;
use crate::snapshot::{Snapshot, live_state};

pub(super) use self::accounts::Callers;
pub(super) use self::listings::{credentials_help, listings, no_credentials};
pub(super) use self::session::{Session, block_on};
pub(super) use self::watch::watch;

/// The live side, and when it was read.
pub(super) struct Live {
    pub(super) state: LiveState,
    /// Epoch milliseconds; raw answers do not tell.
    pub(super) taken_ms: Option<i64>,
}

/// What the options say of the live side.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wanted<'a> {
    pub(super) live: Option<&'a Path>,
    pub(super) emulation: &'a EmulationArgs,
    pub(super) reading: &'a ReadingArgs,
    pub(super) connection: &'a ConnectionArgs,
}

impl<'a> From<&'a ComparingArgs> for Wanted<'a> {
    fn from(args: &'a ComparingArgs) -> Self {
        let ComparingArgs { live, emulation, reading, connection, desired: _, judging: _ } = args;
        Self { live: live.as_deref(), emulation, reading, connection }
    }
}

/// Which source the options name.
pub(super) fn source<'a>(wanted: impl Into<Wanted<'a>>) -> LiveSource {
    let wanted = wanted.into();
    match (wanted.live, &wanted.emulation.emulate) {
        (Some(_), _) => LiveSource::Snapshot,
        (None, Some(_)) => LiveSource::Emulator,
        (None, None) => LiveSource::Api,
    }
}

/// Reads the live side.
pub(super) fn read<'a>(
    wanted: impl Into<Wanted<'a>>,
    desired: &DesiredState,
    selection: &Selection,
    world: &mut World,
) -> Result<Live, Failure> {
    let Wanted { live, emulation, reading, connection } = wanted.into();
    let snapshot = match live {
        Some(path) => read_snapshot(path, world)?,
        None => block_on(async {
            let options = Options { consistent: reading.consistent, ..connection.options() };
            let session = Session::open(options, connection, emulation, world).await?;
            let listings = listings(&session, desired, selection, reading, world).await?;
            Ok(Snapshot { taken_ms: Some(world.now_ms()), listings })
        })?,
    };
    let taken_ms = snapshot.taken_ms;
    Ok(Live { state: live_state(snapshot, desired), taken_ms })
}
