//! The values by which rules are matched.

use rustc_hash::FxHashSet;

use crate::model::{InstanceId, NamespaceName, RepoName, SyncRule};

/// The ends and the scope of a rule, without its source instance, its name and its filters.
pub(super) type RuleEnds<'a> = (
    (Option<&'a NamespaceName>, Option<&'a RepoName>),
    (
        &'a InstanceId,
        Option<&'a NamespaceName>,
        Option<&'a RepoName>,
    ),
    &'a str,
);

/// An index of live rules that finds duplicates.
#[derive(Default)]
pub(super) struct SeenRules<'a> {
    names: FxHashSet<&'a str>,
    contents: FxHashSet<RuleContent<'a>>,
}

impl<'a> SeenRules<'a> {
    pub(super) fn new(rules: impl Iterator<Item = &'a SyncRule>) -> Self {
        let mut known = Self::default();
        rules.for_each(|rule| known.add(rule));
        known
    }

    pub(super) fn add(&mut self, rule: &'a SyncRule) {
        self.names.insert(rule.name.as_str());
        self.contents.insert(rule_content(rule));
    }

    /// Returns whether a rule has the name of one of them, or equals one of them except for the name.
    pub(super) fn has(&self, rule: &SyncRule) -> bool {
        self.names.contains(rule.name.as_str()) || self.contents.contains(&rule_content(rule))
    }
}

/// The values of a rule without its name: ends, trigger and filters.
pub(super) type RuleContent<'a> = (RuleEnds<'a>, &'a str, &'a str, [Option<&'a str>; 2]);

/// Returns the values of a rule without its name.
pub(super) fn rule_content(rule: &SyncRule) -> RuleContent<'_> {
    let name_filters = [
        rule.scope.repo_name_filter(),
        rule.scope.namespace_name_filter(),
    ];
    (
        rule_ends(rule),
        rule.trigger.as_str(),
        &rule.tag_filter,
        name_filters,
    )
}

/// Returns the ends and the scope of a rule.
pub(super) fn rule_ends(rule: &SyncRule) -> RuleEnds<'_> {
    let SyncRule {
        source,
        target,
        scope,
        ..
    } = rule;
    let from = (source.namespace.as_ref(), source.repo.as_ref());
    (
        from,
        (
            &target.instance,
            target.namespace.as_ref(),
            target.repo.as_ref(),
        ),
        scope.as_str(),
    )
}
