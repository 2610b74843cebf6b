//! `ignore:`: globs over the names of unmanaged rules that are not reported.

use super::builder::RulesBuilder;
use super::decode::decode;
use super::instances::Instances;
use super::reader::{Entry, FileReader, MappingNode};
use super::schema::RawIgnore;
use crate::i18n::{Message, Phrase};
use crate::model::IgnoreEntry;

/// Reads the entries of `ignore:`.
pub(super) fn read_all<'a>(
    reader: &mut FileReader<'a>,
    builder: &mut RulesBuilder,
    entry: &Entry<'a>,
) {
    for node in reader.list(entry) {
        if let Some(mapping) = reader.mapping(node, Phrase::entry_of_ignore()) {
            let ignore = read(reader, &builder.instances, &mapping);
            builder.ignores.extend(ignore);
        }
    }
}

fn read<'a>(
    reader: &mut FileReader<'a>,
    instances: &Instances,
    mapping: &MappingNode<'a>,
) -> Option<IgnoreEntry> {
    let RawIgnore {
        rules,
        instance,
        reason,
    } = decode(reader, mapping, &[]).value;
    let what = Phrase::entry();
    reader.require(mapping, what, "rules", || {
        Message::help_add_glob("`rules: \"tmp-*\"`")
    });
    reader.require(mapping, what, "reason", || {
        Message::help_add_reason("`reason: \"…\"`")
    });
    let instance = match instance {
        Some(alias) => {
            let node = mapping.value_or_head("instance");
            Some(instances.find(reader, &alias, node)?.id.clone())
        }
        None => None,
    };
    let reason = reader.not_blank(mapping, "reason", reason, Message::help_reason);
    let node = mapping.value_or_head("rules");
    let glob = reader.glob(&rules?, node);
    let place = reader.place(node);
    Some(IgnoreEntry {
        rules: glob?,
        instance,
        reason: reason?.into(),
        place,
    })
}
