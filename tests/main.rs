//! Tests from outside, one module for each subject.
#![allow(clippy::expect_used, reason = "a test that cannot go on stops")]

mod rules;
