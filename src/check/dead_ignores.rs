//! Entries of `ignore:` that no live rule matches.

use super::Inputs;
use crate::finding::{Code, Finding};
use crate::i18n::Message;
use crate::model::{Alias, IgnoreEntry, Instance, InstanceId, LiveInstance};

/// Returns a finding for each entry that no live rule matches. An entry is left out where an instance that it is about was
/// not read completely; and all of them are under a selection, which leaves rules out.
pub(super) fn findings(inputs: &Inputs<'_>) -> Vec<Finding> {
    let ignores = &inputs.desired.ignores;
    let entries = ignores.entries();
    if entries.is_empty() || !inputs.desired.selection.is_everything() {
        return Vec::new();
    }
    let mut is_used = vec![false; entries.len()];
    let instances = || inputs.desired.instances.iter().zip(&inputs.live.instances);
    for (instance, live) in instances() {
        for listed in &live.outgoing {
            for (index, _) in ignores.matching(&instance.id, listed.rule.name.as_str()) {
                if let Some(used) = is_used.get_mut(index) {
                    *used = true;
                }
            }
        }
    }
    let unused = entries
        .iter()
        .zip(is_used)
        .filter(|(_, is_used)| !is_used)
        .map(|(entry, _)| entry);
    unused
        .filter(|entry| is_read(entry, instances()))
        .map(|entry| finding(entry, inputs))
        .collect()
}

/// Returns whether an entry is about at least one instance, and all of its instances were read completely.
fn is_read<'a>(
    entry: &IgnoreEntry,
    instances: impl Iterator<Item = (&'a Instance, &'a LiveInstance)>,
) -> bool {
    let mut of_entry = instances
        .filter(|(instance, _)| instance.read && entry.is_about(&instance.id))
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
    let glob = entry.rules.as_str();
    let message = match alias {
        Some(alias) => Message::ignore_unused_on(glob, alias),
        None => Message::ignore_unused(glob),
    };
    let content = ["ignore", glob, alias.unwrap_or_default()];
    Finding {
        help: Message::ignore_help(),
        place: Some(entry.place),
        ..Finding::bare(Code::WaiverUnused, "", message, &content)
    }
}
