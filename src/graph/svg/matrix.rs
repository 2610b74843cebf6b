//! The graph as a matrix, where arrows would cover each other: a row for each source instance, a column for each target.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::io::{self, Write};

use super::element::{Element, columns_px};
use super::labels::instance_names;
use super::{Graph, GraphTexts, Px, RuleState, describe};
use crate::graph::layout::count;
use crate::graph::model::{Arrow, natural_key};

/// The maximum number of arrows in the cells of a matrix.
pub(super) const MAX_ARROWS: usize = 10_000;

/// The height of a row, and the minimum width of a column.
const ROW_HEIGHT: Px = 32;
const MIN_COLUMN: Px = 40;

/// The gap between a name and the cells.
const GAP: Px = 8;

/// The sine and the cosine of the angle of the names above the columns, 45 degrees, in thousandths.
const DIAGONAL: Px = 707;

/// The rules from one instance to another.
struct Cell<'a> {
    arrows: Vec<&'a Arrow>,
    /// The most relevant state, and its rules.
    state: RuleState,
    count: usize,
    /// All rules.
    total: usize,
}

/// The rules between instances, by source and target.
pub(super) struct InstanceMatrix<'a> {
    graph: &'a Graph,
    texts: &'a GraphTexts,
    /// The name of each instance, as short as it is drawn.
    names: Vec<String>,
    /// The instances of the rows and of the columns: indices.
    sources: Vec<usize>,
    targets: Vec<usize>,
    cells: BTreeMap<(usize, usize), Cell<'a>>,
    column_width: Px,
    /// The position of the first cell.
    left: Px,
    top: Px,
}

impl<'a> InstanceMatrix<'a> {
    pub(super) fn new(graph: &'a Graph, texts: &'a GraphTexts) -> Self {
        let mut arrows: BTreeMap<(usize, usize), Vec<&Arrow>> = BTreeMap::new();
        for arrow in &graph.arrows {
            let pair = (arrow.from.0, arrow.to.0);
            arrows.entry(pair).or_default().push(arrow);
        }
        let sources: BTreeSet<usize> = arrows.keys().map(|(from, _)| *from).collect();
        let targets: BTreeSet<usize> = arrows.keys().map(|(_, to)| *to).collect();
        let mut cells = BTreeMap::new();
        for (pair, arrows) in arrows {
            if let Some(cell) = Cell::new(arrows) {
                cells.insert(pair, cell);
            }
        }
        let names = instance_names(graph);
        let widest = |instances: &BTreeSet<usize>| {
            let widths = instances.iter().map(|it| columns_px(&names[*it]));
            widths.max().unwrap_or_default()
        };
        let cell_widths = cells.values().map(|cell| cell.width(texts));
        Self {
            left: widest(&sources) + GAP,
            top: widest(&targets) * DIAGONAL / 1_000 + 2 * GAP,
            column_width: cell_widths.max().unwrap_or_default().max(MIN_COLUMN),
            graph,
            texts,
            names,
            sources: in_natural_order(sources, graph),
            targets: in_natural_order(targets, graph),
            cells,
        }
    }

    /// Returns the width, with the names of the last columns, which lean to the right.
    pub(super) fn width(&self) -> Px {
        let right = self.right() - self.column_width / 2;
        let ends = self.targets.iter().enumerate().map(|(column, target)| {
            let behind = count(self.targets.len() - 1 - column) * self.column_width;
            right - behind + columns_px(&self.names[*target]) * DIAGONAL / 1_000
        });
        ends.max().unwrap_or_default().max(self.right())
    }

    /// Returns the right edge of the cells.
    fn right(&self) -> Px {
        self.left + self.column_width.saturating_mul(count(self.targets.len()))
    }

    pub(super) fn height(&self) -> Px {
        self.top + ROW_HEIGHT.saturating_mul(count(self.sources.len()))
    }

    /// Returns the upper left corner of a cell, by its row and column.
    fn corner(&self, row: usize, column: usize) -> (Px, Px) {
        let x = self.left + self.column_width.saturating_mul(count(column));
        let y = self.top + ROW_HEIGHT.saturating_mul(count(row));
        (x, y)
    }

    pub(super) fn write(&self, to: &mut dyn Write) -> io::Result<()> {
        self.write_grid(to)?;
        for (row, source) in self.sources.iter().enumerate() {
            let (x, y) = self.corner(row, 0);
            let name = Element::new("text")
                .class(&format!("{} ends", self.name_class(*source)))
                .at(x - GAP, y + ROW_HEIGHT / 2 + 4);
            self.write_name(*source, name, to)?;
        }
        for (column, target) in self.targets.iter().enumerate() {
            let (x, y) = self.corner(0, column);
            let (x, y) = (x + self.column_width / 2, y - GAP);
            let name = Element::new("text")
                .class(self.name_class(*target))
                .attribute("transform", &format!("translate({x} {y}) rotate(-45)"));
            self.write_name(*target, name, to)?;
        }
        let (rows, columns) = (positions(&self.sources), positions(&self.targets));
        for ((from, into), cell) in &self.cells {
            if let (Some(row), Some(column)) = (rows.get(from), columns.get(into)) {
                self.write_cell(cell, self.corner(*row, *column), to)?;
            }
        }
        Ok(())
    }

    /// Draws the lines between the cells, and the cells of rules within one instance.
    fn write_grid(&self, to: &mut dyn Write) -> io::Result<()> {
        let columns = positions(&self.targets);
        for (row, source) in self.sources.iter().enumerate() {
            if let Some(column) = columns.get(source) {
                self.rect("same", self.corner(row, *column)).write(to)?;
            }
        }
        let (right, bottom) = (self.right(), self.height());
        // Writing to a String cannot fail.
        let mut lines = String::new();
        for row in 0..=self.sources.len() {
            let (x, y) = self.corner(row, 0);
            let _ = write!(lines, "M{x} {y}H{right}");
        }
        for column in 0..=self.targets.len() {
            let (x, y) = self.corner(0, column);
            let _ = write!(lines, "M{x} {y}V{bottom}");
        }
        let path = Element::new("path").class("line");
        path.attribute("d", &lines).write(to)
    }

    /// Draws the name of an instance, with its whole name and its second line as a tooltip.
    fn write_name(&self, instance: usize, text: Element, to: &mut dyn Write) -> io::Result<()> {
        let node = &self.graph.instances[instance];
        let title = format!("{}, {}", node.name, node.second_line(self.texts));
        writeln!(to, "<g>")?;
        Element::new("title").text(&title).write(to)?;
        text.text(&self.names[instance]).write(to)?;
        writeln!(to, "</g>")
    }

    /// Draws a cell: the rules of its most relevant state, and below them the number of all rules if there are others.
    fn write_cell(&self, cell: &Cell<'_>, (x, y): (Px, Px), to: &mut dyn Write) -> io::Result<()> {
        let texts = self.texts;
        let arrows = cell.arrows.iter().rev();
        let descriptions: Vec<String> = arrows
            .map(|arrow| describe(self.graph, arrow, texts))
            .collect();
        writeln!(to, "<g class=\"s-{}\">", cell.state.as_str())?;
        let title = Element::new("title");
        title.text(&descriptions.join("; ")).write(to)?;
        self.rect("cell", (x, y)).write(to)?;
        let middle = x + self.column_width / 2;
        let number = Element::new("text").class("number");
        if cell.count == cell.total {
            let number = number.at(middle, y + ROW_HEIGHT / 2 + 4);
            number.text(&cell.label()).write(to)?;
        } else {
            let number = number.at(middle, y + 14);
            number.text(&cell.label()).write(to)?;
            let total = Element::new("text").class("total");
            let total = total.at(middle, y + 26);
            total.text(&texts.of_total(cell.total)).write(to)?;
        }
        writeln!(to, "</g>")
    }

    fn rect(&self, class: &str, (x, y): (Px, Px)) -> Element {
        let rect = Element::new("rect").class(class).at(x, y);
        rect.px("width", self.column_width).px("height", ROW_HEIGHT)
    }

    fn name_class(&self, instance: usize) -> &'static str {
        let instance = &self.graph.instances[instance];
        match (&instance.incomplete, instance.declared) {
            (Some(_), _) => "warning",
            (None, true) => "title",
            (None, false) => "faint",
        }
    }
}

/// Returns instances by name, with numbers in names by value.
fn in_natural_order(instances: BTreeSet<usize>, graph: &Graph) -> Vec<usize> {
    let mut instances: Vec<usize> = instances.into_iter().collect();
    instances.sort_by_cached_key(|it| (natural_key(&graph.instances[*it].name), *it));
    instances
}

/// Returns the position of each instance.
fn positions(instances: &[usize]) -> BTreeMap<usize, usize> {
    let positions = instances.iter().enumerate();
    positions.map(|(at, instance)| (*instance, at)).collect()
}

impl<'a> Cell<'a> {
    /// Returns the cell of arrows; `None` for none.
    fn new(arrows: Vec<&'a Arrow>) -> Option<Self> {
        let state = arrows.iter().map(|arrow| arrow.state).max()?;
        let of_state = arrows.iter().filter(|arrow| arrow.state == state);
        Some(Self {
            state,
            count: of_state.map(|arrow| arrow.count).sum(),
            total: arrows.iter().map(|arrow| arrow.count).sum(),
            arrows,
        })
    }

    /// Returns the number of rules of the most relevant state, with its symbol.
    fn label(&self) -> String {
        format!("{}{}", self.state.symbol().trim_end(), self.count)
    }

    /// Returns the width that the texts need.
    fn width(&self, texts: &GraphTexts) -> Px {
        let total = columns_px(&texts.of_total(self.total));
        columns_px(&self.label()).max(total) + GAP
    }
}
