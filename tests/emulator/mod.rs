//! The emulator over real sockets.

mod refusals;
mod rules;
mod vectors;
mod wire;
