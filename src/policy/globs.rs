//! Which rules a policy is about.

use filter_language::{NameKind, Session};

use super::filter::may_meet;
use super::view::{Subject, View, named};
use crate::model::{Field, MATCH_ALL, NameGlob};
use crate::source::Place;

/// Globs that a rule has to match, all of them. Without any, every rule does.
#[derive(Debug, Default)]
pub struct Globs(pub Vec<Glob>);

/// A glob over one field of a rule.
#[derive(Debug)]
pub struct Glob {
    /// The field: the name, or an instance, a namespace or a repository of an end.
    pub field: Field,
    /// What it has to match. Of an instance that is its alias; the id of an undeclared one.
    pub pattern: NameGlob,
    /// Where it is written.
    pub place: Place,
}

impl Globs {
    /// Whether a rule matches every glob.
    pub(super) fn includes(
        &self,
        view: &View<'_>,
        subject: Subject<'_>,
        session: &mut Session,
    ) -> bool {
        self.0
            .iter()
            .all(|glob| glob.includes(view, subject, session))
    }

    /// The glob over a field, where there is one.
    #[must_use]
    pub fn over(&self, field: Field) -> Option<&NameGlob> {
        self.0
            .iter()
            .find(|glob| glob.field == field)
            .map(|glob| &glob.pattern)
    }
}

impl Glob {
    /// Whether a rule matches it. A rule that names no namespace, or no repository, matches unless its filter surely
    /// lets none of those through that the glob means. Sure is what holds whether the registry puts filters to whole
    /// names or looks for them inside: `platform-.*` may let `customer-platform-1` through, `^platform-.*$` does not.
    pub(super) fn includes(
        &self,
        view: &View<'_>,
        subject: Subject<'_>,
        session: &mut Session,
    ) -> bool {
        let rule = subject.rule;
        let name = match self.field {
            Field::FromInstance => Some(view.aliases.name(rule.source.instance.as_str())),
            Field::ToInstance => Some(view.aliases.name(rule.target.instance.as_str())),
            Field::FromNamespace => named(&rule.source).0,
            Field::ToNamespace => named(&rule.target).0,
            Field::FromRepo => named(&rule.source).1,
            Field::ToRepo => named(&rule.target).1,
            _ => Some(rule.name.as_str()),
        };
        match (name, self.field) {
            (Some(name), _) => self.pattern.matches(name),
            (None, Field::FromNamespace | Field::ToNamespace) => {
                let filter = rule.scope.namespace_name_filter().unwrap_or(MATCH_ALL);
                may_meet(session, filter, &self.pattern, NameKind::Namespace)
            }
            (None, _) => {
                let filter = rule.scope.repo_name_filter().unwrap_or(MATCH_ALL);
                may_meet(session, filter, &self.pattern, NameKind::Repository)
            }
        }
    }
}
