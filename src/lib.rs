//! crdrift.
pub mod acr;
pub mod check;
pub mod client;
pub mod desired;
pub mod diff;
pub mod emulator;
pub mod finding;
pub mod model;
pub mod report;
pub mod snapshot;
pub mod source;
