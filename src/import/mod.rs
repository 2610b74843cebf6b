//! From live rules to rules files as a person would have written them.
//!
//! [`name`] gives instances aliases. [`import`] chooses the live rules that no file declares yet, and [`Import::files`]
//! writes them: into files of their own, or into those there are, at the place where they belong. What looks wrong about a
//! rule stands above it as a comment. What comes of it says what is live, but for what no rules file can say.

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
