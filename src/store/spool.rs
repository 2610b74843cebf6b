//! Results that could not be recorded, as files, until the store is back.

use std::fs;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use super::{DeliveryRouter, NewResult, Store, StoreError, StoreUrl};
use crate::report::{self, Digest};

/// The most results of a folder: a week of one every ten minutes.
const MAX_RESULTS: usize = 1_000;

/// The most bytes of a folder.
const MAX_BYTES: u64 = 1 << 30;

/// A folder of results for one store.
#[derive(Debug, Clone)]
pub struct Spool {
    folder: PathBuf,
}

/// A spooled result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpooledResult {
    path: PathBuf,
}

impl SpooledResult {
    /// Returns the result document.
    ///
    /// # Errors
    ///
    /// Those of the file system, and a file that is larger than a spool or no UTF-8.
    pub fn read(&self) -> io::Result<String> {
        let mut text = String::new();
        let read = fs::File::open(&self.path)?
            .take(MAX_BYTES + 1)
            .read_to_string(&mut text)?;
        if read as u64 > MAX_BYTES {
            return Err(io::Error::from(io::ErrorKind::FileTooLarge));
        }
        Ok(text)
    }
}

impl Spool {
    /// Returns the spool of a store below a folder.
    #[must_use]
    pub fn new(folder: &Path, store: &StoreUrl) -> Self {
        let mut name = Digest::hash(store.to_string().as_bytes()).to_string();
        name.truncate(16);
        Self {
            folder: folder.join(name),
        }
    }

    /// Returns the folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Adds a result. Its file can be read by this user only.
    ///
    /// # Errors
    ///
    /// Those of the file system, and a folder that is full.
    pub fn add(&self, started_ms: i64, text: &str) -> io::Result<()> {
        create_private_folder(&self.folder)?;
        let (mut results, mut bytes) = (0, text.len() as u64);
        for entry in fs::read_dir(&self.folder)? {
            results += 1;
            bytes = bytes.saturating_add(entry?.metadata()?.len());
        }
        if results >= MAX_RESULTS || bytes > MAX_BYTES {
            return Err(io::Error::other(format!(
                "the spool is full: {results} results"
            )));
        }
        let id = Digest::hash(text.as_bytes());
        let mut file = tempfile::NamedTempFile::new_in(&self.folder)?;
        file.write_all(text.as_bytes())?;
        file.as_file().sync_all()?;
        // Names in the order of time.
        let name = format!("{started_ms:020}-{id}.json");
        file.persist(self.folder.join(name))
            .map_err(|error| error.error)?;
        Ok(())
    }

    /// Returns the spooled results, the oldest first. Files that are none are left alone.
    ///
    /// # Errors
    ///
    /// Those of the file system.
    pub fn results(&self) -> io::Result<Vec<SpooledResult>> {
        let entries = match fs::read_dir(&self.folder) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries?,
        };
        let mut paths = Vec::new();
        for entry in entries {
            let path = entry?.path();
            if path.extension().is_some_and(|it| it == "json") {
                paths.push(path);
            }
        }
        paths.sort();
        let results = paths.into_iter();
        Ok(results.map(|path| SpooledResult { path }).collect())
    }

    /// Removes a result that is recorded.
    ///
    /// # Errors
    ///
    /// Those of the file system.
    pub fn remove(&self, result: &SpooledResult) -> io::Result<()> {
        match fs::remove_file(&result.path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            removed => removed,
        }
    }

    /// Puts a result aside that cannot be recorded, under another ending.
    ///
    /// # Errors
    ///
    /// Those of the file system.
    pub fn put_aside(&self, result: &SpooledResult) -> io::Result<PathBuf> {
        let aside = result.path.with_extension("rejected");
        fs::rename(&result.path, &aside)?;
        Ok(aside)
    }
}

/// The recording of a spool.
#[derive(Debug, Default)]
pub struct SpoolOutcome {
    /// The number of recorded results.
    pub recorded: usize,
    /// The problems of single files, as sentences without a full stop.
    pub problems: Vec<String>,
}

impl Store {
    /// Records the results of a spool in the order of their time. One that is no result is put aside.
    ///
    /// # Errors
    ///
    /// [`StoreError`]; then the results that are left wait in the spool.
    pub fn record_spooled(
        &mut self,
        spool: &Spool,
        router: Option<&dyn DeliveryRouter>,
        recorded_ms: i64,
    ) -> Result<SpoolOutcome, StoreError> {
        let mut outcome = SpoolOutcome::default();
        let results = match spool.results() {
            Ok(results) => results,
            Err(error) => {
                let problem = format!("cannot read the spool: {error}");
                outcome.problems.push(problem);
                return Ok(outcome);
            }
        };
        for result in &results {
            let cleared = match self.record_file(result, router, recorded_ms) {
                Ok(()) => {
                    outcome.recorded += 1;
                    spool.remove(result)
                }
                Err(error @ StoreError::Document { .. }) => spool.put_aside(result).map(|path| {
                    let path = path.display();
                    let problem =
                        format!("a spooled result cannot be recorded, see {path}: {error}");
                    outcome.problems.push(problem);
                }),
                Err(error) => return Err(error),
            };
            // A file that stays is known when it is recorded again.
            if let Err(error) = cleared {
                let problem = format!("cannot clear the spool: {error}");
                outcome.problems.push(problem);
            }
        }
        Ok(outcome)
    }

    fn record_file(
        &mut self,
        result: &SpooledResult,
        router: Option<&dyn DeliveryRouter>,
        recorded_ms: i64,
    ) -> Result<(), StoreError> {
        let text = result.read().map_err(|error| document(&error))?;
        let report = report::read(text.as_bytes()).map_err(|error| document(&error))?;
        let id = Digest::hash(text.as_bytes()).to_string();
        let result = NewResult {
            name: id.get(..12).unwrap_or(&id),
            text: &text,
            report: &report,
            recorded_ms,
            lease: None,
            router,
        };
        self.record(&result).map(|_| ())
    }
}

fn document(error: &dyn std::fmt::Display) -> StoreError {
    StoreError::Document {
        reason: error.to_string(),
    }
}

fn create_private_folder(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

#[cfg(test)]
mod tests {
    use super::Spool;
    use crate::store::StoreUrl;

    #[test]
    fn results_come_back_in_the_order_of_time_and_once() {
        let folder = tempfile::tempdir().expect("a folder");
        let url = StoreUrl::parse("postgres://db/x").expect("a URL");
        let spool = Spool::new(folder.path(), &url);
        assert_eq!(spool.results().expect("no folder yet"), []);
        for (time, text) in [(20, "b"), (3, "a"), (100, "c"), (20, "b")] {
            spool.add(time, text).expect("a file");
        }
        let results = spool.results().expect("a folder");
        let texts: Vec<_> = results.iter().map(|it| it.read().expect("text")).collect();
        assert_eq!(texts, ["a", "b", "c"]);
        spool.remove(&results[0]).expect("a file");
        spool.remove(&results[0]).expect("no file any more");
        spool.put_aside(&results[1]).expect("a file");
        assert_eq!(spool.results().expect("a folder").len(), 1);
        let other = StoreUrl::parse("postgres://db/y").expect("a URL");
        assert_eq!(
            Spool::new(folder.path(), &other).results().expect("none"),
            []
        );
    }
}
