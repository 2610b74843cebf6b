//! Coordinate assignment: where cards, rows and arrows are drawn.

mod paths;

use std::collections::BTreeMap;

use super::isotonic::{PreferredPosition, separate};
use super::order::{LayerNode, edge_chain, left_to_right};
use super::ports::{CardSide, Port, RowPorts, assign_ports, bundle_height, offset_in_bundle};
use super::{Layout, NodePositions, Px, TextWidths, mean};
use crate::graph::model::{Arrow, Graph, InstanceRow, natural_key};

/// The height of a card's head, and the room below its rows.
const HEAD: Px = 44;
const FOOT: Px = 6;

/// The gap between two nodes of a column.
const GAP: Px = 26;

/// The number of alignment rounds.
const ROUNDS: usize = 4;

/// The position of a node.
#[derive(Debug, Clone, Copy)]
pub(super) struct NodePosition {
    column: usize,
    y: Px,
    height: Px,
}

pub(super) fn assign_coordinates(
    graph: &Graph,
    widths: &TextWidths,
    layers: &[usize],
    columns: &[Vec<LayerNode>],
) -> Layout {
    let mut builder = LayoutBuilder::new(graph, layers, columns);
    for _ in 0..ROUNDS {
        builder.sort_rows();
        builder.align();
    }
    builder.sort_ports();
    builder.move_to_top();
    builder.layout(widths)
}

/// Builds a layout, step by step.
struct LayoutBuilder<'a> {
    graph: &'a Graph,
    layers: &'a [usize],
    columns: &'a [Vec<LayerNode>],
    ports: Vec<Vec<RowPorts>>,
    /// The rows of each instance from top to bottom.
    rows: Vec<Vec<usize>>,
    positions: NodePositions,
    /// The bundle of arrows between the left and the right one of two instances, from top to bottom, as it passes the
    /// layers in between.
    bundles: BTreeMap<(usize, usize), Vec<usize>>,
    /// The arrows from each column to the next: each with its node on the left and its node on the right.
    links: Vec<Vec<(usize, LayerNode, LayerNode)>>,
    /// The offset of each row from the top of its card.
    tops: Vec<Vec<Px>>,
}

impl<'a> LayoutBuilder<'a> {
    fn new(graph: &'a Graph, layers: &'a [usize], columns: &'a [Vec<LayerNode>]) -> Self {
        let ports = assign_ports(graph, layers);
        let mut bundles: BTreeMap<(usize, usize), Vec<usize>> = BTreeMap::new();
        let mut links = vec![Vec::new(); columns.len().saturating_sub(1)];
        for (number, arrow) in graph
            .arrows
            .iter()
            .enumerate()
            .filter(|(_, arrow)| arrow.from.0 != arrow.to.0)
        {
            bundles
                .entry(left_to_right(arrow.from.0, arrow.to.0, layers))
                .or_default()
                .push(number);
            for pair in edge_chain(arrow.from.0, arrow.to.0, layers).windows(2) {
                let [one, other] = pair else { continue };
                let (left, right) = if one.0 < other.0 {
                    (one, other)
                } else {
                    (other, one)
                };
                links[left.0].push((number, left.1, right.1));
            }
        }
        let rows = graph
            .instances
            .iter()
            .map(|it| (0..it.rows.len()).collect())
            .collect();
        let tops = graph
            .instances
            .iter()
            .map(|it| vec![0; it.rows.len()])
            .collect();
        let mut builder = Self {
            graph,
            layers,
            columns,
            ports,
            rows,
            positions: NodePositions::new(),
            bundles,
            links,
            tops,
        };
        builder.stack();
        builder.set_tops();
        builder
    }

    /// Stacks the nodes of each column, and centres the columns.
    fn stack(&mut self) {
        for (column, nodes) in self.columns.iter().enumerate() {
            let mut y = 0;
            for node in nodes {
                let height = match node {
                    LayerNode::Instance(instance) => {
                        let rows = self.ports[*instance]
                            .iter()
                            .map(RowPorts::height)
                            .fold(0, Px::saturating_add);
                        (HEAD + FOOT).saturating_add(rows)
                    }
                    LayerNode::Dummy(left, right, _) => {
                        bundle_height(self.bundles.get(&(*left, *right)).map_or(0, Vec::len))
                    }
                };
                self.positions
                    .insert(*node, NodePosition { column, y, height });
                y = y.saturating_add(height + GAP);
            }
        }
        for nodes in self.columns {
            let all: Px = nodes
                .iter()
                .map(|it| self.positions[it].height + GAP)
                .fold(0, Px::saturating_add);
            for node in nodes {
                if let Some(position) = self.positions.get_mut(node) {
                    position.y -= all / 2;
                }
            }
        }
    }

    fn set_tops(&mut self) {
        for (instance, rows) in self.rows.iter().enumerate() {
            let mut y = HEAD;
            for &row in rows {
                self.tops[instance][row] = y;
                y = y.saturating_add(self.ports[instance][row].height());
            }
        }
    }

    /// Returns the middle of a row.
    fn row_y(&self, (instance, row): (usize, usize)) -> Px {
        let card = self
            .positions
            .get(&LayerNode::Instance(instance))
            .map_or(0, |it| it.y);
        card + self.tops[instance][row] + self.ports[instance][row].height() / 2
    }

    /// Sorts the rows of each card: namespaces together, and each as high as the rows at the other ends of its arrows.
    fn sort_rows(&mut self) {
        let mut seen: Vec<Vec<Vec<Px>>> = self
            .rows
            .iter()
            .map(|rows| vec![Vec::new(); rows.len()])
            .collect();
        for Arrow { from, to, .. } in self.graph.arrows.iter().filter(|it| it.from.0 != it.to.0) {
            seen[from.0][from.1].push(self.row_y(*to));
            seen[to.0][to.1].push(self.row_y(*from));
        }
        for (instance, rows) in self.rows.iter_mut().enumerate() {
            let known = &self.graph.instances[instance].rows;
            let mut namespaces: BTreeMap<_, Vec<Px>> = BTreeMap::new();
            for row in 0..known.len() {
                namespaces
                    .entry(&known[row].namespace)
                    .or_default()
                    .extend(&seen[instance][row]);
            }
            let namespaces: BTreeMap<_, _> = namespaces
                .into_iter()
                .map(|(name, seen)| (name, mean(seen.into_iter())))
                .collect();
            rows.sort_by_cached_key(|row| {
                let InstanceRow { namespace, repo } = &known[*row];
                (
                    namespaces[namespace],
                    namespace,
                    mean(seen[instance][*row].iter().copied()),
                    repo.as_deref().map(natural_key),
                    repo,
                )
            });
        }
        self.set_tops();
    }

    /// Moves the nodes of each column, one column after the other, towards their neighbours.
    fn align(&mut self) {
        let columns = 0..self.columns.len();
        let forth = columns.clone().skip(1).map(|it| (it, it - 1));
        let back = columns.rev().skip(1).map(|it| (it, it + 1));
        for (column, neighbour) in forth.chain(back) {
            // The sum of the distances to the neighbours of each node, and their number.
            let mut distances: BTreeMap<LayerNode, (i64, i64)> = BTreeMap::new();
            for (number, left, right) in &self.links[column.min(neighbour)] {
                let (mine, theirs) = if column < neighbour {
                    (left, right)
                } else {
                    (right, left)
                };
                let arrow = &self.graph.arrows[*number];
                let distance = self.node_y(arrow, *theirs) - self.node_y(arrow, *mine);
                let (sum, count) = distances.entry(*mine).or_default();
                *sum += i64::from(distance);
                *count += 1;
            }
            let nodes = &self.columns[column];
            let mut preferred = Vec::with_capacity(nodes.len());
            for node in nodes {
                let position = self.positions[node];
                let (sum, count) = distances.get(node).copied().unwrap_or_default();
                preferred.push(PreferredPosition {
                    y: i64::from(position.y) + sum.checked_div(count).unwrap_or_default(),
                    weight: count.max(1),
                    height: i64::from(position.height + GAP),
                });
            }
            for (node, y) in nodes.iter().zip(separate(&preferred)) {
                if let Some(position) = self.positions.get_mut(node) {
                    position.y = Px::try_from(y).unwrap_or(position.y);
                }
            }
        }
    }

    /// Returns the approximate height at which an arrow passes a node.
    fn node_y(&self, arrow: &Arrow, node: LayerNode) -> Px {
        match node {
            LayerNode::Instance(instance) if instance == arrow.from.0 => self.row_y(arrow.from),
            LayerNode::Instance(_) => self.row_y(arrow.to),
            LayerNode::Dummy(..) => self
                .positions
                .get(&node)
                .map_or(0, |it| it.y + it.height / 2),
        }
    }

    /// Sorts the ports of every row, and the arrows of every bundle, by where the arrows continue.
    fn sort_ports(&mut self) {
        let mut bundles = std::mem::take(&mut self.bundles);
        for arrows in bundles.values_mut() {
            arrows.sort_by_cached_key(|number| {
                let &Arrow { from, to, .. } = &self.graph.arrows[*number];
                let is_leftward = self.layers[to.0] < self.layers[from.0];
                let (left, right) = if is_leftward { (to, from) } else { (from, to) };
                (self.row_y(left), self.row_y(right), is_leftward, *number)
            });
        }
        self.bundles = bundles;
        let mut ports = std::mem::take(&mut self.ports);
        // The sort keys need the heights of all rows while the ports change, so they come from a copy.
        self.ports.clone_from(&ports);
        for (instance, rows) in ports.iter_mut().enumerate() {
            for row in rows {
                for side in [CardSide::Left, CardSide::Right] {
                    row.side(side).sort_by_cached_key(|port| {
                        let next = port
                            .arrows()
                            .iter()
                            .map(|number| self.next_y(*number, instance));
                        // Of two arrows between the same rows, the one to the right is above.
                        let is_leftward =
                            matches!(port, Port::Outgoing(_)) == (side == CardSide::Left);
                        (mean(next), is_leftward, port.arrows().first().copied())
                    });
                }
            }
        }
        self.ports = ports;
    }

    /// Returns the height of the next node of an arrow, seen from the instance at one of its ends.
    fn next_y(&self, number: usize, instance: usize) -> Px {
        let arrow = &self.graph.arrows[number];
        let chain = edge_chain(arrow.from.0, arrow.to.0, self.layers);
        let next = if arrow.from.0 == instance {
            chain.get(1)
        } else {
            chain.iter().rev().nth(1)
        };
        match next {
            Some((_, node @ LayerNode::Dummy(..))) => self.dummy_y(*node, number),
            _ if arrow.from.0 == instance => self.row_y(arrow.to),
            _ => self.row_y(arrow.from),
        }
    }

    /// Returns the height at which an arrow passes a dummy node.
    fn dummy_y(&self, node: LayerNode, number: usize) -> Px {
        let top = self.positions.get(&node).map_or(0, |it| it.y);
        let arrow = &self.graph.arrows[number];
        let pair = left_to_right(arrow.from.0, arrow.to.0, self.layers);
        let arrows = self.bundles.get(&pair);
        let at = arrows.and_then(|arrows| arrows.iter().position(|it| *it == number));
        top + offset_in_bundle(at.unwrap_or_default())
    }

    fn move_to_top(&mut self) {
        let top = self
            .positions
            .values()
            .map(|it| it.y)
            .min()
            .unwrap_or_default();
        for position in self.positions.values_mut() {
            position.y -= top;
        }
    }
}
