//! Nodes of the tree as values, with their references filled in.

use std::borrow::Cow;

use super::{Entry, FileReader, MappingNode};
use crate::rules::file_value::FileValue;
use crate::rules::interpolate::{ReferenceError, fill};
use crate::rules::problem::InvisibleProblem;
use crate::rules::scalar::plain_value;
use crate::source::{NodeId, NodeKind, is_look_alike, is_printable_ascii};

/// The bytes of a scalar that are copied for the price of one visit.
const BYTES_PER_VISIT: usize = 16;

/// Keys with text for people, which may contain any character as an escape in double quotes.
const FREE_TEXT_KEYS: [&str; 4] = ["reason", "owner", "message", "ticket"];

impl<'a> FileReader<'a> {
    /// Returns the entries of a mapping without the keys of `skip`; reports and omits unreadable values.
    pub(in crate::rules) fn mapping_value(
        &mut self,
        mapping: &MappingNode<'a>,
        skip: &[&str],
    ) -> FileValue<'a> {
        self.collect_entries(&mapping.entries, skip, true)
    }

    fn collect_entries(
        &mut self,
        entries: &[Entry<'a>],
        skip: &[&str],
        nested: bool,
    ) -> FileValue<'a> {
        let mut values = Vec::with_capacity(entries.len());
        for entry in entries.iter().filter(|entry| !skip.contains(&entry.key)) {
            if let Some(value) = self.value(entry.value, Some(entry), nested) {
                values.push((entry.key, value));
            }
        }
        FileValue::Mapping(values)
    }

    /// Returns the value of a node; `None` where it was reported. An empty value is reported: a rules file has none.
    ///
    /// Decoding needs no more than a mapping in a mapping, and lists are read item by item. So deeper collections stay
    /// empty, which keeps everything that aliases make of them out of memory.
    pub(super) fn value(
        &mut self,
        node: NodeId,
        entry: Option<&Entry<'a>>,
        nested: bool,
    ) -> Option<FileValue<'a>> {
        match self.tree.kind(node) {
            NodeKind::Scalar { text, plain } => {
                self.charge(1 + text.len() / BYTES_PER_VISIT, node)?;
                let filled = self.fill_or_report(text, node)?;
                self.filled_bytes = self.filled_bytes.saturating_add(filled.len());
                self.refuse_invisible(&filled, node, entry)?;
                let value = if plain {
                    plain_value(filled)
                } else {
                    FileValue::Text(filled)
                };
                if value == FileValue::Null {
                    self.report_empty(node, entry);
                    return None;
                }
                Some(value)
            }
            NodeKind::Sequence => Some(FileValue::List),
            NodeKind::Mapping if nested => {
                let entries = self.merged_entries(node, node, 0)?;
                Some(self.collect_entries(&entries, &[], false))
            }
            NodeKind::Mapping => Some(FileValue::Mapping(Vec::new())),
            NodeKind::Alias(_) | NodeKind::Invalid => None,
        }
    }

    /// Fills in the references of a scalar.
    pub(super) fn fill(&mut self, text: &'a str) -> Result<Cow<'a, str>, Vec<ReferenceError>> {
        fill(text, |reference| self.values.get(reference))
    }

    fn fill_or_report(&mut self, text: &'a str, node: NodeId) -> Option<Cow<'a, str>> {
        match self.fill(text) {
            Ok(filled) => Some(filled),
            Err(errors) => {
                for error in errors {
                    let place = self.place_of(self.tree.part(node, error.part));
                    self.problems.push(error.problem, place);
                }
                None
            }
        }
    }

    /// Reports an invisible character of a value: an escape, or part of the value of a reference. Line feeds and tabs
    /// are left to the checks of the value.
    fn refuse_invisible(
        &mut self,
        value: &str,
        node: NodeId,
        entry: Option<&Entry<'a>>,
    ) -> Option<()> {
        let key = entry.map(|entry| entry.key);
        if is_printable_ascii(value) || key.is_some_and(|key| FREE_TEXT_KEYS.contains(&key)) {
            return Some(());
        }
        let is_refused =
            |character: &char| is_look_alike(*character) && !matches!(character, '\n' | '\t');
        let Some(character) = value.chars().find(is_refused) else {
            return Some(());
        };
        self.report(InvisibleProblem::in_value(key, character), node);
        None
    }
}
