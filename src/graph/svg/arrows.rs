//! The graph as cards and arrows between their rows.

use std::fmt::Write as _;
use std::io::{self, Write};

use super::element::Element;
use super::labels::{Labels, PAD};
use super::{Graph, GraphTexts, Px, describe};
use crate::graph::layout::{ArrowPath, Card, Layout, PathSegment, layout};
use crate::graph::model::Arrow;

/// The cards and arrows of a graph.
pub(super) struct ArrowDrawing<'a> {
    graph: &'a Graph,
    texts: &'a GraphTexts,
    labels: Labels,
    layout: Layout,
}

impl<'a> ArrowDrawing<'a> {
    pub(super) fn new(graph: &'a Graph, texts: &'a GraphTexts) -> Self {
        let labels = Labels::new(graph, texts);
        Self {
            layout: layout(graph, &labels.widths()),
            graph,
            texts,
            labels,
        }
    }

    pub(super) const fn width(&self) -> Px {
        self.layout.width
    }

    pub(super) const fn height(&self) -> Px {
        self.layout.height
    }

    /// Draws the arrows, the most relevant ones last, then the cards and the names of arrows.
    pub(super) fn write(&self, to: &mut dyn Write) -> io::Result<()> {
        let arrows = self.graph.arrows.iter().zip(&self.layout.paths);
        let mut arrows: Vec<((&Arrow, &ArrowPath), &String)> =
            arrows.zip(&self.labels.arrows).collect();
        arrows.sort_by_key(|((arrow, _), _)| arrow.state);
        for ((arrow, path), _) in &arrows {
            self.write_arrow(arrow, path, to)?;
        }
        for card in &self.layout.cards {
            self.write_card(card, to)?;
        }
        for ((arrow, path), text) in arrows {
            let label = &path.label;
            let anchor = if label.ends { "name ends" } else { "name" };
            let class = format!("{anchor} s-{}", arrow.state.as_str());
            Element::new("text")
                .class(&class)
                .at(label.x, label.y)
                .text(text)
                .write(to)?;
        }
        Ok(())
    }

    fn write_arrow(&self, arrow: &Arrow, path: &ArrowPath, to: &mut dyn Write) -> io::Result<()> {
        let (mut x, mut y) = path.start;
        // Writing to a String cannot fail.
        let mut commands = format!("M{x} {y}");
        for segment in &path.segments {
            match *segment {
                PathSegment::Horizontal(to) => {
                    let _ = write!(commands, "H{to}");
                    x = to;
                }
                PathSegment::Curve(to, height) => {
                    let middle = Px::midpoint(x, to);
                    let _ = write!(commands, "C{middle} {y} {middle} {height} {to} {height}");
                    (x, y) = (to, height);
                }
                PathSegment::Loop(reach, to, height) => {
                    let _ = write!(commands, "C{reach} {y} {reach} {height} {to} {height}");
                    (x, y) = (to, height);
                }
            }
        }
        let (back, half) = (if path.rightwards { -1 } else { 1 }, 4);
        let tip = if path.rightwards { x + 8 } else { x - 8 };
        let point = format!("M{tip} {y}L{} {}V{}Z", tip + 9 * back, y - half, y + half);
        let many = match arrow.count {
            0..=1 => "",
            2..=9 => " some",
            _ => " many",
        };
        writeln!(to, "<g class=\"arrow s-{}{many}\">", arrow.state.as_str())?;
        Element::new("title")
            .text(&describe(self.graph, arrow, self.texts))
            .write(to)?;
        Element::new("path")
            .class("way")
            .attribute("d", &commands)
            .write(to)?;
        Element::new("path")
            .class("point")
            .attribute("d", &point)
            .write(to)?;
        writeln!(to, "</g>")
    }

    fn write_card(&self, card: &Card, to: &mut dyn Write) -> io::Result<()> {
        let instance = &self.graph.instances[card.instance];
        let labels = &self.labels.cards[card.instance];
        let incomplete = if instance.incomplete.is_some() {
            " unread"
        } else {
            ""
        };
        let undeclared = if instance.declared { "" } else { " strange" };
        writeln!(to, "<g class=\"card{incomplete}{undeclared}\">")?;
        Element::new("rect")
            .class("body")
            .px("x", card.x)
            .px("width", card.width)
            .px("rx", 8)
            .px("y", card.y)
            .px("height", card.height)
            .write(to)?;
        Element::new("text")
            .class("title")
            .at(card.x + PAD, card.y + 19)
            .text(&labels.name)
            .write(to)?;
        Element::new("text")
            .class("region")
            .at(card.x + PAD, card.y + 35)
            .text(&labels.second_line)
            .write(to)?;
        for (row, y, height) in &card.rows {
            let label = &labels.rows[*row];
            if !label.is_empty() {
                let line = format!("M{} {y}h{}", card.x, card.width);
                Element::new("path")
                    .class("line")
                    .attribute("d", &line)
                    .write(to)?;
                Element::new("text")
                    .class("row")
                    .at(card.x + PAD, y + height / 2 + 4)
                    .text(label)
                    .write(to)?;
            }
        }
        writeln!(to, "</g>")
    }
}
