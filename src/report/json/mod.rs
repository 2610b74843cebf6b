//! The result document, version 1: `schemas/result.v1.schema.json`, both ways.
//!
//! It has structs of its own, so that a change inside crdrift cannot change the document. It contains everything that
//! any format shows: `crdrift render` converts a saved document to every format, byte for byte as the run printed it.

pub(super) mod change;
pub(super) mod convert;
mod digest;
pub(super) mod document;
mod field_values;
pub(super) mod finding;
pub(super) mod instance;
mod list;
mod location;
pub(super) mod policy;
mod read;
pub(super) mod run;
pub(super) mod topology;
pub(super) mod who;
mod write;

pub use digest::Digest;
pub use read::{ReadError, read};

use std::io::{self, Write};

use schemars::Schema;

pub(super) use self::document::JsonError;
use self::document::JsonResult;
use super::Report;

/// The version of the document. A later 1.x only adds keys; a reader leaves out what it does not know.
pub(super) const FORMAT_VERSION: &str = "1.0";

/// The most changes and findings of a document that is indented. In a larger one, each is a line, and indentation would
/// double its size.
const MAX_INDENTED: usize = 10_000;

pub(super) fn render(report: &Report, to: &mut dyn Write) -> io::Result<()> {
    let items = report.changes.len() + report.findings.len() + report.in_sync_rules.len();
    let write = if items <= MAX_INDENTED {
        crate::source::write_pretty
    } else {
        crate::source::write_lines
    };
    write(to, &JsonResult::from(report))?;
    writeln!(to)
}

/// Returns the JSON Schema of the document.
#[must_use]
pub fn schema() -> Schema {
    schemars::schema_for!(JsonResult<'static>)
}

#[cfg(test)]
mod tests;
