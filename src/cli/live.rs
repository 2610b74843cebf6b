//! The live side of a command, as its options name it.

use std::future::Future;
use std::path::Path;

use acr_client::{Environment, Options};
use tokio::runtime::Runtime;
use tokio::sync::watch;

use super::args::{ConnectionArgs, EmulatorSourceArgs, LiveArgs};
use super::checkout::path_in_repository;
use super::console::Verbosity;
use super::context::Context;
use super::failure::Failure;
use super::input::{is_stdin, read_script, read_snapshot, read_snapshots};
use super::runtime::{block_on, block_on_in, runtime};
use crate::acquire::{
    self, AcquireError, EmulatorConfig, LiveRead, ProgressSink, ReadSession, SessionConfig,
    SnapshotPrefetch,
};
use crate::i18n::Message;
use crate::model::DesiredState;
use crate::report::LiveSource;
use crate::shard::Shard;
use crate::snapshot::{self, MergedSnapshot, NamedSnapshot, PartError};
use crate::source::sanitize_line;

/// Returns the source that the options name.
pub(super) fn source(args: &LiveArgs) -> LiveSource {
    match (args.live.as_slice(), &args.emulator.emulate) {
        ([_, ..], _) => LiveSource::Snapshot,
        ([], Some(_)) => LiveSource::Emulator,
        ([], None) => LiveSource::Api,
    }
}

/// Starts to read the live side, where it is in files other than standard input.
pub(super) fn prefetch(args: &LiveArgs) -> Option<SnapshotPrefetch> {
    if args.live.is_empty() || args.live.iter().any(|path| is_stdin(path)) {
        return None;
    }
    SnapshotPrefetch::start(&args.live)
}

/// A session that stays open after the live side was read, with its runtime. The emulator of the run ends with it.
pub(super) struct OpenSession {
    session: ReadSession,
    /// Always some, until this is dropped.
    runtime: Option<Runtime>,
}

impl OpenSession {
    pub(super) const fn session(&self) -> &ReadSession {
        &self.session
    }

    /// Runs a future to its end, or until a signal interrupts it.
    pub(super) fn block_on<T>(
        &self,
        work: impl Future<Output = Result<T, Failure>>,
    ) -> Result<T, Failure> {
        match &self.runtime {
            Some(runtime) => block_on_in(runtime, work),
            None => block_on(work),
        }
    }
}

impl Drop for OpenSession {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

/// Reads the live side as [`read`] does, and returns the session of the service, where one was called.
pub(super) fn read_with_session(
    args: &LiveArgs,
    desired: &DesiredState,
    prefetch: Option<SnapshotPrefetch>,
    context: &mut Context,
) -> Result<(LiveRead, Option<OpenSession>), Failure> {
    if !args.live.is_empty() {
        let live = read(args, desired, prefetch, context)?;
        return Ok((live, None));
    }
    let runtime = runtime()?;
    let (session, live) = block_on_in(&runtime, read_service(args, desired, context))?;
    let open = OpenSession {
        session,
        runtime: Some(runtime),
    };
    Ok((live, Some(open)))
}

async fn read_service(
    args: &LiveArgs,
    desired: &DesiredState,
    context: &mut Context,
) -> Result<(ReadSession, LiveRead), Failure> {
    let options = Options {
        consistent: args.consistency.consistent,
        ..args.connection.client.options()
    };
    let (connection, emulator) = (&args.connection, &args.emulator);
    let session = open_session(options, connection, emulator, context).await?;
    let session = session.with_confirmation(args.consistency.confirm());
    let live = acquire::read(&session, desired, context).await?;
    Ok((session, live))
}

/// Reads the live side: from the prefetched files, from files, or from the service.
pub(super) fn read(
    args: &LiveArgs,
    desired: &DesiredState,
    prefetch: Option<SnapshotPrefetch>,
    context: &mut Context,
) -> Result<LiveRead, Failure> {
    let mut merged = match (prefetch, args.live.as_slice()) {
        (Some(prefetch), _) => check_parts(prefetch.finish()?, context)?,
        (None, []) => {
            let stopping = context.stopping.clone();
            let work = read_service(args, desired, context);
            return block_on(async {
                tokio::select! {
                    read = work => Ok(read?.1),
                    () = stopped(stopping) => Err(Failure::interrupted()),
                }
            });
        }
        (None, paths) => merge_files(read_snapshots(paths, context)?, context)?.into(),
    };
    for file in &mut merged.files {
        file.name = path_in_repository(Path::new(&file.name), context);
    }
    let live = acquire::from_listings(merged.snapshot, desired);
    Ok(LiveRead {
        files: merged.files,
        ..live
    })
}

/// Merges the snapshots of several files, and prints which parts are missing.
pub(super) fn merge_files(
    files: Vec<NamedSnapshot>,
    context: &mut Context,
) -> Result<MergedSnapshot, Failure> {
    check_parts(snapshot::merge(files), context)
}

/// Prints which parts of a snapshot are missing; fails for files that are not one snapshot.
fn check_parts<L>(
    merged: Result<MergedSnapshot<L>, PartError>,
    context: &mut Context,
) -> Result<MergedSnapshot<L>, Failure> {
    let merged = merged.map_err(|error| Failure::usage(error.to_string()).help(error.help()))?;
    note_missing_parts(&merged.missing, context);
    Ok(merged)
}

/// Prints the first parts of a snapshot that were not given.
fn note_missing_parts(missing: &[Shard], context: &mut Context) {
    const MAX_LISTED: usize = 10;
    if missing.is_empty() {
        return;
    }
    let listed: Vec<_> = missing
        .iter()
        .take(MAX_LISTED)
        .map(Shard::to_string)
        .collect();
    let listed = listed.join(", ");
    let more = match missing.len().saturating_sub(MAX_LISTED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let (noun, verb, whose) = match missing.len() {
        1 => ("part", "is", "its"),
        _ => ("parts", "are", "their"),
    };
    let note = format!(
        "note: {noun} {listed}{more} of the snapshot {verb} not given; {whose} instances are incomplete\n"
    );
    context.log(Verbosity::Normal, &note);
}

/// Waits until the process stops; forever, where nothing but a signal stops the run.
async fn stopped(stopping: Option<watch::Receiver<bool>>) {
    let Some(mut stopping) = stopping else {
        return std::future::pending().await;
    };
    if stopping.wait_for(|is_stopping| *is_stopping).await.is_err() {
        // Without a sender, nothing stops it.
        std::future::pending::<()>().await;
    }
}

/// Opens the session that the options describe.
pub(super) async fn open_session(
    options: Options,
    connection: &ConnectionArgs,
    emulator: &EmulatorSourceArgs,
    context: &mut Context,
) -> Result<ReadSession, Failure> {
    let script = match &emulator.faults {
        Some(path) => read_script(path, context)?,
        None => acr_emulator::Script::default(),
    };
    let emulator = match &emulator.emulate {
        Some(path) => Some(EmulatorConfig {
            snapshot: read_snapshot(path, context)?,
            script,
        }),
        None => None,
    };
    let config = SessionConfig {
        options,
        environment: environment(context),
        variable_names: context.variable_names().collect(),
        emulator,
        limits: context.limits.clone(),
        timeout: connection.timeout,
        profile: connection.client.profile.as_deref().map(Into::into),
        check_accounts: !connection.client.no_account_check,
    };
    Ok(ReadSession::open(config, context).await?)
}

/// Returns the clock, variables, home folder and secrets of the process, for the client.
fn environment(context: &Context) -> Environment {
    Environment {
        now: context.clock(),
        random: std::sync::Arc::new(|| uuid::Uuid::new_v4().as_u128()),
        variable: context.variable_lookup(),
        home: context.home(),
        secrets: std::sync::Arc::new(context.secrets.clone()),
        requests: std::sync::Arc::new(()),
    }
}

impl From<AcquireError> for Failure {
    fn from(error: AcquireError) -> Self {
        let message = error.message();
        let tried = error.tried_sources();
        let failure = if tried.is_empty() {
            Self::new(message)
        } else {
            Self::new(Message::failure_no_credentials()).with_details(tried, message)
        };
        match error.help() {
            Some(help) => failure.help(help),
            None => failure,
        }
    }
}

impl ProgressSink for Context {
    fn note(&mut self, text: &str) {
        self.log(
            Verbosity::Normal,
            &format!("note: {}\n", sanitize_line(text)),
        );
    }

    fn detail(&mut self, text: &str) {
        self.log(Verbosity::Verbose, &format!("{}\n", sanitize_line(text)));
    }

    fn shows_details(&self) -> bool {
        self.verbosity >= Verbosity::Verbose
    }

    fn shows_progress(&self) -> bool {
        Self::shows_progress(self)
    }

    fn show_progress(&mut self, line: &str) {
        Self::show_progress(self, line);
    }

    fn clear_progress(&mut self) {
        Self::clear_progress(self);
    }
}
