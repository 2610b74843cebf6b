//! Promises about the code itself: the map in `src/lib.rs` is the one table of them.

mod actions;
mod edges;
mod names;
mod pages;
mod sources;
