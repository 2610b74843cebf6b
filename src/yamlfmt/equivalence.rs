//! The comparison of two texts after formatting: they have the same values and comments.

use std::collections::HashMap;

use super::scalar;
use crate::source::{NodeId, NodeKind, Span, Tree};

/// Returns the first value or comment of a text that another text does not have; `None` if they have the same keys with
/// the same values, in any order of the keys, and the same comments.
pub(super) fn first_difference(
    one: &Tree<'_>,
    one_text: &str,
    other: &Tree<'_>,
    other_text: &str,
) -> Option<Span> {
    let mut comparison = TreeComparison {
        one,
        other,
        counterparts: HashMap::new(),
        difference: None,
    };
    let equal = match (one.root(), other.root()) {
        (Some(one_root), Some(other_root)) => comparison.compare(one_root, other_root),
        (one, other) => one == other,
    };
    if !equal {
        return Some(
            comparison
                .difference
                .unwrap_or(Span::new(0..one_text.len())),
        );
    }
    let mut counts: HashMap<&str, usize> = HashMap::new();
    for comment in other.comments() {
        *counts
            .entry(comment_text(other_text, *comment))
            .or_default() += 1;
    }
    for comment in one.comments() {
        match counts.get_mut(comment_text(one_text, *comment)) {
            Some(count @ 1..) => *count -= 1,
            _ => return Some(*comment),
        }
    }
    let added = counts.values().any(|count| *count > 0);
    added.then(|| Span::new(0..one_text.len()))
}

fn comment_text(text: &str, comment: Span) -> &str {
    text.get(comment.range()).unwrap_or_default().trim_end()
}

struct TreeComparison<'a, 't, 'u> {
    one: &'a Tree<'t>,
    other: &'a Tree<'u>,
    /// The nodes of the other tree, by those of the one.
    counterparts: HashMap<NodeId, NodeId>,
    /// The innermost node without an equal in the other tree.
    difference: Option<Span>,
}

impl TreeComparison<'_, '_, '_> {
    fn compare(&mut self, a: NodeId, b: NodeId) -> bool {
        let equal = self.has_equal(a, b);
        if !equal && self.difference.is_none() {
            self.difference = Some(self.one.span(a));
        }
        equal
    }

    fn has_equal(&mut self, a: NodeId, b: NodeId) -> bool {
        self.counterparts.insert(a, b);
        let (one, other) = (self.one, self.other);
        match (one.kind(a), other.kind(b)) {
            (
                NodeKind::Scalar { text, plain },
                NodeKind::Scalar {
                    text: again,
                    plain: plain_again,
                },
            ) => {
                text == again
                    && (plain == plain_again || !scalar::is_typed(text) || text.contains("${"))
            }
            (NodeKind::Sequence, NodeKind::Sequence) => {
                let (items, again): (Vec<_>, Vec<_>) =
                    (one.items(a).collect(), other.items(b).collect());
                items.len() == again.len()
                    && items
                        .into_iter()
                        .zip(again)
                        .all(|(a, b)| self.compare(a, b))
            }
            (NodeKind::Mapping, NodeKind::Mapping) => {
                let values: HashMap<_, _> = other
                    .entries(b)
                    .map(|(key, value)| (key_identity(other, key), value))
                    .collect();
                one.entries(a).count() == values.len()
                    && one.entries(a).all(|(key, value)| {
                        values
                            .get(&key_identity(one, key))
                            .is_some_and(|again| self.compare(value, *again))
                    })
            }
            (NodeKind::Alias(target), NodeKind::Alias(again)) => {
                self.counterparts.get(&target) == Some(&again)
            }
            _ => false,
        }
    }
}

/// Returns the text of a key, and `true` if it is a merge key.
fn key_identity<'a>(tree: &'a Tree<'_>, key: NodeId) -> (Option<&'a str>, bool) {
    (
        tree.scalar(key),
        matches!(
            tree.kind(key),
            NodeKind::Scalar {
                text: "<<",
                plain: true
            }
        ),
    )
}
