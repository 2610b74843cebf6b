//! The ports of arrows at their rows: each that leaves has a slot of its own with room for a name, and those of
//! one state that arrive at a row share one.

use std::collections::BTreeMap;

use super::{Px, count};
use crate::graph::model::{Graph, State};

/// The height of a slot with a name, and of one without.
pub(super) const NAMED: Px = 18;
const BARE: Px = 10;

/// The least height of a row, and the room between its slots and its edge.
const ROW: Px = 26;
const PAD: Px = 3;

/// A side of a card.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Side {
    Left,
    Right,
}

/// A port where arrows leave or arrive.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Slot {
    /// An arrow leaves.
    Out(usize),
    /// Arrows of one state arrive.
    In(State, Vec<usize>),
}

impl Slot {
    pub(super) const fn height(&self) -> Px {
        match self {
            Self::Out(_) => NAMED,
            Self::In(..) => BARE,
        }
    }

    /// The arrows.
    pub(super) fn arrows(&self) -> &[usize] {
        match self {
            Self::Out(arrow) => std::slice::from_ref(arrow),
            Self::In(_, arrows) => arrows,
        }
    }
}

/// The slots of one row.
#[derive(Debug, Clone, Default)]
pub(super) struct RowPorts {
    pub(super) left: Vec<Slot>,
    pub(super) right: Vec<Slot>,
}

impl RowPorts {
    pub(super) fn height(&self) -> Px {
        let of = |slots: &[Slot]| slots.iter().map(Slot::height).fold(0, Px::saturating_add);
        ROW.max(of(&self.left).max(of(&self.right)).saturating_add(2 * PAD))
    }

    pub(super) fn side(&mut self, side: Side) -> &mut Vec<Slot> {
        match side {
            Side::Left => &mut self.left,
            Side::Right => &mut self.right,
        }
    }

    /// The middle of each slot of a side, from the top of the row.
    pub(super) fn middles(slots: &[Slot], height: Px) -> Vec<Px> {
        let all = slots.iter().map(Slot::height).fold(0, Px::saturating_add);
        let mut y = (height - all) / 2;
        let middle = |slot: &Slot| {
            // A name is above its arrow.
            let middle = y + if matches!(slot, Slot::Out(_)) {
                NAMED - 4
            } else {
                BARE / 2
            };
            y += slot.height();
            middle
        };
        slots.iter().map(middle).collect()
    }
}

/// The sides on which an arrow leaves and arrives.
pub(super) fn sides(from: usize, to: usize, layers: &[usize]) -> (Side, Side) {
    if from == to {
        (Side::Right, Side::Right)
    } else if layers[from] < layers[to] {
        (Side::Right, Side::Left)
    } else {
        (Side::Left, Side::Right)
    }
}

/// The slots of every row of every instance.
pub(super) fn ports(graph: &Graph, layers: &[usize]) -> Vec<Vec<RowPorts>> {
    let mut ports: Vec<Vec<RowPorts>> = graph
        .instances
        .iter()
        .map(|it| vec![RowPorts::default(); it.rows.len()])
        .collect();
    let mut arriving: BTreeMap<(usize, usize, Side, State), Vec<usize>> = BTreeMap::new();
    for (number, arrow) in graph.arrows.iter().enumerate() {
        let (leaves, arrives) = sides(arrow.from.0, arrow.to.0, layers);
        ports[arrow.from.0][arrow.from.1]
            .side(leaves)
            .push(Slot::Out(number));
        arriving
            .entry((arrow.to.0, arrow.to.1, arrives, arrow.state))
            .or_default()
            .push(number);
    }
    for ((instance, row, side, state), arrows) in arriving {
        ports[instance][row]
            .side(side)
            .push(Slot::In(state, arrows));
    }
    ports
}

/// Returns the height of a lane.
pub(super) fn lane(arrows: usize) -> Px {
    count(arrows).saturating_mul(BARE)
}

/// The middle of an arrow's way in a lane, from its top.
pub(super) fn in_lane(number: usize) -> Px {
    count(number).saturating_mul(BARE) + BARE / 2
}
