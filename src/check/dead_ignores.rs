//! Entries of `ignore:` that ignore nothing: what they were written for is gone, or was never there.

use super::Inputs;
use crate::finding::{Code, Finding};
use crate::model::{Alias, IgnoreEntry, Instance, InstanceId, LiveInstance, NameGlobs};

/// Returns a finding for each entry that no live rule matches. An entry is left out where an instance that it is about was
/// not read completely; and all of them are under a selection, which leaves rules out.
pub(super) fn findings(inputs: &Inputs<'_>) -> Vec<Finding> {
    let ignores = &inputs.desired.ignores;
    if ignores.is_empty() || !inputs.selection.is_everything() {
        return Vec::new();
    }
    // Globs that are too many together are refused when the files are loaded.
    let Ok(globs) = NameGlobs::new(ignores.iter().map(|entry| &entry.rules)) else {
        return Vec::new();
    };
    let mut is_used = vec![false; ignores.len()];
    let instances = || inputs.desired.instances.iter().zip(&inputs.live.instances);
    for (instance, live) in instances() {
        for listed in &live.outgoing {
            for at in globs.matching(listed.rule.name.as_str()) {
                if let (Some(entry), Some(used)) = (ignores.get(at), is_used.get_mut(at)) {
                    *used |= is_about(entry, instance);
                }
            }
        }
    }
    let unused = ignores
        .iter()
        .zip(is_used)
        .filter(|(_, is_used)| !is_used)
        .map(|(entry, _)| entry);
    unused
        .filter(|entry| is_read(entry, instances()))
        .map(|entry| finding(entry, inputs))
        .collect()
}

fn is_about(entry: &IgnoreEntry, instance: &Instance) -> bool {
    entry.instance.as_ref().is_none_or(|id| *id == instance.id)
}

/// Whether an entry is about instances that were read, and all of those were read completely.
fn is_read<'a>(
    entry: &IgnoreEntry,
    instances: impl Iterator<Item = (&'a Instance, &'a LiveInstance)>,
) -> bool {
    let mut of_entry = instances
        .filter(|(instance, _)| instance.read && is_about(entry, instance))
        .peekable();
    of_entry.peek().is_some() && of_entry.all(|(_, live)| live.is_complete())
}

fn finding(entry: &IgnoreEntry, inputs: &Inputs<'_>) -> Finding {
    let alias = |id: &InstanceId| {
        inputs
            .desired
            .instances
            .iter()
            .find(|it| it.id == *id)
            .map(|it| &it.alias)
    };
    let alias = entry.instance.as_ref().and_then(alias).map(Alias::as_str);
    let (on, there) = alias.map_or_else(Default::default, |alias| {
        (format!(" on \"{alias}\""), " that starts there")
    });
    let glob = entry.rules.as_str();
    let message = format!(
        "the `ignore` entry for \"{glob}\"{on} ignores nothing: no live rule{there} matches"
    );
    let content = ["ignore", glob, alias.unwrap_or_default()];
    Finding {
        help: "remove the entry, or correct its `rules`".to_owned(),
        place: Some(entry.place),
        ..Finding::bare(Code::WaiverUnused, "", message, &content)
    }
}
