//! Rules files: from paths to a [`DesiredState`](crate::model::DesiredState), or to every error of every file.
//!
//! [`load()`] parses each text once, into a tree with the place of every node ([`crate::source::Tree`]). A `reader`
//! resolves aliases and merge keys in the tree and fills in references, under a budget. Each rule is decoded by
//! serde into the structs of the file format (`schema`), and checked into the model (`rule`). Every
//! error is reported with its place, and reading goes on: a load succeeds only without any error.

mod builder;
mod codes;
mod decode;
mod defaults;
mod discover;
mod error;
mod file_value;
mod filters;
mod guards;
mod header;
mod hosts;
mod ignores;
mod instances;
mod interpolate;
mod load;
mod matrix;
mod names;
mod options;
mod policies;
mod problem;
mod problems;
mod read;
mod reader;
mod regions;
mod representable;
mod resources;
mod rule;
mod scalar;
mod schema;
mod scope;
mod tree_select;
mod waivers;
mod watch_file;

pub use discover::{FileKind, UnreadFiles, find_unread, leads_to};
pub use error::{LoadError, LoadErrors, LoadWarnings};
pub use hosts::AllowedHosts;
pub use interpolate::EnvironmentValue;
pub use load::{RuleSet, load, load_texts, load_with_text, parse_text};
pub use options::{Options, Variables, WaiverLimit};
pub use regions::find_correction;
pub use representable::{check_representable, check_representable_instance};
pub use resources::{TerraformLoad, discover_terraform, load_terraform};
pub use schema::schema;
pub use tree_select::{select_paths, split_glob};
pub use watch_file::{
    CronSchedule, NotifyEvent, NotifyTarget, Schedule, TargetKind, WatchFile, WatchFileOptions,
    WatchedEstate, load_watch_file, parse_interval, watch_schema,
};

use std::path::PathBuf;

use problems::Problems;

use crate::source::SourceMap;

/// Returns the files behind files, folders and globs, in the order in which [`load()`] reads them.
///
/// # Errors
///
/// Every input that leads to no file.
pub fn discover(inputs: &[String]) -> Result<Vec<PathBuf>, LoadErrors> {
    let mut problems = Problems::default();
    let paths = discover::discover(inputs, FileKind::Rules, &mut problems);
    problems.into_result(&SourceMap::default())?;
    Ok(paths)
}

/// Returns the same files, whatever is wrong with other inputs.
#[must_use]
pub fn discover_rules(inputs: &[String]) -> Vec<PathBuf> {
    discover::discover(inputs, FileKind::Rules, &mut Problems::default())
}

/// Returns the saved results behind files, folders (their `*.json`, sorted) and globs, each file once; and the errors of
/// the inputs that lead to none.
#[must_use]
pub fn discover_results(inputs: &[String]) -> (Vec<PathBuf>, Option<LoadErrors>) {
    let mut problems = Problems::default();
    let paths = discover::discover(inputs, FileKind::Results, &mut problems);
    (paths, problems.into_result(&SourceMap::default()).err())
}

#[cfg(test)]
mod tests;
