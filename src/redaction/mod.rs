//! The secrets of a run, and texts without them.
//!
//! [`SecretRegistry`] has every secret: keys, tokens, passwords of proxies, and the values of variables with the name of a
//! secret. Code that reads a secret registers it; all output passes a [`RedactingWriter`], which replaces secrets with
//! `[secret]` in every encoding. A document that crdrift reads back is not altered, but refused if
//! [`SecretRegistry::sources_of`] finds a secret in it.

mod encodings;
mod names;
mod pattern;
mod redactor;
mod registry;
mod writer;

pub use names::{is_secret_name, is_webhook};
pub use redactor::{Redactor, SECRET};
pub use registry::{SecretRegistry, SecretSources};
pub use writer::RedactingWriter;
