//! The selection of a part of the desired and live state.

use std::fmt;

use acr_api::NamespaceName;
use rustc_hash::{FxHashMap, FxHashSet};

use super::alias::Alias;
use super::aliases::Aliases;
use super::glob::NameGlob;
use super::rule::SyncRule;
use super::state::{DesiredState, Instance, LiveState};

/// A selection of the state. Each list narrows it, except an empty one.
#[derive(Debug, Clone, Default)]
pub struct Selection {
    /// Only rules that start at one of these instances.
    pub instances: Vec<Alias>,
    /// Only rules whose name matches one of these.
    pub rules: Vec<NameGlob>,
    /// Only rules whose namespace, at either end, matches one of these. The ends of a rule of INSTANCE scope name
    /// none: nothing but a glob that matches the empty name selects it.
    pub namespaces: Vec<NameGlob>,
}

impl Selection {
    /// Returns whether everything is selected.
    #[must_use]
    pub fn is_everything(&self) -> bool {
        self.instances.is_empty() && self.rules.is_empty() && self.namespaces.is_empty()
    }

    /// Returns whether rules that start at an instance can be selected.
    #[must_use]
    pub fn has_instance(&self, alias: &str) -> bool {
        self.instances.is_empty() || self.instances.iter().any(|it| it.as_str() == alias)
    }

    /// Returns whether a rule is selected; `alias` is the name of its source instance.
    #[must_use]
    pub fn has_rule(&self, alias: &str, rule: &SyncRule) -> bool {
        let namespaces = [&rule.source, &rule.target]
            .map(|end| end.namespace.as_ref().map_or("", NamespaceName::as_str));
        self.has_instance(alias)
            && any_matches(&self.rules, &[rule.name.as_str()])
            && any_matches(&self.namespaces, &namespaces)
    }

    /// Returns whether rules of any name are selected: only instances narrow the selection.
    #[must_use]
    pub fn has_all_rules(&self) -> bool {
        self.rules.is_empty() && self.namespaces.is_empty()
    }

    /// Returns whether all rules of an instance are selected.
    #[must_use]
    pub fn has_all_of(&self, alias: &str) -> bool {
        self.has_all_rules() && self.has_instance(alias)
    }

    /// Returns a flag for each declared instance: true if selected rules can start there, or if it is the only instance
    /// that lists a selected rule.
    #[must_use]
    pub fn needed_instances(&self, desired: &DesiredState) -> Vec<bool> {
        if self.is_everything() {
            return vec![true; desired.instances.len()];
        }
        let by_id: FxHashMap<_, _> = desired.instances.iter().map(|it| (&it.id, it)).collect();
        let selected = desired.rules.iter().map(|it| &it.rule).filter(|rule| {
            let source = by_id
                .get(&rule.source.instance)
                .filter(|source| !source.read);
            source.is_some_and(|source| self.has_rule(source.alias.as_str(), rule))
        });
        let targets: FxHashSet<_> = selected.map(|rule| &rule.target.instance).collect();
        let matters = |instance: &Instance| {
            self.has_instance(instance.alias.as_str()) || targets.contains(&instance.id)
        };
        desired.instances.iter().map(matters).collect()
    }

    /// Returns a part of the selection that selects nothing: one of its globs alone, or all of it together. A typing
    /// error must not make a run that compares nothing and finds nothing.
    ///
    /// Instances alone always select something: they are declared, and an instance at which no rule starts is a result.
    /// `base` are the rules files of an earlier version, which may declare a rule that is gone by now.
    #[must_use]
    pub fn empty_part(
        &self,
        desired: &DesiredState,
        base: Option<&DesiredState>,
        live: &LiveState,
    ) -> Option<Self> {
        if self.has_all_rules() {
            return None;
        }
        let aliases = Aliases::from_desired(desired);
        let declared = desired
            .rules
            .iter()
            .chain(base.into_iter().flat_map(|it| &it.rules))
            .map(|it| &it.rule);
        let listed = live
            .instances
            .iter()
            .flat_map(|it| it.outgoing.iter().chain(&it.incoming))
            .map(|it| &it.rule);
        let rules: Vec<&SyncRule> = declared.chain(listed).collect();
        let is_empty = |part: &Self| {
            !rules
                .iter()
                .any(|rule| part.has_rule(aliases.name(rule.source.instance.as_str()), rule))
        };
        self.globs().chain([self.clone()]).find(is_empty)
    }

    /// Returns each glob alone.
    fn globs(&self) -> impl Iterator<Item = Self> {
        let rules = self.rules.iter().map(|glob| Self {
            rules: vec![glob.clone()],
            ..Self::default()
        });
        let namespaces = self.namespaces.iter().map(|glob| Self {
            namespaces: vec![glob.clone()],
            ..Self::default()
        });
        rules.chain(namespaces)
    }
}

impl fmt::Display for Selection {
    /// Returns the options of a command line that select the same.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let instances = self
            .instances
            .iter()
            .map(|it| format!("--instance \"{it}\""));
        let rules = self
            .rules
            .iter()
            .map(|it| format!("--rule \"{}\"", it.as_str()));
        let namespaces = self
            .namespaces
            .iter()
            .map(|it| format!("--namespace \"{}\"", it.as_str()));
        f.write_str(
            &instances
                .chain(rules)
                .chain(namespaces)
                .collect::<Vec<_>>()
                .join(" "),
        )
    }
}

/// Returns whether one of the globs matches one of the names; no globs match everything.
fn any_matches(globs: &[NameGlob], names: &[&str]) -> bool {
    globs.is_empty()
        || globs
            .iter()
            .any(|glob| names.iter().any(|name| glob.matches(name)))
}
