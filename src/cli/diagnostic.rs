//! Errors that point into files, as they may be shown.

use std::fmt;

use miette::{Diagnostic, LabeledSpan, Severity, SourceCode};

use crate::redaction::Redactor;
use crate::source::{sentence, without_user_info};

/// A diagnostic whose texts hold no secret, no password of a URL, and nothing that a terminal obeys: before they are broken
/// into lines, which would divide a secret.
#[derive(Debug)]
pub(super) struct PresentableDiagnostic<'a> {
    original: &'a dyn Diagnostic,
    message: String,
    help: Option<String>,
    labels: Vec<LabeledSpan>,
    related: Vec<PresentableDiagnostic<'a>>,
}

impl<'a> PresentableDiagnostic<'a> {
    /// Returns what may be shown of a diagnostic and of those related to it.
    pub(super) fn new(original: &'a dyn Diagnostic, redactor: &Redactor) -> Self {
        let presentable =
            |text: &str| sentence(&without_user_info(&redactor.text(text))).into_owned();
        let label = |it: LabeledSpan| {
            let text = it.label().map(presentable);
            if it.primary() {
                LabeledSpan::new_primary_with_span(text, *it.inner())
            } else {
                LabeledSpan::new_with_span(text, *it.inner())
            }
        };
        Self {
            original,
            message: presentable(&original.to_string()),
            help: original.help().map(|help| presentable(&help.to_string())),
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

impl fmt::Display for PresentableDiagnostic<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for PresentableDiagnostic<'_> {}

impl Diagnostic for PresentableDiagnostic<'_> {
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
