//! Drift over time: many saved results, what changed from one to the next, and a report of it.
//!
//! Results are grouped by estate, and sorted by time. The newest result of each estate is kept in full, the others as
//! numbers. [`render`] writes the report.

mod csv;
mod estate;
mod groups;
mod html;
mod json;
mod run;
mod scope;
mod series;

pub use estate::{EstateHistory, EstateKey};
pub use groups::GroupStats;
pub use json::schema;
pub use run::{Age, FindingCounts, FindingDelta, OpenAge, RecordedRun};
pub use scope::is_in_scope;
pub use series::ResolutionStats;

use std::collections::BTreeMap;
use std::io::{self, Write};

use crate::i18n::Language;
use crate::report::{Mask, Report};

use self::estate::EstateDraft;

/// Results as they are read, one after the other, in any order.
#[derive(Debug, Default)]
pub struct Collector {
    drafts: BTreeMap<EstateKey, EstateDraft>,
    /// The name of each result, by its digest.
    known: BTreeMap<String, String>,
}

impl Collector {
    /// Adds a result with its name and the SHA-256 of its bytes, lower-case hex.
    ///
    /// # Errors
    ///
    /// Returns the name of an identical result that was added before; then nothing changes.
    pub fn add(&mut self, name: &str, sha256: &str, report: Report) -> Result<(), String> {
        if let Some(same) = self.known.get(sha256) {
            return Err(same.clone());
        }
        self.known.insert(sha256.to_owned(), name.to_owned());
        self.drafts
            .entry(EstateKey::new(&report))
            .or_default()
            .add(name, sha256, report);
        Ok(())
    }

    /// Returns the history of the results.
    #[must_use]
    pub fn finish(self) -> History {
        History {
            estates: estate::finish(self.drafts),
        }
    }
}

/// The history of a series of results.
#[derive(Debug, PartialEq, Eq)]
pub struct History {
    /// The estates, by their rules files.
    pub estates: Vec<EstateHistory>,
}

impl History {
    /// Returns the number of results.
    #[must_use]
    pub fn results(&self) -> usize {
        self.estates.iter().map(|it| it.runs.len()).sum()
    }

    /// Returns the history with the ids of instances and accounts masked.
    #[must_use]
    pub fn masked(self, mask: &Mask) -> Self {
        Self {
            estates: self.estates.into_iter().map(|it| it.masked(mask)).collect(),
        }
    }
}

/// A format of a history.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// A page for people.
    Html,
    /// A table: a row for each result.
    Csv,
    /// A document for machines.
    Json,
}

/// The options of a page; the other formats have none.
#[derive(Debug, Clone, Copy)]
pub struct PageOptions<'a> {
    /// The language of its texts.
    pub language: Language,
    /// The title; `None` for the usual one.
    pub title: Option<&'a str>,
}

/// Writes a history. A page about a single result is that result's compliance report.
///
/// # Errors
///
/// The error of the writer, such as a closed pipe.
pub fn render(
    history: &History,
    format: Format,
    page: PageOptions<'_>,
    to: &mut dyn Write,
) -> io::Result<()> {
    match format {
        Format::Html => html::render(history, page.language, page.title, to),
        Format::Csv => csv::render(history, to),
        Format::Json => json::render(history, to),
    }
}

#[cfg(test)]
mod tests;
