//! The proof before anything is written: what is to be written loads, changes nothing that was declared, and a plan on
//! it is clean.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use super::target::Target;
use crate::cli::context::Context;
use crate::cli::editable_file::is_same;
use crate::cli::failure::Failure;
use crate::cli::load::with_errors;
use crate::diff::{ChangeKind, diff};
use crate::import::{Import, ImportedFile};
use crate::model::{DesiredState, SyncRule};
use crate::rules;
use crate::snapshot::{Snapshot, live_state};

/// Loads the files as they would be, and compares them with what they were made of.
pub(super) fn check(
    target: &Target,
    files: &[ImportedFile],
    import: &Import,
    snapshot: &Snapshot,
    context: &Context,
) -> Result<(), Failure> {
    if files.is_empty() {
        return Ok(());
    }
    let paths: Vec<PathBuf> = files.iter().map(|file| target.path(file)).collect();
    let is_left = |path: &str| !paths.iter().any(|it| is_same(it, Path::new(path)));
    let others = target
        .loaded
        .sources
        .files()
        .iter()
        .filter(|it| is_left(&it.path));
    let names: Vec<String> = paths
        .iter()
        .map(|path| path.display().to_string())
        .collect();
    let mut texts: Vec<(&str, Vec<u8>)> = others
        .map(|it| (it.path.as_str(), it.text.clone().into_bytes()))
        .collect();
    texts.extend(
        names
            .iter()
            .zip(files)
            .map(|(name, file)| (name.as_str(), file.text.clone().into_bytes())),
    );
    let loaded = rules::load_texts(
        texts,
        &rules::Options::new(&|name| context.environment_value(name)),
    )
    .map_err(|errors| {
        let failure = Failure::new(format!(
            "with what is imported, {errors}: nothing was written"
        ));
        with_errors(failure, &errors, context)
    })?;
    let before = &target.loaded.desired;
    let after = loaded
        .desired
        .rules
        .iter()
        .map(|it| ((&it.rule.source.instance, &it.rule.name), &it.rule));
    let after: HashMap<_, _> = after.collect();
    let stays = |rule: &SyncRule| {
        after
            .get(&(&rule.source.instance, &rule.name))
            .is_some_and(|it| *it == rule)
    };
    let kept = before.rules.iter().all(|it| stays(&it.rule));
    let is_whole = kept && loaded.desired.rules.len() == before.rules.len() + import.rules();
    if is_whole && count(&loaded.desired, snapshot, ChangeKind::Unmanaged) <= import.omitted.len() {
        let changed = |desired: &DesiredState| {
            [
                ChangeKind::Missing,
                ChangeKind::Changed,
                ChangeKind::Renamed,
            ]
            .map(|kind| count(desired, snapshot, kind))
        };
        let was: usize = if before.rules.is_empty() {
            0
        } else {
            changed(before).into_iter().sum()
        };
        if changed(&loaded.desired).into_iter().sum::<usize>() <= was {
            return Ok(());
        }
    }
    Err(Failure::new("what would be written does not say what is live: nothing was written")
        .help("please report this with a snapshot; `crdrift snapshot --redact-accounts` leaves ids out"))
}

fn count(desired: &DesiredState, snapshot: &Snapshot, kind: ChangeKind) -> usize {
    diff(desired, &live_state(snapshot.clone(), desired))
        .with_kind(kind)
        .count()
}
