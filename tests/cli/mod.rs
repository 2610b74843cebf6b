//! The commands as a user runs them, one file each.

mod accounts;
mod completions;
mod conventions;
mod emulate;
mod explain;
mod filters;
mod list;
mod plan;
mod policy;
mod schema;
mod selection;
mod validate;
