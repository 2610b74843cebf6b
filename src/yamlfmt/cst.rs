//! A concrete syntax tree: the values of a text, each with its comments.

use super::keys::SchemaNode;

/// A comment on a line of its own.
#[derive(Debug, Clone, Copy)]
pub(super) struct Comment<'t> {
    /// True if the line above is empty.
    pub(super) has_blank_above: bool,
    pub(super) text: &'t str,
}

/// A key with its value, or an item of a list.
#[derive(Debug)]
pub(super) struct CstEntry<'t> {
    /// The comments above the entry.
    pub(super) before: Vec<Comment<'t>>,
    /// True if the line above is empty.
    pub(super) has_blank_above: bool,
    /// `None` for an item of a list.
    pub(super) key: Option<Scalar<'t>>,
    /// The anchor and the tag, as written.
    pub(super) properties: Vec<&'t str>,
    pub(super) value: CstValue<'t>,
    /// The comment on the line of the key, if the value begins on the next line.
    pub(super) key_comment: Option<&'t str>,
    /// The comment on the last line.
    pub(super) trailing_comment: Option<&'t str>,
}

#[derive(Debug)]
pub(super) enum CstValue<'t> {
    /// A scalar, or an alias with its star.
    Scalar(Scalar<'t>),
    /// A block scalar (`|` or `>`).
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
    pub(super) style: ScalarStyle,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ScalarStyle {
    Plain,
    Quoted,
    /// Printed as written: an alias, a tagged scalar, one of several lines.
    Fixed,
}

#[derive(Debug)]
pub(super) struct Collection<'t> {
    pub(super) node: SchemaNode,
    pub(super) is_mapping: bool,
    /// True in flow style, in brackets or braces.
    pub(super) is_flow: bool,
    pub(super) entries: Vec<CstEntry<'t>>,
    /// The comments below the last entry.
    pub(super) tail: Vec<Comment<'t>>,
}

impl<'t> Collection<'t> {
    /// Removes and returns the comments above the first entry: an item of a list has no line for them after its dash.
    pub(super) fn take_first_comments(&mut self) -> Vec<Comment<'t>> {
        self.entries
            .first_mut()
            .map(|first| std::mem::take(&mut first.before))
            .unwrap_or_default()
    }
}
