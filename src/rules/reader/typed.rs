//! Values of one type each, and the problems of values that have another one.

use std::borrow::Cow;
use std::ops::RangeInclusive;

use super::{Entry, FileReader, MappingNode};
use crate::i18n::Message;
use crate::model::NameGlob;
use crate::rules::file_value::FileValue;
use crate::rules::problem::{Problem, StructureProblem};
use crate::rules::scalar::{BOOLEAN, EMPTY, TEXT, kind_name, plain_kind_name, plain_value};
use crate::source::{NodeId, NodeKind, quote, truncate};

impl<'a> FileReader<'a> {
    /// Returns the text of a scalar; `None` where it was reported, such as a number.
    pub(in crate::rules) fn text(&mut self, node: NodeId, what: Message) -> Option<String> {
        self.text_or_report(node, None, what, TEXT)
    }

    /// Returns the text under a key; `expected` names it in the problem of another value.
    pub(in crate::rules) fn text_of(
        &mut self,
        entry: &Entry<'a>,
        expected: &str,
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
                what: quote(key),
                help: "add an item, or remove the key".to_owned(),
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
        expected: &str,
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
        help: &str,
    ) -> Option<String> {
        self.checked(mapping, key, value, |text| {
            if text.trim().is_empty() {
                return Err(StructureProblem::EmptyValue {
                    what: quote(key),
                    help: help.to_owned(),
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
        help: &'static str,
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
                    help,
                },
                entry.value,
            );
        }
        number
    }

    /// Returns a glob over names; reports an invalid one at `node`.
    pub(in crate::rules) fn glob(&mut self, text: &str, node: NodeId) -> Option<NameGlob> {
        let glob = if text.trim().is_empty() {
            Err(Message::from_phrase("the glob is empty"))
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
        what: &'static str,
        key: &'static str,
        help: &'static str,
    ) {
        if mapping.get(key).is_none() {
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
        expected: &str,
    ) {
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
            NodeKind::Scalar { plain: true, .. } if expected == TEXT => {
                Some(format!("quote it: \"{}\"", truncate(written)))
            }
            NodeKind::Scalar { plain: false, text } if text.contains("${") => Some(
                "remove the quotes, and write the mapping over several lines instead of in `{ }`"
                    .to_owned(),
            ),
            NodeKind::Scalar { .. } if expected == BOOLEAN => {
                Some(format!("write {BOOLEAN}, without quotes"))
            }
            NodeKind::Scalar { plain: false, .. } => Some("remove the quotes".to_owned()),
            _ => None,
        };
        self.report(
            StructureProblem::WrongType {
                what,
                given,
                expected: expected.to_owned(),
                help,
            },
            node,
        );
    }

    /// Reports an empty value, at its key where there is no text to mark.
    pub(super) fn report_empty(&mut self, node: NodeId, entry: Option<&Entry<'a>>) {
        let what = entry.map_or_else(
            || "an item of the list".to_owned(),
            |entry| quote(entry.key),
        );
        let written = self.tree.written(node);
        let help = match written {
            "" => "write a value, or remove it".to_owned(),
            word if word.contains("${") => {
                format!("the reference is empty; to keep the text, quote it: \"{word}\"")
            }
            word => format!("write a value; to keep the text, quote it: \"{word}\""),
        };
        let at = if written.is_empty() {
            entry.map_or(node, |entry| entry.key_node)
        } else {
            node
        };
        self.report(StructureProblem::EmptyValue { what, help }, at);
    }
}
