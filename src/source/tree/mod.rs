//! A YAML text as a tree with spans.
//!
//! [`Tree::parse`] keeps aliases, merge keys, comments and the quotes of scalars, and does not interpret them. Text that
//! the tree cannot keep is a [`TreeError`].

mod build;
mod error;
mod written;

pub use error::{SyntaxHelp, TreeError, TreeProblem};

use super::Span;

/// A document.
///
/// The nodes are in the order of the text, each followed by its descendants and with the index after them, so a tree has
/// neither pointers nor recursion: 24 bytes for each node, and scalars borrow from the text.
#[derive(Debug)]
pub struct Tree<'t> {
    text: &'t str,
    nodes: Vec<TreeNode>,
    /// The values of scalars that are no part of the text: with escapes or folded lines.
    decoded: Vec<Box<str>>,
    comments: Vec<Span>,
}

/// The result of parsing a text.
#[derive(Debug)]
pub struct Parsed<'t> {
    /// The tree; `None` after a problem that leaves none (a syntax error, a budget).
    pub tree: Option<Tree<'t>>,
    /// The errors, in the order of the text.
    pub errors: Vec<TreeError>,
    /// The number of problems omitted.
    pub omitted: usize,
}

/// A node of a [`Tree`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct NodeId(u32);

/// The kind of a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NodeKind<'a> {
    /// A scalar.
    Scalar {
        /// The value.
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
    /// Text that was reported as a [`TreeError`].
    Invalid,
}

#[derive(Debug, Clone, Copy)]
struct TreeNode {
    span: Span,
    /// The index after the last descendant.
    after: u32,
    shape: Shape,
}

#[derive(Debug, Clone, Copy)]
enum Shape {
    /// A scalar whose value is a part of the text.
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

    /// Returns `true` for an empty scalar.
    #[must_use]
    pub fn is_blank(&self, id: NodeId) -> bool {
        let node = self.nodes.get(id.0 as usize);
        node.is_some_and(|node| {
            matches!(node.shape, Shape::Piece { .. } | Shape::Decoded { .. })
                && node.span.range().is_empty()
        })
    }

    /// Returns the root node; `None` for a document without content.
    #[must_use]
    pub fn root(&self) -> Option<NodeId> {
        (!self.nodes.is_empty()).then_some(NodeId(0))
    }

    /// Returns the kind of a node.
    #[must_use]
    pub fn kind(&self, id: NodeId) -> NodeKind<'_> {
        match self.node(id).shape {
            Shape::Piece { span, plain } => NodeKind::Scalar {
                text: self.text.get(span.range()).unwrap_or_default(),
                plain,
            },
            Shape::Decoded { index, plain } => NodeKind::Scalar {
                text: self.decoded.get(index as usize).map_or("", |text| text),
                plain,
            },
            Shape::Sequence => NodeKind::Sequence,
            Shape::Mapping => NodeKind::Mapping,
            Shape::Alias(target) => NodeKind::Alias(target),
            Shape::Invalid => NodeKind::Invalid,
        }
    }

    /// Returns the value of a scalar; `None` for every other node.
    #[must_use]
    pub fn scalar(&self, id: NodeId) -> Option<&str> {
        match self.kind(id) {
            NodeKind::Scalar { text, .. } => Some(text),
            _ => None,
        }
    }

    /// Returns the bytes of a node, with its quotes. A block collection ends with its last node.
    #[must_use]
    pub fn span(&self, id: NodeId) -> Span {
        self.node(id).span
    }

    /// Returns the text of a node as written.
    #[must_use]
    pub fn written(&self, id: NodeId) -> &'t str {
        self.text.get(self.span(id).range()).unwrap_or_default()
    }

    /// Returns the items of a list; none for another node.
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

    /// Returns the keys and values of a mapping in order; none for another node.
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

    /// Returns `true` if the document has no content.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// Returns the number of bytes of the text.
    #[must_use]
    pub fn text_len(&self) -> usize {
        self.text.len()
    }

    /// Returns the number of nodes of a subtree.
    #[must_use]
    pub fn size(&self, id: NodeId) -> usize {
        (self.node(id).after - id.0) as usize
    }

    /// Returns the comments in order, each from its `#` to the end of its line.
    #[must_use]
    pub fn comments(&self) -> &[Span] {
        &self.comments
    }

    /// Returns the bytes of a part of the value of a scalar. They are those of the whole scalar if its value is very long or
    /// not written character by character, such as with escapes other than of a quote.
    #[must_use]
    pub fn part(&self, id: NodeId, part: std::ops::Range<usize>) -> Span {
        /// The longest value, in bytes, that is searched for a part.
        const MAX_BYTES: usize = 65_536;
        let span = self.span(id);
        let Some(value) = self.scalar(id).filter(|value| value.len() <= MAX_BYTES) else {
            return span;
        };
        let mut reader = written::ScalarReader::new(self.text, span);
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

    fn node(&self, id: NodeId) -> &TreeNode {
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
