//! The topology as a picture: instances, the rules between them, and their differences.
//!
//! [`desired`], [`live`] and [`compared`] build a [`Graph`] from rules, and [`render`] writes it as SVG, DOT, Mermaid or
//! JSON. All of it is pure and total, and the same graph gives the same bytes.

mod build;
mod dot;
mod json;
mod layout;
mod merge;
mod mermaid;
mod model;
mod svg;

use std::io::{self, Write};

use crate::i18n::{GraphTexts, Language};

pub use build::{ComparedStates, compared, desired, live};
pub use model::{
    Arrow, Caption, DetailLevel, Graph, GraphBounds, GraphEnd, GraphRule, InstanceNode,
    InstanceRow, OmittedCounts, Options, RuleState,
};
pub use svg::PictureSize;

/// A format of pictures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// A picture for people, in light and dark, in their language.
    Svg(Language),
    /// For Graphviz.
    Dot,
    /// For Markdown pages that draw Mermaid.
    Mermaid,
    /// For machines.
    Json,
}

/// Writes a graph.
///
/// # Errors
///
/// The error of the writer, such as a closed pipe.
pub fn render(graph: &Graph, format: Format, to: &mut dyn Write) -> io::Result<()> {
    match format {
        Format::Svg(language) => write_picture(graph, language, to).map(|_| ()),
        Format::Dot => dot::render(graph, to),
        Format::Mermaid => mermaid::render(graph, to),
        Format::Json => json::render(graph, to),
    }
}

/// Writes a graph as SVG, and returns its size.
///
/// # Errors
///
/// The error of the writer.
pub fn write_picture(
    graph: &Graph,
    language: Language,
    to: &mut dyn Write,
) -> io::Result<PictureSize> {
    svg::render(graph, GraphTexts::new(language), to)
}

/// Returns the text of the style sheet in every SVG picture, for the policy of a page around it.
#[must_use]
pub fn svg_style() -> &'static str {
    svg::style_sheet()
}

#[cfg(test)]
mod tests;
