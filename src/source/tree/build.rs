//! From the events of the parser to the tree.

use std::borrow::Cow;
use std::collections::HashMap;

use granit_parser::{Event, Parser, ScalarStyle, Tag};

use super::error::explain;
use super::{NodeId, Parsed, Shape, Tree, TreeError, TreeNode, TreeProblem};
use crate::source::{Span, to_u32};

/// The most levels of collections in collections.
pub(super) const MAX_DEPTH: usize = 64;
/// The most problems kept of one text; further ones are counted.
const MAX_ERRORS: usize = 100;
/// The fewest bytes of text for each node of a rules file as people write it.
const BYTES_PER_NODE: usize = 8;
/// The most keys of a mapping that is searched for duplicates key by key; a larger one is searched by hashes.
const SMALL_MAPPING: usize = 16;

/// Returns the most comments in a row: a block of disabled rules may be long, and the parser needs hundreds of bytes for
/// each comment.
pub(super) const fn comment_limit(text: &str) -> usize {
    /// The bytes of text for each comment; a line of a real rules file has more.
    const BYTES_PER_COMMENT: usize = 24;
    10_000 + text.len() / BYTES_PER_COMMENT
}

pub(super) fn build(text: &str) -> Parsed<'_> {
    let options = granit_parser::options! {
        flow_nesting_limit: MAX_DEPTH,
        block_nesting_limit: MAX_DEPTH,
        emit_unresolved_aliases: true,
        max_buffered_comment_events: comment_limit(text),
    };
    let mut builder = TreeBuilder::new(text);
    for event in Parser::new_from_str_with_options(text, options) {
        let (event, span) = match event {
            Ok(event) => event,
            Err(error) => {
                let at = error.marker().byte_offset().unwrap_or(text.len());
                builder.stop(explain(&error, text, at), Span::new(at..at));
                break;
            }
        };
        let tag_span = span
            .tag_span()
            .and_then(|span| span.byte_range())
            .map(Span::new);
        builder.take(
            event,
            Span::new(span.byte_range().unwrap_or_default()),
            tag_span,
        );
        if builder.stopped {
            break;
        }
    }
    builder.finish()
}

struct TreeBuilder<'t> {
    tree: Tree<'t>,
    errors: Vec<TreeError>,
    omitted: usize,
    /// The collections that are open, outermost first.
    open: Vec<Open>,
    anchors: HashMap<usize, NodeId>,
    documents: usize,
    node_limit: usize,
    /// True after a problem that leaves no tree.
    stopped: bool,
    /// True after the second document began, which is not read.
    ignoring: bool,
}

/// An open collection.
struct Open {
    id: NodeId,
    /// The number of children so far: in a mapping an even number means that a key comes next.
    children: usize,
    mapping: bool,
}

impl<'t> TreeBuilder<'t> {
    fn new(text: &'t str) -> Self {
        let tree = Tree {
            text,
            // Growing would copy them, and a large file has a million.
            nodes: Vec::with_capacity(text.len() / BYTES_PER_NODE),
            decoded: Vec::new(),
            comments: Vec::new(),
        };
        Self {
            tree,
            errors: Vec::new(),
            omitted: 0,
            open: Vec::new(),
            anchors: HashMap::new(),
            documents: 0,
            node_limit: text.len() / 4 + 100_000,
            stopped: false,
            ignoring: false,
        }
    }

    fn take(&mut self, event: Event<'t>, span: Span, tag_span: Option<Span>) {
        match event {
            Event::DocumentStart(..) => {
                self.documents += 1;
                if self.documents == 2 {
                    self.ignoring = true;
                    let is_blank = self.tree.root().is_none_or(|root| self.tree.is_blank(root));
                    if is_blank {
                        // The error about the documents is the one that helps.
                        self.tree
                            .nodes
                            .iter_mut()
                            .for_each(|node| node.shape = Shape::Invalid);
                    }
                    let problem = if is_blank {
                        TreeProblem::EmptyFirstDocument
                    } else {
                        TreeProblem::SeveralDocuments
                    };
                    self.report(problem, span, None);
                }
            }
            Event::Comment(..) => self.tree.comments.push(span),
            _ if self.ignoring => {}
            Event::Scalar(value, style, anchor, tag) => {
                let plain =
                    style == ScalarStyle::Plain && !self.check_tag(tag.as_deref(), tag_span, true);
                let shape = self.scalar(value, plain);
                self.push(shape, span, anchor);
            }
            Event::SequenceStart(_, anchor, tag) => {
                self.check_tag(tag.as_deref(), tag_span, false);
                self.begin(Shape::Sequence, span, anchor);
            }
            Event::MappingStart(_, anchor, tag) => {
                self.check_tag(tag.as_deref(), tag_span, false);
                self.begin(Shape::Mapping, span, anchor);
            }
            Event::SequenceEnd | Event::MappingEnd => self.end(span),
            Event::Alias(anchor) => self.alias(anchor, span),
            Event::UnresolvedAlias(name) => {
                self.report(
                    TreeProblem::UnknownAnchor {
                        name: name.into_owned(),
                    },
                    span,
                    None,
                );
                self.push(Shape::Invalid, span, 0);
            }
            _ => {}
        }
    }

    /// Returns `true` for the tag `!!str`; reports every other tag.
    fn check_tag(&mut self, tag: Option<&Tag>, span: Option<Span>, scalar: bool) -> bool {
        let Some(tag) = tag else { return false };
        if scalar && tag.is_yaml_core_schema_tag("str") {
            return true;
        }
        self.report(
            TreeProblem::UnknownTag {
                tag: tag.original(),
            },
            span.unwrap_or(Span::new(0..0)),
            None,
        );
        false
    }

    fn scalar(&mut self, value: Cow<'t, str>, plain: bool) -> Shape {
        let base = self.tree.text.as_ptr().addr();
        let at = value.as_ptr().addr().wrapping_sub(base);
        if matches!(value, Cow::Borrowed(_))
            && at.saturating_add(value.len()) <= self.tree.text.len()
        {
            return Shape::Piece {
                span: Span::new(at..at + value.len()),
                plain,
            };
        }
        let index = to_u32(self.tree.decoded.len());
        self.tree.decoded.push(value.into());
        Shape::Decoded { index, plain }
    }

    fn alias(&mut self, anchor: usize, span: Span) {
        let target = self.anchors.get(&anchor).copied();
        let enclosing = target.filter(|target| self.open.iter().any(|open| open.id == *target));
        let shape = match (target, enclosing) {
            (Some(target), None) => Shape::Alias(target),
            _ => Shape::Invalid,
        };
        if let Some(target) = enclosing {
            let alias = self
                .tree
                .text
                .get(span.range())
                .unwrap_or_default()
                .to_owned();
            let first = self.tree.span(target);
            self.report(TreeProblem::RecursiveAlias { alias }, span, Some(first));
        }
        self.push(shape, span, 0);
    }

    fn begin(&mut self, shape: Shape, span: Span, anchor: usize) {
        let id = self.push(shape, span, anchor);
        if self.open.len() >= MAX_DEPTH {
            self.stop(TreeProblem::TooDeep { limit: MAX_DEPTH }, span);
        }
        self.open.push(Open {
            id,
            children: 0,
            mapping: matches!(shape, Shape::Mapping),
        });
    }

    /// Closes the innermost collection. The end event of a block collection is at the start of the next token, so only the
    /// bracket of a flow collection extends the span.
    fn end(&mut self, span: Span) {
        let Some(open) = self.open.pop() else { return };
        let after = to_u32(self.tree.nodes.len());
        let bracket = if span.start < span.end { span.end } else { 0 };
        let last = self.tree.nodes.last().map_or(0, |node| node.span.end);
        if open.mapping {
            self.check_keys(open.id, after);
        }
        let node = &mut self.tree.nodes[open.id.0 as usize];
        node.after = after;
        node.span.end = node.span.end.max(last).max(bracket);
        if let Some(parent) = self.open.last() {
            let end = self.tree.nodes[open.id.0 as usize].span.end;
            let parent = &mut self.tree.nodes[parent.id.0 as usize];
            parent.span.end = parent.span.end.max(end);
        }
    }

    fn push(&mut self, shape: Shape, span: Span, anchor: usize) -> NodeId {
        let id = NodeId(to_u32(self.tree.nodes.len()));
        if self.tree.nodes.len() >= self.node_limit {
            self.stop(
                TreeProblem::TooManyNodes {
                    limit: self.node_limit,
                },
                span,
            );
        }
        if let Some(open) = self.open.last_mut() {
            let key = open.mapping && open.children % 2 == 0;
            open.children += 1;
            if key && !matches!(shape, Shape::Piece { .. } | Shape::Decoded { .. }) {
                self.report(TreeProblem::KeyNotText, span, None);
            }
        }
        self.tree.nodes.push(TreeNode {
            span,
            after: id.0 + 1,
            shape,
        });
        if anchor != 0 {
            self.anchors.insert(anchor, id);
        }
        id
    }

    /// Reports duplicate keys of a complete mapping.
    fn check_keys(&mut self, mapping: NodeId, after: u32) {
        let tree = &mut self.tree;
        tree.nodes[mapping.0 as usize].after = after;
        let keys: Vec<(NodeId, &str)> = tree
            .entries(mapping)
            .filter_map(|(key, _)| Some((key, tree.scalar(key)?)))
            .collect();
        let mut twice = Vec::new();
        if keys.len() <= SMALL_MAPPING {
            for (at, (id, key)) in keys.iter().enumerate() {
                twice.extend(
                    keys[..at]
                        .iter()
                        .find(|(_, other)| other == key)
                        .map(|(first, _)| (*first, *id)),
                );
            }
        } else {
            let mut first = HashMap::with_capacity(keys.len());
            for (id, key) in keys {
                let first = *first.entry(key).or_insert(id);
                twice.extend((first != id).then_some((first, id)));
            }
        }
        for (first, again) in twice {
            let key = self.tree.scalar(again).unwrap_or_default().to_owned();
            // The first key counts; the second is removed from the tree.
            self.tree.nodes[again.0 as usize].shape = Shape::Invalid;
            let (first, again) = (self.tree.span(first), self.tree.span(again));
            self.report(TreeProblem::DuplicateKey { key }, again, Some(first));
        }
    }

    fn report(&mut self, problem: TreeProblem, span: Span, first: Option<Span>) {
        if self.errors.len() < MAX_ERRORS {
            self.errors.push(TreeError {
                problem,
                span,
                first,
            });
        } else {
            self.omitted += 1;
        }
    }

    fn stop(&mut self, problem: TreeProblem, span: Span) {
        if !self.stopped {
            self.stopped = true;
            self.errors.push(TreeError {
                problem,
                span,
                first: None,
            });
        }
    }

    fn finish(self) -> Parsed<'t> {
        Parsed {
            tree: (!self.stopped).then_some(self.tree),
            errors: self.errors,
            omitted: self.omitted,
        }
    }
}
