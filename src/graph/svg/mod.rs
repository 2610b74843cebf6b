//! The graph as SVG 1.1, with a style sheet for light and dark, without script or external resource.
//!
//! It is complete as a file, and fits into an HTML page as it is: every class is below `crdrift-graph`, and there is no
//! id. Screen readers have the title, the description, and the name of every arrow or cell.

mod arrows;
mod element;
mod header;
mod labels;
mod matrix;
mod shorten;
mod style;

use std::borrow::Cow;
use std::io::{self, Write};

use self::arrows::ArrowDrawing;
use self::element::Element;
use self::header::{Header, LegendMark};
use self::matrix::InstanceMatrix;
use super::layout::{Px, passed_columns};
use super::model::{Arrow, Graph, RuleState, legend_entry};
use crate::i18n::GraphTexts;

/// Returns the text of the style sheet, without its tags.
pub(super) fn style_sheet() -> &'static str {
    let text = style::SHEET.trim_end();
    let text = text.strip_prefix("<style>").unwrap_or(text);
    text.strip_suffix("</style>").unwrap_or(text)
}

/// The margin of the picture.
const MARGIN: Px = 24;

/// The minimum and the maximum width of the text above the drawing.
const MIN_HEADER: Px = 640;
const MAX_HEADER: Px = 1_200;

/// The maximum number of arrows, and a lower one for arrows that pass more than [`MAX_PASSED_COLUMNS`] together.
const MAX_ARROWS: usize = 1_000;
const MAX_LONG_ARROWS: usize = 200;
const MAX_PASSED_COLUMNS: usize = 20_000;

/// The width and the height of a picture, in pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PictureSize {
    /// The width.
    pub width: Px,
    /// The height.
    pub height: Px,
}

/// Writes the picture, and returns its size.
pub(super) fn render(
    graph: &Graph,
    texts: &GraphTexts,
    to: &mut dyn Write,
) -> io::Result<PictureSize> {
    if graph.is_matrix() {
        let graph = &*graph.with_max_arrows(matrix::MAX_ARROWS);
        let matrix = InstanceMatrix::new(graph, texts);
        let picture = Picture {
            graph,
            texts,
            mark: LegendMark::Cell,
            size: (matrix.width(), matrix.height()),
        };
        picture.write(to, |to| matrix.write(to))
    } else {
        let graph = &*with_few_arrows(graph);
        let drawing = ArrowDrawing::new(graph, texts);
        let picture = Picture {
            graph,
            texts,
            mark: LegendMark::Arrow,
            size: (drawing.width(), drawing.height()),
        };
        picture.write(to, |to| drawing.write(to))
    }
}

/// Returns the graph with as many arrows as a picture can show.
fn with_few_arrows(graph: &Graph) -> Cow<'_, Graph> {
    let drawn = graph.with_max_arrows(MAX_ARROWS);
    if drawn.arrows.len() > MAX_LONG_ARROWS && passed_columns(&drawn) > MAX_PASSED_COLUMNS {
        return graph.with_max_arrows(MAX_LONG_ARROWS);
    }
    drawn
}

/// A picture around its drawing: descriptions, style sheet and header.
struct Picture<'a> {
    graph: &'a Graph,
    texts: &'a GraphTexts,
    mark: LegendMark,
    /// The width and the height of the drawing.
    size: (Px, Px),
}

impl Picture<'_> {
    /// Writes the picture; `draw` writes the drawing.
    fn write(
        &self,
        to: &mut dyn Write,
        draw: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> io::Result<PictureSize> {
        let (drawing_width, drawing_height) = self.size;
        let header_width = drawing_width.clamp(MIN_HEADER, MAX_HEADER);
        let header = Header::new(self.graph, self.mark, self.texts, header_width);
        let width = drawing_width.max(header_width) + 2 * MARGIN;
        let height = header.height + drawing_height + 2 * MARGIN;
        writeln!(
            to,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"crdrift-graph\" role=\"img\" viewBox=\"0 0 {width} {height}\" \
             width=\"{width}\" height=\"{height}\">"
        )?;
        let title = Element::new("title");
        title.text(&self.graph.caption.title).write(to)?;
        Element::new("desc").text(&self.description()).write(to)?;
        to.write_all(style::SHEET.as_bytes())?;
        Element::new("rect")
            .class("page")
            .px("width", width)
            .px("height", height)
            .write(to)?;
        writeln!(to, "<g transform=\"translate({MARGIN} {MARGIN})\">")?;
        header.write(to)?;
        writeln!(to, "</g>")?;
        let left = MARGIN + (header_width - drawing_width).max(0) / 2;
        let top = MARGIN + header.height;
        writeln!(to, "<g transform=\"translate({left} {top})\">")?;
        draw(to)?;
        writeln!(to, "</g>\n</svg>")?;
        Ok(PictureSize { width, height })
    }

    /// Describes the picture for screen readers.
    fn description(&self) -> String {
        let &Self { graph, texts, .. } = self;
        let counts = graph
            .counts
            .iter()
            .map(|(state, count)| texts.count_in_state(*count, state.legend(texts)));
        let incomplete = graph
            .incomplete()
            .map(|(name, reason)| texts.incomplete_instance(name, texts.reading(reason)));
        let mut counts: Vec<String> = counts.collect();
        if counts.is_empty() {
            counts.push(texts.none.to_owned());
        }
        texts.description(
            &graph.caption.subtitle,
            &counts.join(texts.language.list_separator()),
            &incomplete.collect::<String>(),
        )
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
        .join(texts.language.list_separator());
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
