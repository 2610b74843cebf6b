//! The commands, one file each; each has the verb `run`.

pub(super) mod baseline;
pub(super) mod compare_filters;
pub(super) mod completions;
pub(super) mod doctor;
pub(super) mod emulate;
pub(super) mod explain;
pub(super) mod export;
pub(super) mod fmt;
pub(super) mod graph;
pub(super) mod import;
pub(super) mod list;
pub(super) mod man;
pub(super) mod match_names;
pub(super) mod plan;
pub(super) mod policy;
pub(super) mod render;
pub(super) mod report;
pub(super) mod schema;
pub(super) mod snapshot;
pub(super) mod trace;
pub(super) mod validate;
pub(super) mod waive;

use std::fmt::{Display, Write as _};
use std::io;
use std::path::Path;

use acr_emulator::Script;
use filter_language::Session;
use miette::Diagnostic;

use super::args::{DesiredArgs, DesiredFrom};
use super::checkout::path_in_repository;
use super::errors::{Failure, draw};
use super::world::{Verbosity, World, read_bounded, too_large};
use crate::links::escaping_link;
use crate::model::{Alias, DesiredState, Selection};
use crate::report::{Digest, Report, sentence};
use crate::rules::{self, Bridged, LoadErrors, LoadWarnings, Loaded, WaiverLimit};
use crate::snapshot::Snapshot;
use crate::source::{SAVE_AS_UTF8, decode};
use crate::waiver::{Baseline, BaselineError};

/// The rules file that is read where nobody names one.
pub(super) const RULES_FILE: &str = "rules.yaml";

/// The largest document that is read, in bytes: a snapshot of about two million rules.
const DOCUMENT_LIMIT: u64 = 2 << 30;

/// What to do where something is no result.
const GIVE_A_RESULT: &str = "give what `crdrift plan -o json=result.json` wrote";

/// The largest script that is read, in bytes.
const SCRIPT_LIMIT: u64 = 16 << 20;

/// Loads the rules files, or tells every error in them.
pub(super) fn load(files: &[String], world: &mut World) -> Result<Loaded, Failure> {
    load_rules(files, None, world)
}

/// Loads the rules files, whose waivers may last only so long.
fn load_rules(
    files: &[String],
    waiver_limit: Option<WaiverLimit>,
    world: &mut World,
) -> Result<Loaded, Failure> {
    let options = rules::Options {
        variables: &|name| world.reference(name),
        allowed_hosts: Some(&world.allowed_hosts),
        waiver_limit,
    };
    let loaded = rules::load(files, &options).map_err(|errors| refused(&errors, world))?;
    warn(&loaded.warnings, world);
    Ok(name_by_repository(loaded, world))
}

/// Prints what is likely to be a slip in the files.
fn warn(warnings: &LoadWarnings, world: &mut World) {
    if warnings.count() == 0 {
        return;
    }
    let mut text = draw(
        warnings.iter().map(|warning| warning as &dyn Diagnostic),
        world,
    );
    if warnings.omitted() > 0 {
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            "crdrift: {} not shown",
            counted(warnings.omitted() as u64, "further warning")
        );
    }
    world.tell(Verbosity::Normal, &text);
}

/// Names the files of a result by their paths in the repository, wherever the program runs.
fn name_by_repository(mut loaded: Loaded, world: &World) -> Loaded {
    loaded
        .sources
        .name_files(|path| path_in_repository(Path::new(path), world));
    loaded
}

/// Loads what is desired, whoever's files say it, or tells every error in them; and tells what was not followed.
pub(super) fn load_desired(args: &DesiredArgs, world: &mut World) -> Result<Loaded, Failure> {
    load_limited(args, None, world)
}

/// Loads as [`load_desired`] does, and refuses waivers that last longer than they may.
pub(super) fn load_limited(
    args: &DesiredArgs,
    waiver_limit: Option<WaiverLimit>,
    world: &mut World,
) -> Result<Loaded, Failure> {
    let DesiredArgs { files, from } = args;
    if from.desired_from == DesiredFrom::Rules {
        return load_rules(
            &files.iter().chain(&from.rules).cloned().collect::<Vec<_>>(),
            waiver_limit,
            world,
        );
    }
    let options = rules::Options {
        variables: &|name| world.reference(name),
        allowed_hosts: Some(&world.allowed_hosts),
        waiver_limit,
    };
    let loaded = rules::load_terraform(files, &from.rules, &options);
    let Bridged { loaded, notes } = loaded.map_err(|errors| refused(&errors, world))?;
    warn(&loaded.warnings, world);
    for note in notes {
        world.tell(
            Verbosity::Normal,
            &format!("crdrift: {}\n", sentence(&note)),
        );
    }
    Ok(name_by_repository(loaded, world))
}

/// Every error of the files.
pub(super) fn refused(errors: &LoadErrors, world: &World) -> Failure {
    Failure::of_rules(errors, world)
}

/// Loads the rules files that are named; where none is, the usual one if there is one, and nothing else.
fn declared_or_usual(files: &[String], world: &mut World) -> Result<DesiredState, Failure> {
    if !files.is_empty() {
        return Ok(load(files, world)?.desired);
    }
    if Path::new(RULES_FILE).exists() {
        return Ok(load(&[RULES_FILE.to_owned()], world)?.desired);
    }
    Ok(DesiredState::default())
}

/// Reads a snapshot from a file or, as `-`, from standard input.
pub(super) fn read_snapshot(path: &Path, world: &mut World) -> Result<Snapshot, Failure> {
    let (name, text) = read_input("live rules", path, DOCUMENT_LIMIT, world)?;
    snapshot_of(&name, text.as_bytes())
}

/// The same from a file, without the world: for a thread of its own.
pub(super) fn read_snapshot_file(path: &Path) -> Result<Snapshot, Failure> {
    let name = path.display().to_string();
    let bytes =
        read_file(path, DOCUMENT_LIMIT).map_err(|error| unreadable("live rules", &name, &error))?;
    snapshot_of(&name, decode_input("live rules", &name, bytes)?.as_bytes())
}

fn snapshot_of(name: &str, bytes: &[u8]) -> Result<Snapshot, Failure> {
    crate::snapshot::read(bytes).map_err(|error| {
        Failure::new(format!("cannot read live rules from {name}: {error}")).help(
            "give a crdrift snapshot, or what `aliyun cr ListRepoSyncRule --InstanceId cri-…` prints, one page after the other",
        )
    })
}

/// Reads a result document from a file or, as `-`, from standard input.
pub(super) fn read_result(path: &Path, world: &mut World) -> Result<Report, Failure> {
    Ok(read_compared(path, world)?.report)
}

/// Reads a saved result of a comparison. One of rules files alone says nothing of what is live.
fn read_compared(path: &Path, world: &mut World) -> Result<Saved, Failure> {
    let saved = read_saved(path, world)?;
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
struct Saved {
    /// What it is called.
    name: String,
    /// What tells its document from every other.
    document: Digest,
    report: Report,
}

/// Reads the same, and tells which document it is.
fn read_saved(path: &Path, world: &mut World) -> Result<Saved, Failure> {
    let (name, text) = read_input("a result", path, DOCUMENT_LIMIT, world)?;
    let report = crate::report::read(text.as_bytes()).map_err(|error| {
        Failure::new(format!("cannot read a result from {name}: {error}")).help(GIVE_A_RESULT)
    })?;
    Ok(Saved {
        name,
        document: Digest::of_bytes(text.as_bytes()),
        report,
    })
}

/// Reads a baseline from a file or, as `-`, from standard input.
pub(super) fn read_baseline(path: &Path, world: &mut World) -> Result<Baseline, Failure> {
    let (name, text) = read_input("a baseline", path, DOCUMENT_LIMIT, world)?;
    Baseline::read(text.as_bytes()).map_err(|error| {
        Failure::new(format!("cannot read a baseline from {name}: {error}")).help(match error {
            BaselineError::Version { .. } => {
                "a newer crdrift wrote it: use that version, or regenerate the baseline"
            }
            _ => "give what `crdrift baseline -o baseline.json` wrote",
        })
    })
}

/// Reads a script of the emulator from a file or, as `-`, from standard input.
pub(super) fn read_script(path: &Path, world: &mut World) -> Result<Script, Failure> {
    let (name, text) = read_input("a script", path, SCRIPT_LIMIT, world)?;
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
    world: &mut World,
) -> Result<(String, String), Failure> {
    let from_stdin = path.as_os_str() == "-";
    let name = if from_stdin {
        "standard input".to_owned()
    } else {
        path.display().to_string()
    };
    let bytes = if from_stdin {
        world.read_stdin(limit)
    } else {
        read_file(path, limit)
    };
    let bytes = bytes.map_err(|error| unreadable(what, &name, &error))?;
    let text = decode_input(what, &name, bytes)?;
    Ok((name, text))
}

fn decode_input(what: &str, name: &str, bytes: Vec<u8>) -> Result<String, Failure> {
    decode(bytes).map_err(|error| {
        Failure::new(format!(
            "cannot read {what} from {name}: it is not UTF-8 text: {error}; {SAVE_AS_UTF8}"
        ))
    })
}

fn unreadable(what: &str, name: &str, error: &io::Error) -> Failure {
    Failure::new(format!("cannot read {what} from {name}: {error}"))
}

fn read_file(path: &Path, limit: u64) -> io::Result<Vec<u8>> {
    if let Some(link) = escaping_link(path, None) {
        let crossed = link.bound.crossed();
        let reason = format!("a symbolic link leads {crossed}: replace the link by the file");
        return Err(io::Error::other(reason));
    }
    let mut file = std::fs::File::open(path)?;
    let size = file.metadata().map_or(0, |it| it.len());
    if size > limit {
        return Err(too_large(limit));
    }
    // One byte more than the file has shows the end of it.
    read_bounded(&mut file, size + 1, limit)
}

/// An alias nobody declared is told before anything is asked.
fn refuse_unknown(selection: &Selection, desired: &DesiredState) -> Result<(), Failure> {
    let declares = |alias: &Alias| desired.instances.iter().any(|it| it.alias == *alias);
    let Some(unknown) = selection.instances.iter().find(|alias| !declares(alias)) else {
        return Ok(());
    };
    let declared: Vec<_> = desired
        .instances
        .iter()
        .map(|it| it.alias.as_str())
        .collect();
    Err(Failure::new(format!(
        "--instance \"{unknown}\": the rules files declare no such alias"
    ))
    .help(format!("declared are {}", declared.join(", "))))
}

/// Prints how many questions the budget of the run left undecided, where there are any.
fn tell_undecided(session: &Session, world: &mut World) {
    if session.undecided() > 0 {
        let questions = counted(session.undecided() as u64, "question");
        world.note(&format!(
            "crdrift: {questions} about filters and policies left undecided: the budget of the run does not suffice; \
             what is undecided counts as a difference\n"
        ));
    }
}

/// `1 rule`, `2 rules`.
fn counted<N: Copy + PartialEq + From<u8> + Display>(count: N, noun: &str) -> String {
    if count == N::from(1) {
        format!("1 {noun}")
    } else {
        format!("{count} {noun}s")
    }
}

/// A runtime for the commands that talk to somebody.
pub(super) fn runtime() -> Result<tokio::runtime::Runtime, Failure> {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|error| Failure::new(format!("cannot start: {error}")))
}
