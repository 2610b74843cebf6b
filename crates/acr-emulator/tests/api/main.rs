//! The emulator over real sockets.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that cannot go on stops"
)]

mod accounts;
mod docs;
mod errors;
mod events;
mod faults;
mod rates;
mod rules;
mod sdk;
mod vectors;
mod wire;
