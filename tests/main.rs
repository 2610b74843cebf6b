//! Tests through the real binary.
