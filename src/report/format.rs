//! The formats of a report.

use std::io::{self, Write};

use super::formats::{csv, github, gitlab, junit, ndjson, prometheus, sarif, terraform};
use super::{Digest, Report, SarifConsumer, Style, html, json, markdown, text};
use crate::i18n::Language;
use crate::source::CommandGuard;

/// A format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// A plan for people.
    Text,
    /// The result document for machines.
    Json,
    /// The result, a JSON object on each line.
    Ndjson,
    /// SARIF 2.1.0.
    Sarif,
    /// The XML of JUnit.
    Junit,
    /// GitLab's Code Quality report.
    Gitlab,
    /// Annotations for GitHub Actions.
    Github,
    /// Markdown.
    Markdown,
    /// A page for people who answer for the rules.
    Html,
    /// A table.
    Csv,
    /// Metrics.
    Prometheus,
    /// Terraform's plan document.
    TerraformJson,
}

impl Format {
    /// Every format, in the order of the documentation.
    pub const ALL: [Self; 12] = [
        Self::Text,
        Self::Json,
        Self::Ndjson,
        Self::Sarif,
        Self::Junit,
        Self::Gitlab,
        Self::Github,
        Self::Markdown,
        Self::Html,
        Self::Csv,
        Self::Prometheus,
        Self::TerraformJson,
    ];

    /// The names of the formats.
    pub const NAMES: [&'static str; 12] = {
        let mut names = [""; 12];
        let mut index = 0;
        while index < names.len() {
            names[index] = Self::ALL[index].name();
            index += 1;
        }
        names
    };

    /// Returns the name that `-o` accepts.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Json => "json",
            Self::Ndjson => "ndjson",
            Self::Sarif => "sarif",
            Self::Junit => "junit",
            Self::Gitlab => "gitlab",
            Self::Github => "github",
            Self::Markdown => "markdown",
            Self::Html => "html",
            Self::Csv => "csv",
            Self::Prometheus => "prometheus",
            Self::TerraformJson => "terraform-json",
        }
    }

    /// Returns a description of the format and its audience.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Text => "the plan as text; with `--compact`, one line per change and finding",
            Self::Json => "the result document; `crdrift render` converts it to any other format",
            Self::Ndjson => "the result line by line: a JSON object on each line, the summary last",
            Self::Sarif => {
                "SARIF 2.1.0 for code scanning; add `--sarif-consumer github` for GitHub"
            }
            Self::Junit => {
                "JUnit XML for Jenkins and GitLab: one suite per instance, one test per rule"
            }
            Self::Gitlab => "a GitLab Code Quality report for the merge request widget",
            Self::Github => {
                "annotations for GitHub Actions, plus the step summary and outputs if the runner provides files for them"
            }
            Self::Markdown => "Markdown for a merge request comment, within `--markdown-limit`",
            Self::Html => {
                "the compliance report: one self-contained page, in English or, with `--lang zh`, in Chinese"
            }
            Self::Csv => {
                "a table for spreadsheets: one row per changed field, then one per finding"
            }
            Self::Prometheus => "gauges for the textfile collector of the Prometheus node exporter",
            Self::TerraformJson => {
                "a Terraform plan document for conftest and Open Policy Agent policies"
            }
        }
    }

    /// Returns whether the format shows the provenance and the topology, which are slow to determine.
    #[must_use]
    pub const fn needs_provenance(self) -> bool {
        matches!(self, Self::Json | Self::Ndjson | Self::Html)
    }

    /// Returns the format with a name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.name() == name)
    }
}

/// Options of rendering, where a format leaves a choice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// Colours, for people.
    pub style: Style,
    /// A line for each change and finding instead of a block: text.
    pub compact: bool,
    /// Everything is listed, however much: text.
    pub all: bool,
    /// The consumer of the log: SARIF.
    pub sarif_consumer: SarifConsumer,
    /// The maximum length of a comment in bytes: Markdown.
    pub markdown_limit: usize,
    /// Names of authors instead of pseudonyms: Markdown.
    pub who_names: bool,
    /// The language: HTML.
    pub language: Language,
    /// The digest of the document that the report was read from: HTML. `None`: the digest of the document that the
    /// report would be written as.
    pub document: Option<Digest>,
}

impl Options {
    /// The maximum length of a comment on GitHub; other forges allow more.
    pub const MARKDOWN_LIMIT: usize = 65_536;
}

impl Default for Options {
    fn default() -> Self {
        Self {
            style: Style::default(),
            compact: false,
            all: false,
            sarif_consumer: SarifConsumer::default(),
            markdown_limit: Self::MARKDOWN_LIMIT,
            who_names: false,
            language: Language::default(),
            document: None,
        }
    }
}

/// Renders a report.
///
/// # Errors
///
/// The error of the writer, such as a closed pipe.
pub fn render(
    report: &Report,
    format: Format,
    options: Options,
    to: &mut dyn Write,
) -> io::Result<()> {
    match format {
        Format::Text => CommandGuard::write_through(to, options.style.color, |to| {
            text::render(report, options, to)
        }),
        Format::Json => json::render(report, to),
        Format::Ndjson => ndjson::render(report, to),
        Format::Sarif => sarif::render(report, options.sarif_consumer, to),
        Format::Junit => junit::render(report, to),
        Format::Gitlab => gitlab::render(report, to),
        Format::Github => github::render(report, to),
        Format::Markdown => CommandGuard::write_through(to, false, |to| {
            markdown::render(report, options.markdown_limit, options.who_names, to)
        }),
        Format::Html => html::render(report, options, to),
        Format::Csv => csv::render(report, to),
        Format::Prometheus => prometheus::render(report, to),
        Format::TerraformJson => terraform::render(report, to),
    }
}

#[cfg(test)]
mod tests {
    use std::io::{self, ErrorKind, Write};

    use super::{Format, Options, render};
    use crate::report::sample::sample;

    /// Takes some bytes, and then fails in one way.
    struct Full {
        room: usize,
        kind: ErrorKind,
    }

    impl Write for Full {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            if self.room == 0 {
                return Err(self.kind.into());
            }
            let taken = bytes.len().min(self.room);
            self.room -= taken;
            Ok(taken)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn an_error_of_the_writer_is_returned() {
        let mut report = sample();
        report.changes = std::iter::repeat_n(report.changes, 100).flatten().collect();
        for format in Format::ALL {
            for (room, kind) in [
                (0, ErrorKind::BrokenPipe),
                (300, ErrorKind::BrokenPipe),
                (300, ErrorKind::StorageFull),
            ] {
                let mut full = Full { room, kind };
                let result = render(&report, format, Options::default(), &mut full)
                    .map_err(|error| error.kind());
                assert_eq!(result, Err(kind), "{}", format.name());
            }
        }
    }

    #[test]
    fn every_name_is_a_formats() {
        assert_eq!(Format::NAMES.map(Format::from_name), Format::ALL.map(Some));
        assert_eq!(Format::from_name("yaml"), None);
    }
}
