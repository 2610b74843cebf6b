//! From live rules to rules files as a person would have written them.
//!
//! [`name`] gives instances aliases. [`import`] selects the live rules that no file declares yet, and [`Import::files`]
//! writes them: into files of their own, or into those there are, at the place where they belong. Lints of a
//! rule are comments above it. The result equals the live rules, except those that no rules file can declare.

mod aliases;
mod defaults;
mod draft;
mod factor;
mod files;
mod lints;
mod select;

pub use aliases::{Found, name};
pub use files::{Existing, File, MergeError, Split};
pub use select::{Import, Omitted, import};
