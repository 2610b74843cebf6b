//! The globs that select the rules of a policy.

use crate::model::{Field, NameGlob};
use crate::source::Place;

/// Globs that a rule has to match, all of them. Every rule matches if there are none.
#[derive(Debug, Default)]
pub struct Globs(pub Vec<Glob>);

/// A glob over one field of a rule.
#[derive(Debug)]
pub struct Glob {
    /// The field: the name, or the instance, the namespace or the repository of an endpoint.
    pub field: Field,
    /// The glob. For an instance it is matched with the alias; with the id where the instance is not declared.
    pub pattern: NameGlob,
    /// The place in the rules file.
    pub place: Place,
}

impl Globs {
    /// Returns the glob over a field.
    #[must_use]
    pub fn over(&self, field: Field) -> Option<&NameGlob> {
        let mut globs = self.0.iter();
        let glob = globs.find(|glob| glob.field == field)?;
        Some(&glob.pattern)
    }
}

impl Glob {
    /// Returns the key of the rules file.
    #[must_use]
    pub const fn key(&self) -> &'static str {
        match self.field {
            Field::Name => "rules",
            field => field.as_str(),
        }
    }
}
