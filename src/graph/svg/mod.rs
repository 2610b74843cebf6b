//! A picture for people: SVG 1.1 with a style sheet for light and dark, no script, no outside resource.
//!
//! It is complete as a file, and can be put into an HTML page as it is: every class is below one of its own, and there
//! is no id. Who cannot see it has its title, its description, and the name of every arrow.

mod head;
mod style;
mod write;

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io::{self, Write};

use self::head::Head;
use self::write::{Element, columns_px, shown};
use super::layout::{Card, Layout, Leg, Px, Route, Widths, layout, passed_columns};
use super::model::{Arrow, Graph, State};
use crate::i18n::GraphTexts;

/// The most columns of text that a row, the name of an instance, and the name of an arrow have.
const ROW: usize = 34;
const NAME: usize = 28;
const ARROW: usize = 32;

/// The room around everything.
const MARGIN: Px = 24;

/// The least and the greatest width of the text above the drawing.
const LEAST: Px = 640;
const MOST: Px = 1_200;

/// The most arrows that are drawn, and the most where they pass more columns together than a picture can show.
const MOST_ARROWS: usize = 1_000;
const FEW_ARROWS: usize = 200;
const MOST_PASSED: usize = 20_000;

/// Returns what is drawn of a graph: all of it, or its first arrows where there are too many.
fn drawable(graph: &Graph) -> Cow<'_, Graph> {
    let mut drawn = Cow::Borrowed(graph);
    for most in [MOST_ARROWS, FEW_ARROWS] {
        if drawn.arrows.len() > most
            && (most == MOST_ARROWS || passed_columns(&drawn) > MOST_PASSED)
        {
            let drawn = drawn.to_mut();
            let rest = drawn.arrows.split_off(most);
            drawn.omitted.arrows += rest.len();
            drawn.omitted.rules += rest.iter().map(|arrow| arrow.count).sum::<usize>();
        }
    }
    drawn
}

pub(super) fn render(graph: &Graph, texts: &GraphTexts, to: &mut dyn Write) -> io::Result<()> {
    let graph = &*drawable(graph);
    let layout = layout(graph, &widths(graph, texts));
    let width = layout.width.clamp(LEAST, MOST);
    let head = Head::new(graph, texts, width);
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
    draw(graph, &layout, texts, to)?;
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

fn widths(graph: &Graph, texts: &GraphTexts) -> Widths {
    let card = |instance: &super::Instance| {
        let rows = instance
            .rows
            .iter()
            .map(|row| columns_px(&shown(&graph.label(row), ROW)));
        let head = [
            columns_px(&shown(&instance.name, NAME)) + 10,
            columns_px(&shown(&instance.second_line(texts), ROW)),
        ];
        rows.chain(head).max().unwrap_or_default().max(100) + 2 * PAD
    };
    Widths {
        cards: graph.instances.iter().map(card).collect(),
        arrows: graph
            .arrows
            .iter()
            .map(|it| columns_px(&shown(&Graph::name(it, texts), ARROW)))
            .collect(),
    }
}

/// The room between the edge of a card and its texts.
const PAD: Px = 12;

/// Arrows first, the calm ones below the others, and then cards and names.
fn draw(graph: &Graph, layout: &Layout, texts: &GraphTexts, to: &mut dyn Write) -> io::Result<()> {
    let mut arrows: Vec<(&Arrow, &Route)> = graph.arrows.iter().zip(&layout.routes).collect();
    arrows.sort_by_key(|(arrow, _)| arrow.state);
    for (arrow, route) in &arrows {
        draw_arrow(graph, arrow, route, texts, to)?;
    }
    for card in &layout.cards {
        draw_card(graph, card, texts, to)?;
    }
    for (arrow, route) in arrows {
        let label = &route.label;
        let anchor = if label.ends { "name ends" } else { "name" };
        let class = format!("{anchor} s-{}", arrow.state.as_str());
        Element::new("text")
            .class(&class)
            .at(label.x, label.y)
            .text(&shown(&Graph::name(arrow, texts), ARROW))
            .write(to)?;
    }
    Ok(())
}

fn draw_arrow(
    graph: &Graph,
    arrow: &Arrow,
    route: &Route,
    texts: &GraphTexts,
    to: &mut dyn Write,
) -> io::Result<()> {
    let (mut x, mut y) = route.start;
    // Writing to a String cannot fail.
    let mut way = format!("M{x} {y}");
    for leg in &route.legs {
        match *leg {
            Leg::Straight(to) => {
                let _ = write!(way, "H{to}");
                x = to;
            }
            Leg::Bend(to, height) => {
                let middle = Px::midpoint(x, to);
                let _ = write!(way, "C{middle} {y} {middle} {height} {to} {height}");
                (x, y) = (to, height);
            }
            Leg::Loop(reach, to, height) => {
                let _ = write!(way, "C{reach} {y} {reach} {height} {to} {height}");
                (x, y) = (to, height);
            }
        }
    }
    let (back, half) = (if route.rightwards { -1 } else { 1 }, 4);
    let tip = if route.rightwards { x + 8 } else { x - 8 };
    let point = format!("M{tip} {y}L{} {}V{}Z", tip + 9 * back, y - half, y + half);
    let many = match arrow.count {
        0..=1 => "",
        2..=9 => " some",
        _ => " many",
    };
    writeln!(to, "<g class=\"arrow s-{}{many}\">", arrow.state.as_str())?;
    Element::new("title")
        .text(&describe(graph, arrow, texts))
        .write(to)?;
    Element::new("path")
        .class("way")
        .attribute("d", &way)
        .write(to)?;
    Element::new("path")
        .class("point")
        .attribute("d", &point)
        .write(to)?;
    writeln!(to, "</g>")
}

/// The number of names of rules one arrow tells.
const SHOWN: usize = 12;

/// Describes an arrow in full.
fn describe(graph: &Graph, arrow: &Arrow, texts: &GraphTexts) -> String {
    let mut names = arrow
        .rules
        .iter()
        .take(SHOWN)
        .cloned()
        .collect::<Vec<_>>()
        .join(", ");
    let shown = arrow.rules.len().min(SHOWN);
    if arrow.count > shown {
        names.push_str(&texts.and_more(arrow.count - shown));
    }
    texts.arrow(
        &graph.end(arrow.from),
        &graph.end(arrow.to),
        arrow.state.legend(texts),
        &names,
    )
}

fn draw_card(graph: &Graph, card: &Card, texts: &GraphTexts, to: &mut dyn Write) -> io::Result<()> {
    let instance = &graph.instances[card.instance];
    let incomplete = if instance.incomplete.is_some() {
        " unread"
    } else {
        ""
    };
    let strange = if instance.declared { "" } else { " strange" };
    writeln!(to, "<g class=\"card{incomplete}{strange}\">")?;
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
        .write(to)?;
    Element::new("text")
        .class("title")
        .at(card.x + PAD, card.y + 19)
        .text(&shown(&instance.name, NAME))
        .write(to)?;
    let region = instance.second_line(texts);
    Element::new("text")
        .class("region")
        .at(card.x + PAD, card.y + 35)
        .text(&shown(&region, ROW))
        .write(to)?;
    for (row, y, height) in &card.rows {
        let label = graph.label(&instance.rows[*row]);
        if !label.is_empty() {
            let line = format!("M{} {y}h{}", card.x, card.width);
            Element::new("path")
                .class("line")
                .attribute("d", &line)
                .write(to)?;
            Element::new("text")
                .class("row")
                .at(card.x + PAD, y + height / 2 + 4)
                .text(&shown(&label, ROW))
                .write(to)?;
        }
    }
    writeln!(to, "</g>")
}

fn entry(state: State, count: usize, texts: &GraphTexts) -> String {
    format!("{}{} ({count})", state.symbol(), state.legend(texts))
}
