//! The store of a run: its address with the password of the environment, and the recording of a result.

use std::path::{Path, PathBuf};

use super::args::{OutputArgs, RecordingArgs, StoreArg};
use super::console::Verbosity;
use super::context::Context;
use super::failure::Failure;
use super::output;
use crate::i18n::Message;
use crate::report::{self, Report};
use crate::source::{pluralize, sanitize};
use crate::store::{
    NewResult, PasswordKey, RecordOutcome, Spool, Store, StoreAccess, StoreError, StoreUrl,
};

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        let sanitized = |mut message: Message| {
            message.update(&mut |text| *text = sanitize(text).into_owned());
            message
        };
        let reason = sanitized(error.message());
        let failure = if error.is_usage() {
            Self::usage(reason)
        } else {
            Self::new(reason)
        };
        failure.help(sanitized(error.help()))
    }
}

/// Opens a store.
///
/// # Errors
///
/// A URL that is none, and a store that cannot be used.
pub(super) fn open(
    arg: Option<&StoreArg>,
    access: StoreAccess,
    context: &mut Context,
) -> Result<Store, Failure> {
    let url = parse_url(arg, context)?;
    Ok(Store::open(&url, access, context.started_ms)?)
}

/// Returns the URL of a store with its password, which is a secret of the run from here on.
pub(super) fn parse_url(
    arg: Option<&StoreArg>,
    context: &mut Context,
) -> Result<StoreUrl, Failure> {
    let Some(arg) = arg else {
        return Err(
            Failure::usage("expected a store, found none").help("add --store sqlite:history.db")
        );
    };
    context.secrets.add_named("", arg.as_str());
    let mut url = StoreUrl::parse(arg.as_str())?;
    let user = ["PGUSER", "USER", "LOGNAME"];
    let user = user.into_iter().find_map(|name| context.var(name));
    url.complete(user, |key| find_password(key, context));
    if let Some(password) = url.password() {
        context.secrets.add(password);
    }
    Ok(url)
}

/// Returns the password of `PGPASSWORD`, or of the password file, which only its user may be able to read.
fn find_password(key: &PasswordKey<'_>, context: &mut Context) -> Option<String> {
    if let Some(password) = context.var("PGPASSWORD") {
        return Some(password);
    }
    let in_home = || Some(context.home()?.join(".pgpass"));
    let path = context
        .var("PGPASSFILE")
        .map(PathBuf::from)
        .or_else(in_home)
        .filter(|path| path.exists())?;
    if !is_private(&path) {
        let path = sanitize(&path.display().to_string()).into_owned();
        let note =
            format!("note: {path} is not used, since other users can read it: chmod 600 {path}\n");
        context.log(Verbosity::Normal, &note);
        return None;
    }
    key.find_in(&std::fs::read_to_string(path).ok()?)
}

#[cfg(unix)]
fn is_private(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    const OTHERS: u32 = 0o077;
    std::fs::metadata(path).is_ok_and(|it| it.permissions().mode() & OTHERS == 0)
}

#[cfg(not(unix))]
fn is_private(path: &Path) -> bool {
    path.exists()
}

/// The recording of the result of a run.
#[derive(Debug)]
pub(super) struct Recorder {
    /// The store, or the reason why it cannot be used.
    store: Result<Store, StoreError>,
    /// The folder for results while the store is away; `None` where no folder is known.
    spool: Option<Spool>,
}

impl Recorder {
    /// Opens the store of a run, if it has one. A store that is away does not end the run.
    ///
    /// # Errors
    ///
    /// A URL that is none.
    pub(super) fn open(
        args: &RecordingArgs,
        context: &mut Context,
    ) -> Result<Option<Self>, Failure> {
        let Some(arg) = &args.store else {
            return Ok(None);
        };
        let url = parse_url(Some(arg), context)?;
        let spool = spool_folder(args, context).map(|folder| Spool::new(&folder, &url));
        let store = Store::open(&url, StoreAccess::Write, context.started_ms);
        if let Err(error) = &store {
            let failure = Failure::new(format!("going on without the store: {error}"));
            context.warn(&failure);
        }
        Ok(Some(Self { store, spool }))
    }

    /// Returns the newest complete result of the estate that a result is about. A store that cannot tell is a warning.
    pub(super) fn previous(&mut self, like: &Report, context: &mut Context) -> Option<Report> {
        let store = self.store.as_mut().ok()?;
        let found = match store.newest_complete(like) {
            Ok(found) => found?,
            Err(error) => {
                context.warn(&Failure::new(format!(
                    "no previous result from the store: {error}"
                )));
                return None;
            }
        };
        match report::read(found.text?.as_bytes()) {
            Ok(report) => Some(report),
            Err(error) => {
                context.warn(&Failure::new(format!(
                    "no previous result from the store: {}: {error}",
                    found.name
                )));
                None
            }
        }
    }

    /// Records a result as `-o json` writes it, after the results that wait in the spool.
    ///
    /// # Errors
    ///
    /// A store that cannot record: then the result waits in the spool, if there is one.
    pub(super) fn record(
        self,
        report: &Report,
        args: &OutputArgs,
        context: &mut Context,
    ) -> Result<(), Failure> {
        let text = output::result_document(report, args, context)?;
        let started_ms = report.started_ms;
        let Self { store, spool } = self;
        let recorded = store.and_then(|mut store| {
            if let Some(spool) = &spool {
                record_spooled(&mut store, spool, context)?;
            }
            record_text(&mut store, None, &text, context)
        });
        let Err(error) = recorded else {
            return Ok(());
        };
        let failure = Failure::from(error);
        let reason = Message::result_not_recorded(failure.reason().clone());
        let help = failure.remedy().cloned().unwrap_or_default();
        let Some(spool) = spool else {
            return Err(Failure::new(reason).help(help));
        };
        let place = sanitize(&spool.folder().display().to_string()).into_owned();
        match spool.add(started_ms, &text) {
            Ok(()) => Err(Failure::new(reason).help(Message::help_store_spooled(help, place))),
            Err(full) => {
                let reason = Message::result_not_kept(reason, place, full.to_string());
                Err(Failure::new(reason).help(help))
            }
        }
    }
}

/// Returns the folder of the spools.
pub(super) fn spool_folder(args: &RecordingArgs, context: &Context) -> Option<PathBuf> {
    if let Some(folder) = &args.spool {
        return Some(folder.clone());
    }
    let state = context.var("XDG_STATE_HOME").map(PathBuf::from);
    let state = state.or_else(|| Some(context.home()?.join(".local/state")));
    Some(state?.join("crdrift").join("spool"))
}

/// Records the results of a spool in the order of their time.
fn record_spooled(
    store: &mut Store,
    spool: &Spool,
    context: &mut Context,
) -> Result<(), StoreError> {
    let outcome = store.record_spooled(spool, None, context.now_ms())?;
    for problem in outcome.problems {
        context.warn(&Failure::new(problem));
    }
    if outcome.recorded > 0 {
        let results = pluralize(outcome.recorded as u64, "spooled result");
        context.log(Verbosity::Normal, &format!("crdrift: recorded {results}\n"));
    }
    Ok(())
}

fn record_text(
    store: &mut Store,
    name: Option<&str>,
    text: &str,
    context: &Context,
) -> Result<(), StoreError> {
    let report = report::read(text.as_bytes()).map_err(|error| StoreError::Document {
        reason: error.to_string(),
    })?;
    let id = report::Digest::hash(text.as_bytes()).to_string();
    let name = name.unwrap_or_else(|| id.get(..12).unwrap_or(&id));
    record_report(store, (name, text), &report, context).map(|_| ())
}

/// Records a result with its name and text.
pub(super) fn record_report(
    store: &mut Store,
    (name, text): (&str, &str),
    report: &Report,
    context: &Context,
) -> Result<RecordOutcome, StoreError> {
    store.record(&NewResult {
        name,
        text,
        report,
        recorded_ms: context.now_ms(),
        lease: None,
        router: None,
    })
}
