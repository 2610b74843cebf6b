//! What is asked of single values, and what is said of those that do not fit.

use std::borrow::Cow;
use std::ops::RangeInclusive;

use serde_yaml::Value;

use super::document::{Document, Entry, Record};
use super::problem::Problem;
use super::scalar::{BOOLEAN, EMPTY, TEXT, given, plain_kind, plain_value};
use crate::model::NameGlob;
use crate::source::{Kind, NodeId, quote, truncate};

impl<'a> Document<'a> {
    /// A scalar's text, references filled in; `None` for what was reported, such as a number.
    pub(super) fn text(&mut self, node: NodeId, what: &str) -> Option<String> {
        self.text_as(node, None, what, TEXT)
    }

    /// The text under a key, references filled in; what is none is reported as not being what is `expected`.
    pub(super) fn text_of(&mut self, entry: &Entry<'a>, expected: &str) -> Option<String> {
        self.text_as(entry.value, Some(entry), &quote(entry.key), expected)
    }

    fn text_as(
        &mut self,
        node: NodeId,
        entry: Option<&Entry<'a>>,
        what: &str,
        expected: &str,
    ) -> Option<String> {
        let target = self.resolve(node);
        let value = self.value(target, entry, false)?;
        if let Value::String(text) = value {
            return Some(text);
        }
        self.wrong_type(target, entry, what, expected);
        None
    }

    /// A value that passes a check; what does not is reported where it stands and gone.
    pub(super) fn checked(
        &mut self,
        record: &Record<'a>,
        key: &str,
        value: Option<String>,
        check: fn(&str) -> Result<(), Problem>,
    ) -> Option<String> {
        match check(value.as_ref()?) {
            Ok(()) => value,
            Err(problem) => {
                self.report(
                    problem,
                    record.get(key).map_or(record.head(), |entry| entry.value),
                );
                None
            }
        }
    }

    /// A number between two others; what is outside of them is reported.
    pub(super) fn in_range<N: TryFrom<i64> + PartialOrd + Into<u32>>(
        &mut self,
        entry: &Entry<'a>,
        key: &'static str,
        given: i64,
        range: RangeInclusive<N>,
        help: &'static str,
    ) -> Option<N> {
        let within = N::try_from(given).ok().filter(|it| range.contains(it));
        if within.is_none() {
            let (low, high) = range.into_inner();
            self.report(
                Problem::OutOfRange {
                    key,
                    given,
                    low: low.into(),
                    high: high.into(),
                    help,
                },
                entry.value,
            );
        }
        within
    }

    /// A glob over names; what is none is reported at `node`.
    pub(super) fn glob(&mut self, text: &str, node: NodeId) -> Option<NameGlob> {
        let glob = if text.trim().is_empty() {
            Err("it is empty".to_owned())
        } else {
            NameGlob::new(text)
        };
        glob.map_err(|why| {
            self.report(
                Problem::InvalidGlob {
                    pattern: quote(text),
                    why,
                },
                node,
            );
        })
        .ok()
    }

    /// Reports a required key that is not there. One with a bad value is there, and was reported for that.
    pub(super) fn require(
        &mut self,
        record: &Record<'a>,
        what: &'static str,
        key: &'static str,
        help: &'static str,
    ) {
        if record.get(key).is_none() {
            self.report(Problem::MissingKey { what, key, help }, record.head());
        }
    }

    /// The value of a key where it is a whole number.
    pub(super) fn whole_number(&self, entry: &Entry<'a>) -> Option<i64> {
        match self.tree.kind(entry.value) {
            Kind::Scalar { text, plain: true } => plain_value(Cow::Borrowed(text)).as_i64(),
            _ => None,
        }
    }

    /// Reports that a node is not what is meant in its place. `entry` is the key it stands under.
    pub(super) fn wrong_type(
        &mut self,
        node: NodeId,
        entry: Option<&Entry<'a>>,
        what: &str,
        expected: &str,
    ) {
        let kind = self.tree.kind(node);
        let written = self.tree.written(node);
        let given = match kind {
            Kind::Invalid => return,
            Kind::Scalar { text, plain: true } => {
                plain_kind(&self.filled(text).unwrap_or(Cow::Borrowed(text)))
            }
            kind => given(kind),
        };
        if given == EMPTY {
            self.report_empty(node, entry);
            return;
        }
        let help = match kind {
            Kind::Scalar { plain: true, .. } if expected == TEXT => {
                Some(format!("quote it: \"{}\"", truncate(written)))
            }
            Kind::Scalar { plain: false, text } if text.contains("${") => Some(
                "write it without quotes, in a mapping over several lines instead of one in `{ }`"
                    .to_owned(),
            ),
            Kind::Scalar { .. } if expected == BOOLEAN => {
                Some(format!("write {BOOLEAN}, without quotes"))
            }
            Kind::Scalar { plain: false, .. } => Some("write it without quotes".to_owned()),
            _ => None,
        };
        self.report(
            Problem::WrongType {
                what: what.to_owned(),
                given,
                expected: expected.to_owned(),
                help,
            },
            node,
        );
    }

    /// Reports a value without content, at its key where there is nothing else to point at.
    pub(super) fn report_empty(&mut self, node: NodeId, entry: Option<&Entry<'a>>) {
        let what = entry.map_or_else(
            || "an item of the list".to_owned(),
            |entry| quote(entry.key),
        );
        let written = self.tree.written(node);
        let help = match written {
            "" => "give it a value, or remove it".to_owned(),
            word if word.contains("${") => {
                format!("what it refers to is empty; in quotes it is text: \"{word}\"")
            }
            word => format!("give it a value; if the text is meant, quote it: \"{word}\""),
        };
        let at = if written.is_empty() {
            entry.map_or(node, |entry| entry.key_node)
        } else {
            node
        };
        self.report(Problem::EmptyValue { what, help }, at);
    }
}
