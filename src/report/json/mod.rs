//! The result document, version 1: `schemas/result.v1.schema.json`, written and read.
//!
//! It has structs of its own, so that no change inside crdrift can change what others read. It loses nothing that
//! any format shows: a saved document can be drawn again, in every format, byte for byte as the run drew it.

mod change;
mod digest;
mod document;
mod finding;
mod lines;
mod policy;
mod read;
mod run;
mod topology;
mod write;

pub use digest::Digest;
pub use lines::line_schema;
pub(super) use lines::render as render_lines;
pub use read::{ReadError, read};

use std::io::{self, Write};

use schemars::Schema;

pub(super) use self::document::JsonError;
use self::document::JsonResult;
use super::Report;

/// The version of the document. A later 1.x only adds keys; a reader leaves out what it does not know.
const FORMAT_VERSION: &str = "1.0";

pub(super) fn render(report: &Report, to: &mut dyn Write) -> io::Result<()> {
    crate::source::write_pretty(to, &JsonResult::from(report))?;
    writeln!(to)
}

/// The JSON Schema of the document.
#[must_use]
pub fn schema() -> Schema {
    schemars::schema_for!(JsonResult<'static>)
}

#[cfg(test)]
mod tests;
