//! A text taken apart: what it says, with each comment at what it is about.

use super::FormatError;
use super::keys::SchemaNode;
use crate::source::{Kind, NodeId, Span, Tree, has_command_line};

/// A comment on a line of its own.
#[derive(Debug, Clone, Copy)]
pub(super) struct Comment<'t> {
    /// True if an empty line is above it.
    pub(super) spaced: bool,
    pub(super) text: &'t str,
}

/// A key with its value, or an item of a list.
#[derive(Debug)]
pub(super) struct CstEntry<'t> {
    pub(super) before: Vec<Comment<'t>>,
    /// True if an empty line is above it.
    pub(super) spaced: bool,
    /// `None` for an item of a list.
    pub(super) key: Option<Scalar<'t>>,
    /// Its anchor and tag, as they are written.
    pub(super) marks: Vec<&'t str>,
    pub(super) value: Content<'t>,
    /// The comment behind the key of a value that begins on the next line.
    pub(super) head: Option<&'t str>,
    /// The comment behind it all.
    pub(super) behind: Option<&'t str>,
}

#[derive(Debug)]
pub(super) enum Content<'t> {
    /// A scalar, or an alias with its star.
    Scalar(Scalar<'t>),
    /// A scalar after `|` or `>`: its header, and its lines.
    Block {
        header: &'t str,
        lines: Vec<&'t str>,
    },
    Collection(Collection<'t>),
}

#[derive(Debug)]
pub(super) struct Scalar<'t> {
    pub(super) written: &'t str,
    pub(super) value: String,
    pub(super) style: Style,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    Plain,
    Quoted,
    /// Kept as it is: an alias, what has a tag, what goes over several lines.
    Fixed,
}

#[derive(Debug)]
pub(super) struct Collection<'t> {
    pub(super) node: SchemaNode,
    pub(super) mapping: bool,
    /// True if it is written in brackets or braces.
    pub(super) braced: bool,
    pub(super) entries: Vec<CstEntry<'t>>,
    /// Comments behind the last entry.
    pub(super) tail: Vec<Comment<'t>>,
}

impl<'t> Collection<'t> {
    /// Takes the comments before the first entry. In an item of a list there is no line for them between the dash and
    /// that entry.
    pub(super) fn first_comments(&mut self) -> Vec<Comment<'t>> {
        self.entries
            .first_mut()
            .map(|first| std::mem::take(&mut first.before))
            .unwrap_or_default()
    }
}

/// Takes a text apart.
///
/// # Errors
///
/// Returns an error for syntax that the formatter does not support.
pub(super) fn parse_cst<'t>(
    text: &'t str,
    tree: &Tree<'t>,
) -> Result<Option<Content<'t>>, FormatError> {
    let Some(root) = tree.root() else {
        return Ok(None);
    };
    // What is above the marker of the document is kept as it is.
    let begin = super::document_marker(text).unwrap_or_default();
    let next = tree
        .comments()
        .partition_point(|comment| (comment.start as usize) < begin);
    let mut reader = Reader {
        text,
        tree,
        comments: tree.comments(),
        next,
        rows: Rows::new(text),
    };
    let start = tree.span(root).start as usize;
    if reader.gap(begin, start).any(|word| word != "---") {
        return Err(FormatError::new(
            "directives, anchors and tags of the whole document",
            Span::new(begin..start),
        ));
    }
    let end = text.len();
    let Content::Collection(mut content) =
        reader.content(root, begin, SchemaNode::File, &Limits { column: 0, end })?
    else {
        return Err(FormatError::new(
            "a document that is neither keys and values nor a list",
            tree.span(root),
        ));
    };
    let rest = reader.take_while(|_| true);
    content.tail.extend(rest);
    Ok(Some(Content::Collection(content)))
}

/// The limits of the comments that may belong to the last entry of a collection.
struct Limits {
    /// The column of what encloses it: a comment that is not further to the right is not of it.
    column: usize,
    /// The start of the next entry of the enclosing collection.
    end: usize,
}

struct Reader<'a, 't> {
    text: &'t str,
    tree: &'a Tree<'t>,
    comments: &'a [Span],
    /// The comment that nothing has been found to own yet.
    next: usize,
    rows: Rows,
}

/// Where the lines of a text begin, and where the first word of each is: a line may be as long as the text, so none is
/// searched twice.
struct Rows {
    starts: Vec<usize>,
    /// The place of the first character that is no blank; the end of the line where there is none.
    words: Vec<usize>,
}

impl Rows {
    fn new(text: &str) -> Self {
        let mut rows = Self {
            starts: Vec::new(),
            words: Vec::new(),
        };
        let mut start = 0;
        for line in text.split('\n') {
            rows.starts.push(start);
            rows.words
                .push(start + line.len() - line.trim_start().len());
            start += line.len() + 1;
        }
        rows
    }

    /// The line that a place is on, from 0.
    fn row(&self, at: usize) -> usize {
        self.starts
            .partition_point(|start| *start <= at)
            .saturating_sub(1)
    }

    fn start(&self, row: usize) -> usize {
        self.starts.get(row).copied().unwrap_or_default()
    }

    /// Returns whether a line holds nothing but blanks.
    fn is_blank(&self, row: usize) -> bool {
        let end = self.starts.get(row + 1).map(|next| next - 1);
        end.is_some_and(|end| self.words.get(row) == Some(&end))
    }
}

impl<'t> Reader<'_, 't> {
    fn content(
        &mut self,
        id: NodeId,
        from: usize,
        node: SchemaNode,
        limits: &Limits,
    ) -> Result<Content<'t>, FormatError> {
        let (span, written) = (self.tree.span(id).range(), self.tree.written(id));
        let scalar = |value: &str, style| {
            Content::Scalar(Scalar {
                written,
                value: value.to_owned(),
                style,
            })
        };
        match self.tree.kind(id) {
            Kind::Mapping | Kind::Sequence => {
                self.collection(id, node, limits).map(Content::Collection)
            }
            Kind::Alias(_) => Ok(scalar(written, Style::Fixed)),
            Kind::Invalid => Err(FormatError::new("this value", self.tree.span(id))),
            Kind::Scalar { text: value, plain } => {
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
                    _ if commands => scalar(value, Style::Quoted),
                    _ if written.contains('\n') => scalar(value, Style::Fixed),
                    (true, _) if written.is_empty() => scalar("", Style::Plain),
                    (true, _) => scalar(value, Style::Plain),
                    (false, true) => scalar(value, Style::Quoted),
                    (false, false) => scalar(value, Style::Fixed),
                })
            }
        }
    }

    /// The lines of a scalar after `|` or `>`, without their indentation.
    fn block(&self, id: NodeId, header: &'t str) -> Result<Content<'t>, FormatError> {
        let span = self.tree.span(id);
        if header.contains(|it: char| it.is_ascii_digit()) {
            return Err(FormatError::new(
                "a text after `|` or `>` with the width of its indentation",
                span,
            ));
        }
        let start = span.range().start;
        let indent = start - self.line_start(start);
        // It may reach into the line behind it, up to what begins there.
        let written = self.tree.written(id);
        let written = written.rfind('\n').map_or(written, |newline| {
            if written
                .get(newline..)
                .is_some_and(|it| it.trim().is_empty())
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
        // Empty lines behind it are of the text only where it says so.
        while !header.contains('+') && lines.last().is_some_and(|line| line.trim().is_empty()) {
            lines.pop();
        }
        Ok(Content::Block { header, lines })
    }

    fn collection(
        &mut self,
        id: NodeId,
        node: SchemaNode,
        limits: &Limits,
    ) -> Result<Collection<'t>, FormatError> {
        let tree = self.tree;
        let span = tree.span(id).range();
        let mapping = tree.kind(id) == Kind::Mapping;
        let braced = tree.written(id).starts_with(['{', '[']);
        let nodes: Vec<(Option<NodeId>, NodeId)> = if mapping {
            tree.entries(id)
                .map(|(key, value)| (Some(key), value))
                .collect()
        } else {
            tree.items(id).map(|item| (None, item)).collect()
        };
        let column = if braced {
            0
        } else {
            self.column(span.start).max(limits.column)
        };
        let end = if braced { span.end } else { limits.end };
        let mut entries = Vec::with_capacity(nodes.len());
        let mut from = span.start;
        for (at, (key, value)) in nodes.iter().enumerate() {
            let next = nodes
                .get(at + 1)
                .map(|(key, value)| tree.span(key.unwrap_or(*value)).range().start);
            let limits = Limits {
                column: column + 1,
                end: next.unwrap_or(end),
            };
            let entry = self.entry(*key, *value, from, node, &limits)?;
            from = tree.span(*value).range().end;
            entries.push(entry);
        }
        let tail = self.take_while(|reader| {
            let at = reader.comment().start;
            at < end && (braced || reader.line_is_open(at) && reader.column(at) >= column)
        });
        Ok(Collection {
            node,
            mapping,
            braced,
            entries,
            tail,
        })
    }

    fn entry(
        &mut self,
        key: Option<NodeId>,
        value: NodeId,
        from: usize,
        node: SchemaNode,
        limits: &Limits,
    ) -> Result<CstEntry<'t>, FormatError> {
        let tree = self.tree;
        let (start, value_span) = (
            tree.span(key.unwrap_or(value)).range().start,
            tree.span(value).range(),
        );
        let mut before = self.take_while(|reader| reader.comment().start < start);
        let spaced = self.is_spaced(key.map_or_else(|| self.dash(from, start), |_| start));
        let key_scalar = key.map(|key| self.key(key, from)).transpose()?;
        let from = key.map_or(from, |key| tree.span(key).range().end);
        let below = key_scalar
            .as_ref()
            .map_or(node.item(), |key| node.below(&key.value));
        let marks: Vec<_> = self
            .gap(from, value_span.start)
            .filter(|word| word.starts_with(['&', '!']))
            .collect();
        let nested = matches!(tree.kind(value), Kind::Mapping | Kind::Sequence);
        let blocky = nested && !tree.written(value).starts_with(['{', '[']);
        if blocky && !marks.is_empty() && !self.line_is_open(value_span.start) {
            return Err(FormatError::new(
                "an anchor or a tag of a key",
                tree.span(value),
            ));
        }
        let mut head = None;
        if key.is_some() && blocky {
            head = self.comment_behind(from, value_span.start);
        } else {
            before.extend(self.take_while(|reader| reader.comment().start < value_span.start));
        }
        let mut value = self.content(value, from, below, limits)?;
        if key.is_none()
            && let Content::Collection(inner) = &mut value
        {
            before.append(&mut inner.first_comments());
        }
        let behind = match value {
            // What is behind the header was before the text.
            Content::Block { .. } => before
                .pop_if(|it| self.is_behind(it.text, from))
                .map(|it| it.text),
            _ if blocky => None,
            _ => self.comment_behind(value_span.end, limits.end),
        };
        Ok(CstEntry {
            before,
            spaced,
            key: key_scalar,
            marks,
            value,
            head,
            behind,
        })
    }

    fn key(&self, id: NodeId, from: usize) -> Result<Scalar<'t>, FormatError> {
        let (span, written) = (self.tree.span(id), self.tree.written(id));
        let marked = self
            .gap(from, span.range().start)
            .any(|word| word.starts_with(['&', '!', '?']));
        match self.tree.kind(id) {
            Kind::Scalar { text, plain } if !marked && !written.contains('\n') => {
                let style = if plain { Style::Plain } else { Style::Quoted };
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

    /// The dash of an item that begins at a place; the place itself, where there is none.
    fn dash(&self, from: usize, start: usize) -> usize {
        let dash = self
            .between(from, start)
            .into_iter()
            .find_map(|part| Some(part.find('-')? + self.offset(part)));
        dash.unwrap_or(start)
    }

    /// The words between two places, comments and punctuation left out.
    fn gap(&self, from: usize, to: usize) -> impl Iterator<Item = &'t str> + use<'t> {
        let words = self
            .between(from, to)
            .into_iter()
            .flat_map(str::split_whitespace);
        words
            .map(|word| word.trim_start_matches([':', ',', '[', '{']))
            .filter(|word| !matches!(*word, "" | "-"))
    }

    /// The text between two places, without the comments in it.
    fn between(&self, from: usize, to: usize) -> Vec<&'t str> {
        let mut parts = Vec::new();
        let first = self
            .comments
            .partition_point(|it| (it.start as usize) < from);
        let mut at = from;
        for comment in self
            .comments
            .iter()
            .skip(first)
            .map(|it| it.range())
            .take_while(|it| it.start < to)
        {
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

    /// Takes the comments on as long as a condition holds of the next one.
    fn take_while(&mut self, mut holds: impl FnMut(&Self) -> bool) -> Vec<Comment<'t>> {
        let mut taken = Vec::new();
        while self.next < self.comments.len() && holds(self) {
            let span = self.comment();
            taken.push(Comment {
                spaced: self.is_spaced(span.start),
                text: self.comment_text(&span),
            });
            self.next += 1;
        }
        taken
    }

    /// The comment that is next; behind the last one there is none, and its place is the end.
    fn comment(&self) -> std::ops::Range<usize> {
        self.comments
            .get(self.next)
            .map_or(self.text.len()..self.text.len(), |it| it.range())
    }

    fn comment_text(&self, span: &std::ops::Range<usize>) -> &'t str {
        self.text.get(span.clone()).unwrap_or_default().trim_end()
    }

    /// The next comment, where it is on the line on which a place is, and before another.
    fn comment_behind(&mut self, at: usize, before: usize) -> Option<&'t str> {
        let span = self.comment();
        let same_line = self.rows.row(at) == self.rows.row(span.start);
        if span.start >= before || span.is_empty() || !same_line {
            return None;
        }
        self.next += 1;
        Some(self.comment_text(&span))
    }

    /// Returns whether a comment, one of the text's, is on the line on which a place is.
    fn is_behind(&self, comment: &'t str, at: usize) -> bool {
        at <= self.offset(comment) && self.rows.row(at) == self.rows.row(self.offset(comment))
    }

    fn line_start(&self, at: usize) -> usize {
        self.rows.start(self.rows.row(at))
    }

    fn column(&self, at: usize) -> usize {
        at - self.line_start(at)
    }

    /// Returns whether nothing but blanks is before a place on its line.
    fn line_is_open(&self, at: usize) -> bool {
        self.rows
            .words
            .get(self.rows.row(at))
            .is_some_and(|word| *word >= at)
    }

    /// Returns whether the line above that of a place is empty.
    fn is_spaced(&self, at: usize) -> bool {
        let row = self.rows.row(at);
        // An empty line that the text begins with sets nothing off.
        self.rows.start(row) > 1 && self.rows.is_blank(row - 1)
    }
}
