//! Errors that point into the files: every error of a run together.

use std::fmt;
use std::sync::Arc;

use miette::{Diagnostic, LabeledSpan, Severity, SourceCode};

use super::problem::{InstanceProblem, PlacedProblem, Problem};
use crate::i18n::{Argument, Message};
use crate::source::{Location, Place, SourceFile, SourceMap, Span};

/// The most bytes that are marked: an error in a huge value must fit on the screen.
const MAX_MARKED: usize = 200;
/// The most files that a summary names.
const MAX_NAMED: usize = 5;
/// The most bytes between two places of one line that one snippet shows.
const MAX_DISTANCE: usize = 200;

/// The errors of loading rules files: every error of every file, in the order of the files.
#[derive(Debug)]
pub struct LoadErrors {
    pub(super) errors: Vec<LoadError>,
    pub(super) omitted: usize,
    pub(super) estate: Option<String>,
    pub(super) files: Vec<Arc<SourceFile>>,
}

impl LoadErrors {
    /// Returns the errors, at most 100.
    pub fn iter(&self) -> std::slice::Iter<'_, LoadError> {
        self.errors.iter()
    }

    /// Returns the name of the estate, if the files set one.
    #[must_use]
    pub fn estate(&self) -> Option<&str> {
        self.estate.as_deref()
    }

    /// Returns the files that were read, valid or not.
    pub fn files(&self) -> impl Iterator<Item = &SourceFile> {
        self.files.iter().map(|file| &**file)
    }

    /// Returns the number of errors of each file, in the order of the errors.
    fn count_by_file(&self) -> Vec<(Arc<str>, usize)> {
        let mut counts: Vec<(Arc<str>, usize)> = Vec::new();
        for error in &self.errors {
            let Some(location) = error.location() else {
                continue;
            };
            match counts.last_mut() {
                Some((file, count)) if *file == location.file => *count += 1,
                _ => counts.push((location.file, 1)),
            }
        }
        counts
    }

    /// Returns the errors with the name of the estate.
    pub(super) fn with_estate(self, estate: Option<String>) -> Self {
        Self { estate, ..self }
    }

    /// Returns the least number of further errors.
    #[must_use]
    pub fn omitted(&self) -> usize {
        self.omitted
    }

    /// Returns the numbers of errors: of all files, and of each of the first files.
    #[must_use]
    pub fn summary(&self) -> Message {
        let errors = match self.omitted {
            0 => Message::rules_have_errors(self.errors.len()),
            omitted => Message::rules_have_more_errors(self.errors.len(), omitted),
        };
        let files = self.count_by_file();
        if files.len() < 2 {
            return errors;
        }
        let named = files.iter().take(MAX_NAMED);
        let named: Vec<Message> = named
            .map(|(file, count)| Message::file_with_count(&**file, *count))
            .collect();
        let files: Argument = match files.len().saturating_sub(MAX_NAMED) {
            0 => named.into(),
            more => Message::files_and_more(more, named).into(),
        };
        Message::errors_in_files(errors, files)
    }
}

impl<'a> IntoIterator for &'a LoadErrors {
    type Item = &'a LoadError;
    type IntoIter = std::slice::Iter<'a, LoadError>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl fmt::Display for LoadErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.summary())
    }
}

impl std::error::Error for LoadErrors {}

/// The warnings of rules files that load, in the order of the files: they are probably mistakes.
#[derive(Debug, Default)]
pub struct LoadWarnings {
    pub(super) warnings: Vec<LoadError>,
    pub(super) omitted: usize,
}

impl LoadWarnings {
    /// Returns the warnings, at most 100.
    pub fn iter(&self) -> std::slice::Iter<'_, LoadError> {
        self.warnings.iter()
    }

    /// Returns the number of further warnings.
    #[must_use]
    pub fn omitted(&self) -> usize {
        self.omitted
    }

    /// Returns the number of all warnings.
    #[must_use]
    pub fn count(&self) -> usize {
        self.warnings.len() + self.omitted
    }
}

impl<'a> IntoIterator for &'a LoadWarnings {
    type Item = &'a LoadError;
    type IntoIter = std::slice::Iter<'a, LoadError>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// One error or warning, as a miette report with the file's text.
#[derive(Debug)]
pub struct LoadError {
    problem: Problem,
    span: Option<FileSpan>,
    related: Option<RelatedPlace>,
}

/// A span of a file.
#[derive(Debug)]
struct FileSpan {
    file: Arc<SourceFile>,
    span: Span,
}

/// The place that an error conflicts with, in a snippet of its own where the one of the error cannot show it.
#[derive(Debug)]
struct RelatedPlace {
    span: FileSpan,
    label: &'static str,
    is_separate: bool,
}

impl LoadError {
    pub(super) fn new(placed: PlacedProblem, sources: &SourceMap) -> Self {
        let PlacedProblem {
            problem,
            place,
            related,
        } = placed;
        let file_span = |place: Place| FileSpan {
            file: Arc::clone(sources.file(place.file)),
            span: place.span,
        };
        let related = related.map(|related| RelatedPlace {
            span: file_span(related),
            label: problem.related_label(),
            is_separate: needs_own_snippet(sources, place, related),
        });
        Self {
            span: place.map(file_span),
            related,
            problem,
        }
    }

    /// Returns the message, in lower case and without a full stop.
    #[must_use]
    pub fn message(&self) -> Message {
        self.problem.message()
    }

    /// Returns `true` if the marked text may hold a secret and must not be quoted.
    fn hides_text(&self) -> bool {
        let is_unquotable = self.span.as_ref().is_some_and(|span| !span.file.quotable);
        is_unquotable
            || matches!(
                self.problem,
                Problem::Instance(InstanceProblem::PasswordInEndpoint)
            )
    }

    /// Returns the help: the key, value or command to write.
    #[must_use]
    pub fn help(&self) -> Option<Message> {
        self.problem.remedy()
    }

    /// Returns the code of the error, such as `rules/unknown-key`.
    #[must_use]
    pub fn code(&self) -> String {
        self.problem
            .code()
            .map(|code| code.to_string())
            .unwrap_or_default()
    }

    /// Returns the location; `None` for an error of a whole file.
    #[must_use]
    pub fn location(&self) -> Option<Location> {
        self.span.as_ref().map(FileSpan::locate)
    }

    /// Returns the location that the error conflicts with, if any.
    #[must_use]
    pub fn related_location(&self) -> Option<Location> {
        self.related.as_ref().map(|related| related.span.locate())
    }
}

impl fmt::Display for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.problem.fmt(f)?;
        match self.location().filter(|_| self.hides_text()) {
            Some(location) => write!(f, " ({})", describe(&location)),
            None => Ok(()),
        }
    }
}

impl std::error::Error for LoadError {}

impl Diagnostic for LoadError {
    fn severity(&self) -> Option<Severity> {
        self.problem.severity()
    }

    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.problem.code()
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        let help = self.problem.remedy()?;
        Some(Box::new(help))
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.span.as_ref().and_then(FileSpan::source_code)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let span = self.span.as_ref().filter(|_| !self.hides_text())?;
        let label = self.problem.label().to_owned();
        let mut labels = vec![LabeledSpan::new_primary_with_span(
            Some(label),
            span.marked(),
        )];
        if let Some(related) = self.related.as_ref().filter(|related| !related.is_separate) {
            labels.push(related.label());
        }
        Some(Box::new(labels.into_iter()))
    }

    fn related<'a>(&'a self) -> Option<Box<dyn Iterator<Item = &'a dyn Diagnostic> + 'a>> {
        let related = self
            .related
            .as_ref()
            .filter(|related| related.is_separate)?;
        Some(Box::new(std::iter::once(related as &dyn Diagnostic)))
    }
}

impl RelatedPlace {
    fn label(&self) -> LabeledSpan {
        LabeledSpan::new_with_span(Some(self.label.to_owned()), self.span.marked())
    }
}

impl fmt::Display for RelatedPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("related place")?;
        if self.span.file.quotable {
            return Ok(());
        }
        write!(f, ": {}", describe(&self.span.locate()))
    }
}

impl std::error::Error for RelatedPlace {}

impl Diagnostic for RelatedPlace {
    fn severity(&self) -> Option<Severity> {
        Some(Severity::Advice)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.span.source_code()
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(std::iter::once(self.label())))
    }
}

impl FileSpan {
    fn locate(&self) -> Location {
        self.file.locate(self.span)
    }

    /// Returns the text as reports quote it; `None` where they must not.
    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.file
            .quotable
            .then_some(self.file.as_shown() as &dyn SourceCode)
    }

    /// Returns the offset and the length of the marked text in the text as reports quote it: the first line of the
    /// span, at most 200 bytes.
    fn marked(&self) -> (usize, usize) {
        let range = self.file.on_boundaries(self.span.range());
        let text = self.file.text.get(range.clone()).unwrap_or_default();
        let line = text.lines().next().unwrap_or_default();
        let mut length = line.len().min(MAX_MARKED);
        while !line.is_char_boundary(length) {
            length -= 1;
        }
        let start = range.start.min(self.file.text.len());
        self.file.shown_range(start..start + length)
    }
}

/// Returns a location as `FILE:LINE:COLUMN`.
fn describe(location: &Location) -> String {
    let Location {
        file, line, column, ..
    } = location;
    format!("{}:{line}:{column}", file.escape_debug())
}

/// Returns `true` if the snippet of a place cannot show a related place.
fn needs_own_snippet(sources: &SourceMap, place: Option<Place>, related: Place) -> bool {
    let Some(place) = place.filter(|place| place.file == related.file) else {
        return true;
    };
    let file = sources.file(place.file);
    let line = file.position(place.span.start).0;
    let is_same_line = line == file.position(related.span.start).0;
    let distance = place.span.start.abs_diff(related.span.start) as usize;
    !file.quotable || (is_same_line && distance > MAX_DISTANCE)
}
