//! The emulator over real sockets.

mod accounts;
mod docs;
mod faults;
mod refusals;
mod rules;
mod vectors;
mod wire;
