//! The estates that are checked.

use std::path::PathBuf;
use std::time::Duration;

use crate::finding::Severity;

/// The times at which an estate is checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Schedule {
    /// A fixed interval, with a phase of its own for each estate.
    Every(Duration),
    /// A cron expression with five fields, in a time zone.
    Cron {
        /// The expression.
        expression: String,
        /// The name of the zone in the IANA database.
        time_zone: String,
    },
}

/// An estate that is checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WatchedEstate {
    /// The name, unique in the file; its identity in the store.
    pub name: String,
    /// Rules files, folders and globs, relative to the folder of the file.
    pub rules: Vec<String>,
    /// The owner, as free text.
    pub owner: Option<String>,
    /// The schedule.
    pub schedule: Schedule,
    /// The longest time of a check; what is not read by then is incomplete.
    pub deadline: Duration,
    /// The credentials profile of instances that declare none.
    pub profile: Option<String>,
    /// The lowest severity of open findings that fail a check.
    pub fail_on: Severity,
    /// A snapshot in the place of the API.
    pub live: Option<PathBuf>,
    /// A snapshot that the embedded emulator serves.
    pub emulate: Option<PathBuf>,
    /// A script with faults of the emulator.
    pub faults: Option<PathBuf>,
}
