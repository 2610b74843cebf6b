//! Drift over time: many saved results, what changed from one to the next, and a report of it.
//!
//! Results are grouped into estates, by what was looked at. An estate is a series: its results in time. Only of the
//! newest result of each estate everything is kept; of the others what a series needs. The one verb is [`render`].

mod csv;
mod estate;
mod html;
mod json;
mod run;
mod series;

pub use estate::Estate;
pub use json::schema;
pub use run::{Age, Delta, Findings, RecordedRun};
pub use series::ResolutionStats;

use std::collections::BTreeMap;
use std::io::{self, Write};

use crate::i18n::Language;
use crate::report::{Mask, Report};

use self::estate::{Draft, Key};

/// Results as they are read, one after the other, in any order.
#[derive(Debug, Default)]
pub struct Collector {
    drafts: BTreeMap<Key, Draft>,
    /// The name of each result, by its digest.
    known: BTreeMap<String, String>,
}

impl Collector {
    /// Takes a result; `name` is what it is called and `sha256` the digest of its bytes, lower-case hex.
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
            .entry(Key::new(&report))
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
    pub estates: Vec<Estate>,
}

impl History {
    /// Returns the number of results.
    #[must_use]
    pub fn results(&self) -> usize {
        self.estates.iter().map(|it| it.runs.len()).sum()
    }

    /// The same with the ids of instances and accounts masked.
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

/// Draws a history. A page about a single result is that result's compliance report.
///
/// # Errors
///
/// The error of the writer, such as a closed pipe.
pub fn render(
    history: &History,
    format: Format,
    language: Language,
    title: Option<&str>,
    to: &mut dyn Write,
) -> io::Result<()> {
    match format {
        Format::Html => html::render(history, language, title, to),
        Format::Csv => csv::render(history, to),
        Format::Json => json::render(history, to),
    }
}

#[cfg(test)]
mod tests;
