//! End-to-end tests of the program with the emulator over HTTP, and tests of the architecture.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that cannot go on stops"
)]

mod architecture;
mod attribution;
mod cli;
mod docs;
#[path = "../examples/estate/generator.rs"]
mod estate_generator;
mod export;
mod freshness;
mod generator;
mod hostile;
mod import;
mod integrations;
mod leaks;
mod notify;
mod properties;
mod receivers;
mod secrets;
mod store;
mod support;
#[path = "../src/testing.rs"]
mod testing;
mod watch;
