//! Tests through the real binary.

mod pattern;
