//! The x coordinates of columns, and of the bends between them.

use super::ports::{CardSide, sides};
use super::{Px, TextWidths};
use crate::graph::model::Graph;

/// The gap on each side of an arrow's name.
pub(super) const BESIDE: Px = 10;

/// The length of an arrowhead.
pub(super) const POINT: Px = 8;

/// The x coordinates of columns and bends.
pub(super) struct ColumnLayout {
    /// The start and the width of each column.
    pub(super) columns: Vec<(Px, Px)>,
    /// The start and the end of the bends behind each column.
    between: Vec<(Px, Px)>,
    /// The total width.
    pub(super) width: Px,
}

impl ColumnLayout {
    pub(super) fn new(
        graph: &Graph,
        widths: &TextWidths,
        layers: &[usize],
        columns: usize,
    ) -> Self {
        let mut cards = vec![0; columns];
        let mut names = vec![(0, 0); columns];
        let mut bending = vec![0; columns];
        let mut loops = vec![false; columns];
        for (index, instance) in graph.instances.iter().enumerate() {
            if instance.rows.is_empty() {
                continue;
            }
            let column = layers[index];
            cards[column] = widths.cards[index].max(cards[column]);
        }
        for (number, arrow) in graph.arrows.iter().enumerate() {
            let (column, to) = (layers[arrow.from.0], layers[arrow.to.0]);
            let name = widths.arrows[number] + 2 * BESIDE;
            let (right, left) = &mut names[column];
            let side = if sides(arrow.from.0, arrow.to.0, layers).0 == CardSide::Right {
                right
            } else {
                left
            };
            *side = name.max(*side);
            loops[column] |= arrow.from.0 == arrow.to.0;
            bending[column.min(to)..column.max(to)]
                .iter_mut()
                .for_each(|number| *number += 1);
        }
        let mut layout = Self {
            columns: Vec::new(),
            between: Vec::new(),
            width: 0,
        };
        let mut x = 0;
        for column in 0..columns {
            layout.columns.push((x, cards[column]));
            x += cards[column];
            let begin = x + names[column].0.max(BESIDE);
            let bends = if column + 1 < columns {
                70 + (3 * bending[column]).min(110)
            } else {
                0
            };
            let end = begin + bends.max(if loops[column] { 56 } else { 0 });
            layout.between.push((begin, end));
            layout.width = if loops[column] || column + 1 < columns {
                end
            } else {
                x
            };
            x = end
                + names
                    .get(column + 1)
                    .map_or(0, |(_, left)| (*left).max(BESIDE + POINT));
        }
        layout
    }

    /// Returns the x coordinate of a side of a column's cards.
    pub(super) fn edge(&self, column: usize, side: CardSide) -> Px {
        let (x, width) = self.columns[column];
        if side == CardSide::Left { x } else { x + width }
    }

    /// Returns the start and the end of the bends behind a column.
    pub(super) fn bends(&self, behind: usize) -> (Px, Px) {
        self.between[behind]
    }
}
