//! The secrets of a run, and texts without them.
//!
//! [`SecretRegistry`] is the one place that knows every secret: keys, tokens, passwords of proxies, and the values of variables
//! whose names promise one. Whoever learns of a secret registers it; whatever leaves the program goes through a
//! [`RedactingWriter`], which puts `[secret]` in its place however the medium writes it. A document that crdrift reads back
//! is never altered like that, but refused if [`SecretRegistry::sources_of`] finds a secret in it.

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
