//! The formats, and the one verb that draws them.

use std::io::{self, Write};

use super::{Report, Style, json, text};

/// A format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// A plan for people.
    Text,
    /// The result document for machines.
    Json,
    /// The result as a stream.
    Ndjson,
}

impl Format {
    /// Every format, in the order of the documentation.
    pub const ALL: [Self; 3] = [Self::Text, Self::Json, Self::Ndjson];

    /// The name `-o` takes.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Json => "json",
            Self::Ndjson => "ndjson",
        }
    }

    /// What it is, and for whom.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Text => "the plan for people; a line for each change and finding with `--compact`",
            Self::Json => "the result document for machines, which `crdrift render` draws again in any format",
            Self::Ndjson => "the result as a stream: a JSON object for each line, the summary last",
        }
    }

    /// The format of a name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.name() == name)
    }
}

/// How a report is drawn, where a format leaves a choice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Options {
    /// Colours, for people.
    pub style: Style,
    /// A line for each change and finding instead of a block: text.
    pub compact: bool,
}

/// Draws a report.
///
/// # Errors
///
/// What the writer says; a closed pipe among them.
pub fn render(report: &Report, format: Format, options: Options, to: &mut dyn Write) -> io::Result<()> {
    match format {
        Format::Text => text::render(report, options, to),
        Format::Json => json::render(report, to),
        Format::Ndjson => json::render_lines(report, to),
    }
}
