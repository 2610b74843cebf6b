//! crdrift.
pub mod acr;
pub mod emulator;
pub mod model;
pub mod source;
