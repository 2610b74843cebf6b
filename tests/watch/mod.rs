//! `crdrift watch`: the real program with intervals of seconds.

mod once;
mod process;
mod schedule;
