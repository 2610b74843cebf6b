//! Pieces as the lines they are written in.

use super::cst::{Collection, Comment, Content, CstEntry, Scalar, Style};
use super::keys::SchemaNode;
use super::lines::Line;
use super::scalar;
use crate::source::{has_command, has_command_line};

/// Columns that a line with braces or brackets may fill.
const WIDTH: usize = 110;

/// A document's lines.
pub(super) fn lines(content: &Collection<'_>) -> Vec<Line> {
    let mut printer = Printer { lines: Vec::new() };
    printer.entries(content, 0);
    printer.lines
}

struct Printer {
    lines: Vec<Line>,
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
        let mut after_section = false;
        for entry in entries {
            let is_section = *node == SchemaNode::File && is_block(entry, indent);
            let first = self.lines.len();
            self.comments(&entry.before, indent);
            self.entry(
                entry,
                indent,
                node.below(entry.key.as_ref().map_or("", |key| &key.value)),
            );
            let spaced_above = |line: &mut Line| line.spaced |= is_section || after_section;
            self.lines.get_mut(first).into_iter().for_each(spaced_above);
            after_section = is_section;
        }
        self.comments(tail, indent);
        // Nothing is set off from what it is the first of.
        if let Some(line) = self.lines.get_mut(start) {
            line.spaced = false;
        }
    }

    fn comments(&mut self, comments: &[Comment<'_>], indent: usize) {
        self.lines.extend(comments.iter().map(|comment| Line {
            spaced: comment.spaced,
            indent,
            body: comment.text.to_owned(),
            ..Line::default()
        }));
    }

    fn entry(&mut self, entry: &CstEntry<'_>, indent: usize, node: SchemaNode) {
        let first = self.lines.len();
        match &entry.value {
            Content::Collection(collection)
                if collection.entries.is_empty() && !collection.tail.is_empty() =>
            {
                self.empty(entry, collection, indent);
            }
            Content::Collection(collection) if is_block(entry, indent) => {
                self.block(entry, collection, indent);
            }
            value => self.short(entry, value, indent, node),
        }
        if let Some(line) = self.lines.get_mut(first) {
            line.spaced |= entry.spaced;
        }
    }

    /// A collection below its key or its dash.
    fn block(&mut self, entry: &CstEntry<'_>, collection: &Collection<'_>, indent: usize) {
        let comment = entry.head.or(entry.behind).map(str::to_owned);
        let marks = entry.marks.join(" ");
        if entry.key.is_some() || !marks.is_empty() {
            self.lines.push(Line {
                indent,
                head: head(entry),
                body: marks,
                comment,
                ..Line::default()
            });
            return self.entries(collection, indent + 2);
        }
        // The dash is on the line of the first entry, so a comment of the whole goes above.
        self.lines.extend(comment.map(|body| Line {
            indent,
            body,
            ..Line::default()
        }));
        let first = self.lines.len();
        self.entries(collection, indent + 2);
        // The same holds of what is above its first entry.
        let is_comment = |line: &&mut Line| line.head.is_empty() && line.body.starts_with('#');
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

    /// Brackets with nothing but comments in them.
    fn empty(&mut self, entry: &CstEntry<'_>, collection: &Collection<'_>, indent: usize) {
        let (opening, closing) = if collection.mapping {
            ("{", "}")
        } else {
            ("[", "]")
        };
        let words = entry.marks.iter().copied().chain([opening]);
        let body = words.collect::<Vec<_>>().join(" ");
        self.lines.push(Line {
            indent,
            head: head(entry),
            body,
            ..Line::default()
        });
        self.comments(&collection.tail, indent + 2);
        let comment = entry.behind.map(str::to_owned);
        self.lines.push(Line {
            indent: indent + 2,
            body: closing.to_owned(),
            comment,
            ..Line::default()
        });
    }

    /// A value that begins on the line of its key or its dash.
    fn short(
        &mut self,
        entry: &CstEntry<'_>,
        value: &Content<'_>,
        indent: usize,
        node: SchemaNode,
    ) {
        let written = match value {
            Content::Scalar(scalar) => scalar_lines(scalar, entry.key.as_ref(), false),
            Content::Block { header, lines } => std::iter::once(header)
                .chain(lines)
                .map(|&line| line.to_owned())
                .collect(),
            Content::Collection(_) => vec![inline(value, entry.key.as_ref()).unwrap_or_default()],
        };
        let is_mapping = matches!(value, Content::Collection(it) if it.mapping);
        let mut written = written.into_iter();
        let words = entry
            .marks
            .iter()
            .map(|&mark| mark.to_owned())
            .chain(written.next());
        let body = words
            .filter(|word| !word.is_empty())
            .collect::<Vec<_>>()
            .join(" ");
        let aligned = is_mapping && entry.key.is_some() && node != SchemaNode::Matrix;
        let first = self.lines.len();
        self.lines.push(Line {
            indent,
            head: head(entry),
            body,
            aligned,
            ..Line::default()
        });
        self.lines.extend(written.map(|body| Line {
            indent: indent + 2,
            body,
            ..Line::default()
        }));
        let commented = if matches!(value, Content::Block { .. }) {
            first
        } else {
            self.lines.len() - 1
        };
        if let Some(line) = self.lines.get_mut(commented) {
            line.comment = entry.behind.map(str::to_owned);
        }
    }
}

/// Returns whether a collection goes over several lines: where it was written so and may be, and where it has to.
fn is_block(entry: &CstEntry<'_>, indent: usize) -> bool {
    let Content::Collection(collection) = &entry.value else {
        return false;
    };
    if collection.entries.is_empty() {
        return false;
    }
    let may_be_inline = (collection.braced || collection.node.is_short()) && entry.head.is_none();
    let words = |value: String| {
        entry
            .marks
            .iter()
            .map(|&mark| mark.to_owned())
            .chain([head(entry), value])
    };
    let width = |value: String| {
        indent
            + words(value)
                .map(|word| word.chars().count() + 1)
                .sum::<usize>()
            - 1
    };
    !may_be_inline
        || inline(&entry.value, entry.key.as_ref()).is_none_or(|value| width(value) > WIDTH)
}

fn head(entry: &CstEntry<'_>) -> String {
    entry
        .key
        .as_ref()
        .map_or_else(|| "-".to_owned(), |key| key_text(key) + ":")
}

/// A value on one line; `None` where it has comments in it, or texts over several lines.
fn inline(value: &Content<'_>, key: Option<&Scalar<'_>>) -> Option<String> {
    let collection = match value {
        Content::Block { .. } => return None,
        Content::Scalar(scalar) => {
            let mut lines = scalar_lines(scalar, key, true);
            return lines.pop().filter(|_| lines.is_empty());
        }
        Content::Collection(collection) => collection,
    };
    let Collection {
        mapping,
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
        marks,
        value,
        head,
        behind,
        ..
    } in entries
    {
        if !before.is_empty() || head.is_some() || behind.is_some() {
            return None;
        }
        let words = key.as_ref().map(|key| key_text(key) + ":").into_iter();
        let words = words
            .chain(marks.iter().map(|&mark| mark.to_owned()))
            .chain([inline(value, key.as_ref())?]);
        parts.push(
            words
                .filter(|word| !word.is_empty())
                .collect::<Vec<_>>()
                .join(" "),
        );
    }
    let parts = parts.join(", ");
    Some(match (mapping, parts.is_empty()) {
        (true, true) => "{}".to_owned(),
        (true, false) => format!("{{ {parts} }}"),
        (false, _) => format!("[{parts}]"),
    })
}

fn key_text(key: &Scalar<'_>) -> String {
    match key.style {
        _ if has_command(&key.value) => scalar::quoted(&key.value),
        Style::Quoted if key.value != "<<" => scalar::text(&key.value),
        _ => key.written.to_owned(),
    }
}

/// Returns whether a scalar would put a workflow command into a log: anywhere, or at the start of one of its lines.
fn holds_command(scalar: &Scalar<'_>) -> bool {
    has_command(&scalar.value) || (scalar.written.contains('\n') && has_command_line(&scalar.value))
}

/// A scalar as it is written: one line, but for those that are kept over several.
fn scalar_lines(it: &Scalar<'_>, key: Option<&Scalar<'_>>, inline: bool) -> Vec<String> {
    let is_filter = key.is_some_and(|key| key.value.ends_with("_filter"));
    let written = match it.style {
        // The escapes of double quotes hide nothing from a reader of YAML, and everything from the runner of a pipeline.
        Style::Plain | Style::Quoted if holds_command(it) => scalar::quoted(&it.value),
        Style::Fixed => {
            return it
                .written
                .lines()
                .map(|line| line.trim().to_owned())
                .collect();
        }
        // An escape, and what would become one, stays as it is written.
        Style::Quoted if scalar::has_escapes(it.written, &it.value) => it.written.to_owned(),
        // A number, or a reference that may stand for one.
        Style::Plain if scalar::is_typed(&it.value) && !(inline && it.value.contains("${")) => {
            it.written.to_owned()
        }
        Style::Plain if !is_filter && !scalar::is_word(&it.value) && !inline => {
            it.written.to_owned()
        }
        _ if is_filter => scalar::quoted(&it.value),
        _ => scalar::text(&it.value),
    };
    vec![written]
}
