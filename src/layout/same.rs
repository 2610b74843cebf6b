//! Whether two texts say the same: the check after every formatting.

use std::collections::HashMap;

use super::scalar;
use crate::source::{Kind, NodeId, Tree};

/// Whether two trees say the same to whoever reads them: the same keys with the same values, in any order of the keys,
/// and the same comments.
pub(super) fn same(one: &Tree<'_>, one_text: &str, other: &Tree<'_>, other_text: &str) -> bool {
    let comments = |tree: &Tree<'_>, text: &str| {
        let comments = tree.comments().iter();
        let texts = comments.map(|span| text.get(span.range()).unwrap_or_default().trim_end().to_owned());
        let mut texts: Vec<String> = texts.collect();
        texts.sort_unstable();
        texts
    };
    let roots = match (one.root(), other.root()) {
        (Some(one_root), Some(other_root)) => Pair { one, other, twins: HashMap::new() }.nodes(one_root, other_root),
        (one, other) => one == other,
    };
    roots && comments(one, one_text) == comments(other, other_text)
}

struct Pair<'a, 't, 'u> {
    one: &'a Tree<'t>,
    other: &'a Tree<'u>,
    /// Which node of the other is which of the one.
    twins: HashMap<NodeId, NodeId>,
}

impl Pair<'_, '_, '_> {
    fn nodes(&mut self, a: NodeId, b: NodeId) -> bool {
        self.twins.insert(a, b);
        let (one, other) = (self.one, self.other);
        match (one.kind(a), other.kind(b)) {
            (Kind::Scalar { text, plain }, Kind::Scalar { text: again, plain: plain_again }) => {
                text == again && (plain == plain_again || !scalar::is_typed(text) || text.contains("${"))
            }
            (Kind::Sequence, Kind::Sequence) => {
                let (items, again): (Vec<_>, Vec<_>) = (one.items(a).collect(), other.items(b).collect());
                items.len() == again.len() && items.into_iter().zip(again).all(|(a, b)| self.nodes(a, b))
            }
            (Kind::Mapping, Kind::Mapping) => {
                let values: HashMap<_, _> = other.entries(b).map(|(key, value)| (said(other, key), value)).collect();
                one.entries(a).count() == values.len()
                    && one
                        .entries(a)
                        .all(|(key, value)| values.get(&said(one, key)).is_some_and(|again| self.nodes(value, *again)))
            }
            (Kind::Alias(target), Kind::Alias(again)) => self.twins.get(&target) == Some(&again),
            _ => false,
        }
    }
}

/// What a key says, and whether it is one that merges.
fn said<'a>(tree: &'a Tree<'_>, key: NodeId) -> (Option<&'a str>, bool) {
    (tree.scalar(key), matches!(tree.kind(key), Kind::Scalar { text: "<<", plain: true }))
}
