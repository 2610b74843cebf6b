//! Diagnostics that point into files, rendered for standard error.

use std::fmt;

use miette::{
    Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, Severity, SourceCode,
};

use super::context::Context;
use crate::redaction::Redactor;
use crate::source::{sanitize_line, without_user_info};

/// Renders diagnostics.
pub(super) fn render_diagnostics<'a>(
    diagnostics: impl IntoIterator<Item = &'a (dyn Diagnostic + 'a)>,
    context: &Context,
) -> String {
    let theme = if context.error_style.color {
        GraphicalTheme::unicode()
    } else {
        GraphicalTheme::unicode_nocolor()
    };
    let handler = GraphicalReportHandler::new_themed(theme)
        .with_links(false)
        .with_width(100);
    context.register_credential_files();
    let redactor = context.secrets.redactor();
    let mut rendered = String::new();
    for diagnostic in diagnostics {
        // Writing to a String cannot fail.
        let _ = handler.render_report(
            &mut rendered,
            &SanitizedDiagnostic::new(diagnostic, &redactor),
        );
        rendered.push('\n');
    }
    rendered
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
