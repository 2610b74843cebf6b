//! The topology as a picture: which instances synchronize what where, and where desired and live part.
//!
//! A [`Graph`] is made of rules ([`desired`], [`live`], [`compared`], or [`Graph::new`] of whatever can name two ends),
//! and [`render`] writes it as SVG, DOT, Mermaid or JSON. All of it is pure and total, and the same graph gives the same
//! bytes.

mod aggregate;
mod build;
mod dot;
mod json;
mod layout;
mod mermaid;
mod model;
mod svg;

use std::io::{self, Write};

use crate::i18n::{GraphTexts, Language};

pub use build::{Compared, compared, desired, live};
pub use model::{Arrow, Bounds, Caption, Detail, End, Graph, Instance, Line, Omitted, Row, State};

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
        Format::Svg(language) => svg::render(graph, GraphTexts::new(language), to),
        Format::Dot => dot::render(graph, to),
        Format::Mermaid => mermaid::render(graph, to),
        Format::Json => json::render(graph, to),
    }
}

#[cfg(test)]
mod tests;
