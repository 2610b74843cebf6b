//! crdrift.
pub mod acr;
pub mod desired;
pub mod model;
pub mod source;
