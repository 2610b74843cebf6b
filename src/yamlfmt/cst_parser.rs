//! Parses a text into a concrete syntax tree.

use super::FormatError;
use super::cst::{Collection, Comment, CstEntry, CstValue, Scalar, ScalarStyle};
use super::keys::SchemaNode;
use super::line_index::LineIndex;
use crate::source::{NodeId, NodeKind, Span, Tree, has_command_line};

/// Parses a text.
///
/// # Errors
///
/// [`FormatError::Unknown`] for syntax that the formatter does not support.
pub(super) fn parse_cst<'t>(
    text: &'t str,
    tree: &Tree<'t>,
) -> Result<Option<CstValue<'t>>, FormatError> {
    let Some(root) = tree.root() else {
        return Ok(None);
    };
    // The text above the document marker is kept as it is.
    let start_of_document = super::document_marker(text).unwrap_or_default();
    let next = tree
        .comments()
        .partition_point(|comment| (comment.start as usize) < start_of_document);
    let mut parser = CstParser {
        text,
        tree,
        comments: tree.comments(),
        next,
        line_index: LineIndex::new(text),
    };
    let start = tree.span(root).start as usize;
    if parser
        .gap(start_of_document, start)
        .any(|word| word != "---")
    {
        return Err(FormatError::new(
            "directives, anchors and tags of the whole document",
            Span::new(start_of_document..start),
        ));
    }
    let end = text.len();
    let CstValue::Collection(mut content) = parser.content(
        root,
        start_of_document,
        SchemaNode::File,
        &CommentBounds { column: 0, end },
    )?
    else {
        return Err(FormatError::new(
            "a document that is neither keys and values nor a list",
            tree.span(root),
        ));
    };
    let rest = parser.take_while(|_| true);
    content.tail.extend(rest);
    Ok(Some(CstValue::Collection(content)))
}

/// The nodes of an entry, and the end of the text before them.
#[derive(Clone, Copy)]
struct EntryNodes {
    /// `None` for an item of a sequence.
    key: Option<NodeId>,
    value: NodeId,
    from: usize,
}

/// The bounds of the comments that belong to the last entry of a collection.
struct CommentBounds {
    /// The least column of its comments.
    column: usize,
    /// The start of the next entry of the enclosing collection.
    end: usize,
}

struct CstParser<'a, 't> {
    text: &'t str,
    tree: &'a Tree<'t>,
    comments: &'a [Span],
    /// The index of the first comment without an owner.
    next: usize,
    line_index: LineIndex,
}

impl<'t> CstParser<'_, 't> {
    fn content(
        &mut self,
        id: NodeId,
        from: usize,
        node: SchemaNode,
        limits: &CommentBounds,
    ) -> Result<CstValue<'t>, FormatError> {
        let (span, written) = (self.tree.span(id).range(), self.tree.written(id));
        let scalar = |value: &str, style| {
            CstValue::Scalar(Scalar {
                written,
                value: value.to_owned(),
                style,
            })
        };
        match self.tree.kind(id) {
            NodeKind::Mapping | NodeKind::Sequence => {
                self.collection(id, node, limits).map(CstValue::Collection)
            }
            NodeKind::Alias(_) => Ok(scalar(written, ScalarStyle::Fixed)),
            NodeKind::Invalid => Err(FormatError::new("this value", self.tree.span(id))),
            NodeKind::Scalar { text: value, plain } => {
                let commands = has_command_line(value) || has_command_line(written);
                let header = self
                    .gap(from, span.start)
                    .last()
                    .filter(|word| word.starts_with(['|', '>']));
                if let Some(header) = header.filter(|_| !plain && !commands) {
                    return self.block(id, header);
                }
                let quoted = written.starts_with(['"', '\'']) && !plain;
                Ok(match (plain, quoted) {
                    _ if commands => scalar(value, ScalarStyle::Quoted),
                    _ if written.contains('\n') => scalar(value, ScalarStyle::Fixed),
                    (true, _) if written.is_empty() => scalar("", ScalarStyle::Plain),
                    (true, _) => scalar(value, ScalarStyle::Plain),
                    (false, true) => scalar(value, ScalarStyle::Quoted),
                    (false, false) => scalar(value, ScalarStyle::Fixed),
                })
            }
        }
    }

    /// Parses a block scalar: its lines without their indentation.
    fn block(&self, id: NodeId, header: &'t str) -> Result<CstValue<'t>, FormatError> {
        let span = self.tree.span(id);
        if header.contains(|character: char| character.is_ascii_digit()) {
            return Err(FormatError::new(
                "a block scalar with an indentation indicator",
                span,
            ));
        }
        let start = span.range().start;
        let indent = start - self.line_start(start);
        // Its span may reach into the next line, up to the first word there.
        let written = self.tree.written(id);
        let written = written.rfind('\n').map_or(written, |newline| {
            if written
                .get(newline..)
                .is_some_and(|rest| rest.trim().is_empty())
            {
                &written[..=newline]
            } else {
                written
            }
        });
        let lines = written.lines().enumerate().map(|(at, line)| {
            let blanks = line.len() - line.trim_start_matches(' ').len();
            line.get(if at == 0 { 0 } else { indent.min(blanks) }..)
                .unwrap_or_default()
        });
        let mut lines: Vec<_> = lines.collect();
        // Empty lines at the end belong to the text only with a `+`.
        while !header.contains('+') && lines.last().is_some_and(|line| line.trim().is_empty()) {
            lines.pop();
        }
        Ok(CstValue::Block { header, lines })
    }

    fn collection(
        &mut self,
        id: NodeId,
        node: SchemaNode,
        limits: &CommentBounds,
    ) -> Result<Collection<'t>, FormatError> {
        let tree = self.tree;
        let span = tree.span(id).range();
        let is_mapping = tree.kind(id) == NodeKind::Mapping;
        let is_flow = tree.written(id).starts_with(['{', '[']);
        let nodes: Vec<(Option<NodeId>, NodeId)> = if is_mapping {
            tree.entries(id)
                .map(|(key, value)| (Some(key), value))
                .collect()
        } else {
            tree.items(id).map(|item| (None, item)).collect()
        };
        let column = if is_flow {
            0
        } else {
            self.column(span.start).max(limits.column)
        };
        let end = if is_flow { span.end } else { limits.end };
        let mut entries = Vec::with_capacity(nodes.len());
        let mut from = span.start;
        for (at, (key, value)) in nodes.iter().enumerate() {
            let next = nodes
                .get(at + 1)
                .map(|(key, value)| tree.span(key.unwrap_or(*value)).range().start);
            let limits = CommentBounds {
                column: column + 1,
                end: next.unwrap_or(end),
            };
            let nodes = EntryNodes {
                key: *key,
                value: *value,
                from,
            };
            let entry = self.entry(nodes, node, &limits)?;
            from = tree.span(*value).range().end;
            entries.push(entry);
        }
        let tail = self.take_while(|parser| {
            let at = parser.next_comment().start;
            at < end && (is_flow || parser.begins_line(at) && parser.column(at) >= column)
        });
        Ok(Collection {
            node,
            is_mapping,
            is_flow,
            entries,
            tail,
        })
    }

    fn entry(
        &mut self,
        nodes: EntryNodes,
        node: SchemaNode,
        limits: &CommentBounds,
    ) -> Result<CstEntry<'t>, FormatError> {
        let EntryNodes { key, value, from } = nodes;
        let tree = self.tree;
        let start = tree.span(key.unwrap_or(value)).range().start;
        let value_span = tree.span(value).range();
        let mut before = self.take_while(|parser| parser.next_comment().start < start);
        let has_blank_above =
            self.has_blank_above(key.map_or_else(|| self.dash(from, start), |_| start));
        let key_scalar = key.map(|key| self.key(key, from)).transpose()?;
        let from = key.map_or(from, |key| tree.span(key).range().end);
        let below = key_scalar
            .as_ref()
            .map_or(node.item(), |key| node.below(&key.value));
        let properties: Vec<_> = self
            .gap(from, value_span.start)
            .filter(|word| word.starts_with(['&', '!']))
            .collect();
        let nested = matches!(tree.kind(value), NodeKind::Mapping | NodeKind::Sequence);
        let is_block = nested && !tree.written(value).starts_with(['{', '[']);
        if is_block && !properties.is_empty() && !self.begins_line(value_span.start) {
            return Err(FormatError::new(
                "an anchor or a tag of a key",
                tree.span(value),
            ));
        }
        let mut key_comment = None;
        if key.is_some() && is_block {
            key_comment = self.take_line_comment(from, value_span.start);
        } else {
            before.extend(self.take_while(|parser| parser.next_comment().start < value_span.start));
        }
        let mut value = self.content(value, from, below, limits)?;
        if key.is_none()
            && let CstValue::Collection(inner) = &mut value
        {
            before.append(&mut inner.take_first_comments());
        }
        let trailing_comment = match value {
            // The comment of the header was collected before the text.
            CstValue::Block { .. } => before
                .pop_if(|comment| self.is_on_line(comment.text, from))
                .map(|comment| comment.text),
            _ if is_block => None,
            _ => self.take_line_comment(value_span.end, limits.end),
        };
        Ok(CstEntry {
            before,
            has_blank_above,
            key: key_scalar,
            properties,
            value,
            key_comment,
            trailing_comment,
        })
    }

    fn key(&self, id: NodeId, from: usize) -> Result<Scalar<'t>, FormatError> {
        let (span, written) = (self.tree.span(id), self.tree.written(id));
        let has_properties = self
            .gap(from, span.range().start)
            .any(|word| word.starts_with(['&', '!', '?']));
        match self.tree.kind(id) {
            NodeKind::Scalar { text, plain } if !has_properties && !written.contains('\n') => {
                let style = if plain {
                    ScalarStyle::Plain
                } else {
                    ScalarStyle::Quoted
                };
                Ok(Scalar {
                    written,
                    value: text.to_owned(),
                    style,
                })
            }
            _ => Err(FormatError::new(
                "a key with an anchor, a tag or a `?`, or over several lines",
                span,
            )),
        }
    }

    /// Returns the offset of the dash of an item; the start of the item if it has none.
    fn dash(&self, from: usize, start: usize) -> usize {
        let dash = self
            .between(from, start)
            .into_iter()
            .find_map(|part| Some(part.find('-')? + self.offset(part)));
        dash.unwrap_or(start)
    }

    /// Returns the words between two offsets, without comments and punctuation.
    fn gap(&self, from: usize, to: usize) -> impl Iterator<Item = &'t str> + use<'t> {
        let words = self
            .between(from, to)
            .into_iter()
            .flat_map(str::split_whitespace);
        words
            .map(|word| word.trim_start_matches([':', ',', '[', '{']))
            .filter(|word| !matches!(*word, "" | "-"))
    }

    /// Returns the text between two offsets, without the comments in it.
    fn between(&self, from: usize, to: usize) -> Vec<&'t str> {
        let mut parts = Vec::new();
        let first = self
            .comments
            .partition_point(|comment| (comment.start as usize) < from);
        let mut at = from;
        for comment in self.comments.iter().skip(first) {
            let comment = comment.range();
            if comment.start >= to {
                break;
            }
            parts.extend(self.text.get(at..comment.start));
            at = comment.end;
        }
        parts.extend(self.text.get(at..to));
        parts
    }

    /// Returns the offset of a part of the text.
    fn offset(&self, part: &'t str) -> usize {
        part.as_ptr().addr() - self.text.as_ptr().addr()
    }

    /// Takes the next comments as long as a condition holds.
    fn take_while(&mut self, mut holds: impl FnMut(&Self) -> bool) -> Vec<Comment<'t>> {
        let mut taken = Vec::new();
        while self.next < self.comments.len() && holds(self) {
            let span = self.next_comment();
            taken.push(Comment {
                has_blank_above: self.has_blank_above(span.start),
                text: self.comment_text(&span),
            });
            self.next += 1;
        }
        taken
    }

    /// Returns the bytes of the next comment; the empty range at the end after the last one.
    fn next_comment(&self) -> std::ops::Range<usize> {
        self.comments
            .get(self.next)
            .map_or(self.text.len()..self.text.len(), |span| span.range())
    }

    fn comment_text(&self, span: &std::ops::Range<usize>) -> &'t str {
        self.text.get(span.clone()).unwrap_or_default().trim_end()
    }

    /// Takes the next comment if it is on the line of an offset and before another offset.
    fn take_line_comment(&mut self, at: usize, before: usize) -> Option<&'t str> {
        let span = self.next_comment();
        let is_same_line = self.line_index.row(at) == self.line_index.row(span.start);
        if span.start >= before || span.is_empty() || !is_same_line {
            return None;
        }
        self.next += 1;
        Some(self.comment_text(&span))
    }

    /// Returns `true` if a comment of the text is on the line of an offset.
    fn is_on_line(&self, comment: &'t str, at: usize) -> bool {
        at <= self.offset(comment)
            && self.line_index.row(at) == self.line_index.row(self.offset(comment))
    }

    fn line_start(&self, at: usize) -> usize {
        self.line_index.start(self.line_index.row(at))
    }

    fn column(&self, at: usize) -> usize {
        at - self.line_start(at)
    }

    /// Returns `true` if an offset has only whitespace before it on its line.
    fn begins_line(&self, at: usize) -> bool {
        self.line_index.begins_line(at)
    }

    /// Returns `true` if the line above the one of an offset is blank.
    fn has_blank_above(&self, at: usize) -> bool {
        let row = self.line_index.row(at);
        // An empty line at the beginning of the text separates nothing.
        self.line_index.start(row) > 1 && self.line_index.is_blank(row - 1)
    }
}
