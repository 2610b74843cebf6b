//! Errors that point into the files, all of a run together.

use std::collections::HashSet;
use std::fmt;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use miette::{Diagnostic, LabeledSpan, Severity, SourceCode};

use super::problem::Problem;
use super::read;
use crate::source::{Location, Place, SourceFile, SourceMap, Span};

/// The most errors that are kept; further ones are counted.
const MAX_ERRORS: usize = 100;
/// The most bytes that are marked: an error in a huge value must not fill the screen.
const MAX_MARKED: usize = 200;
/// Two places of one line that are further apart, in bytes, are shown one after the other.
const MAX_APART: usize = 200;

/// Why rules files could not be loaded: every error of every file, in the order of the files.
#[derive(Debug)]
pub struct LoadErrors {
    errors: Vec<LoadError>,
    omitted: usize,
    estate: Option<String>,
    files: Vec<Arc<SourceFile>>,
}

impl LoadErrors {
    /// The errors, at most 100.
    pub fn iter(&self) -> std::slice::Iter<'_, LoadError> {
        self.errors.iter()
    }

    /// Returns the name of the estate, where the files give one.
    #[must_use]
    pub fn estate(&self) -> Option<&str> {
        self.estate.as_deref()
    }

    /// Returns the files that were read, valid or not.
    pub fn files(&self) -> impl Iterator<Item = &SourceFile> {
        self.files.iter().map(|file| &**file)
    }

    /// The same with the name of the estate.
    pub(super) fn of_estate(self, estate: Option<String>) -> Self {
        Self { estate, ..self }
    }

    /// At least this many more errors were found.
    #[must_use]
    pub fn omitted(&self) -> usize {
        self.omitted
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
        match (self.errors.len(), self.omitted) {
            (1, 0) => f.write_str("the rules have an error"),
            (count, 0) => write!(f, "the rules have {count} errors"),
            (count, omitted) => write!(
                f,
                "the rules have {count} errors and at least {omitted} more"
            ),
        }
    }
}

impl std::error::Error for LoadErrors {}

/// What is likely to be a slip in rules files that load: in the order of the files.
#[derive(Debug, Default)]
pub struct LoadWarnings {
    warnings: Vec<LoadError>,
    omitted: usize,
}

impl LoadWarnings {
    /// The warnings, at most 100.
    pub fn iter(&self) -> std::slice::Iter<'_, LoadError> {
        self.warnings.iter()
    }

    /// The number of further warnings.
    #[must_use]
    pub fn omitted(&self) -> usize {
        self.omitted
    }

    /// The number of all of them.
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
    site: Option<Site>,
    first: Option<First>,
}

/// A span with the file it belongs to.
#[derive(Debug)]
struct Site {
    file: Arc<SourceFile>,
    span: Span,
}

/// The place an error collides with, shown on its own where it does not fit into the error's own snippet.
#[derive(Debug)]
struct First {
    site: Site,
    label: &'static str,
    apart: bool,
}

impl LoadError {
    fn new(found: Found, sources: &SourceMap) -> Self {
        let site = |place: Place| Site {
            file: Arc::clone(sources.file(place.file)),
            span: place.span,
        };
        let label = found.problem.first_label();
        let apart = |first: Place| {
            let other_file = found.at.is_none_or(|at| at.file != first.file);
            other_file
                || !sources.file(first.file).quotable
                || found.at.is_some_and(|at| far_apart(sources, at, first))
        };
        let first = found.first.map(|place| First {
            site: site(place),
            label,
            apart: apart(place),
        });
        Self {
            site: found.at.map(site),
            first,
            problem: found.problem,
        }
    }

    /// What is wrong: a fragment of a sentence.
    #[must_use]
    pub fn message(&self) -> String {
        self.problem.to_string()
    }

    /// Whether the text in question must not be repeated: it holds a password.
    fn hides_text(&self) -> bool {
        matches!(self.problem, Problem::PasswordInEndpoint)
            || self.site.as_ref().is_some_and(|site| !site.file.quotable)
    }

    /// What to do about it.
    #[must_use]
    pub fn help(&self) -> Option<String> {
        self.problem.help().map(|help| help.to_string())
    }

    /// The error's code, such as `rules/unknown-key`.
    #[must_use]
    pub fn code(&self) -> String {
        self.problem
            .code()
            .map(|code| code.to_string())
            .unwrap_or_default()
    }

    /// Where it is; `None` where the error is about a file as a whole.
    #[must_use]
    pub fn location(&self) -> Option<Location> {
        self.site.as_ref().map(|site| site.file.locate(site.span))
    }

    /// The place it collides with, where there is one.
    #[must_use]
    pub fn first_location(&self) -> Option<Location> {
        self.first
            .as_ref()
            .map(|first| first.site.file.locate(first.site.span))
    }
}

impl fmt::Display for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.location().filter(|_| self.hides_text()) {
            Some(Location {
                file, line, column, ..
            }) => {
                write!(
                    f,
                    "{} ({}:{line}:{column})",
                    self.problem,
                    file.escape_debug()
                )
            }
            None => self.problem.fmt(f),
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
        self.problem.help()
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.site
            .as_ref()
            .filter(|site| site.file.quotable)
            .map(|site| site.file.as_shown() as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let site = self.site.as_ref().filter(|_| !self.hides_text())?;
        let (start, length) = site.marked();
        let own = LabeledSpan::new_primary_with_span(
            Some(self.problem.label().to_owned()),
            (start, length),
        );
        let first = self
            .first
            .as_ref()
            .filter(|first| !first.apart)
            .map(First::mark);
        Some(Box::new(std::iter::once(own).chain(first)))
    }

    fn related<'a>(&'a self) -> Option<Box<dyn Iterator<Item = &'a dyn Diagnostic> + 'a>> {
        let first = self.first.as_ref().filter(|first| first.apart)?;
        Some(Box::new(std::iter::once(first as &dyn Diagnostic)))
    }
}

impl First {
    fn mark(&self) -> LabeledSpan {
        LabeledSpan::new_with_span(Some(self.label.to_owned()), self.site.marked())
    }
}

impl fmt::Display for First {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the other place")?;
        match &self.site.file {
            file if file.quotable => Ok(()),
            file => {
                let Location {
                    file, line, column, ..
                } = file.locate(self.site.span);
                write!(f, " is {}:{line}:{column}", file.escape_debug())
            }
        }
    }
}

impl std::error::Error for First {}

impl Diagnostic for First {
    fn severity(&self) -> Option<Severity> {
        Some(Severity::Advice)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.site
            .file
            .quotable
            .then_some(self.site.file.as_shown() as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(std::iter::once(self.mark())))
    }
}

impl Site {
    /// Offset and length of what is marked in the text as reports quote it: the first line of the span, cut where it is
    /// long.
    fn marked(&self) -> (usize, usize) {
        let range = self.file.on_boundaries(self.span.range());
        let text = self.file.text.get(range.clone()).unwrap_or_default();
        let line = text.lines().next().unwrap_or_default();
        let length = line
            .char_indices()
            .map(|(at, _)| at)
            .take_while(|at| *at <= MAX_MARKED)
            .last();
        let length = if line.len() > MAX_MARKED {
            length.unwrap_or_default()
        } else {
            line.len()
        };
        let start = range.start.min(self.file.text.len());
        self.file.shown_range(start..start + length)
    }
}

fn far_apart(sources: &SourceMap, at: Place, first: Place) -> bool {
    let file = sources.file(at.file);
    let same_line = file.position(at.span.start).0 == file.position(first.span.start).0;
    same_line && at.span.start.abs_diff(first.span.start) as usize > MAX_APART
}

/// What was found so far.
#[derive(Debug, Default)]
pub(super) struct Problems {
    found: Vec<Found>,
    omitted: usize,
    warnings: Vec<Found>,
    omitted_warnings: usize,
    /// Hashes of what was found: the rules of a matrix repeat what is wrong with their template.
    seen: HashSet<u64>,
}

#[derive(Debug)]
struct Found {
    problem: Problem,
    at: Option<Place>,
    first: Option<Place>,
}

impl Problems {
    /// Takes in a problem of a place.
    pub(super) fn push(&mut self, problem: Problem, at: Place) {
        self.take(problem, Some(at), None);
    }

    /// Takes in a problem of a place that collides with an earlier one.
    pub(super) fn push_with_first(&mut self, problem: Problem, at: Place, first: Place) {
        self.take(problem, Some(at), Some(first));
    }

    /// Takes in a problem that has no place in a text.
    pub(super) fn push_without_place(&mut self, problem: Problem) {
        self.take(problem, None, None);
    }

    /// Takes in the problems of reading a file.
    pub(super) fn push_faults(&mut self, faults: Vec<read::Fault>) {
        for fault in faults {
            self.take(fault.problem, fault.place, None);
        }
    }

    /// Counts problems that somebody else found and did not keep.
    pub(super) fn omit(&mut self, count: usize) {
        self.omitted += count;
    }

    /// Takes in what was found elsewhere.
    pub(super) fn absorb(&mut self, other: Self) {
        self.omitted += other.omitted;
        self.omitted_warnings += other.omitted_warnings;
        for found in other.found.into_iter().chain(other.warnings) {
            self.take(found.problem, found.at, found.first);
        }
    }

    /// Whether a further problem would only be counted.
    pub(super) fn is_full(&self) -> bool {
        self.found.len() >= MAX_ERRORS
    }

    /// How many there are, those that are only counted too.
    pub(super) fn count(&self) -> usize {
        self.found.len() + self.omitted
    }

    /// Whether anything was found.
    pub(super) fn any(&self) -> bool {
        !self.found.is_empty()
    }

    fn take(&mut self, problem: Problem, at: Option<Place>, first: Option<Place>) {
        let mut hasher = DefaultHasher::new();
        (at, problem.to_string()).hash(&mut hasher);
        if !self.seen.insert(hasher.finish()) {
            return;
        }
        if problem.severity() == Some(Severity::Warning) {
            if self.warnings.len() < MAX_ERRORS {
                self.warnings.push(Found { problem, at, first });
            } else {
                self.omitted_warnings += 1;
            }
            return;
        }
        if self.is_full() {
            self.omitted += 1;
            if !problem.ends_reading() {
                return;
            }
            self.found.pop();
        }
        // An alias repeats a place.
        let first = first.filter(|first| at != Some(*first));
        self.found.push(Found { problem, at, first });
    }

    /// Takes out the warnings, in the order of files and places.
    pub(super) fn take_warnings(&mut self, sources: &SourceMap) -> LoadWarnings {
        let mut warnings = std::mem::take(&mut self.warnings);
        warnings.sort_by_key(|found| found.at);
        let warnings = warnings
            .into_iter()
            .map(|found| LoadError::new(found, sources))
            .collect();
        LoadWarnings {
            warnings,
            omitted: std::mem::take(&mut self.omitted_warnings),
        }
    }

    /// Success where nothing was found, else everything that was, in the order of files and places.
    pub(super) fn into_result(mut self, sources: &SourceMap) -> Result<(), LoadErrors> {
        if self.found.is_empty() {
            return Ok(());
        }
        self.found.sort_by_key(|found| found.at);
        let errors = self
            .found
            .into_iter()
            .map(|found| LoadError::new(found, sources))
            .collect();
        Err(LoadErrors {
            errors,
            omitted: self.omitted,
            estate: None,
            files: sources.files().to_vec(),
        })
    }
}
