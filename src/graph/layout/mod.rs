//! The layered layout: instances in columns, images flowing from left to right, every arrow at a place of its own.
//!
//! A layered drawing after Sugiyama, with what these pictures need: an instance is a card with a row for each namespace
//! or repository; an arrow starts beside its row, where there is room for its name, bends only between two columns, and
//! passes a column in a lane of its own. So no two names can overlap, and no arrow runs behind a card. What flows back
//! leaves on the left and arrives on the right. All of it is whole pixels, and in the order of the graph.

mod columns;
mod isotonic;
mod layers;
mod order;
mod place;
mod ports;

use std::collections::BTreeMap;

use self::layers::{Flows, layers};
use self::order::columns;
use super::model::Graph;

/// A length or coordinate in pixels.
pub(super) type Px = i32;

/// The positions of all items, from the upper left corner.
pub(super) struct Layout {
    pub(super) width: Px,
    pub(super) height: Px,
    pub(super) cards: Vec<Card>,
    /// For each arrow of the graph, in order.
    pub(super) routes: Vec<Route>,
}

/// An instance.
pub(super) struct Card {
    /// An index into [`Graph::instances`].
    pub(super) instance: usize,
    pub(super) x: Px,
    pub(super) y: Px,
    pub(super) width: Px,
    pub(super) height: Px,
    /// Its rows from top to bottom: an index into its rows, and where the row begins and how high it is.
    pub(super) rows: Vec<(usize, Px, Px)>,
}

/// The way of an arrow.
pub(super) struct Route {
    pub(super) start: (Px, Px),
    pub(super) legs: Vec<Leg>,
    /// True if it arrives from the left.
    pub(super) rightwards: bool,
    pub(super) label: Label,
}

/// A part of the way of an arrow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Leg {
    /// A straight line at one height.
    Straight(Px),
    /// A bend to another height.
    Bend(Px, Px),
    /// Out to a column of its own, to another height and back: for an instance that copies to itself.
    Loop(Px, Px, Px),
}

/// The place of an arrow's name: its base line begins here, or ends here where it is left of a card.
pub(super) struct Label {
    pub(super) x: Px,
    pub(super) y: Px,
    pub(super) ends: bool,
}

/// The widths of texts.
pub(super) struct Widths {
    /// The width of the widest text of each card.
    pub(super) cards: Vec<Px>,
    /// The width of each arrow's label.
    pub(super) arrows: Vec<Px>,
}

/// Lays a graph out. Instances that no rule names have no place in it.
pub(super) fn layout(graph: &Graph, widths: &Widths) -> Layout {
    let mut flows = Flows::new();
    for arrow in graph.arrows.iter().filter(|it| it.from.0 != it.to.0) {
        let flow = flows.entry((arrow.from.0, arrow.to.0)).or_default();
        *flow = flow.saturating_add(arrow.count);
    }
    let layers = layers(graph.instances.len(), &flows);
    let mut shown: Vec<usize> = (0..graph.instances.len())
        .filter(|it| !graph.instances[*it].rows.is_empty())
        .collect();
    // Instances of one region begin side by side, and stay so where nothing else speaks.
    shown.sort_by_key(|it| (graph.instances[*it].region.as_ref(), *it));
    let columns = columns(&shown, &layers, &flows);
    place::place(graph, widths, &layers, &columns)
}

/// Returns how many columns all arrows pass together: what a layout costs.
pub(super) fn passed_columns(graph: &Graph) -> usize {
    let mut flows = Flows::new();
    for arrow in graph.arrows.iter().filter(|it| it.from.0 != it.to.0) {
        *flows.entry((arrow.from.0, arrow.to.0)).or_default() += 1;
    }
    let layers = layers(graph.instances.len(), &flows);
    flows
        .iter()
        .map(|((from, to), arrows)| layers[*from].abs_diff(layers[*to]).saturating_mul(*arrows))
        .sum()
}

/// Returns the number, as a length.
fn count(number: usize) -> Px {
    Px::try_from(number)
        .unwrap_or(Px::MAX / 1_000)
        .min(Px::MAX / 1_000)
}

/// The mean of some heights; `None` of none.
fn mean(values: impl Iterator<Item = Px>) -> Option<Px> {
    let (sum, all) = values.fold((0_i64, 0_i64), |(sum, all), it| {
        (sum + i64::from(it), all + 1)
    });
    sum.checked_div(all).and_then(|it| Px::try_from(it).ok())
}

/// The position of each item.
type Placed = BTreeMap<order::Item, place::Spot>;
