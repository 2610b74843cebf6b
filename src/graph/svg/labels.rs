//! The texts of cards and arrows, as short as they are drawn.

use super::element::{columns_px, fit_columns};
use super::shorten::shorten;
use super::{Graph, GraphTexts};
use crate::graph::layout::TextWidths;

/// The maximum columns of text of a row, of the name of an instance, and of the name of an arrow with its symbol.
const ROW_COLUMNS: usize = 34;
const NAME_COLUMNS: usize = 28;
const ARROW_COLUMNS: usize = 32;

/// The padding of a card.
pub(super) const PAD: i32 = 12;

/// The minimum width of a card without its padding.
const MIN_CARD: i32 = 100;

/// The texts of a graph.
pub(super) struct Labels {
    pub(super) cards: Vec<CardLabels>,
    /// The label of each arrow.
    pub(super) arrows: Vec<String>,
}

/// The texts of a card.
pub(super) struct CardLabels {
    pub(super) name: String,
    pub(super) second_line: String,
    pub(super) rows: Vec<String>,
}

impl Labels {
    pub(super) fn new(graph: &Graph, texts: &GraphTexts) -> Self {
        let mut cards = Vec::with_capacity(graph.instances.len());
        for (instance, name) in graph.instances.iter().zip(instance_names(graph)) {
            let rows: Vec<String> = instance.rows.iter().map(|it| graph.row_label(it)).collect();
            cards.push(CardLabels {
                name,
                second_line: fit_columns(&instance.second_line(texts), ROW_COLUMNS),
                rows: shorten(&rows, ROW_COLUMNS),
            });
        }
        // Symbols of states are no part of the names that are alike.
        let names = graph.arrows.iter().map(|it| it.name(texts).into_owned());
        let names = shorten(&names.collect::<Vec<_>>(), ARROW_COLUMNS - 2);
        let arrows = graph.arrows.iter().zip(names);
        Self {
            cards,
            arrows: arrows
                .map(|(arrow, name)| format!("{}{name}", arrow.state.symbol()))
                .collect(),
        }
    }

    /// Returns the widths of the texts.
    pub(super) fn widths(&self) -> TextWidths {
        let card = |card: &CardLabels| {
            let rows = card.rows.iter().map(|row| columns_px(row));
            let head = [columns_px(&card.name) + 10, columns_px(&card.second_line)];
            let widest = rows.chain(head).max().unwrap_or_default();
            widest.max(MIN_CARD) + 2 * PAD
        };
        TextWidths {
            cards: self.cards.iter().map(card).collect(),
            arrows: self.arrows.iter().map(|label| columns_px(label)).collect(),
        }
    }
}

/// Returns the name of each instance.
pub(super) fn instance_names(graph: &Graph) -> Vec<String> {
    let names: Vec<String> = graph.instances.iter().map(|it| it.name.clone()).collect();
    shorten(&names, NAME_COLUMNS)
}
