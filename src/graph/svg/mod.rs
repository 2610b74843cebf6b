//! A picture for people: SVG 1.1 with a style sheet for light and dark, no script, no outside resource.
//!
//! It stands alone as a file, and can be put into an HTML page as it is: every class is below one of its own, and there
//! is no id. Who cannot see it has its title, its description, and the name of every arrow.

mod style;
mod write;

use std::io::{self, Write};

use self::write::{Element, columns_px, shown};
use super::layout::{Card, Layout, Leg, Px, Route, Widths, layout};
use super::model::{Arrow, Graph, State};

/// The most columns of text that a row, the name of an instance, and the name of an arrow have.
const ROW: usize = 34;
const NAME: usize = 28;
const ARROW: usize = 26;

/// The room around everything.
const MARGIN: Px = 24;

/// The least and the greatest width of the text above the drawing.
const LEAST: Px = 560;
const MOST: Px = 1_200;

pub(super) fn render(graph: &Graph, to: &mut dyn Write) -> io::Result<()> {
    let layout = layout(graph, &widths(graph));
    let width = layout.width.clamp(LEAST, MOST);
    let head = Head::new(graph, width);
    let (all, height) = (layout.width.max(width) + 2 * MARGIN, head.height + layout.height + 2 * MARGIN);
    writeln!(
        to,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"crdrift-graph\" role=\"img\" viewBox=\"0 0 {all} {height}\" \
         width=\"{all}\" height=\"{height}\">"
    )?;
    Element::new("title").text(&graph.facts.title).write(to)?;
    Element::new("desc").text(&description(graph)).write(to)?;
    to.write_all(style::SHEET.as_bytes())?;
    Element::new("rect").class("page").px("width", all).px("height", height).write(to)?;
    head.write(to)?;
    let (left, top) = (MARGIN + (width - layout.width).max(0) / 2, MARGIN + head.height);
    writeln!(to, "<g transform=\"translate({left} {top})\">")?;
    draw(graph, &layout, to)?;
    writeln!(to, "</g>\n</svg>")
}

/// What is drawn, in sentences, for who cannot see it.
fn description(graph: &Graph) -> String {
    let counts = graph.counts.iter().map(|(state, count)| format!("{count} {}", state.told()));
    let counts: Vec<_> = counts.collect();
    let unread = graph.unread().map(|(name, why)| format!(" {name} was not read whole ({why}).")).collect::<String>();
    format!(
        "{} Rules: {}.{unread}",
        graph.facts.subtitle,
        if counts.is_empty() { "none".to_owned() } else { counts.join(", ") }
    )
}

fn widths(graph: &Graph) -> Widths {
    let card = |instance: &super::Instance| {
        let rows = instance.rows.iter().map(|row| columns_px(&shown(&graph.label(row), ROW)));
        let region = instance.region.as_deref().unwrap_or("not declared");
        let head = [columns_px(&shown(&instance.name, NAME)) + 10, columns_px(&shown(region, ROW))];
        rows.chain(head).max().unwrap_or_default().max(100) + 2 * PAD
    };
    Widths {
        cards: graph.instances.iter().map(card).collect(),
        arrows: graph.arrows.iter().map(|it| columns_px(&shown(&Graph::name(it), ARROW))).collect(),
    }
}

/// The room between the edge of a card and its texts.
const PAD: Px = 12;

/// Arrows first, the calm ones below the others, and then cards and names.
fn draw(graph: &Graph, layout: &Layout, to: &mut dyn Write) -> io::Result<()> {
    let mut arrows: Vec<(&Arrow, &Route)> = graph.arrows.iter().zip(&layout.routes).collect();
    arrows.sort_by_key(|(arrow, _)| arrow.state);
    for (arrow, route) in &arrows {
        draw_arrow(graph, arrow, route, to)?;
    }
    for card in &layout.cards {
        draw_card(graph, card, to)?;
    }
    for (arrow, route) in arrows {
        let label = &route.label;
        let anchor = if label.ends { "name ends" } else { "name" };
        let class = format!("{anchor} s-{}", arrow.state.as_str());
        Element::new("text").class(&class).at(label.x, label.y).text(&shown(&Graph::name(arrow), ARROW)).write(to)?;
    }
    Ok(())
}

fn draw_arrow(graph: &Graph, arrow: &Arrow, route: &Route, to: &mut dyn Write) -> io::Result<()> {
    let (mut x, mut y) = route.start;
    let mut way = format!("M{x} {y}");
    for leg in &route.legs {
        match *leg {
            Leg::Straight(to) => {
                way.push_str(&format!("H{to}"));
                x = to;
            }
            Leg::Bend(to, height) => {
                let middle = (x + to) / 2;
                way.push_str(&format!("C{middle} {y} {middle} {height} {to} {height}"));
                (x, y) = (to, height);
            }
            Leg::Loop(reach, to, height) => {
                way.push_str(&format!("C{reach} {y} {reach} {height} {to} {height}"));
                (x, y) = (to, height);
            }
        }
    }
    let (back, half) = (if route.rightwards { -1 } else { 1 }, 4);
    let tip = if route.rightwards { x + 8 } else { x - 8 };
    let point = format!("M{tip} {y}L{} {}V{}Z", tip + 9 * back, y - half, y + half);
    let many = match arrow.rules.len() {
        0..=1 => "",
        2..=9 => " some",
        _ => " many",
    };
    writeln!(to, "<g class=\"arrow s-{}{many}\">", arrow.state.as_str())?;
    Element::new("title").text(&told(graph, arrow)).write(to)?;
    Element::new("path").class("way").attribute("d", &way).write(to)?;
    Element::new("path").class("point").attribute("d", &point).write(to)?;
    writeln!(to, "</g>")
}

/// How many names of rules one arrow tells.
const TOLD: usize = 12;

/// What an arrow is, in full.
fn told(graph: &Graph, arrow: &Arrow) -> String {
    let end = |(instance, row): (usize, usize)| {
        let it = &graph.instances[instance];
        let row = graph.label(&it.rows[row]);
        if row.is_empty() { it.name.clone() } else { format!("{}/{row}", it.name) }
    };
    let mut names = arrow.rules.iter().take(TOLD).cloned().collect::<Vec<_>>().join(", ");
    if arrow.rules.len() > TOLD {
        names.push_str(&format!(" and {} more", arrow.rules.len() - TOLD));
    }
    format!("{} to {}, {}: {names}", end(arrow.from), end(arrow.to), arrow.state.told())
}

fn draw_card(graph: &Graph, card: &Card, to: &mut dyn Write) -> io::Result<()> {
    let instance = &graph.instances[card.instance];
    let unread = if instance.unread.is_some() { " unread" } else { "" };
    let strange = if instance.declared { "" } else { " strange" };
    writeln!(to, "<g class=\"card{unread}{strange}\">")?;
    let rect = |class: &str| Element::new("rect").class(class).px("x", card.x).px("width", card.width).px("rx", 8);
    rect("body").px("y", card.y).px("height", card.height).write(to)?;
    Element::new("text").class("title").at(card.x + PAD, card.y + 19).text(&shown(&instance.name, NAME)).write(to)?;
    let region = match (&instance.region, &instance.unread) {
        (_, Some(why)) => format!("not read whole: {why}"),
        (Some(region), None) => region.clone(),
        (None, None) => "not declared".to_owned(),
    };
    Element::new("text").class("region").at(card.x + PAD, card.y + 35).text(&shown(&region, ROW)).write(to)?;
    for (row, y, height) in &card.rows {
        let label = graph.label(&instance.rows[*row]);
        let line = format!("M{} {y}h{}", card.x, card.width);
        Element::new("path").class("line").attribute("d", &line).write(to)?;
        if !label.is_empty() {
            Element::new("text")
                .class("row")
                .at(card.x + PAD, y + height / 2 + 4)
                .text(&shown(&label, ROW))
                .write(to)?;
        }
    }
    writeln!(to, "</g>")
}

/// Title, legend, and what must not be overlooked.
struct Head<'a> {
    graph: &'a Graph,
    /// Where each part of the legend stands.
    legend: Vec<(State, usize, Px, Px)>,
    notes: Vec<String>,
    height: Px,
}

impl<'a> Head<'a> {
    fn new(graph: &'a Graph, width: Px) -> Self {
        let (mut x, mut y) = (0, 58);
        let legend = graph.counts.iter().rev().map(|(&state, &count)| {
            let wide = 44 + columns_px(&entry(state, count)) + 24;
            if x > 0 && x + wide > width {
                (x, y) = (0, y + 22);
            }
            let place = (state, count, x, y);
            x += wide;
            place
        });
        let legend: Vec<_> = legend.collect();
        let mut notes = Vec::new();
        let unread: Vec<_> = graph.unread().map(|(name, why)| format!("{name} ({why})")).collect();
        if !unread.is_empty() {
            notes.push(format!("Incomplete: not read whole: {}. What they list is not known.", unread.join(", ")));
        }
        let apart: Vec<_> = graph.apart().collect();
        if !apart.is_empty() {
            notes.push(format!("No rule here names {}.", apart.join(", ")));
        }
        let height = y + 22 + 20 * Px::try_from(notes.len()).unwrap_or_default() + 10;
        Self { graph, legend, notes, height }
    }

    fn write(&self, to: &mut dyn Write) -> io::Result<()> {
        writeln!(to, "<g transform=\"translate({MARGIN} {MARGIN})\">")?;
        let facts = &self.graph.facts;
        Element::new("text").class("head").at(0, 16).text(&shown(&facts.title, LONG)).write(to)?;
        Element::new("text").class("faint").at(0, 36).text(&shown(&facts.subtitle, LONG)).write(to)?;
        for (state, count, x, y) in &self.legend {
            writeln!(to, "<g class=\"arrow s-{}\">", state.as_str())?;
            Element::new("path").class("way").attribute("d", &format!("M{x} {}h28", y - 4)).write(to)?;
            let point = format!("M{} {}l-9 -4v8z", x + 36, y - 4);
            Element::new("path").class("point").attribute("d", &point).write(to)?;
            writeln!(to, "</g>")?;
            Element::new("text").class("entry").at(x + 44, *y).text(&entry(*state, *count)).write(to)?;
        }
        let below = self.legend.last().map_or(36, |(.., y)| *y);
        for (note, y) in self.notes.iter().zip((below + 24..).step_by(20)) {
            let class = if note.starts_with("Incomplete") { "warning" } else { "faint" };
            Element::new("text").class(class).at(0, y).text(&shown(note, LONG)).write(to)?;
        }
        writeln!(to, "</g>")
    }
}

/// The most columns of a line above the drawing.
const LONG: usize = 160;

fn entry(state: State, count: usize) -> String {
    format!("{}{} ({count})", state.symbol(), state.told())
}
