//! The formats for CI systems, spreadsheets, metrics and policy engines: a file for each.
//!
//! Text, Markdown, HTML and JSON are in `report/text/`, `markdown/`, `html/` and `json/`.

pub(super) mod csv;
pub mod github;
pub(super) mod gitlab;
pub(super) mod junit;
pub(super) mod ndjson;
pub(super) mod prometheus;
pub(super) mod sarif;
mod serialize_iter;
pub(super) mod terraform;
