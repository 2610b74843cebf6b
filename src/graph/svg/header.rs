//! The header of the picture: title, legend and warnings.

use std::io::{self, Write};

use super::element::{Element, columns_px, wrap};
use super::{Graph, GraphTexts, Px, RuleState, legend_entry};

/// The heights of the title, of a line of text, and of a line of the legend.
const TITLE_HEIGHT: Px = 22;
const LINE_HEIGHT: Px = 18;
const LEGEND_HEIGHT: Px = 22;

/// The width of an arrow of the legend with its gap, and the gap after an entry.
const LEGEND_ARROW: Px = 44;
const LEGEND_GAP: Px = 24;

/// The mark of a state in the legend.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LegendMark {
    Arrow,
    /// A cell of a matrix.
    Cell,
}

pub(super) struct Header {
    mark: LegendMark,
    /// Each line, with its class and its base line.
    lines: Vec<(&'static str, Px, String)>,
    /// Each entry of the legend, with its position.
    legend: Vec<(RuleState, String, Px, Px)>,
    pub(super) height: Px,
}

impl Header {
    pub(super) fn new(graph: &Graph, mark: LegendMark, texts: &GraphTexts, width: Px) -> Self {
        let mut header = Self {
            mark,
            lines: Vec::new(),
            legend: Vec::new(),
            height: 0,
        };
        // The title is larger than the other texts.
        header.push(
            "head",
            TITLE_HEIGHT,
            wrap(&graph.caption.title, width * 3 / 4),
        );
        header.push("faint", LINE_HEIGHT, wrap(&graph.caption.subtitle, width));
        header.push_legend(graph, texts, width);
        if mark == LegendMark::Cell {
            header.height += 6;
            header.push("faint", LINE_HEIGHT, wrap(texts.matrix, width));
        }
        let [open, close] = texts.language.brackets();
        let incomplete: Vec<_> = graph
            .incomplete()
            .map(|(name, reason)| format!("{name}{open}{}{close}", texts.reading(reason)))
            .collect();
        if !incomplete.is_empty() {
            let text =
                texts.incomplete_instances(&incomplete.join(texts.language.list_separator()));
            header.push("warning", LINE_HEIGHT, wrap(&text, width));
        }
        if graph.omitted.arrows > 0 {
            let text = texts.omitted(graph.omitted.arrows, graph.omitted.rules);
            header.push("warning", LINE_HEIGHT, wrap(&text, width));
        }
        let unused: Vec<_> = graph.without_rules().collect();
        if !unused.is_empty() {
            let text = texts.without_rules(&unused.join(texts.language.list_separator()));
            header.push("faint", LINE_HEIGHT, wrap(&text, width));
        }
        header.height += 14;
        header
    }

    /// Adds lines of one class and height.
    fn push(&mut self, class: &'static str, height: Px, lines: Vec<String>) {
        for line in lines {
            self.height += height;
            self.lines.push((class, self.height - 5, line));
        }
    }

    /// Adds the legend, the most relevant state first.
    fn push_legend(&mut self, graph: &Graph, texts: &GraphTexts, width: Px) {
        let (mut x, mut y) = (0, self.height + LEGEND_HEIGHT);
        for (state, count) in graph.counts.iter().rev() {
            let text = legend_entry(*state, *count, texts);
            let entry_width = LEGEND_ARROW + columns_px(&text) + LEGEND_GAP;
            if x > 0 && x + entry_width > width {
                (x, y) = (0, y + LEGEND_HEIGHT);
            }
            self.legend.push((*state, text, x, y));
            x += entry_width;
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
            match self.mark {
                LegendMark::Arrow => write_arrow(*x, *y, to)?,
                LegendMark::Cell => Element::new("rect")
                    .class("cell")
                    .at(x + 8, y - 12)
                    .px("width", 28)
                    .px("height", 16)
                    .write(to)?,
            }
            writeln!(to, "</g>")?;
            Element::new("text")
                .class("entry")
                .at(x + LEGEND_ARROW, *y)
                .text(text)
                .write(to)?;
        }
        Ok(())
    }
}

/// Draws the arrow of an entry of the legend.
fn write_arrow(x: Px, y: Px, to: &mut dyn Write) -> io::Result<()> {
    let line = format!("M{x} {}h28", y - 4);
    let path = Element::new("path").class("way");
    path.attribute("d", &line).write(to)?;
    let point = format!("M{} {}l-9 -4v8z", x + 36, y - 4);
    let path = Element::new("path").class("point");
    path.attribute("d", &point).write(to)
}
