//! Layered graph drawing after Sugiyama: layer assignment, crossing reduction, coordinate assignment.
//!
//! A layer is a column of the picture, and images flow from left to right. An instance is a card with a row for each
//! namespace or repository; an arrow starts at a port of its row, where there is room for its name, bends only between
//! two columns, and passes a column through a dummy node. So no two names overlap, and no arrow runs behind a card. An
//! arrow against the flow leaves on the left and arrives on the right. All lengths are whole pixels, and the order of
//! the graph decides between equal choices.

mod columns;
mod coordinates;
mod isotonic;
mod layers;
mod order;
mod ports;

use std::collections::BTreeMap;

use self::layers::{EdgeWeights, assign_layers};
use self::order::order_columns;
use super::model::Graph;

/// A length or coordinate in pixels.
pub(super) type Px = i32;

/// The positions of all cards and arrows, from the upper left corner.
pub(super) struct Layout {
    pub(super) width: Px,
    pub(super) height: Px,
    pub(super) cards: Vec<Card>,
    /// The path of each arrow of the graph, in order.
    pub(super) paths: Vec<ArrowPath>,
}

/// The rectangle of an instance.
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

/// The path of an arrow.
pub(super) struct ArrowPath {
    pub(super) start: (Px, Px),
    pub(super) segments: Vec<PathSegment>,
    /// True if it arrives from the left.
    pub(super) rightwards: bool,
    pub(super) label: ArrowLabel,
}

/// A segment of the path of an arrow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PathSegment {
    /// A horizontal line to an x coordinate.
    Horizontal(Px),
    /// A curve to a point.
    Curve(Px, Px),
    /// A curve out to an x coordinate, and back to a point: for an instance that copies to itself.
    Loop(Px, Px, Px),
}

/// The position of an arrow's name: where its base line begins, or ends if the name is left of a card.
pub(super) struct ArrowLabel {
    pub(super) x: Px,
    pub(super) y: Px,
    pub(super) ends: bool,
}

/// The widths of texts.
pub(super) struct TextWidths {
    /// The width of the widest text of each card.
    pub(super) cards: Vec<Px>,
    /// The width of each arrow's label.
    pub(super) arrows: Vec<Px>,
}

/// Returns the layout of a graph. It leaves out the instances that no rule names.
pub(super) fn layout(graph: &Graph, widths: &TextWidths) -> Layout {
    let mut weights = EdgeWeights::new();
    for arrow in graph.arrows.iter().filter(|it| it.from.0 != it.to.0) {
        let weight = weights.entry((arrow.from.0, arrow.to.0)).or_default();
        *weight = weight.saturating_add(arrow.count);
    }
    let layers = assign_layers(graph.instances.len(), &weights);
    let mut shown: Vec<usize> = (0..graph.instances.len())
        .filter(|it| !graph.instances[*it].rows.is_empty())
        .collect();
    // Instances of one region begin side by side, and stay so unless crossings decide otherwise.
    shown.sort_by_key(|it| (graph.instances[*it].region.as_ref(), *it));
    let columns = order_columns(&shown, &layers, &weights);
    coordinates::assign_coordinates(graph, widths, &layers, &columns)
}

/// Returns the number of columns that all arrows pass together, which is the cost of a layout.
pub(super) fn passed_columns(graph: &Graph) -> usize {
    let mut weights = EdgeWeights::new();
    for arrow in graph.arrows.iter().filter(|it| it.from.0 != it.to.0) {
        *weights.entry((arrow.from.0, arrow.to.0)).or_default() += 1;
    }
    let layers = assign_layers(graph.instances.len(), &weights);
    weights
        .iter()
        .map(|((from, to), arrows)| layers[*from].abs_diff(layers[*to]).saturating_mul(*arrows))
        .sum()
}

/// Returns the number, as a length.
pub(super) fn count(number: usize) -> Px {
    Px::try_from(number)
        .unwrap_or(Px::MAX / 1_000)
        .min(Px::MAX / 1_000)
}

/// Returns the mean of some heights; `None` of none.
fn mean(values: impl Iterator<Item = Px>) -> Option<Px> {
    let mut sum = 0_i64;
    let mut count = 0_i64;
    for value in values {
        sum += i64::from(value);
        count += 1;
    }
    sum.checked_div(count).and_then(|it| Px::try_from(it).ok())
}

/// The position of each node.
type NodePositions = BTreeMap<order::LayerNode, coordinates::NodePosition>;
