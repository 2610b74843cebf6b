//! The head of the drawing: title, legend and warnings.

use std::io::{self, Write};

use super::write::{Element, columns_px, wrapped};
use super::{Graph, GraphTexts, Px, State};

/// The heights of the title, of a line of text, and of a line of the legend.
const TITLE: Px = 22;
const LINE: Px = 18;
const ENTRY: Px = 22;

/// The room between an entry's arrow and its text, and behind an entry.
const ARROW: Px = 44;
const BEHIND: Px = 24;

pub(super) struct Head {
    /// Each line with its class and its base line.
    lines: Vec<(&'static str, Px, String)>,
    /// Each entry of the legend with where it begins.
    legend: Vec<(State, String, Px, Px)>,
    pub(super) height: Px,
}

impl Head {
    pub(super) fn new(graph: &Graph, texts: &GraphTexts, width: Px) -> Self {
        let mut head = Self {
            lines: Vec::new(),
            legend: Vec::new(),
            height: 0,
        };
        head.text("head", TITLE, &graph.caption.title, width * 3 / 4);
        head.text("faint", LINE, &graph.caption.subtitle, width);
        head.legend(graph, texts, width);
        let incomplete: Vec<_> = graph
            .incomplete()
            .map(|(name, why)| format!("{name} ({why})"))
            .collect();
        if !incomplete.is_empty() {
            head.text(
                "warning",
                LINE,
                &texts.incomplete_instances(&incomplete.join(", ")),
                width,
            );
        }
        if graph.omitted.arrows > 0 {
            head.text(
                "warning",
                LINE,
                &texts.omitted(graph.omitted.arrows, graph.omitted.rules),
                width,
            );
        }
        let apart: Vec<_> = graph.apart().collect();
        if !apart.is_empty() {
            head.text(
                "faint",
                LINE,
                &texts.without_rules(&apart.join(", ")),
                width,
            );
        }
        head.height += 14;
        head
    }

    fn text(&mut self, class: &'static str, height: Px, text: &str, width: Px) {
        for line in wrapped(text, width) {
            self.height += height;
            self.lines.push((class, self.height - 5, line));
        }
    }

    /// Draws the legend, the most relevant state first.
    fn legend(&mut self, graph: &Graph, texts: &GraphTexts, width: Px) {
        let (mut x, mut y) = (0, self.height + ENTRY);
        for (state, count) in graph.counts.iter().rev() {
            let text = super::entry(*state, *count, texts);
            let wide = ARROW + columns_px(&text) + BEHIND;
            if x > 0 && x + wide > width {
                (x, y) = (0, y + ENTRY);
            }
            self.legend.push((*state, text, x, y));
            x += wide;
        }
        self.height = y + 6;
    }

    pub(super) fn write(&self, to: &mut dyn Write) -> io::Result<()> {
        for (class, y, line) in &self.lines {
            Element::new("text")
                .class(class)
                .at(0, *y)
                .text(line)
                .write(to)?;
        }
        for (state, text, x, y) in &self.legend {
            writeln!(to, "<g class=\"arrow s-{}\">", state.as_str())?;
            Element::new("path")
                .class("way")
                .attribute("d", &format!("M{x} {}h28", y - 4))
                .write(to)?;
            let point = format!("M{} {}l-9 -4v8z", x + 36, y - 4);
            Element::new("path")
                .class("point")
                .attribute("d", &point)
                .write(to)?;
            writeln!(to, "</g>")?;
            Element::new("text")
                .class("entry")
                .at(x + ARROW, *y)
                .text(text)
                .write(to)?;
        }
        Ok(())
    }
}
