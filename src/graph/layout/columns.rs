//! The x coordinates of columns, and of the bends between them.

use super::ports::{Side, sides};
use super::{Px, Widths};
use crate::graph::model::Graph;

/// The room between a name and what is beside it.
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
    pub(super) fn new(graph: &Graph, widths: &Widths, layers: &[usize], columns: usize) -> Self {
        let count_of = columns;
        let mut cards = vec![0; count_of];
        let mut names = vec![(0, 0); count_of];
        let mut bending = vec![0; count_of];
        let mut loops = vec![false; count_of];
        for (instance, _) in graph
            .instances
            .iter()
            .enumerate()
            .filter(|(_, it)| !it.rows.is_empty())
        {
            let column = layers[instance];
            cards[column] = widths.cards[instance].max(cards[column]);
        }
        for (number, arrow) in graph.arrows.iter().enumerate() {
            let (column, to) = (layers[arrow.from.0], layers[arrow.to.0]);
            let name = widths.arrows[number] + 2 * BESIDE;
            let (right, left) = &mut names[column];
            let side = if sides(arrow.from.0, arrow.to.0, layers).0 == Side::Right {
                right
            } else {
                left
            };
            *side = name.max(*side);
            loops[column] |= arrow.from.0 == arrow.to.0;
            bending[column.min(to)..column.max(to)]
                .iter_mut()
                .for_each(|it| *it += 1);
        }
        let mut across = Self {
            columns: Vec::new(),
            between: Vec::new(),
            width: 0,
        };
        let mut x = 0;
        for column in 0..count_of {
            across.columns.push((x, cards[column]));
            x += cards[column];
            let begin = x + names[column].0.max(BESIDE);
            let bends = if column + 1 < count_of {
                70 + (3 * bending[column]).min(110)
            } else {
                0
            };
            let end = begin + bends.max(if loops[column] { 56 } else { 0 });
            across.between.push((begin, end));
            across.width = if loops[column] || column + 1 < count_of {
                end
            } else {
                x
            };
            x = end
                + names
                    .get(column + 1)
                    .map_or(0, |(_, left)| (*left).max(BESIDE + POINT));
        }
        across
    }

    /// Returns the x coordinate of a side of a column's cards.
    pub(super) fn edge(&self, column: usize, side: Side) -> Px {
        let (x, width) = self.columns[column];
        if side == Side::Left { x } else { x + width }
    }

    /// Returns the start and the end of the bends behind a column.
    pub(super) fn bends(&self, behind: usize) -> (Px, Px) {
        self.between[behind]
    }
}
