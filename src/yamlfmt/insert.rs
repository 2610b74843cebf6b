//! Inserting entries into a text, which keeps its comments and layout.

use std::ops::Range;

use super::keys::SchemaNode;
use crate::source::{NodeId, NodeKind, Tree};

/// An entry to insert into a list or a mapping of a rules file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewEntry {
    /// The lines, from the first column on; an item of a list with its dash.
    pub lines: Vec<String>,
    /// The entry in flow style; `None` if it has comments.
    pub inline: Option<String>,
}

/// The error of inserting entries into a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InsertError {
    /// The text is not one YAML document with keys.
    #[error("expected one YAML document with keys and values")]
    NoDocument,
    /// The document is in flow style, which the entries do not support.
    #[error("the whole file is in flow style (`{{ }}`); expected block style")]
    FlowDocument,
    /// The section to extend is in flow style, which the entries do not support.
    #[error("the section to extend is in flow style (`[ ]`); expected block style")]
    FlowSection,
    /// The section to extend is an alias, or no collection.
    #[error("the section to extend is an alias, or neither a list nor a mapping")]
    NotACollection,
}

/// Returns the text with entries under a key of the file: after the entry that contains the byte `after`, else after the
/// last one. A missing key is inserted at its rank.
///
/// # Errors
///
/// [`InsertError`], if the entries do not fit without a change of the existing text.
pub fn insert(
    text: &str,
    key: &str,
    after: Option<u32>,
    entries: &[NewEntry],
) -> Result<String, InsertError> {
    let parsed = Tree::parse(text);
    let tree = parsed
        .tree
        .filter(|_| parsed.errors.is_empty())
        .ok_or(InsertError::NoDocument)?;
    let root = tree
        .root()
        .filter(|root| tree.kind(*root) == NodeKind::Mapping)
        .ok_or(InsertError::NoDocument)?;
    let editor = YamlEditor {
        tree: &tree,
        text,
        newline: if text.contains("\r\n") { "\r\n" } else { "\n" },
    };
    let found = tree
        .entries(root)
        .find(|(node, _)| tree.scalar(*node) == Some(key));
    let is_flow = tree.written(root).starts_with('{');
    let Some((key_node, collection)) = found else {
        return if is_flow {
            Err(InsertError::FlowDocument)
        } else {
            Ok(editor.insert_key(root, key, entries))
        };
    };
    if !matches!(
        tree.kind(collection),
        NodeKind::Sequence | NodeKind::Mapping
    ) {
        return Err(InsertError::NotACollection);
    }
    let inline = || {
        entries
            .iter()
            .map(|entry| entry.inline.as_deref())
            .collect::<Option<Vec<_>>>()
            .ok_or(InsertError::FlowSection)
    };
    let items = editor.items(collection);
    let selected = items
        .iter()
        .find(|(start, end)| after.is_some_and(|at| (*start..*end).contains(&(at as usize))));
    match (
        selected.or(items.last()),
        tree.written(collection).starts_with(['[', '{']),
    ) {
        (None, _) if is_flow => Err(InsertError::FlowDocument),
        (None, _) => Ok(editor.replace_brackets(key_node, collection, entries)),
        (Some(item), true) => Ok(editor.insert_in_flow(collection, *item, &inline()?)),
        (Some(item), false) => Ok(editor.insert_in_block(collection, *item, entries)),
    }
}

/// Returns entries in block style.
#[must_use]
pub fn print_entries(entries: &[NewEntry], indent: &str, newline: &str) -> String {
    let lines = entries.iter().flat_map(|entry| &entry.lines);
    let lines = lines.map(|line| {
        if line.is_empty() {
            newline.to_owned()
        } else {
            format!("{indent}{line}{newline}")
        }
    });
    lines.collect::<Vec<_>>().concat()
}

/// A text that entries are inserted into.
struct YamlEditor<'a> {
    tree: &'a Tree<'a>,
    text: &'a str,
    newline: &'static str,
}

impl YamlEditor<'_> {
    /// Returns the first byte and the end of every item, or of every key with its value.
    fn items(&self, collection: NodeId) -> Vec<(usize, usize)> {
        let range = |first: NodeId, last: NodeId| {
            (
                self.tree.span(first).range().start,
                self.tree.span(last).range().end,
            )
        };
        let items = self.tree.items(collection).map(|item| range(item, item));
        items
            .chain(
                self.tree
                    .entries(collection)
                    .map(|(key, value)| range(key, value)),
            )
            .collect()
    }

    /// Inserts a key with entries: before the keys of a higher rank, else at the end.
    fn insert_key(&self, root: NodeId, key: &str, entries: &[NewEntry]) -> String {
        let starts = self
            .tree
            .entries(root)
            .map(|(key, _)| (self.tree.scalar(key), self.tree.span(key).range().start));
        let starts: Vec<_> = starts.collect();
        let indent = self.indent(starts.first().map_or(0, |(_, start)| *start));
        let block = format!(
            "{indent}{key}:{0}{1}",
            self.newline,
            print_entries(entries, &format!("{indent}  "), self.newline)
        );
        let rank = |key: &str| SchemaNode::File.rank(key);
        let later = starts
            .iter()
            .find(|(other, _)| other.is_some_and(|other| rank(other) > rank(key)));
        if let Some((_, start)) = later {
            let at = self.above_comments(*start);
            return self.replace(at..at, &(block + self.newline));
        }
        // A document may end with a marker.
        let end = self.tree.span(root).range().end;
        let rest = self.text.get(end..).unwrap_or_default();
        let marker = rest
            .match_indices("...")
            .find(|(at, _)| rest.get(..*at).is_some_and(|before| before.ends_with('\n')));
        let at = marker.map_or(self.text.len(), |(at, _)| end + at);
        self.replace(at..at, &format!("{}{block}", self.newline))
    }

    /// Replaces empty brackets with entries in block style. Comments inside and after the brackets are kept.
    fn replace_brackets(&self, key: NodeId, collection: NodeId, entries: &[NewEntry]) -> String {
        let span = self.tree.span(collection).range();
        let end = self.end_of_line(span.end);
        let mut inner = self.comments(span.clone());
        let beside_bracket = inner
            .first()
            .cloned()
            .filter(|comment| self.is_same_line(span.start, comment.start));
        inner.drain(..usize::from(beside_bracket.is_some()));
        let behind = self.comments(span.end..end).first().cloned();
        let (head, last) = match (beside_bracket, behind) {
            (None, behind) => (behind, None),
            (head, behind) => (head, behind),
        };
        let indent = self.indent(self.tree.span(key).range().start) + "  ";
        let comments = inner
            .into_iter()
            .chain(last)
            .map(|comment| format!("{indent}{}{}", self.comment_text(comment), self.newline));
        let lines =
            comments.collect::<Vec<_>>().concat() + &print_entries(entries, &indent, self.newline);
        let before = self.text.get(..span.start).unwrap_or_default();
        let start = before.trim_end_matches([' ', '\t']).len();
        // Brackets on a line of their own leave no empty line.
        if before
            .get(..start)
            .is_some_and(|before| before.ends_with('\n'))
        {
            let head = head
                .map(|comment| format!("{indent}{}{}", self.comment_text(comment), self.newline))
                .unwrap_or_default();
            return self.replace(start..end, &(head + &lines));
        }
        let gap = before
            .get(start..)
            .filter(|gap| !gap.is_empty())
            .unwrap_or(" ");
        let head = head
            .map(|comment| format!("{gap}{}", self.comment_text(comment)))
            .unwrap_or_default();
        self.replace(start..end, &format!("{head}{}{lines}", self.newline))
    }

    /// Inserts entries after an item in flow style: on lines of their own if the item is, or if a comment follows it.
    fn insert_in_flow(
        &self,
        collection: NodeId,
        (start, end): (usize, usize),
        entries: &[&str],
    ) -> String {
        let line = self.indent(start);
        let is_first_on_line = self
            .text
            .get(self.start_of_line(start)..start)
            .is_some_and(|before| before.trim().is_empty());
        let closing = self.tree.span(collection).range().end;
        let comments = self.comments(end..closing);
        let Some(comment) = comments
            .first()
            .cloned()
            .filter(|comment| self.is_same_line(end, comment.start))
        else {
            let between = if is_first_on_line {
                format!(",{}{line}", self.newline)
            } else {
                ", ".to_owned()
            };
            let items: Vec<_> = entries
                .iter()
                .map(|entry| format!("{between}{entry}"))
                .collect();
            return self.replace(end..end, &items.concat());
        };
        // The comment is about the item before it, and stays after its comma.
        let indent = if is_first_on_line { line } else { line + "  " };
        let has_comma = self
            .text
            .get(end..comment.start)
            .is_some_and(|gap| gap.contains(','));
        let between = format!(",{}{indent}", self.newline);
        let mut with = self
            .text
            .get(end..comment.end)
            .unwrap_or_default()
            .trim_end()
            .to_owned();
        if !has_comma {
            with.insert(0, ',');
        }
        with += &[self.newline, &indent, &entries.join(&between)].concat();
        if has_comma {
            with.push(',');
        }
        let rest = end
            + self
                .text
                .get(end..comment.end)
                .unwrap_or_default()
                .trim_end()
                .len();
        self.replace(end..rest, &with)
    }

    /// Inserts entries after an item in block style, with the same indentation. The comments below the item that are
    /// indented deeper belong to the item.
    fn insert_in_block(
        &self,
        collection: NodeId,
        (_, end): (usize, usize),
        entries: &[NewEntry],
    ) -> String {
        let indent = self.indent(self.tree.span(collection).range().start);
        let first = self.end_of_line(end);
        let mut at = first;
        let mut next = first;
        while let Some(line) = self
            .text
            .get(next..self.end_of_next_line(next))
            .filter(|line| !line.is_empty())
        {
            let column = line.len() - line.trim_start_matches(' ').len();
            let is_comment = line.trim_start().starts_with('#');
            let is_of_item = line.trim().is_empty() || (is_comment && column > indent.len());
            if !is_of_item {
                break;
            }
            next += line.len();
            if is_comment {
                at = next;
            }
        }
        self.replace(at..at, &print_entries(entries, &indent, self.newline))
    }

    /// Returns the comments that begin in a part of the text.
    fn comments(&self, part: Range<usize>) -> Vec<Range<usize>> {
        let comments = self.tree.comments().iter().map(|span| span.range());
        comments
            .filter(|comment| part.contains(&comment.start))
            .collect()
    }

    /// Returns the text of a comment, without the whitespace after it.
    fn comment_text(&self, comment: Range<usize>) -> &str {
        self.text.get(comment).unwrap_or_default().trim_end()
    }

    fn is_same_line(&self, from: usize, to: usize) -> bool {
        self.text
            .get(from..to)
            .is_some_and(|between| !between.contains('\n'))
    }

    /// Returns the spaces at the beginning of the line of an offset.
    fn indent(&self, at: usize) -> String {
        let line = self
            .text
            .get(self.start_of_line(at)..at)
            .unwrap_or_default();
        line.chars()
            .take_while(|character| *character == ' ')
            .collect()
    }

    fn start_of_line(&self, at: usize) -> usize {
        self.text
            .get(..at)
            .and_then(|before| before.rfind('\n'))
            .map_or(0, |newline| newline + 1)
    }

    /// Returns the start of the line of an offset, or of the comments right above the line.
    fn above_comments(&self, at: usize) -> usize {
        let mut start = self.start_of_line(at);
        while start > 0 {
            let above = self.start_of_line(start - 1);
            if !self
                .text
                .get(above..start)
                .is_some_and(|line| line.trim_start().starts_with('#'))
            {
                break;
            }
            start = above;
        }
        // Comments at the very top are about the file.
        if start == 0 {
            self.start_of_line(at)
        } else {
            start
        }
    }

    /// Returns the offset after the line break of the line of an offset; the offset itself right after a line break.
    fn end_of_line(&self, at: usize) -> usize {
        if self
            .text
            .get(..at)
            .is_some_and(|before| before.ends_with('\n'))
        {
            return at;
        }
        self.end_of_next_line(at)
    }

    /// Returns the offset after the line break of the line that begins at an offset.
    fn end_of_next_line(&self, at: usize) -> usize {
        let newline = self.text.get(at..).and_then(|rest| rest.find('\n'));
        newline.map_or(self.text.len(), |newline| at + newline + 1)
    }

    /// Returns the text with a part replaced; a last line without a line break gets one.
    fn replace(&self, part: Range<usize>, with: &str) -> String {
        let (before, behind) = (
            self.text.get(..part.start).unwrap_or_default(),
            self.text.get(part.end..).unwrap_or_default(),
        );
        let needs_newline =
            part.start == self.text.len() && !before.is_empty() && !before.ends_with('\n');
        [
            before,
            if needs_newline { self.newline } else { "" },
            with,
            behind,
        ]
        .concat()
    }
}

#[cfg(test)]
mod tests;
