//! The order of the nodes of a layer, with few crossing arrows: barycentre sweeps over the columns.

use std::collections::BTreeMap;

use super::layers::EdgeWeights;

/// A node of a layer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum LayerNode {
    /// An instance.
    Instance(usize),
    /// A dummy node: the arrows between two instances, in both directions, pass a layer between them. The instance on
    /// the left, the one on the right, and the layer.
    Dummy(usize, usize, usize),
}

/// The number of sweeps over the columns.
const SWEEPS: usize = 12;

/// Returns the columns, each from top to bottom. `shown` are the instances to be drawn, in their initial order.
pub(super) fn order_columns(
    shown: &[usize],
    layers: &[usize],
    weights: &EdgeWeights,
) -> Vec<Vec<LayerNode>> {
    let mut columns = vec![
        Vec::new();
        shown
            .iter()
            .map(|it| layers[*it] + 1)
            .max()
            .unwrap_or_default()
    ];
    for &instance in shown {
        columns[layers[instance]].push(LayerNode::Instance(instance));
    }
    let mut pairs = EdgeWeights::new();
    for (&(from, to), rules) in weights {
        *pairs.entry(left_to_right(from, to, layers)).or_default() += rules;
    }
    let mut beside: BTreeMap<LayerNode, Vec<(LayerNode, usize)>> = BTreeMap::new();
    for (&(left, right), rules) in &pairs {
        let chain = edge_chain(left, right, layers);
        for (column, node) in chain
            .iter()
            .filter(|(_, node)| matches!(node, LayerNode::Dummy(..)))
        {
            columns[*column].push(*node);
        }
        for pair in chain.windows(2) {
            let [(_, one), (_, other)] = pair else {
                continue;
            };
            beside.entry(*one).or_default().push((*other, *rules));
            beside.entry(*other).or_default().push((*one, *rules));
        }
    }
    let mut best = columns.clone();
    let mut fewest = crossings(&best, &beside);
    for sweep in 0..SWEEPS {
        let last = columns.len().saturating_sub(1);
        for step in 1..=last {
            // From left to right each column is sorted by the one before it, and then the other way round.
            let (column, seen) = if sweep % 2 == 0 {
                (step, step - 1)
            } else {
                (last - step, last - step + 1)
            };
            let place: BTreeMap<LayerNode, usize> = columns[seen]
                .iter()
                .enumerate()
                .map(|(at, node)| (*node, at))
                .collect();
            let current: BTreeMap<LayerNode, usize> = columns[column]
                .iter()
                .enumerate()
                .map(|(at, node)| (*node, at))
                .collect();
            columns[column].sort_by_cached_key(|node| {
                let seen = beside
                    .get(node)
                    .into_iter()
                    .flatten()
                    .filter_map(|(neighbour, rules)| Some((place.get(neighbour)?, rules)));
                let (sum, weight) = seen.fold((0, 0), |(sum, all), (at, rules)| {
                    (sum + 1_000 * at * rules, all + rules)
                });
                // A node without neighbours there keeps its position.
                sum.checked_div(weight).unwrap_or(1_000 * current[node])
            });
        }
        let crossing = crossings(&columns, &beside);
        if crossing < fewest {
            (best, fewest) = (columns.clone(), crossing);
        }
    }
    best
}

/// Returns the two instances at the ends of an arrow, the one on the left first.
pub(super) fn left_to_right(from: usize, to: usize, layers: &[usize]) -> (usize, usize) {
    if layers[from] <= layers[to] {
        (from, to)
    } else {
        (to, from)
    }
}

/// Returns the chain of nodes from one instance to another, each with its layer.
pub(super) fn edge_chain(from: usize, to: usize, layers: &[usize]) -> Vec<(usize, LayerNode)> {
    let (start, end) = (layers[from], layers[to]);
    let between: Vec<usize> = if start < end {
        (start + 1..end).collect()
    } else {
        (end + 1..start).rev().collect()
    };
    let (left, right) = left_to_right(from, to, layers);
    let dummies = between
        .into_iter()
        .map(|column| (column, LayerNode::Dummy(left, right, column)));
    std::iter::once((start, LayerNode::Instance(from)))
        .chain(dummies)
        .chain([(end, LayerNode::Instance(to))])
        .collect()
}

/// Returns the number of crossings, each weighted by its rules; between two columns it counts the first
/// [`MAX_EDGES`] edges.
fn crossings(
    columns: &[Vec<LayerNode>],
    beside: &BTreeMap<LayerNode, Vec<(LayerNode, usize)>>,
) -> usize {
    let mut crossing = 0;
    for pair in columns.windows(2) {
        let [one, other] = pair else { continue };
        let place: BTreeMap<LayerNode, usize> = other
            .iter()
            .enumerate()
            .map(|(at, node)| (*node, at))
            .collect();
        let mut edges: Vec<(usize, usize, usize)> = Vec::new();
        for (at, node) in one.iter().enumerate() {
            let next = beside.get(node).into_iter().flatten();
            edges.extend(next.filter_map(|(to, rules)| Some((at, *place.get(to)?, *rules))));
        }
        edges.sort_unstable();
        edges.truncate(MAX_EDGES);
        for (index, (at, to, rules)) in edges.iter().enumerate() {
            let behind = edges[index + 1..]
                .iter()
                .filter(|(other_at, other_to, _)| other_at > at && other_to < to);
            crossing += behind.map(|(_, _, others)| rules * others).sum::<usize>();
        }
    }
    crossing
}

/// The maximum number of edges between two columns that are checked for crossings.
const MAX_EDGES: usize = 2_000;

#[cfg(test)]
mod tests {
    use super::super::layers::{EdgeWeights, assign_layers};
    use super::{LayerNode, order_columns};

    #[test]
    fn neighbours_are_ordered_without_crossings() {
        // Two chains, numbered so that in order of number they would cross.
        let weights: EdgeWeights = [
            ((0, 3), 1),
            ((1, 2), 1),
            ((0, 4), 1),
            ((4, 5), 1),
            ((1, 5), 1),
        ]
        .into();
        let layers = assign_layers(6, &weights);
        let columns = order_columns(&[0, 1, 2, 3, 4, 5], &layers, &weights);
        assert_eq!(columns.len(), 3);
        let place = |column: usize, node: LayerNode| {
            columns[column]
                .iter()
                .position(|it| *it == node)
                .expect("it is there")
        };
        let above = place(0, LayerNode::Instance(0)) < place(0, LayerNode::Instance(1));
        assert_eq!(
            place(1, LayerNode::Instance(3)) < place(1, LayerNode::Instance(2)),
            above
        );
        assert_eq!(
            place(1, LayerNode::Instance(4)) < place(1, LayerNode::Dummy(1, 5, 1)),
            above
        );
    }
}
