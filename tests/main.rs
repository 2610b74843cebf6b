//! Tests from outside: the real binary, the real emulator over real HTTP, and promises about the code itself.

mod architecture;
mod cases;
mod cli;
mod client;
mod emulator;
mod freshness;
mod properties;
mod rules;
mod sdk;
mod support;
