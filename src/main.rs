//! The program `crdrift`.
fn main() {}
