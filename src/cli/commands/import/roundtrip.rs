//! The round trip before a file is written: the new files load, change no desired rule, and plan clean.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use super::target::ImportTarget;
use crate::cli::context::Context;
use crate::cli::editable_file::is_same;
use crate::cli::failure::Failure;
use crate::cli::load::with_errors;
use crate::diff::{ChangeKind, diff};
use crate::import::{Import, ImportedFile};
use crate::model::{DesiredState, SyncRule};
use crate::rules::{self, LoadErrors};
use crate::snapshot::{Snapshot, live_state};

/// The files to write, and the live rules that they declare.
pub(super) struct RoundTrip<'a> {
    pub(super) target: &'a ImportTarget,
    pub(super) files: &'a [ImportedFile],
    pub(super) import: &'a Import,
    pub(super) snapshot: &'a Snapshot,
}

/// Loads the files as they would be, and compares them with the snapshot.
pub(super) fn check(round_trip: &RoundTrip<'_>, context: &Context) -> Result<(), Failure> {
    let RoundTrip {
        target,
        files,
        import,
        snapshot,
    } = *round_trip;
    if files.is_empty() {
        return Ok(());
    }
    let after = load(target, files, context).map_err(|errors| {
        let failure = Failure::new(format!("with the import, {errors}: nothing was written"));
        with_errors(failure, &errors, context)
    })?;
    let before = &target.loaded.desired;
    let unmanaged = count(&after, snapshot, ChangeKind::Unmanaged);
    let changed_before = if before.rules.is_empty() {
        0
    } else {
        count_changed(before, snapshot)
    };
    if keeps_rules(before, &after)
        && after.rules.len() == before.rules.len() + import.rules()
        && unmanaged <= import.omitted.len()
        && count_changed(&after, snapshot) <= changed_before
    {
        return Ok(());
    }
    Err(
        Failure::new("the import does not plan clean: nothing was written").help(
            "report this bug with a snapshot; `crdrift snapshot --redact-accounts` leaves ids out",
        ),
    )
}

/// Loads the new files in the place of those that they replace.
fn load(
    target: &ImportTarget,
    files: &[ImportedFile],
    context: &Context,
) -> Result<DesiredState, LoadErrors> {
    let paths: Vec<PathBuf> = files.iter().map(|file| target.path(file)).collect();
    let names: Vec<String> = paths.iter().map(|it| it.display().to_string()).collect();
    let mut texts: Vec<(&str, Vec<u8>)> = Vec::new();
    for source in target.loaded.sources.files() {
        let is_replaced = paths
            .iter()
            .any(|path| is_same(path, Path::new(&*source.path)));
        if !is_replaced {
            texts.push((&source.path, source.text.clone().into_bytes()));
        }
    }
    for (name, file) in names.iter().zip(files) {
        texts.push((name, file.text.clone().into_bytes()));
    }
    let variables = |name: &str| context.environment_value(name);
    let loaded = rules::load_texts(texts, &rules::Options::new(&variables))?;
    Ok(loaded.desired)
}

/// Returns whether every rule is declared with the same values afterwards.
fn keeps_rules(before: &DesiredState, after: &DesiredState) -> bool {
    fn key(rule: &SyncRule) -> impl Eq + std::hash::Hash + '_ {
        (&rule.source.instance, &rule.name)
    }
    let mut rules = HashMap::new();
    for declared in &after.rules {
        rules.insert(key(&declared.rule), &declared.rule);
    }
    before
        .rules
        .iter()
        .all(|declared| rules.get(&key(&declared.rule)) == Some(&&declared.rule))
}

fn count_changed(desired: &DesiredState, snapshot: &Snapshot) -> usize {
    [
        ChangeKind::Missing,
        ChangeKind::Changed,
        ChangeKind::Renamed,
    ]
    .into_iter()
    .map(|kind| count(desired, snapshot, kind))
    .sum()
}

fn count(desired: &DesiredState, snapshot: &Snapshot, kind: ChangeKind) -> usize {
    diff(desired, &live_state(snapshot.clone(), desired))
        .with_kind(kind)
        .count()
}
