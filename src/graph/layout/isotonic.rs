//! Isotonic regression: positions as near as possible to the preferred ones, without an overlap.

/// The preferred position of a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct PreferredPosition {
    pub(super) y: i64,
    pub(super) weight: i64,
    /// The height of the node, with the gap below it.
    pub(super) height: i64,
}

/// Returns the positions of nodes, from top to bottom. The weighted sum of the squared distances from the preferred
/// positions is minimal: pooling of adjacent violators.
pub(super) fn separate(preferred: &[PreferredPosition]) -> Vec<i64> {
    // Pools of adjacent nodes: the weighted sum of their positions, their weight, and their number. A position is
    // relative to the heights of all nodes above, so that the nodes of a pool agree on one.
    let mut pools: Vec<(i64, i64, usize)> = Vec::new();
    let mut above = 0;
    for node in preferred {
        pools.push(((node.y - above) * node.weight, node.weight, 1));
        above += node.height;
        while let [.., (sum, weight, number), (next, more, others)] = pools.as_slice()
            && sum / weight > next / more
        {
            let merged = (sum + next, weight + more, number + others);
            pools.truncate(pools.len() - 2);
            pools.push(merged);
        }
    }
    let mut above = 0;
    let mut positions = Vec::with_capacity(preferred.len());
    let bases = pools
        .into_iter()
        .flat_map(|(sum, weight, number)| std::iter::repeat_n(sum / weight, number));
    for (base, node) in bases.zip(preferred) {
        positions.push(base + above);
        above += node.height;
    }
    positions
}

#[cfg(test)]
mod tests {
    use super::{PreferredPosition, separate};

    #[test]
    fn nodes_are_near_their_preferred_positions_and_never_overlap() {
        /// The preferred positions as position, weight and height, and the result.
        type Case<'a> = (&'a [(i64, i64, i64)], &'a [i64]);
        let cases: [Case<'_>; 4] = [
            (&[], &[]),
            (&[(0, 1, 10), (50, 1, 10)], &[0, 50]),
            (&[(0, 1, 10), (0, 1, 10)], &[-5, 5]),
            (&[(0, 3, 10), (2, 1, 10), (100, 1, 10)], &[-2, 8, 100]),
        ];
        for (nodes, expected) in cases {
            let preferred: Vec<_> = nodes
                .iter()
                .map(|&(y, weight, height)| PreferredPosition { y, weight, height })
                .collect();
            assert_eq!(separate(&preferred), expected, "{nodes:?}");
        }
    }
}
