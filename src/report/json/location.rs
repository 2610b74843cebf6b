//! Places in rules files in the document: both ways.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::convert::text;
use crate::source::Location;

/// A place in a rules file. Lines and columns count from 1, columns in characters; the end is behind the last.
#[derive(Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Location")]
pub(in crate::report) struct JsonLocation<'a> {
    /// The file's path.
    pub(super) file: Cow<'a, str>,
    /// First line.
    pub(super) line: u32,
    /// First column.
    pub(super) column: u32,
    /// Last line.
    pub(super) end_line: u32,
    /// Column behind the last character.
    pub(super) end_column: u32,
}

impl<'a> From<&'a Location> for JsonLocation<'a> {
    fn from(location: &'a Location) -> Self {
        let Location {
            file,
            line,
            column,
            end_line,
            end_column,
        } = location;
        Self {
            file: text(file),
            line: *line,
            column: *column,
            end_line: *end_line,
            end_column: *end_column,
        }
    }
}

impl From<JsonLocation<'_>> for Location {
    fn from(location: JsonLocation<'_>) -> Self {
        let JsonLocation {
            file,
            line,
            column,
            end_line,
            end_column,
        } = location;
        Self {
            file: file.into(),
            line,
            column,
            end_line,
            end_column,
        }
    }
}
