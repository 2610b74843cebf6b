//! A YAML text as a tree with spans.
//!
//! The one verb is [`Tree::parse`]. The tree keeps what the text says (aliases, merge keys, comments, whether
//! a scalar was quoted) and gives no meaning to it; what could not be kept is a [`TreeError`].

mod build;
mod error;
mod written;

pub use error::{TreeError, TreeProblem};

use super::Span;

/// A document.
///
/// The nodes lie in the order of the text, each followed by its descendants and by the index behind them, so
/// a tree needs neither pointers nor recursion: 24 bytes for each node, and scalars borrow from the text.
#[derive(Debug)]
pub struct Tree<'t> {
    text: &'t str,
    nodes: Vec<Node>,
    /// Scalars whose value is not a piece of the text: escapes, folded lines.
    decoded: Vec<Box<str>>,
    comments: Vec<Span>,
}

/// What came of a text.
#[derive(Debug)]
pub struct Parsed<'t> {
    /// The tree; `None` after a problem that leaves none (a syntax error, a budget).
    pub tree: Option<Tree<'t>>,
    /// The message.
    pub errors: Vec<TreeError>,
    /// The number of problems omitted.
    pub omitted: usize,
}

/// A node of a [`Tree`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct NodeId(u32);

/// What a node is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind<'a> {
    /// A scalar.
    Scalar {
        /// Its value.
        text: &'a str,
        /// True if unquoted, so that `12` means a number.
        plain: bool,
    },
    /// A list.
    Sequence,
    /// Keys and values.
    Mapping,
    /// `*name`, and its target.
    Alias(NodeId),
    /// Something that was reported as a [`TreeError`] already.
    Invalid,
}

#[derive(Debug, Clone, Copy)]
struct Node {
    span: Span,
    /// The index behind the last descendant.
    after: u32,
    shape: Shape,
}

#[derive(Debug, Clone, Copy)]
enum Shape {
    /// A scalar whose value is a piece of the text.
    Piece {
        span: Span,
        plain: bool,
    },
    /// A scalar whose value is the entry of [`Tree::decoded`].
    Decoded {
        index: u32,
        plain: bool,
    },
    Sequence,
    Mapping,
    Alias(NodeId),
    Invalid,
}

impl<'t> Tree<'t> {
    /// Parses one document, collecting every problem.
    #[must_use]
    pub fn parse(text: &'t str) -> Parsed<'t> {
        build::build(text)
    }

    /// Returns whether a node is a scalar without a single character.
    #[must_use]
    pub fn is_blank(&self, id: NodeId) -> bool {
        let node = self.nodes.get(id.0 as usize);
        node.is_some_and(|node| {
            matches!(node.shape, Shape::Piece { .. } | Shape::Decoded { .. })
                && node.span.range().is_empty()
        })
    }

    /// The document's node; `None` for a document without content.
    #[must_use]
    pub fn root(&self) -> Option<NodeId> {
        (!self.nodes.is_empty()).then_some(NodeId(0))
    }

    /// What the node is. The text lives as long as the tree.
    #[must_use]
    pub fn kind(&self, id: NodeId) -> Kind<'_> {
        match self.node(id).shape {
            Shape::Piece { span, plain } => Kind::Scalar {
                text: self.text.get(span.range()).unwrap_or_default(),
                plain,
            },
            Shape::Decoded { index, plain } => Kind::Scalar {
                text: self.decoded.get(index as usize).map_or("", |text| text),
                plain,
            },
            Shape::Sequence => Kind::Sequence,
            Shape::Mapping => Kind::Mapping,
            Shape::Alias(target) => Kind::Alias(target),
            Shape::Invalid => Kind::Invalid,
        }
    }

    /// The scalar's value; `None` for everything else.
    #[must_use]
    pub fn scalar(&self, id: NodeId) -> Option<&str> {
        match self.kind(id) {
            Kind::Scalar { text, .. } => Some(text),
            _ => None,
        }
    }

    /// The bytes of the node, quotes included. A block collection reaches to the end of its last node.
    #[must_use]
    pub fn span(&self, id: NodeId) -> Span {
        self.node(id).span
    }

    /// The text of the node as it is written.
    #[must_use]
    pub fn written(&self, id: NodeId) -> &'t str {
        self.text.get(self.span(id).range()).unwrap_or_default()
    }

    /// The items of a list; nothing for another node.
    pub fn items(&self, id: NodeId) -> impl Iterator<Item = NodeId> + use<'_, 't> {
        let node = self.node(id);
        let start = if matches!(node.shape, Shape::Sequence) {
            id.0 + 1
        } else {
            node.after
        };
        Siblings {
            tree: self,
            next: start,
            end: node.after,
        }
    }

    /// The keys and values of a mapping in order; nothing for another node.
    pub fn entries(&self, id: NodeId) -> impl Iterator<Item = (NodeId, NodeId)> + use<'_, 't> {
        let node = self.node(id);
        let start = if matches!(node.shape, Shape::Mapping) {
            id.0 + 1
        } else {
            node.after
        };
        let mut siblings = Siblings {
            tree: self,
            next: start,
            end: node.after,
        };
        std::iter::from_fn(move || Some((siblings.next()?, siblings.next()?)))
    }

    /// Returns the number of nodes.
    #[must_use]
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Returns whether the document has no content.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// The bytes of the text.
    #[must_use]
    pub fn text_len(&self) -> usize {
        self.text.len()
    }

    /// Returns the number of nodes of a subtree.
    #[must_use]
    pub fn size(&self, id: NodeId) -> usize {
        (self.node(id).after - id.0) as usize
    }

    /// The comments in order, each from its `#` to the end of its line.
    #[must_use]
    pub fn comments(&self) -> &[Span] {
        &self.comments
    }

    /// Where a part of a scalar's value stands in the text: the whole scalar where its value is not written
    /// character by character (escapes other than a quoted character, paragraphs) or is very long.
    #[must_use]
    pub fn part(&self, id: NodeId, part: std::ops::Range<usize>) -> Span {
        /// The longest value, in bytes, in which a part is looked for.
        const LONG: usize = 65_536;
        let span = self.span(id);
        let Some(value) = self.scalar(id).filter(|value| value.len() <= LONG) else {
            return span;
        };
        let mut reader = written::Reader::new(self.text, span);
        let (mut start, mut end) = (None, None);
        for (decoded, character) in value.char_indices() {
            let Some(written) = reader.step(character) else {
                return span;
            };
            start = start.or((decoded == part.start).then_some(written.start));
            end = end.or((decoded + character.len_utf8() == part.end).then_some(written.end));
        }
        start
            .zip(end)
            .map_or(span, |(start, end)| Span::new(start..end))
    }

    fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id.0 as usize]
    }
}

/// Neighbouring nodes.
struct Siblings<'a, 't> {
    tree: &'a Tree<'t>,
    next: u32,
    end: u32,
}

impl Iterator for Siblings<'_, '_> {
    type Item = NodeId;

    fn next(&mut self) -> Option<NodeId> {
        if self.next >= self.end {
            return None;
        }
        let id = NodeId(self.next);
        self.next = self.tree.node(id).after;
        Some(id)
    }
}

#[cfg(test)]
mod tests;
