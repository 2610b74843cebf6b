//! crdrift.
pub mod acr;
pub mod client;
pub mod model;
pub mod source;
