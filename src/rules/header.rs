//! The top of a file: its version, its settings, its instances, and where its rules are.

use super::codes;
use super::decode::{Decoded, decode};
use super::document::{Document, Entry, Record};
use super::estate::Estate;
use super::guards;
use super::problem::Problem;
use super::rule;
use super::schema::{RawDefaults, RawFile};
use crate::model::Field;
use crate::source::Span;

/// The longest name of an estate, in characters.
const NAME_LIMIT: usize = 128;

/// What the rest of the file is read with.
pub(super) struct Header<'a> {
    pub(super) defaults: Defaults,
    pub(super) rules: Option<Entry<'a>>,
    pub(super) ignore: Option<Entry<'a>>,
    pub(super) policies: Option<Entry<'a>>,
    pub(super) waivers: Option<Entry<'a>>,
}

/// What rules have that do not give it themselves.
#[derive(Debug, Default)]
pub(super) struct Defaults {
    pub(super) values: RawDefaults,
    /// Whether there is a `tag_filter`, be it one that was reported.
    pub(super) has_tag_filter: bool,
}

/// Reads a file as far as other files may need it; `None` where the rest cannot be read.
pub(super) fn read<'a>(document: &mut Document<'a>, estate: &mut Estate) -> Option<Header<'a>> {
    let Some(root) = document
        .tree
        .root()
        .filter(|root| !document.tree.is_blank(*root))
    else {
        let start = document.place_of(Span::new(0..0));
        document.problems.push(Problem::EmptyFile, start);
        return None;
    };
    let record = document.record(root, "a rules file")?;
    let read_elsewhere = [
        "instances",
        "rules",
        "ignore",
        "policies",
        "waivers",
        "guards",
    ];
    let version = record
        .get("version")
        .and_then(|entry| Some((entry.value, document.whole_number(entry)?)));
    if let Some((node, given)) = version.filter(|(_, version)| *version != 1) {
        document.report(Problem::UnsupportedVersion { given }, node);
        return None;
    }
    let Decoded { value: file, whole } = decode::<RawFile>(document, &record, &read_elsewhere);
    // A key that is misspelt may be `instances`.
    estate.instances.unknown |= !whole;
    document.require(
        &record,
        "the file",
        "version",
        "a rules file begins with `version: 1`",
    );
    if let Some(entry) = record.get("instances").copied() {
        match document.record_of(&entry) {
            Some(instances) => instances
                .entries
                .iter()
                .for_each(|it| estate.instances.declare(document, it)),
            None => estate.instances.unknown = true,
        }
    }
    settings(document, estate, &record, &file);
    let defaults = file.defaults.unwrap_or_default();
    let defaults = read_defaults(document, estate, &record, defaults);
    let entry = |key| record.get(key).copied();
    Some(Header {
        defaults,
        rules: entry("rules"),
        ignore: entry("ignore"),
        policies: entry("policies"),
        waivers: entry("waivers"),
    })
}

fn settings<'a>(
    document: &mut Document<'a>,
    estate: &mut Estate,
    record: &Record<'a>,
    file: &RawFile,
) {
    if let (Some(unmanaged), Some(entry)) = (file.unmanaged, record.get("unmanaged")) {
        let place = document.place(entry.value);
        estate.set_unmanaged(&mut document.problems, unmanaged.into(), place);
    }
    if let (Some(name), Some(entry)) = (&file.estate, record.get("estate").copied()) {
        match estate_name(name) {
            Ok(name) => {
                let place = document.place(entry.value);
                estate.set_name(&mut document.problems, name, place);
            }
            Err(problem) => document.report(problem, entry.value),
        }
    }
    severities(document, estate, record, file);
    if let Some(entry) = record.get("guards").copied() {
        guards::read(document, &mut estate.guards, &entry);
    }
}

/// Returns the name of an estate without blanks around it.
fn estate_name(text: &str) -> Result<String, Problem> {
    let name = text.trim();
    if name.is_empty() || name.chars().count() > NAME_LIMIT {
        let help = format!("write a name of 1 to {NAME_LIMIT} characters, such as `estate: shop`");
        return Err(Problem::EmptyValue {
            what: "`estate`".to_owned(),
            help,
        });
    }
    Ok(name.to_owned())
}

/// Takes in `severities:`. One that is no mapping was reported when the file was decoded.
fn severities<'a>(
    document: &mut Document<'a>,
    estate: &mut Estate,
    record: &Record<'a>,
    file: &RawFile,
) {
    let Some(given) = &file.severities else {
        return;
    };
    let entry = record
        .get("severities")
        .copied()
        .filter(|entry| document.is_mapping(entry));
    let Some(record) = entry.and_then(|entry| document.record_of(&entry)) else {
        return;
    };
    for entry in &record.entries {
        match codes::with_severity(entry.key) {
            Ok(code) => {
                let place = document.place(entry.key_node);
                if let Some(severity) = given.get(entry.key) {
                    estate.set_severity(&mut document.problems, code, (*severity).into(), place);
                }
            }
            Err(problem) => document.report(problem, entry.key_node),
        }
    }
}

fn read_defaults<'a>(
    document: &mut Document<'a>,
    estate: &mut Estate,
    file: &Record<'a>,
    values: RawDefaults,
) -> Defaults {
    // One that is no mapping was reported when the file was decoded.
    let entry = file
        .get("defaults")
        .copied()
        .filter(|entry| document.is_mapping(entry));
    let Some(record) = entry.and_then(|entry| document.record_of(&entry)) else {
        return Defaults::default();
    };
    let filters = [
        (Field::TagFilter, &values.tag_filter),
        (Field::RepoNameFilter, &values.repo_name_filter),
        (Field::NamespaceNameFilter, &values.namespace_name_filter),
    ];
    for (field, value) in filters {
        if let (Some(value), Some(entry)) = (value, record.get(field.as_str())) {
            estate.filters.report(document, entry, field, value);
        }
    }
    rule::check_common(
        document,
        &record,
        values.priority,
        values.link_id.as_deref(),
    );
    Defaults {
        has_tag_filter: record.get("tag_filter").is_some(),
        values,
    }
}
