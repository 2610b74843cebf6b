//! crdrift.
pub mod acr;
pub mod model;
pub mod pattern;
pub mod source;
