//! Documents that a run reads: snapshots, results, baselines and scripts of the emulator.

use std::io;
use std::path::{Path, PathBuf};

use acr_emulator::Script;

use super::context::Context;
use super::failure::Failure;
use crate::acquire::{DOCUMENT_LIMIT, decode_snapshot, read_snapshot_file};
use crate::acquire::{read_error, script_error};
use crate::attribution::{EventAnswer, read_answers};
use crate::i18n::Message;
use crate::links::read_file;
use crate::report::{Digest, Report};
use crate::snapshot::{NamedSnapshot, Snapshot};
use crate::source::decode;
use crate::waiver::{Baseline, BaselineError};

/// The largest script, in bytes.
const SCRIPT_LIMIT: u64 = 16 << 20;

/// The name of standard input in messages and results.
pub(super) const STDIN_NAME: &str = "standard input";

/// Returns the help where a result is expected.
pub(super) fn give_a_result() -> Message {
    Message::help_give_output("`crdrift plan -o json=result.json`")
}

/// The remedy for a file without events, which is a note, since authors fail no run.
pub(super) const GIVE_EVENTS: &str =
    "who: give what `aliyun actiontrail LookupEvents` printed, one response or many, as UTF-8";

/// Returns `true` if a path is that of standard input.
pub(super) fn is_stdin(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// Reads the snapshots of several files.
pub(super) fn read_snapshots(
    paths: &[PathBuf],
    context: &mut Context,
) -> Result<Vec<NamedSnapshot>, Failure> {
    let files = paths.iter();
    files
        .map(|path| read_named_snapshot(path, context))
        .collect()
}

/// Reads a snapshot from a file or, as `-`, from standard input.
pub(super) fn read_snapshot(path: &Path, context: &mut Context) -> Result<Snapshot, Failure> {
    Ok(read_named_snapshot(path, context)?.snapshot)
}

fn read_named_snapshot(path: &Path, context: &mut Context) -> Result<NamedSnapshot, Failure> {
    if !is_stdin(path) {
        return Ok(read_snapshot_file(path)?);
    }
    let bytes = context
        .read_stdin(DOCUMENT_LIMIT)
        .map_err(|error| unreadable(InputKind::LiveRules, STDIN_NAME, &error))?;
    Ok(decode_snapshot(STDIN_NAME.to_owned(), bytes)?)
}

/// Reads a result document from a file or, as `-`, from standard input.
pub(super) fn read_result(path: &Path, context: &mut Context) -> Result<Report, Failure> {
    Ok(read_comparison(path, context)?.report)
}

/// Reads a saved result of a comparison. One of `validate` says nothing about the live side.
pub(super) fn read_comparison(path: &Path, context: &mut Context) -> Result<SavedResult, Failure> {
    let saved = read_saved_result(path, context)?;
    if saved.report.is_validation() {
        let reason = Message::result_is_validation(&saved.name, "`crdrift validate`");
        return Err(Failure::new(reason).help(give_a_result()));
    }
    Ok(saved)
}

/// A saved result.
pub(super) struct SavedResult {
    /// The name of the file in messages.
    pub(super) name: String,
    /// The digest of the document.
    pub(super) digest: Digest,
    /// The text of the document.
    pub(super) text: String,
    pub(super) report: Report,
}

/// Reads a saved result of any command.
pub(super) fn read_saved_result(
    path: &Path,
    context: &mut Context,
) -> Result<SavedResult, Failure> {
    let (name, text) = read_input(InputKind::Result, path, DOCUMENT_LIMIT, context)?;
    let report = crate::report::read(text.as_bytes()).map_err(|error| {
        Failure::new(Message::result_unreadable(&name, error.message())).help(give_a_result())
    })?;
    Ok(SavedResult {
        name,
        digest: Digest::hash(text.as_bytes()),
        text,
        report,
    })
}

/// Reads a baseline from a file or, as `-`, from standard input.
pub(super) fn read_baseline(path: &Path, context: &mut Context) -> Result<Baseline, Failure> {
    let (name, text) = read_input(InputKind::Baseline, path, DOCUMENT_LIMIT, context)?;
    Baseline::read(text.as_bytes()).map_err(|error| {
        let help = match error {
            BaselineError::Version { .. } => Message::help_regenerate_baseline(),
            _ => Message::help_give_output("`crdrift baseline --out baseline.json`"),
        };
        Failure::new(Message::baseline_unreadable(&name, error.message())).help(help)
    })
}

/// Reads saved responses of `LookupEvents` from a file or, as `-`, from standard input.
pub(super) fn read_events(path: &Path, context: &mut Context) -> Result<EventAnswer, Failure> {
    let (name, text) = read_input(InputKind::Events, path, DOCUMENT_LIMIT, context)?;
    read_answers(&text)
        .map_err(|error| Failure::new(Message::events_unreadable(&name, error.message())))
}

/// Reads a script of the emulator from a file or, as `-`, from standard input.
pub(super) fn read_script(path: &Path, context: &mut Context) -> Result<Script, Failure> {
    let (name, text) = read_input(InputKind::Script, path, SCRIPT_LIMIT, context)?;
    Script::parse(&text).map_err(|error| {
        Failure::new(Message::script_unusable(&name, script_error(&error)))
            .help(Message::help_scripts())
    })
}

/// Reads a file or, as `-`, standard input. Returns its name and its text, whatever encoding the text is in.
fn read_input(
    kind: InputKind,
    path: &Path,
    limit: u64,
    context: &mut Context,
) -> Result<(String, String), Failure> {
    let from_stdin = is_stdin(path);
    let name = if from_stdin {
        STDIN_NAME.to_owned()
    } else {
        path.display().to_string()
    };
    let bytes = if from_stdin {
        context.read_stdin(limit)
    } else {
        read_file(path, limit)
    };
    let bytes = bytes.map_err(|error| unreadable(kind, &name, &error))?;
    let text = decode(bytes)
        .map_err(|error| Failure::new(kind.unreadable(&name, Message::not_utf8_text(&error))))?;
    Ok((name, text))
}

/// Returns the failure to read an input.
pub(super) fn unreadable(kind: InputKind, name: &str, error: &io::Error) -> Failure {
    Failure::new(kind.unreadable(name, read_error(error)))
}

/// The kinds of inputs.
#[derive(Debug, Clone, Copy)]
pub(super) enum InputKind {
    Rules,
    LiveRules,
    Result,
    Baseline,
    Events,
    Script,
}

impl InputKind {
    /// Returns the message of an input that cannot be read.
    fn unreadable(self, name: &str, reason: Message) -> Message {
        match self {
            Self::Rules => Message::rules_unreadable(name, reason),
            Self::LiveRules => Message::live_unreadable(name, reason),
            Self::Result => Message::result_unreadable(name, reason),
            Self::Baseline => Message::baseline_unreadable(name, reason),
            Self::Events => Message::events_unreadable(name, reason),
            Self::Script => Message::script_unreadable(name, reason),
        }
    }
}
