//! Which rules a policy is about.

use super::view::{Subject, View, named};
use crate::model::{Field, NameGlob};
use crate::source::Place;

/// Globs that a rule has to match, all of them. Without any, every rule does.
#[derive(Debug, Default)]
pub struct Globs(pub Vec<Glob>);

/// A glob over one field of a rule.
#[derive(Debug)]
pub struct Glob {
    /// The field: the name, or an instance, a namespace or a repository of an end.
    pub field: Field,
    /// What it has to match. Of an instance that is its alias; the id of one that nobody declared.
    pub pattern: NameGlob,
    /// Where it is written.
    pub place: Place,
}

impl Globs {
    /// Whether a rule matches every glob.
    pub(super) fn includes(&self, view: &View<'_>, subject: Subject<'_>) -> bool {
        self.0.iter().all(|glob| glob.includes(view, subject))
    }

    /// The glob over a field, where there is one.
    pub(super) fn over(&self, field: Field) -> Option<&NameGlob> {
        self.0.iter().find(|glob| glob.field == field).map(|glob| &glob.pattern)
    }
}

impl Glob {
    /// Whether a rule matches it. A rule that names no namespace, or no repository, covers those that match too.
    pub(super) fn includes(&self, view: &View<'_>, subject: Subject<'_>) -> bool {
        let rule = subject.rule;
        let (end, covers_all) = match self.field {
            Field::FromInstance => (Some(view.aliases.name(rule.source.instance.as_str())), false),
            Field::ToInstance => (Some(view.aliases.name(rule.target.instance.as_str())), false),
            Field::FromNamespace => (named(&rule.source).0, true),
            Field::ToNamespace => (named(&rule.target).0, true),
            Field::FromRepo => (named(&rule.source).1, true),
            Field::ToRepo => (named(&rule.target).1, true),
            _ => (Some(rule.name.as_str()), false),
        };
        end.map_or(covers_all, |name| self.pattern.matches(name))
    }
}
