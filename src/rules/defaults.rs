//! `defaults:`: values of the rules of one file that do not set them.

use super::builder::RulesBuilder;
use super::names;
use super::reader::{FileReader, MappingNode};
use super::schema::RawDefaults;
use crate::i18n::Message;
use crate::model::Field;

/// The default values of a file.
#[derive(Debug, Default)]
pub(super) struct RuleDefaults {
    pub(super) values: RawDefaults,
    /// True if there is a `tag_filter`, valid or not.
    pub(super) has_tag_filter: bool,
}

/// Checks the defaults of a file.
pub(super) fn read<'a>(
    reader: &mut FileReader<'a>,
    builder: &mut RulesBuilder,
    file: &MappingNode<'a>,
    mut values: RawDefaults,
) -> RuleDefaults {
    // Decoding the file has reported any other value than a mapping.
    let entry = file
        .get("defaults")
        .copied()
        .filter(|entry| reader.is_mapping(entry));
    let Some(mapping) = entry.and_then(|entry| reader.mapping_of(&entry)) else {
        return RuleDefaults::default();
    };
    let filters = [
        (Field::TagFilter, &values.tag_filter),
        (Field::RepoNameFilter, &values.repo_name_filter),
        (Field::NamespaceNameFilter, &values.namespace_name_filter),
    ];
    for (field, value) in filters {
        if let (Some(value), Some(entry)) = (value, mapping.get(field.as_str())) {
            builder.filters.report(reader, entry, field, value);
        }
    }
    check_common(reader, &mapping, values.priority, values.link_id.as_deref());
    let owner = values.owner.take();
    values.owner = reader.checked(&mapping, "owner", owner, names::check_owner);
    RuleDefaults {
        has_tag_filter: mapping.get("tag_filter").is_some(),
        values,
    }
}

/// Checks the keys that rules and `defaults` have in common.
pub(super) fn check_common<'a>(
    reader: &mut FileReader<'a>,
    mapping: &MappingNode<'a>,
    priority: Option<i64>,
    link_id: Option<&str>,
) {
    if let (Some(priority), Some(entry)) = (priority, mapping.get("priority")) {
        let help = Message::help_priority;
        reader.in_range(entry, ("priority", priority), 1..=5_u8, help);
    }
    if let (Some(link_id), Some(entry)) = (link_id, mapping.get("link_id"))
        && let Err(problem) = names::check_link(link_id)
    {
        reader.report(problem, entry.value);
    }
}
