//! The display names of instances.

use rustc_hash::FxHashMap;

use super::alias::Alias;
use super::field::Field;

use super::rule::Endpoint;
use super::state::DesiredState;

/// The aliases of the declared instances, by id.
#[derive(Debug)]
pub struct Aliases<'a>(FxHashMap<&'a str, &'a Alias>);

impl<'a> Aliases<'a> {
    /// Returns the aliases that a state declares.
    #[must_use]
    pub fn from_desired(desired: &'a DesiredState) -> Self {
        Self(
            desired
                .instances
                .iter()
                .map(|instance| (instance.id.as_str(), &instance.alias))
                .collect(),
        )
    }

    /// An instance's alias; its id where it is undeclared.
    #[must_use]
    pub fn name<'b>(&'b self, id: &'b str) -> &'b str {
        self.0.get(id).map_or(id, |alias| alias.as_str())
    }

    /// One end of a rule: `instance/namespace/repository`, with `*` for what the scope leaves open.
    #[must_use]
    pub fn end(&self, end: &Endpoint) -> String {
        let instance = self.name(end.instance.as_str());
        match (&end.namespace, &end.repo) {
            (Some(namespace), Some(repo)) => format!("{instance}/{namespace}/{repo}"),
            (Some(namespace), None) => format!("{instance}/{namespace}/*"),
            (None, Some(repo)) => format!("{instance}/*/{repo}"),
            (None, None) => format!("{instance}/*"),
        }
    }

    /// A field's value as the rules file would have it: an instance by its alias.
    #[must_use]
    pub fn value<'b>(&'b self, field: Field, value: &'b str) -> &'b str {
        match field {
            Field::FromInstance | Field::ToInstance => self.name(value),
            _ => value,
        }
    }
}
