//! The ports of arrows at their rows: an outgoing arrow has a port of its own with room for a name, and the incoming
//! arrows of one state share a port of their row. Arrows between two rows in both directions have a port each, in the
//! same order at both rows, so that they do not cross.

use std::collections::{BTreeMap, BTreeSet};

use super::{Px, count};
use crate::graph::model::{Graph, RuleState};

/// The height of a port with a name, and of one without.
pub(super) const NAMED: Px = 18;
const BARE: Px = 10;

/// The least height of a row, and the room between its ports and its edge.
const ROW: Px = 26;
const PAD: Px = 3;

/// A side of a card.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum CardSide {
    Left,
    Right,
}

/// A port: the point of a row where arrows leave or arrive.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Port {
    /// The port of an outgoing arrow.
    Outgoing(usize),
    /// The port of incoming arrows of one state.
    Incoming(RuleState, Vec<usize>),
}

impl Port {
    pub(super) const fn height(&self) -> Px {
        match self {
            Self::Outgoing(_) => NAMED,
            Self::Incoming(..) => BARE,
        }
    }

    /// Returns the arrows.
    pub(super) fn arrows(&self) -> &[usize] {
        match self {
            Self::Outgoing(arrow) => std::slice::from_ref(arrow),
            Self::Incoming(_, arrows) => arrows,
        }
    }
}

/// The ports of one row.
#[derive(Debug, Clone, Default)]
pub(super) struct RowPorts {
    pub(super) left: Vec<Port>,
    pub(super) right: Vec<Port>,
}

impl RowPorts {
    pub(super) fn height(&self) -> Px {
        let total = |ports: &[Port]| ports.iter().map(Port::height).fold(0, Px::saturating_add);
        ROW.max(
            total(&self.left)
                .max(total(&self.right))
                .saturating_add(2 * PAD),
        )
    }

    pub(super) fn side(&mut self, side: CardSide) -> &mut Vec<Port> {
        match side {
            CardSide::Left => &mut self.left,
            CardSide::Right => &mut self.right,
        }
    }

    /// Returns the middle of each port of a side, from the top of the row.
    pub(super) fn middles(ports: &[Port], height: Px) -> Vec<Px> {
        let all = ports.iter().map(Port::height).fold(0, Px::saturating_add);
        let mut y = (height - all) / 2;
        let middle = |port: &Port| {
            // A name is above its arrow.
            let middle = y + if matches!(port, Port::Outgoing(_)) {
                NAMED - 4
            } else {
                BARE / 2
            };
            y += port.height();
            middle
        };
        ports.iter().map(middle).collect()
    }
}

/// Returns the sides on which an arrow leaves and arrives.
pub(super) fn sides(from: usize, to: usize, layers: &[usize]) -> (CardSide, CardSide) {
    if from == to {
        (CardSide::Right, CardSide::Right)
    } else if layers[from] < layers[to] {
        (CardSide::Right, CardSide::Left)
    } else {
        (CardSide::Left, CardSide::Right)
    }
}

/// Returns the ports of every row of every instance.
pub(super) fn assign_ports(graph: &Graph, layers: &[usize]) -> Vec<Vec<RowPorts>> {
    let mut ports: Vec<Vec<RowPorts>> = graph
        .instances
        .iter()
        .map(|it| vec![RowPorts::default(); it.rows.len()])
        .collect();
    let ends: BTreeSet<_> = graph.arrows.iter().map(|it| (it.from, it.to)).collect();
    let mut arriving: BTreeMap<(usize, usize, CardSide, RuleState), Vec<usize>> = BTreeMap::new();
    for (number, arrow) in graph.arrows.iter().enumerate() {
        let (leaves, arrives) = sides(arrow.from.0, arrow.to.0, layers);
        ports[arrow.from.0][arrow.from.1]
            .side(leaves)
            .push(Port::Outgoing(number));
        if arrow.from.0 != arrow.to.0 && ends.contains(&(arrow.to, arrow.from)) {
            ports[arrow.to.0][arrow.to.1]
                .side(arrives)
                .push(Port::Incoming(arrow.state, vec![number]));
            continue;
        }
        arriving
            .entry((arrow.to.0, arrow.to.1, arrives, arrow.state))
            .or_default()
            .push(number);
    }
    for ((instance, row, side, state), arrows) in arriving {
        ports[instance][row]
            .side(side)
            .push(Port::Incoming(state, arrows));
    }
    ports
}

/// Returns the height of the bundle of arrows that passes a layer through one dummy node.
pub(super) fn bundle_height(arrows: usize) -> Px {
    count(arrows).saturating_mul(BARE)
}

/// Returns the middle of an arrow within its bundle, from the top of the bundle.
pub(super) fn offset_in_bundle(number: usize) -> Px {
    count(number).saturating_mul(BARE) + BARE / 2
}
