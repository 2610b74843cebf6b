//! From live rules to rules files that a person could have written.
//!
//! [`assign_aliases`] names instances. [`import`] selects the unmanaged live rules, and [`Import::files`] prints them:
//! into new files, or into existing ones beside the rules of the same namespace. Comments above a rule have its lints. A
//! plan of the result has no change, except for rules that no rules file can declare.

mod aliases;
mod defaults;
mod draft;
mod factor;
mod files;
mod lints;
mod select;

pub use aliases::{NewInstance, assign_aliases};
pub use files::{ExistingFile, ImportedFile, MergeError, Split};
pub use select::{Import, OmittedRule, import};
