//! Tests from outside: the real binary, the real emulator over real HTTP, and promises about the code itself.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that cannot go on stops"
)]

mod architecture;
mod cli;
mod docs;
#[path = "../examples/estate/generator.rs"]
mod estate_generator;
mod export;
mod freshness;
mod generator;
mod hostile;
mod import;
mod leaks;
mod properties;
mod secrets;
mod support;
#[path = "../src/testing.rs"]
mod testing;
