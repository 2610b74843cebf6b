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
mod graph;
mod list;
mod plan;
mod policy;
mod progress;
mod remedy;
mod render;
mod schema;
mod selection;
mod snapshot;
mod terraform;
mod trace;
mod validate;
mod waive;
