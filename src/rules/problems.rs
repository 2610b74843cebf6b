//! The problems of a run while it reads: collected, deduplicated and counted.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};

use miette::{Diagnostic, Severity};

use super::error::{LoadError, LoadErrors, LoadWarnings};
use super::problem::{PlacedProblem, Problem};
use crate::source::{Place, SourceMap};

/// The most errors that are kept, and the most warnings; further ones are counted.
const MAX_ERRORS: usize = 100;

/// The problems found so far.
#[derive(Debug, Default)]
pub(super) struct Problems {
    errors: Vec<PlacedProblem>,
    omitted: usize,
    warnings: Vec<PlacedProblem>,
    omitted_warnings: usize,
    /// Hashes of the problems: the rules of a matrix repeat those of their template.
    seen: HashSet<u64>,
}

impl Problems {
    /// Adds a problem of a place.
    pub(super) fn push(&mut self, problem: impl Into<Problem>, place: Place) {
        self.insert(PlacedProblem {
            problem: problem.into(),
            place: Some(place),
            related: None,
        });
    }

    /// Adds a problem of a place that conflicts with another place.
    pub(super) fn push_related(
        &mut self,
        problem: impl Into<Problem>,
        place: Place,
        related: Place,
    ) {
        self.insert(PlacedProblem {
            problem: problem.into(),
            place: Some(place),
            related: Some(related),
        });
    }

    /// Adds a problem without a place in a text.
    pub(super) fn push_unplaced(&mut self, problem: impl Into<Problem>) {
        self.insert(PlacedProblem {
            problem: problem.into(),
            place: None,
            related: None,
        });
    }

    /// Adds problems with their places.
    pub(super) fn extend(&mut self, problems: impl IntoIterator<Item = PlacedProblem>) {
        for placed in problems {
            self.insert(placed);
        }
    }

    /// Adds the problems of another collection.
    pub(super) fn merge(&mut self, other: Self) {
        self.omitted += other.omitted;
        self.omitted_warnings += other.omitted_warnings;
        self.extend(other.errors);
        self.extend(other.warnings);
    }

    /// Counts further errors that were found and not kept.
    pub(super) fn omit(&mut self, count: usize) {
        self.omitted += count;
    }

    /// Returns `true` if a further error is only counted.
    pub(super) fn is_full(&self) -> bool {
        self.errors.len() >= MAX_ERRORS
    }

    /// Returns `true` if there is an error.
    pub(super) fn has_errors(&self) -> bool {
        !self.errors.is_empty()
    }

    /// Adds a problem, unless the same one has the same place.
    fn insert(&mut self, placed: PlacedProblem) {
        let PlacedProblem {
            problem,
            place,
            related,
        } = placed;
        let mut hasher = DefaultHasher::new();
        (place, problem.to_string()).hash(&mut hasher);
        if !self.seen.insert(hasher.finish()) {
            return;
        }
        // An alias repeats a place.
        let related = related.filter(|related| place != Some(*related));
        let is_warning = problem.severity() == Some(Severity::Warning);
        let ends_reading = problem.ends_reading();
        let placed = PlacedProblem {
            problem,
            place,
            related,
        };
        if is_warning {
            if self.warnings.len() < MAX_ERRORS {
                self.warnings.push(placed);
            } else {
                self.omitted_warnings += 1;
            }
            return;
        }
        if self.is_full() {
            self.omitted += 1;
            if !ends_reading {
                return;
            }
            self.errors.pop();
        }
        self.errors.push(placed);
    }

    /// Removes and returns the warnings, in the order of files and places.
    pub(super) fn take_warnings(&mut self, sources: &SourceMap) -> LoadWarnings {
        LoadWarnings {
            warnings: sort_and_locate(std::mem::take(&mut self.warnings), sources),
            omitted: std::mem::take(&mut self.omitted_warnings),
        }
    }

    /// Returns the errors in the order of files and places; success where there is none.
    pub(super) fn into_result(self, sources: &SourceMap) -> Result<(), LoadErrors> {
        if self.errors.is_empty() {
            return Ok(());
        }
        Err(self.into_errors(sources))
    }

    /// Returns the errors with their files.
    pub(super) fn into_errors(self, sources: &SourceMap) -> LoadErrors {
        LoadErrors {
            errors: sort_and_locate(self.errors, sources),
            omitted: self.omitted,
            estate: None,
            files: sources.files().to_vec(),
        }
    }
}

fn sort_and_locate(mut problems: Vec<PlacedProblem>, sources: &SourceMap) -> Vec<LoadError> {
    problems.sort_by_key(|placed| placed.place);
    problems
        .into_iter()
        .map(|placed| LoadError::new(placed, sources))
        .collect()
}
