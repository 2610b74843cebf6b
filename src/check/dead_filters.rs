//! Live filters that match no name: a rule with one copies nothing, and is more often a slip than meant.

use filter_language::{FilterSession, NameKind};
use rustc_hash::FxHashSet;

use super::Inputs;
use crate::model::{Alias, Field, MATCH_ALL, RuleName};

/// A filter of a live rule that matches no name that can exist.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeadFilter<'a> {
    /// The instance that lists the rule.
    pub instance: &'a Alias,
    /// The rule's name.
    pub rule: &'a RuleName,
    /// The filter's field.
    pub field: Field,
    /// The filter.
    pub filter: &'a str,
    /// The kind of the names that it is about.
    pub kind: NameKind,
}

/// Returns the selected live rules' filters that match no name, each text once.
#[must_use]
pub fn dead_filters<'a>(inputs: &Inputs<'a>, session: &mut FilterSession) -> Vec<DeadFilter<'a>> {
    let (desired, live, selection) = (inputs.desired, inputs.live, &inputs.desired.selection);
    let mut known: FxHashSet<(NameKind, &str)> = FxHashSet::default();
    let mut dead = Vec::new();
    for (instance, listing) in desired.instances.iter().zip(&live.instances) {
        for listed in &listing.outgoing {
            let rule = &listed.rule;
            if !selection.is_everything() && !selection.has_rule(instance.alias.as_str(), rule) {
                continue;
            }
            let filters = [
                (Field::TagFilter, NameKind::Tag, Some(&*rule.tag_filter)),
                (
                    Field::RepoNameFilter,
                    NameKind::Repository,
                    rule.scope.repo_name_filter(),
                ),
                (
                    Field::NamespaceNameFilter,
                    NameKind::Namespace,
                    rule.scope.namespace_name_filter(),
                ),
            ];
            for (field, kind, filter) in filters {
                let Some(filter) = filter.filter(|filter| *filter != MATCH_ALL) else {
                    continue;
                };
                if known.insert((kind, filter)) && session.has_no_match(filter, kind) {
                    dead.push(DeadFilter {
                        instance: &instance.alias,
                        rule: &rule.name,
                        field,
                        filter,
                        kind,
                    });
                }
            }
        }
    }
    dead
}
