//! Diagnostics that point into files, rendered for standard error.

use std::collections::{BTreeMap, HashSet};
use std::fmt;
use std::fmt::Write as _; // to a String, which cannot fail
use std::sync::Arc;

use miette::{
    Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, Severity, SourceCode,
    ThemeCharacters, ThemeStyles,
};

use super::context::Context;
use super::terminal::TextLayout;
use crate::redaction::Redactor;
use crate::rules::LoadError;
use crate::source::{sanitize, sanitize_line, whole_words, without_user_info, word_separator};

/// The width of diagnostics in files and pipes.
const COLUMNS: usize = 100;

/// The most errors of one code that are shown with a snippet of their file.
const MAX_SNIPPETS: usize = 3;

/// The most errors of one code that are shown at all.
const MAX_LISTED: usize = 10;

/// Renders the errors or warnings of rules files, in their order. Of each code, the first ones have a snippet, some more
/// have a line, and the others are counted. A help that several errors of a code share is printed once.
pub(super) fn render_load_errors<'a>(
    errors: impl IntoIterator<Item = &'a LoadError>,
    context: &Context,
) -> String {
    let renderer = Renderer::new(context);
    let mut rendered = String::new();
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let mut helps: HashSet<(String, Option<String>)> = HashSet::new();
    for error in errors {
        let count = counts.entry(error.code()).or_default();
        *count += 1;
        let has_help = helps.insert((error.code(), error.help().map(|help| help.to_string())));
        if *count <= MAX_SNIPPETS {
            rendered.push_str(&renderer.snippet(error, has_help));
        } else if *count <= MAX_LISTED {
            rendered.push_str(&renderer.line(error, has_help));
        }
    }
    for (code, count) in counts {
        let more = count.saturating_sub(MAX_LISTED);
        if more > 0 {
            let _ = writeln!(
                rendered,
                "{more} more {code} (`crdrift validate -o json` lists all)\n"
            );
        }
    }
    rendered
}

/// A renderer of diagnostics for standard error.
struct Renderer {
    handler: GraphicalReportHandler,
    redactor: Arc<Redactor>,
    layout: TextLayout,
}

impl Renderer {
    fn new(context: &Context) -> Self {
        let layout = context.error_layout();
        let theme = GraphicalTheme {
            characters: if layout.is_ascii {
                ThemeCharacters::ascii()
            } else {
                ThemeCharacters::unicode()
            },
            styles: if context.error_style.color {
                ThemeStyles::ansi()
            } else {
                ThemeStyles::none()
            },
        };
        let handler = GraphicalReportHandler::new_themed(theme)
            .with_links(false)
            .with_width(layout.columns.unwrap_or(COLUMNS))
            .with_break_words(false)
            .with_word_separator(word_separator())
            .with_word_splitter(whole_words());
        context.register_credential_files();
        Self {
            handler,
            redactor: context.secrets.redactor(),
            layout,
        }
    }

    /// Returns an error with the text of its file.
    fn snippet(&self, error: &LoadError, has_help: bool) -> String {
        let mut diagnostic = SanitizedDiagnostic::new(error, &self.redactor);
        diagnostic.help = diagnostic.help.filter(|_| has_help);
        let mut rendered = String::new();
        // Writing to a String cannot fail.
        let _ = self.handler.render_report(&mut rendered, &diagnostic);
        rendered.push('\n');
        rendered
    }

    /// Returns an error as a line with its place.
    fn line(&self, error: &LoadError, has_help: bool) -> String {
        let SanitizedDiagnostic { message, help, .. } =
            SanitizedDiagnostic::new(error, &self.redactor);
        let place = error.location().map(|location| {
            let file = sanitize(&location.file).into_owned();
            format!("{file}:{}:{}: ", location.line, location.column)
        });
        let place = place.unwrap_or_default();
        let code = error.code();
        let mut line = format!("{code}: {place}{message}\n");
        if let Some(help) = help.filter(|_| has_help) {
            let _ = writeln!(line, "  help: {help}");
        }
        line.push('\n');
        self.layout.text(&line)
    }
}

/// A diagnostic without secrets, passwords of URLs and control characters. Its texts are sanitized before they are broken
/// into lines, which would divide a secret.
#[derive(Debug)]
struct SanitizedDiagnostic<'a> {
    original: &'a dyn Diagnostic,
    message: String,
    help: Option<String>,
    labels: Vec<LabeledSpan>,
    related: Vec<SanitizedDiagnostic<'a>>,
}

impl<'a> SanitizedDiagnostic<'a> {
    /// Sanitizes a diagnostic and those related to it.
    fn new(original: &'a dyn Diagnostic, redactor: &Redactor) -> Self {
        let sanitize =
            |text: &str| sanitize_line(&without_user_info(&redactor.text(text))).into_owned();
        let label = |label: LabeledSpan| {
            let text = label.label().map(sanitize);
            if label.primary() {
                LabeledSpan::new_primary_with_span(text, *label.inner())
            } else {
                LabeledSpan::new_with_span(text, *label.inner())
            }
        };
        Self {
            original,
            message: sanitize(&original.to_string()),
            help: original.help().map(|help| sanitize(&help.to_string())),
            labels: original.labels().into_iter().flatten().map(label).collect(),
            related: original
                .related()
                .into_iter()
                .flatten()
                .map(|it| Self::new(it, redactor))
                .collect(),
        }
    }
}

impl fmt::Display for SanitizedDiagnostic<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for SanitizedDiagnostic<'_> {}

impl Diagnostic for SanitizedDiagnostic<'_> {
    fn code<'s>(&'s self) -> Option<Box<dyn fmt::Display + 's>> {
        self.original.code()
    }

    fn severity(&self) -> Option<Severity> {
        self.original.severity()
    }

    fn help<'s>(&'s self) -> Option<Box<dyn fmt::Display + 's>> {
        self.help
            .as_ref()
            .map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.original.source_code()
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        (!self.labels.is_empty())
            .then(|| Box::new(self.labels.iter().cloned()) as Box<dyn Iterator<Item = LabeledSpan>>)
    }

    fn related<'s>(&'s self) -> Option<Box<dyn Iterator<Item = &'s dyn Diagnostic> + 's>> {
        let related = self.related.iter().map(|it| it as &dyn Diagnostic);
        (!self.related.is_empty())
            .then(|| Box::new(related) as Box<dyn Iterator<Item = &dyn Diagnostic>>)
    }
}
