//! A concrete syntax tree as lines.

use super::cst::{Collection, Comment, CstEntry, CstValue, Scalar, ScalarStyle};
use super::keys::SchemaNode;
use super::lines::OutputLine;
use super::scalar::{format_scalar, has_escapes, is_typed, is_word, quote_scalar};
use crate::source::{has_command, has_command_line};

/// The most columns of a line in flow style.
const MAX_WIDTH: usize = 110;

/// Returns the lines of a document.
pub(super) fn lines(content: &Collection<'_>) -> Vec<OutputLine> {
    let mut printer = Printer { lines: Vec::new() };
    printer.entries(content, 0);
    printer.lines
}

struct Printer {
    lines: Vec<OutputLine>,
}

impl Printer {
    fn entries(&mut self, collection: &Collection<'_>, indent: usize) {
        let Collection {
            node,
            entries,
            tail,
            ..
        } = collection;
        let start = self.lines.len();
        let mut is_after_section = false;
        for entry in entries {
            let is_section = *node == SchemaNode::File && is_block(entry, indent);
            let first = self.lines.len();
            self.comments(&entry.before, indent);
            self.entry(
                entry,
                indent,
                node.below(entry.key.as_ref().map_or("", |key| &key.value)),
            );
            if let Some(line) = self.lines.get_mut(first) {
                line.has_blank_above |= is_section || is_after_section;
            }
            is_after_section = is_section;
        }
        self.comments(tail, indent);
        // The first entry has no empty line above it.
        if let Some(line) = self.lines.get_mut(start) {
            line.has_blank_above = false;
        }
    }

    fn comments(&mut self, comments: &[Comment<'_>], indent: usize) {
        self.lines.extend(comments.iter().map(|comment| OutputLine {
            has_blank_above: comment.has_blank_above,
            indent,
            body: comment.text.to_owned(),
            ..OutputLine::default()
        }));
    }

    fn entry(&mut self, entry: &CstEntry<'_>, indent: usize, node: SchemaNode) {
        let first = self.lines.len();
        match &entry.value {
            CstValue::Collection(collection)
                if collection.entries.is_empty() && !collection.tail.is_empty() =>
            {
                self.empty(entry, collection, indent);
            }
            CstValue::Collection(collection) if is_block(entry, indent) => {
                self.block(entry, collection, indent);
            }
            value => self.value(entry, value, indent, node),
        }
        if let Some(line) = self.lines.get_mut(first) {
            line.has_blank_above |= entry.has_blank_above;
        }
    }

    /// Prints a collection below its key or its dash.
    fn block(&mut self, entry: &CstEntry<'_>, collection: &Collection<'_>, indent: usize) {
        let comment = entry
            .key_comment
            .or(entry.trailing_comment)
            .map(str::to_owned);
        let properties = entry.properties.join(" ");
        if entry.key.is_some() || !properties.is_empty() {
            self.lines.push(OutputLine {
                indent,
                head: print_head(entry),
                body: properties,
                comment,
                ..OutputLine::default()
            });
            return self.entries(collection, indent + 2);
        }
        // The dash is on the line of the first entry, so a comment of the collection goes above.
        self.lines.extend(comment.map(|body| OutputLine {
            indent,
            body,
            ..OutputLine::default()
        }));
        let first = self.lines.len();
        self.entries(collection, indent + 2);
        // So do the comments above its first entry.
        let is_comment =
            |line: &&mut OutputLine| line.head.is_empty() && line.body.starts_with('#');
        let comments = self.lines.iter_mut().skip(first).take_while(is_comment);
        let comments = comments.map(|line| line.indent = indent).count();
        if let Some(line) = self.lines.get_mut(first + comments) {
            line.indent = indent;
            let begin = if line.head.is_empty() {
                &mut line.body
            } else {
                &mut line.head
            };
            begin.insert_str(0, "- ");
        }
    }

    /// Prints brackets with only comments in them.
    fn empty(&mut self, entry: &CstEntry<'_>, collection: &Collection<'_>, indent: usize) {
        let (opening, closing) = if collection.is_mapping {
            ("{", "}")
        } else {
            ("[", "]")
        };
        let words = entry.properties.iter().copied().chain([opening]);
        let body = words.collect::<Vec<_>>().join(" ");
        self.lines.push(OutputLine {
            indent,
            head: print_head(entry),
            body,
            ..OutputLine::default()
        });
        self.comments(&collection.tail, indent + 2);
        let comment = entry.trailing_comment.map(str::to_owned);
        self.lines.push(OutputLine {
            indent: indent + 2,
            body: closing.to_owned(),
            comment,
            ..OutputLine::default()
        });
    }

    /// Prints a value that begins on the line of its key or its dash.
    fn value(
        &mut self,
        entry: &CstEntry<'_>,
        value: &CstValue<'_>,
        indent: usize,
        node: SchemaNode,
    ) {
        let written = match value {
            CstValue::Scalar(scalar) => scalar_lines(scalar, entry.key.as_ref(), false),
            CstValue::Block { header, lines } => std::iter::once(header)
                .chain(lines)
                .map(|&line| line.to_owned())
                .collect(),
            CstValue::Collection(_) => vec![inline(value, entry.key.as_ref()).unwrap_or_default()],
        };
        let is_mapping = matches!(value, CstValue::Collection(collection) if collection.is_mapping);
        let mut written = written.into_iter();
        let words = entry
            .properties
            .iter()
            .map(|&mark| mark.to_owned())
            .chain(written.next());
        let body = words
            .filter(|word| !word.is_empty())
            .collect::<Vec<_>>()
            .join(" ");
        let is_aligned = is_mapping && entry.key.is_some() && node != SchemaNode::Matrix;
        let first = self.lines.len();
        self.lines.push(OutputLine {
            indent,
            head: print_head(entry),
            body,
            is_aligned,
            ..OutputLine::default()
        });
        self.lines.extend(written.map(|body| OutputLine {
            indent: indent + 2,
            body,
            ..OutputLine::default()
        }));
        let commented = if matches!(value, CstValue::Block { .. }) {
            first
        } else {
            self.lines.len() - 1
        };
        if let Some(line) = self.lines.get_mut(commented) {
            line.comment = entry.trailing_comment.map(str::to_owned);
        }
    }
}

/// Returns `true` if a collection is printed in block style: as written, or because it does not fit on one line.
fn is_block(entry: &CstEntry<'_>, indent: usize) -> bool {
    let CstValue::Collection(collection) = &entry.value else {
        return false;
    };
    if collection.entries.is_empty() {
        return false;
    }
    let may_be_inline =
        (collection.is_flow || collection.node.is_short()) && entry.key_comment.is_none();
    let words = |value: String| {
        entry
            .properties
            .iter()
            .map(|&mark| mark.to_owned())
            .chain([print_head(entry), value])
    };
    let width = |value: String| {
        indent
            + words(value)
                .map(|word| word.chars().count() + 1)
                .sum::<usize>()
            - 1
    };
    !may_be_inline
        || inline(&entry.value, entry.key.as_ref()).is_none_or(|value| width(value) > MAX_WIDTH)
}

fn print_head(entry: &CstEntry<'_>) -> String {
    entry
        .key
        .as_ref()
        .map_or_else(|| "-".to_owned(), |key| key_text(key) + ":")
}

/// Returns a value on one line; `None` if it has comments or texts of several lines.
fn inline(value: &CstValue<'_>, key: Option<&Scalar<'_>>) -> Option<String> {
    let collection = match value {
        CstValue::Block { .. } => return None,
        CstValue::Scalar(scalar) => {
            let mut lines = scalar_lines(scalar, key, true);
            return lines.pop().filter(|_| lines.is_empty());
        }
        CstValue::Collection(collection) => collection,
    };
    let Collection {
        is_mapping,
        entries,
        tail,
        ..
    } = collection;
    if !tail.is_empty() {
        return None;
    }
    let mut parts = Vec::with_capacity(entries.len());
    for CstEntry {
        before,
        key,
        properties,
        value,
        key_comment,
        trailing_comment,
        ..
    } in entries
    {
        if !before.is_empty() || key_comment.is_some() || trailing_comment.is_some() {
            return None;
        }
        let words = key.as_ref().map(|key| key_text(key) + ":").into_iter();
        let words = words
            .chain(properties.iter().map(|&mark| mark.to_owned()))
            .chain([inline(value, key.as_ref())?]);
        parts.push(
            words
                .filter(|word| !word.is_empty())
                .collect::<Vec<_>>()
                .join(" "),
        );
    }
    let parts = parts.join(", ");
    Some(match (is_mapping, parts.is_empty()) {
        (true, true) => "{}".to_owned(),
        (true, false) => format!("{{ {parts} }}"),
        (false, _) => format!("[{parts}]"),
    })
}

fn key_text(key: &Scalar<'_>) -> String {
    match key.style {
        _ if has_command(&key.value) => quote_scalar(&key.value),
        ScalarStyle::Quoted if key.value != "<<" => format_scalar(&key.value),
        _ => key.written.to_owned(),
    }
}

/// Returns `true` if a scalar puts a workflow command into a log: anywhere, or at the start of one of its lines.
fn has_workflow_command(scalar: &Scalar<'_>) -> bool {
    has_command(&scalar.value) || (scalar.written.contains('\n') && has_command_line(&scalar.value))
}

/// Returns the lines of a scalar: one, except of a scalar that keeps several.
fn scalar_lines(scalar: &Scalar<'_>, key: Option<&Scalar<'_>>, inline: bool) -> Vec<String> {
    let is_filter = key.is_some_and(|key| key.value.ends_with("_filter"));
    let written = match scalar.style {
        // A YAML parser reads escapes in double quotes; the runner of a pipeline does not.
        ScalarStyle::Plain | ScalarStyle::Quoted if has_workflow_command(scalar) => {
            quote_scalar(&scalar.value)
        }
        ScalarStyle::Fixed => {
            return scalar
                .written
                .lines()
                .map(|line| line.trim().to_owned())
                .collect();
        }
        // An escape stays as written, as does a character that would become one.
        ScalarStyle::Quoted if has_escapes(scalar.written, &scalar.value) => {
            scalar.written.to_owned()
        }
        // A number, or a reference that may stand for one.
        ScalarStyle::Plain
            if is_typed(&scalar.value) && !(inline && scalar.value.contains("${")) =>
        {
            scalar.written.to_owned()
        }
        ScalarStyle::Plain if !is_filter && !is_word(&scalar.value) && !inline => {
            scalar.written.to_owned()
        }
        _ if is_filter => quote_scalar(&scalar.value),
        _ => format_scalar(&scalar.value),
    };
    vec![written]
}
