//! True if two texts say the same: the check after every formatting.

use std::collections::HashMap;

use super::scalar;
use crate::source::{Kind, NodeId, Span, Tree};

/// Returns where two trees say different things to their reader: a value or a comment of the one text that the other does
/// not have. They say the same where they have the same keys with the same values, in any order of the keys, and the
/// same comments.
pub(super) fn first_difference(
    one: &Tree<'_>,
    one_text: &str,
    other: &Tree<'_>,
    other_text: &str,
) -> Option<Span> {
    let mut pair = Pair {
        one,
        other,
        twins: HashMap::new(),
        difference: None,
    };
    let equal = match (one.root(), other.root()) {
        (Some(one_root), Some(other_root)) => pair.nodes(one_root, other_root),
        (one, other) => one == other,
    };
    if !equal {
        return Some(pair.difference.unwrap_or(Span::new(0..one_text.len())));
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

struct Pair<'a, 't, 'u> {
    one: &'a Tree<'t>,
    other: &'a Tree<'u>,
    /// The nodes of one tree, by their counterparts in the other.
    twins: HashMap<NodeId, NodeId>,
    /// The innermost node of the one that has no equal.
    difference: Option<Span>,
}

impl Pair<'_, '_, '_> {
    fn nodes(&mut self, a: NodeId, b: NodeId) -> bool {
        let equal = self.has_equal(a, b);
        if !equal && self.difference.is_none() {
            self.difference = Some(self.one.span(a));
        }
        equal
    }

    fn has_equal(&mut self, a: NodeId, b: NodeId) -> bool {
        self.twins.insert(a, b);
        let (one, other) = (self.one, self.other);
        match (one.kind(a), other.kind(b)) {
            (
                Kind::Scalar { text, plain },
                Kind::Scalar {
                    text: again,
                    plain: plain_again,
                },
            ) => {
                text == again
                    && (plain == plain_again || !scalar::is_typed(text) || text.contains("${"))
            }
            (Kind::Sequence, Kind::Sequence) => {
                let (items, again): (Vec<_>, Vec<_>) =
                    (one.items(a).collect(), other.items(b).collect());
                items.len() == again.len()
                    && items.into_iter().zip(again).all(|(a, b)| self.nodes(a, b))
            }
            (Kind::Mapping, Kind::Mapping) => {
                let values: HashMap<_, _> = other
                    .entries(b)
                    .map(|(key, value)| (said(other, key), value))
                    .collect();
                one.entries(a).count() == values.len()
                    && one.entries(a).all(|(key, value)| {
                        values
                            .get(&said(one, key))
                            .is_some_and(|again| self.nodes(value, *again))
                    })
            }
            (Kind::Alias(target), Kind::Alias(again)) => self.twins.get(&target) == Some(&again),
            _ => false,
        }
    }
}

/// Returns the text of a key, and whether it is a merge key.
fn said<'a>(tree: &'a Tree<'_>, key: NodeId) -> (Option<&'a str>, bool) {
    (
        tree.scalar(key),
        matches!(
            tree.kind(key),
            Kind::Scalar {
                text: "<<",
                plain: true
            }
        ),
    )
}
