//! Tests from outside, one module for each subject.

mod rules;
