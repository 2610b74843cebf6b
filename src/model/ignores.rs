//! The `ignore:` entries of rules files.

use acr_api::InstanceId;

use super::glob::{NameGlob, NameGlobs};
use crate::source::Place;

/// An `ignore:` entry: the unmanaged rules that it matches are counted and not reported.
#[derive(Debug, Clone)]
pub struct IgnoreEntry {
    /// The names of the rules.
    pub rules: NameGlob,
    /// The source instance of the rules; `None`: all instances.
    pub instance: Option<InstanceId>,
    /// The reason, in the words of the file.
    pub reason: Box<str>,
    /// The place of the names.
    pub place: Place,
}

impl IgnoreEntry {
    /// Returns whether the entry is about rules of an instance.
    #[must_use]
    pub fn is_about(&self, instance: &InstanceId) -> bool {
        self.instance.as_ref().is_none_or(|id| id == instance)
    }
}

/// All `ignore:` entries, with their globs compiled together.
#[derive(Debug, Clone, Default)]
pub struct Ignores {
    entries: Vec<IgnoreEntry>,
    globs: NameGlobs,
}

impl Ignores {
    /// Indexes the globs of entries.
    #[must_use]
    pub fn new(entries: Vec<IgnoreEntry>) -> Self {
        let globs = NameGlobs::new(entries.iter().map(|entry| &entry.rules));
        Self { entries, globs }
    }

    /// Checks the number of globs; see [`NameGlobs::check_size`].
    ///
    /// # Errors
    ///
    /// Returns the limit that they exceed, as a fragment of a sentence.
    pub fn check_size(&self) -> Result<(), String> {
        self.globs.check_size()
    }

    /// Returns the entries, in the order of the files.
    #[must_use]
    pub fn entries(&self) -> &[IgnoreEntry] {
        &self.entries
    }

    /// Returns the entries that match a rule of an instance, each with its index.
    pub fn matching<'a>(
        &'a self,
        instance: &'a InstanceId,
        name: &str,
    ) -> impl Iterator<Item = (usize, &'a IgnoreEntry)> {
        let matching = self.globs.matching(name).into_iter();
        matching
            .filter_map(|index| Some((index, self.entries.get(index)?)))
            .filter(move |(_, entry)| entry.is_about(instance))
    }
}
