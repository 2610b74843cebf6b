//! The cards and the paths of arrows, in whole pixels.

use std::collections::BTreeMap;

use super::LayoutBuilder;
use crate::graph::layout::columns::{BESIDE, ColumnLayout, POINT};
use crate::graph::layout::order::{LayerNode, edge_chain};
use crate::graph::layout::ports::{CardSide, Port, RowPorts, sides};
use crate::graph::layout::{ArrowLabel, ArrowPath, Card, Layout, PathSegment, Px, TextWidths};

/// The ports of an arrow.
struct ArrowPorts {
    /// The side of the card on which it leaves.
    side: CardSide,
    source_y: Px,
    target_y: Px,
    /// The number of arrows so far that return to their own instance, with this one.
    loops: Px,
}

impl LayoutBuilder<'_> {
    pub(super) fn layout(&self, widths: &TextWidths) -> Layout {
        let columns = ColumnLayout::new(self.graph, widths, self.layers, self.columns.len());
        // By arrow, and true for its outgoing port.
        let mut ports_by_arrow: BTreeMap<(usize, bool), (CardSide, Px)> = BTreeMap::new();
        let mut cards = Vec::new();
        for (node, position) in &self.positions {
            let LayerNode::Instance(instance) = *node else {
                continue;
            };
            let mut rows = Vec::with_capacity(self.rows[instance].len());
            for &row in &self.rows[instance] {
                let ports = &self.ports[instance][row];
                let top = position.y + self.tops[instance][row];
                let height = ports.height();
                for (side, ports) in [
                    (CardSide::Left, &ports.left),
                    (CardSide::Right, &ports.right),
                ] {
                    for (port, middle) in ports.iter().zip(RowPorts::middles(ports, height)) {
                        let is_outgoing = matches!(port, Port::Outgoing(_));
                        for arrow in port.arrows() {
                            ports_by_arrow.insert((*arrow, is_outgoing), (side, top + middle));
                        }
                    }
                }
                rows.push((row, top, height));
            }
            let (x, width) = columns.columns[position.column];
            cards.push(Card {
                instance,
                x,
                y: position.y,
                width,
                height: position.height,
                rows,
            });
        }
        let mut loops = 0;
        let mut paths = Vec::with_capacity(self.graph.arrows.len());
        for (number, arrow) in self.graph.arrows.iter().enumerate() {
            let source = ports_by_arrow.get(&(number, true)).copied();
            let (side, source_y) = source.unwrap_or((CardSide::Right, 0));
            let target = ports_by_arrow.get(&(number, false)).copied();
            let (_, target_y) = target.unwrap_or((CardSide::Left, 0));
            if arrow.from.0 == arrow.to.0 {
                loops += 1;
            }
            let ports = ArrowPorts {
                side,
                source_y,
                target_y,
                loops,
            };
            paths.push(self.path(number, &ports, &columns));
        }
        // A dummy node may be lower than every card.
        let bottoms = self.positions.values().map(|it| it.y + it.height);
        Layout {
            width: columns.width,
            height: bottoms.max().unwrap_or_default(),
            cards,
            paths,
        }
    }

    /// Returns the path of an arrow.
    fn path(&self, number: usize, ports: &ArrowPorts, columns: &ColumnLayout) -> ArrowPath {
        let arrow = &self.graph.arrows[number];
        let &ArrowPorts {
            side,
            source_y,
            target_y,
            loops,
        } = ports;
        let rightwards = sides(arrow.from.0, arrow.to.0, self.layers).1 == CardSide::Left;
        let start = columns.edge(self.layers[arrow.from.0], side);
        let mut segments = Vec::new();
        if arrow.from.0 == arrow.to.0 {
            let bend = columns.bends(self.layers[arrow.from.0]).0;
            let reach = bend + 14 + 5 * (loops % 6);
            segments.extend([
                PathSegment::Horizontal(bend),
                PathSegment::Loop(reach, bend, target_y),
                PathSegment::Horizontal(start + POINT),
            ]);
        } else {
            for pair in edge_chain(arrow.from.0, arrow.to.0, self.layers).windows(2) {
                let [(layer, _), (next_layer, next)] = pair else {
                    continue;
                };
                let (left, right) = columns.bends(*layer.min(next_layer));
                let (near, far) = if rightwards {
                    (left, right)
                } else {
                    (right, left)
                };
                let y = if matches!(next, LayerNode::Dummy(..)) {
                    self.dummy_y(*next, number)
                } else {
                    target_y
                };
                segments.extend([PathSegment::Horizontal(near), PathSegment::Curve(far, y)]);
            }
            let (target_side, point) = if rightwards {
                (CardSide::Left, -POINT)
            } else {
                (CardSide::Right, POINT)
            };
            let edge = columns.edge(self.layers[arrow.to.0], target_side);
            segments.push(PathSegment::Horizontal(edge + point));
        }
        let ends = side == CardSide::Left;
        ArrowPath {
            start: (start, source_y),
            segments,
            rightwards,
            label: ArrowLabel {
                x: start + if ends { -BESIDE } else { BESIDE },
                y: source_y - 4,
                ends,
            },
        }
    }
}
