//! Documents that a run reads: snapshots, results, baselines and scripts of the emulator.

use std::io;
use std::path::{Path, PathBuf};

use acr_emulator::Script;

use super::context::Context;
use super::failure::Failure;
use crate::acquire::{DOCUMENT_LIMIT, decode_snapshot, read_snapshot_file};
use crate::attribution::{EventAnswer, read_answers};
use crate::links::read_file;
use crate::report::{Digest, Report};
use crate::snapshot::{NamedSnapshot, Snapshot};
use crate::source::{SAVE_AS_UTF8, decode};
use crate::waiver::{Baseline, BaselineError};

/// The largest script, in bytes.
const SCRIPT_LIMIT: u64 = 16 << 20;

/// The name of standard input in messages and results.
pub(super) const STDIN_NAME: &str = "standard input";

/// The remedy for a document that is no result.
pub(super) const GIVE_A_RESULT: &str = "give what `crdrift plan -o json=result.json` wrote";

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
    let mut files = Vec::with_capacity(paths.len());
    for path in paths {
        let name = if is_stdin(path) {
            STDIN_NAME.to_owned()
        } else {
            path.display().to_string()
        };
        let snapshot = read_snapshot(path, context)?;
        files.push(NamedSnapshot { name, snapshot });
    }
    Ok(files)
}

/// Reads a snapshot from a file or, as `-`, from standard input.
pub(super) fn read_snapshot(path: &Path, context: &mut Context) -> Result<Snapshot, Failure> {
    if !is_stdin(path) {
        return Ok(read_snapshot_file(path)?);
    }
    let bytes = context
        .read_stdin(DOCUMENT_LIMIT)
        .map_err(|error| unreadable("live rules", STDIN_NAME, &error))?;
    Ok(decode_snapshot(STDIN_NAME, bytes)?)
}

/// Reads a result document from a file or, as `-`, from standard input.
pub(super) fn read_result(path: &Path, context: &mut Context) -> Result<Report, Failure> {
    Ok(read_comparison(path, context)?.report)
}

/// Reads a saved result of a comparison. One of `validate` says nothing about the live side.
pub(super) fn read_comparison(path: &Path, context: &mut Context) -> Result<SavedResult, Failure> {
    let saved = read_saved_result(path, context)?;
    if saved.report.is_validation() {
        let reason = format!(
            "{} is a result of `crdrift validate`, which compares nothing",
            saved.name
        );
        return Err(Failure::new(reason).help(GIVE_A_RESULT));
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
    let (name, text) = read_input("a result", path, DOCUMENT_LIMIT, context)?;
    let report = crate::report::read(text.as_bytes()).map_err(|error| {
        Failure::new(format!("cannot read a result from {name}: {error}")).help(GIVE_A_RESULT)
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
    let (name, text) = read_input("a baseline", path, DOCUMENT_LIMIT, context)?;
    Baseline::read(text.as_bytes()).map_err(|error| {
        Failure::new(format!("cannot read a baseline from {name}: {error}")).help(match error {
            BaselineError::Version { .. } => {
                "a newer crdrift wrote it: use that version, or regenerate the baseline"
            }
            _ => "give what `crdrift baseline --out baseline.json` wrote",
        })
    })
}

/// Reads saved responses of `LookupEvents` from a file or, as `-`, from standard input.
pub(super) fn read_events(path: &Path, context: &mut Context) -> Result<EventAnswer, Failure> {
    let (name, text) = read_input("events", path, DOCUMENT_LIMIT, context)?;
    read_answers(&text)
        .map_err(|error| Failure::new(format!("cannot read events from {name}: {error}")))
}

/// Reads a script of the emulator from a file or, as `-`, from standard input.
pub(super) fn read_script(path: &Path, context: &mut Context) -> Result<Script, Failure> {
    let (name, text) = read_input("a script", path, SCRIPT_LIMIT, context)?;
    Script::parse(&text).map_err(|error| {
        Failure::new(format!("cannot use the script {name}: {error}")).help(
            "docs/emulator.md explains scripts, and `crdrift schema faults` prints their schema",
        )
    })
}

/// Reads a file or, as `-`, standard input. Returns its name and its text, whatever encoding the text is in.
fn read_input(
    what: &str,
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
    let bytes = bytes.map_err(|error| unreadable(what, &name, &error))?;
    let text = decode(bytes).map_err(|error| {
        Failure::new(format!(
            "cannot read {what} from {name}: it is not UTF-8 text: {error}; {SAVE_AS_UTF8}"
        ))
    })?;
    Ok((name, text))
}

/// Returns the failure to read an input.
pub(super) fn unreadable(what: &str, name: &str, error: &io::Error) -> Failure {
    Failure::new(format!("cannot read {what} from {name}: {error}"))
}
