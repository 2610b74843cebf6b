//! The top of a file: its version, its settings, its instances, and the entries of its lists.

use super::builder::RulesBuilder;
use super::codes;
use super::decode::{DecodeResult, decode};
use super::defaults::{self, RuleDefaults};
use super::guards;
use super::problem::{Problem, StructureProblem};
use super::reader::{Entry, FileReader, MappingNode};
use super::schema::RawFile;
use crate::i18n::{Message, Phrase};
use crate::source::Span;

/// The longest name of an estate, in characters.
const MAX_ESTATE_NAME: usize = 128;

/// Keys whose values are read after the whole file was decoded.
const LATER_KEYS: [&str; 6] = [
    "instances",
    "rules",
    "ignore",
    "policies",
    "waivers",
    "guards",
];

/// The parts of a file that are read after the instances of every file.
pub(super) struct FileHeader<'a> {
    pub(super) defaults: RuleDefaults,
    pub(super) rules: Option<Entry<'a>>,
    pub(super) ignore: Option<Entry<'a>>,
    pub(super) policies: Option<Entry<'a>>,
    pub(super) waivers: Option<Entry<'a>>,
}

/// Reads the parts of a file that other files may need; `None` where the rest of it cannot be read.
pub(super) fn read<'a>(
    reader: &mut FileReader<'a>,
    builder: &mut RulesBuilder,
) -> Option<FileHeader<'a>> {
    let root = reader.tree.root();
    let Some(root) = root.filter(|root| !reader.tree.is_blank(*root)) else {
        let start = reader.place_of(Span::new(0..0));
        reader.problems.push(StructureProblem::EmptyFile, start);
        return None;
    };
    let mapping = reader.mapping(root, Phrase::rules_file())?;
    if let Some(entry) = mapping.get("version")
        && let Some(given) = reader.whole_number(entry).filter(|version| *version != 1)
    {
        reader.report(StructureProblem::UnsupportedVersion { given }, entry.value);
        return None;
    }
    let DecodeResult {
        value: file,
        is_complete,
    } = decode::<RawFile>(reader, &mapping, &LATER_KEYS);
    // An unknown key may be a misspelt `instances`.
    builder.instances.is_incomplete |= !is_complete;
    reader.require(&mapping, Phrase::file(), "version", Message::help_version);
    if let Some(entry) = mapping.get("instances").copied() {
        match reader.mapping_of(&entry) {
            Some(instances) => {
                for entry in &instances.entries {
                    builder.instances.declare(reader, entry);
                }
            }
            None => builder.instances.is_incomplete = true,
        }
    }
    read_settings(reader, builder, &mapping, &file);
    let values = file.defaults.unwrap_or_default();
    let defaults = defaults::read(reader, builder, &mapping, values);
    let entry = |key| mapping.get(key).copied();
    Some(FileHeader {
        defaults,
        rules: entry("rules"),
        ignore: entry("ignore"),
        policies: entry("policies"),
        waivers: entry("waivers"),
    })
}

fn read_settings<'a>(
    reader: &mut FileReader<'a>,
    builder: &mut RulesBuilder,
    mapping: &MappingNode<'a>,
    file: &RawFile,
) {
    if let (Some(unmanaged), Some(entry)) = (file.unmanaged, mapping.get("unmanaged")) {
        let place = reader.place(entry.value);
        builder.set_unmanaged(&mut reader.problems, unmanaged.into(), place);
    }
    if let (Some(name), Some(entry)) = (&file.estate, mapping.get("estate").copied()) {
        match parse_estate_name(name) {
            Ok(name) => {
                let place = reader.place(entry.value);
                builder.set_estate(&mut reader.problems, name, place);
            }
            Err(problem) => reader.report(problem, entry.value),
        }
    }
    read_severities(reader, builder, mapping, file);
    if let Some(entry) = mapping.get("guards").copied() {
        guards::read(reader, &mut builder.guards, &entry);
    }
}

/// Returns the name of an estate without whitespace around it.
fn parse_estate_name(text: &str) -> Result<String, Problem> {
    let name = text.trim();
    if name.is_empty() || name.chars().count() > MAX_ESTATE_NAME {
        let problem = StructureProblem::EmptyValue {
            what: "`estate`".into(),
            help: Message::help_estate_name(MAX_ESTATE_NAME, "`estate: shop`"),
        };
        return Err(problem.into());
    }
    Ok(name.to_owned())
}

/// Reads `severities:`. Decoding the file has reported any other value than a mapping.
fn read_severities<'a>(
    reader: &mut FileReader<'a>,
    builder: &mut RulesBuilder,
    file_mapping: &MappingNode<'a>,
    file: &RawFile,
) {
    let Some(severities) = &file.severities else {
        return;
    };
    let entry = file_mapping
        .get("severities")
        .copied()
        .filter(|entry| reader.is_mapping(entry));
    let Some(mapping) = entry.and_then(|entry| reader.mapping_of(&entry)) else {
        return;
    };
    for entry in &mapping.entries {
        match codes::parse_configurable(entry.key) {
            Ok(code) => {
                let place = reader.place(entry.key_node);
                if let Some(severity) = severities.get(entry.key) {
                    builder.set_severity(&mut reader.problems, code, (*severity).into(), place);
                }
            }
            Err(problem) => reader.report(problem, entry.key_node),
        }
    }
}
