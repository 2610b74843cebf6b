//! The commands as a user runs them, one file each.

mod completions;
mod conventions;
mod emulate;
mod plan;
mod render;
mod schema;
mod validate;
