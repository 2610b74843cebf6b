//! Values of one type each, and the problems of values that have another one.

use std::borrow::Cow;
use std::ops::RangeInclusive;

use super::{Entry, FileReader, MappingNode};
use crate::i18n::{Message, Phrase};
use crate::model::NameGlob;
use crate::rules::file_value::FileValue;
use crate::rules::problem::{Problem, StructureProblem};
use crate::rules::scalar::{BOOLEAN, EMPTY, TEXT, kind_name, plain_kind_name, plain_value};
use crate::source::{NodeId, NodeKind, quote, truncate};

/// A key that a mapping must have, with the help for one that lacks it.
pub(in crate::rules) type RequiredKey = (&'static str, fn() -> Message);

impl<'a> FileReader<'a> {
    /// Returns the text of a scalar; `None` where it was reported, such as a number.
    pub(in crate::rules) fn text(&mut self, node: NodeId, what: Message) -> Option<String> {
        self.text_or_report(node, None, what, TEXT)
    }

    /// Returns the text under a key; `expected` names it in the problem of another value.
    pub(in crate::rules) fn text_of(
        &mut self,
        entry: &Entry<'a>,
        expected: Phrase,
    ) -> Option<String> {
        self.text_or_report(entry.value, Some(entry), quote(entry.key).into(), expected)
    }

    /// Returns the texts of a list that must not be empty; `None` where it is missing or was reported.
    pub(in crate::rules) fn texts(
        &mut self,
        mapping: &MappingNode<'a>,
        key: &str,
    ) -> Option<Vec<(String, NodeId)>> {
        let entry = *mapping.get(key)?;
        let nodes = self.list(&entry);
        if nodes.is_empty() && self.is_list(&entry) {
            let problem = StructureProblem::EmptyValue {
                what: quote(key).into(),
                help: Message::help_item_or_remove_key(),
            };
            self.report(problem, entry.value);
            return None;
        }
        let what = Message::item_of(quote(key));
        let mut texts = Vec::with_capacity(nodes.len());
        for node in nodes {
            if let Some(text) = self.text(node, what.clone()) {
                texts.push((text, node));
            }
        }
        Some(texts)
    }

    fn text_or_report(
        &mut self,
        node: NodeId,
        entry: Option<&Entry<'a>>,
        what: Message,
        expected: Phrase,
    ) -> Option<String> {
        let target = self.resolve(node);
        let value = self.value(target, entry, false)?;
        if let FileValue::Text(text) = value {
            return Some(text.into_owned());
        }
        self.report_wrong_type(target, entry, what, expected);
        None
    }

    /// Returns the value of a key if it passes a check; reports it otherwise.
    pub(in crate::rules) fn checked<P: Into<Problem>>(
        &mut self,
        mapping: &MappingNode<'a>,
        key: &str,
        value: Option<String>,
        check: impl FnOnce(&str) -> Result<(), P>,
    ) -> Option<String> {
        match check(value.as_ref()?) {
            Ok(()) => value,
            Err(problem) => {
                self.report(problem, mapping.value_or_head(key));
                None
            }
        }
    }

    /// Returns the value of a key if it is not blank; reports it otherwise, with a help.
    pub(in crate::rules) fn not_blank(
        &mut self,
        mapping: &MappingNode<'a>,
        key: &str,
        value: Option<String>,
        help: impl FnOnce() -> Message,
    ) -> Option<String> {
        self.checked(mapping, key, value, |text| {
            if text.trim().is_empty() {
                return Err(StructureProblem::EmptyValue {
                    what: quote(key).into(),
                    help: help(),
                });
            }
            Ok(())
        })
    }

    /// Returns a number of a range; reports every other one.
    pub(in crate::rules) fn in_range<N: TryFrom<i64> + PartialOrd + Into<u32>>(
        &mut self,
        entry: &Entry<'a>,
        (key, given): (&'static str, i64),
        range: RangeInclusive<N>,
        help: impl FnOnce() -> Message,
    ) -> Option<N> {
        let number = N::try_from(given).ok().filter(|it| range.contains(it));
        if number.is_none() {
            let (low, high) = range.into_inner();
            self.report(
                StructureProblem::OutOfRange {
                    key,
                    given,
                    low: low.into(),
                    high: high.into(),
                    help: help(),
                },
                entry.value,
            );
        }
        number
    }

    /// Returns a glob over names; reports an invalid one at `node`.
    pub(in crate::rules) fn glob(&mut self, text: &str, node: NodeId) -> Option<NameGlob> {
        let glob = if text.trim().is_empty() {
            Err(Message::from(Phrase::empty_glob()))
        } else {
            NameGlob::new(text).map_err(Message::from)
        };
        match glob {
            Ok(glob) => Some(glob),
            Err(why) => {
                let pattern = quote(text);
                self.report(StructureProblem::InvalidGlob { pattern, why }, node);
                None
            }
        }
    }

    /// Reports a required key that the mapping lacks. A key with an invalid value was reported for the value.
    pub(in crate::rules) fn require(
        &mut self,
        mapping: &MappingNode<'a>,
        what: Phrase,
        key: &'static str,
        help: impl FnOnce() -> Message,
    ) {
        if mapping.get(key).is_none() {
            let help = help();
            self.report(
                StructureProblem::MissingKey { what, key, help },
                mapping.head(),
            );
        }
    }

    /// Returns the value of a key if it is a whole number.
    pub(in crate::rules) fn whole_number(&self, entry: &Entry<'a>) -> Option<i64> {
        match self.tree.kind(entry.value) {
            NodeKind::Scalar { text, plain: true } => plain_value(Cow::Borrowed(text)).as_i64(),
            _ => None,
        }
    }

    /// Reports that a node does not have the expected type. `entry` is the key with this value.
    pub(in crate::rules) fn report_wrong_type(
        &mut self,
        node: NodeId,
        entry: Option<&Entry<'a>>,
        what: Message,
        expected: impl Into<Message>,
    ) {
        let expected = expected.into();
        let kind = self.tree.kind(node);
        let written = self.tree.written(node);
        let given = match kind {
            NodeKind::Invalid => return,
            NodeKind::Scalar { text, plain: true } => {
                plain_kind_name(&self.fill(text).unwrap_or(Cow::Borrowed(text)))
            }
            kind => kind_name(kind),
        };
        if given == EMPTY {
            self.report_empty(node, entry);
            return;
        }
        let help = match kind {
            NodeKind::Scalar { plain: true, .. } if expected == TEXT.into() => {
                Some(Message::help_quote(format!("\"{}\"", truncate(written))))
            }
            NodeKind::Scalar { plain: false, text } if text.contains("${") => {
                Some(Message::help_lines_for_braces("`{ }`"))
            }
            NodeKind::Scalar { .. } if expected == BOOLEAN.into() => Some(Message::help_boolean()),
            NodeKind::Scalar { plain: false, .. } => Some(Message::help_remove_quotes()),
            _ => None,
        };
        self.report(
            StructureProblem::WrongType {
                what,
                given,
                expected,
                help,
            },
            node,
        );
    }

    /// Reports an empty value, at its key where there is no text to mark.
    pub(super) fn report_empty(&mut self, node: NodeId, entry: Option<&Entry<'a>>) {
        let what = entry.map_or_else(
            || Phrase::item_of_list().into(),
            |entry| quote(entry.key).into(),
        );
        let written = self.tree.written(node);
        let help = match written {
            "" => Message::help_value_or_remove(),
            word if word.contains("${") => Message::help_empty_reference(format!("\"{word}\"")),
            word => Message::help_quote_value(format!("\"{word}\"")),
        };
        let at = if written.is_empty() {
            entry.map_or(node, |entry| entry.key_node)
        } else {
            node
        };
        self.report(StructureProblem::EmptyValue { what, help }, at);
    }
}
