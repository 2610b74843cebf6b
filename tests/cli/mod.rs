//! The commands as a user runs them, one file each.

mod accounts;
mod base;
mod baseline;
mod completions;
mod conventions;
mod doctor;
mod emulate;
mod expect;
mod explain;
mod export;
mod filters;
mod fmt;
mod import;
mod list;
mod plan;
mod policy;
mod progress;
mod render;
mod schema;
mod selection;
mod snapshot;
mod terraform;
mod validate;
mod waive;
