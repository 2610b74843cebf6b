//! The graph as SVG 1.1, with a style sheet for light and dark, without script or external resource.
//!
//! It is complete as a file, and fits into an HTML page as it is: every class is below `crdrift-graph`, and there is no
//! id. Screen readers have the title, the description, and the name of every arrow.

mod element;
mod header;
mod style;

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io::{self, Write};

use self::element::{Element, columns_px, fit_columns};
use self::header::Header;
use super::layout::{ArrowPath, Card, Layout, PathSegment, Px, TextWidths, layout, passed_columns};
use super::model::{Arrow, Graph, RuleState};
use crate::i18n::GraphTexts;

/// The maximum columns of text of a row, of the name of an instance, and of the name of an arrow.
const ROW_COLUMNS: usize = 34;
const NAME_COLUMNS: usize = 28;
const ARROW_COLUMNS: usize = 32;

/// The margin of the picture.
const MARGIN: Px = 24;

/// The minimum and the maximum width of the text above the drawing.
const MIN_HEADER: Px = 640;
const MAX_HEADER: Px = 1_200;

/// The maximum number of arrows, and a lower one for arrows that pass more than [`MAX_PASSED_COLUMNS`] together.
const MAX_ARROWS: usize = 1_000;
const MAX_LONG_ARROWS: usize = 200;
const MAX_PASSED_COLUMNS: usize = 20_000;

/// Returns the graph to draw: all of it, or its first arrows if there are too many.
fn drawable(graph: &Graph) -> Cow<'_, Graph> {
    let mut drawn = Cow::Borrowed(graph);
    for max in [MAX_ARROWS, MAX_LONG_ARROWS] {
        if drawn.arrows.len() > max
            && (max == MAX_ARROWS || passed_columns(&drawn) > MAX_PASSED_COLUMNS)
        {
            let drawn = drawn.to_mut();
            let rest = drawn.arrows.split_off(max);
            drawn.omitted.arrows += rest.len();
            drawn.omitted.rules += rest.iter().map(|arrow| arrow.count).sum::<usize>();
        }
    }
    drawn
}

pub(super) fn render(graph: &Graph, texts: &GraphTexts, to: &mut dyn Write) -> io::Result<()> {
    let graph = &*drawable(graph);
    let layout = layout(graph, &widths(graph, texts));
    let width = layout.width.clamp(MIN_HEADER, MAX_HEADER);
    let head = Header::new(graph, texts, width);
    let (all, height) = (
        layout.width.max(width) + 2 * MARGIN,
        head.height + layout.height + 2 * MARGIN,
    );
    writeln!(
        to,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"crdrift-graph\" role=\"img\" viewBox=\"0 0 {all} {height}\" \
         width=\"{all}\" height=\"{height}\">"
    )?;
    Element::new("title").text(&graph.caption.title).write(to)?;
    Element::new("desc")
        .text(&description(graph, texts))
        .write(to)?;
    to.write_all(style::SHEET.as_bytes())?;
    Element::new("rect")
        .class("page")
        .px("width", all)
        .px("height", height)
        .write(to)?;
    writeln!(to, "<g transform=\"translate({MARGIN} {MARGIN})\">")?;
    head.write(to)?;
    writeln!(to, "</g>")?;
    let (left, top) = (
        MARGIN + (width - layout.width).max(0) / 2,
        MARGIN + head.height,
    );
    writeln!(to, "<g transform=\"translate({left} {top})\">")?;
    let mut drawing = Drawing {
        graph,
        layout: &layout,
        texts,
        to,
    };
    drawing.draw()?;
    writeln!(to, "</g>\n</svg>")
}

/// Describes the picture for screen readers.
fn description(graph: &Graph, texts: &GraphTexts) -> String {
    let counts = graph
        .counts
        .iter()
        .map(|(state, count)| format!("{count} {}", state.legend(texts)));
    let incomplete = graph
        .incomplete()
        .map(|(name, why)| format!(" {name}: {}.", texts.incomplete(why)));
    let mut counts: Vec<String> = counts.collect();
    if counts.is_empty() {
        counts.push(texts.none.to_owned());
    }
    format!(
        "{} {}: {}.{}",
        graph.caption.subtitle,
        texts.rules,
        counts.join(", "),
        incomplete.collect::<String>()
    )
}

fn widths(graph: &Graph, texts: &GraphTexts) -> TextWidths {
    let card = |instance: &super::InstanceNode| {
        let rows = instance
            .rows
            .iter()
            .map(|row| columns_px(&fit_columns(&graph.row_label(row), ROW_COLUMNS)));
        let head = [
            columns_px(&fit_columns(&instance.name, NAME_COLUMNS)) + 10,
            columns_px(&fit_columns(&instance.second_line(texts), ROW_COLUMNS)),
        ];
        rows.chain(head).max().unwrap_or_default().max(100) + 2 * PAD
    };
    TextWidths {
        cards: graph.instances.iter().map(card).collect(),
        arrows: graph
            .arrows
            .iter()
            .map(|it| columns_px(&fit_columns(&Graph::arrow_label(it, texts), ARROW_COLUMNS)))
            .collect(),
    }
}

/// The padding of a card.
const PAD: Px = 12;

/// Writes the arrows and cards of a graph.
struct Drawing<'a> {
    graph: &'a Graph,
    layout: &'a Layout,
    texts: &'a GraphTexts,
    to: &'a mut dyn Write,
}

impl Drawing<'_> {
    /// Draws the arrows, the most relevant ones last, then the cards and the names of arrows.
    fn draw(&mut self) -> io::Result<()> {
        let Self {
            graph,
            layout,
            texts,
            ..
        } = *self;
        let mut arrows: Vec<(&Arrow, &ArrowPath)> =
            graph.arrows.iter().zip(&layout.paths).collect();
        arrows.sort_by_key(|(arrow, _)| arrow.state);
        for (arrow, path) in &arrows {
            self.draw_arrow(arrow, path)?;
        }
        for card in &layout.cards {
            self.draw_card(card)?;
        }
        for (arrow, path) in arrows {
            let label = &path.label;
            let anchor = if label.ends { "name ends" } else { "name" };
            let class = format!("{anchor} s-{}", arrow.state.as_str());
            Element::new("text")
                .class(&class)
                .at(label.x, label.y)
                .text(&fit_columns(
                    &Graph::arrow_label(arrow, texts),
                    ARROW_COLUMNS,
                ))
                .write(self.to)?;
        }
        Ok(())
    }

    fn draw_arrow(&mut self, arrow: &Arrow, path: &ArrowPath) -> io::Result<()> {
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
        writeln!(
            self.to,
            "<g class=\"arrow s-{}{many}\">",
            arrow.state.as_str()
        )?;
        Element::new("title")
            .text(&describe(self.graph, arrow, self.texts))
            .write(self.to)?;
        Element::new("path")
            .class("way")
            .attribute("d", &commands)
            .write(self.to)?;
        Element::new("path")
            .class("point")
            .attribute("d", &point)
            .write(self.to)?;
        writeln!(self.to, "</g>")
    }

    fn draw_card(&mut self, card: &Card) -> io::Result<()> {
        let Self { graph, texts, .. } = *self;
        let instance = &graph.instances[card.instance];
        let incomplete = if instance.incomplete.is_some() {
            " unread"
        } else {
            ""
        };
        let undeclared = if instance.declared { "" } else { " strange" };
        writeln!(self.to, "<g class=\"card{incomplete}{undeclared}\">")?;
        let rect = |class: &str| {
            Element::new("rect")
                .class(class)
                .px("x", card.x)
                .px("width", card.width)
                .px("rx", 8)
        };
        rect("body")
            .px("y", card.y)
            .px("height", card.height)
            .write(self.to)?;
        Element::new("text")
            .class("title")
            .at(card.x + PAD, card.y + 19)
            .text(&fit_columns(&instance.name, NAME_COLUMNS))
            .write(self.to)?;
        let region = instance.second_line(texts);
        Element::new("text")
            .class("region")
            .at(card.x + PAD, card.y + 35)
            .text(&fit_columns(&region, ROW_COLUMNS))
            .write(self.to)?;
        for (row, y, height) in &card.rows {
            let label = graph.row_label(&instance.rows[*row]);
            if !label.is_empty() {
                let line = format!("M{} {y}h{}", card.x, card.width);
                Element::new("path")
                    .class("line")
                    .attribute("d", &line)
                    .write(self.to)?;
                Element::new("text")
                    .class("row")
                    .at(card.x + PAD, y + height / 2 + 4)
                    .text(&fit_columns(&label, ROW_COLUMNS))
                    .write(self.to)?;
            }
        }
        writeln!(self.to, "</g>")
    }
}

/// The maximum number of names in the description of an arrow.
const MAX_NAMES: usize = 12;

/// Describes an arrow in full.
fn describe(graph: &Graph, arrow: &Arrow, texts: &GraphTexts) -> String {
    let mut names = arrow
        .rules
        .iter()
        .take(MAX_NAMES)
        .cloned()
        .collect::<Vec<_>>()
        .join(", ");
    let shown = arrow.rules.len().min(MAX_NAMES);
    if arrow.count > shown {
        names.push_str(&texts.and_more(arrow.count - shown));
    }
    texts.arrow(
        &graph.end_label(arrow.from),
        &graph.end_label(arrow.to),
        arrow.state.legend(texts),
        &names,
    )
}

/// Returns an entry of the legend.
fn legend_entry(state: RuleState, count: usize, texts: &GraphTexts) -> String {
    format!("{}{} ({count})", state.symbol(), state.legend(texts))
}
