//! crdrift.
pub mod acr;
pub mod model;
pub mod source;
