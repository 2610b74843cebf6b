//! Lints of live rules, for the review of an import.

use std::collections::HashMap;

use filter_language::{FilterSession, NameKind};

use crate::diff::{ListingEnd, LiveIndex, OneSided, Plan};
use crate::model::{Aliases, DesiredState, Endpoint, Field, LiveState, SyncRule};

/// The effect of a rule, whatever its name.
type Effect<'a> = (
    &'a Endpoint,
    &'a Endpoint,
    [&'a str; 2],
    [Option<&'a str>; 2],
);

/// Checks live rules for likely mistakes.
pub(super) struct Linter<'a> {
    live: &'a LiveState,
    aliases: Aliases<'a>,
    /// The lints of rules that their targets list differently.
    one_sided: HashMap<LiveIndex, String>,
    /// The first rule of each effect, and the number of rules of each name of a source.
    first: HashMap<Effect<'a>, LiveIndex>,
    namesakes: HashMap<(&'a str, &'a str), usize>,
    session: FilterSession,
}

impl<'a> Linter<'a> {
    pub(super) fn new(desired: &'a DesiredState, live: &'a LiveState, plan: &Plan) -> Self {
        let mut first = HashMap::new();
        let mut namesakes: HashMap<_, usize> = HashMap::new();
        for (instance, live_instance) in live.instances.iter().enumerate() {
            for (rule, live_rule) in live_instance.outgoing.iter().enumerate() {
                let index = LiveIndex {
                    instance,
                    end: ListingEnd::Source,
                    rule,
                };
                let rule = &live_rule.rule;
                first.entry(effect(rule)).or_insert(index);
                let key = (rule.source.instance.as_str(), rule.name.as_str());
                *namesakes.entry(key).or_default() += 1;
            }
        }
        let mut one_sided = HashMap::new();
        for mirror in &plan.one_sided {
            if mirror.listed.end == ListingEnd::Source {
                one_sided.insert(mirror.listed, one_sided_lint(desired, mirror));
            }
        }
        let session = FilterSession::for_input(live.listed_bytes());
        Self {
            live,
            aliases: Aliases::from_desired(desired),
            one_sided,
            first,
            namesakes,
            session,
        }
    }

    /// Returns the lints of a rule, each a sentence without a full stop.
    pub(super) fn check(&mut self, index: LiveIndex) -> Vec<String> {
        let live = self.live;
        let rule = &live.rule(index).rule;
        let mut lints: Vec<String> = self.one_sided.get(&index).cloned().into_iter().collect();
        let namesakes = self
            .namesakes
            .get(&(rule.source.instance.as_str(), rule.name.as_str()))
            .copied();
        if let Some(count @ 2..) = namesakes {
            let source = self.aliases.name(rule.source.instance.as_str());
            lints.push(format!(
                "{source} has {count} rules with this name, but only one can be declared: delete the others"
            ));
        }
        let twin = self
            .first
            .get(&effect(rule))
            .filter(|first| **first != index)
            .map(|first| &live.rule(*first).rule);
        if let Some(twin) = twin.filter(|twin| twin.name != rule.name) {
            lints.push(format!(
                "equals rule {:?} in effect: images are copied twice",
                twin.name.as_str()
            ));
        }
        if same_place(&rule.source, &rule.target) {
            lints.push("source and target are the same".to_owned());
        }
        for (field, kind, filter) in filters(rule) {
            if filter.is_some_and(|filter| self.session.has_no_match(filter, kind)) {
                lints.push(format!(
                    "`{field}` matches no {}: the rule copies nothing",
                    kind.as_str()
                ));
            }
        }
        lints
    }
}

/// Returns the lint of a rule that its target does not list, or lists differently.
fn one_sided_lint(desired: &DesiredState, rule: &OneSided) -> String {
    let target = desired
        .instances
        .get(rule.other)
        .map_or("the other instance", |instance| instance.alias.as_str());
    let fields: Vec<_> = rule.fields.iter().map(|field| field.as_str()).collect();
    if fields.is_empty() {
        format!("target {target} does not list the rule")
    } else {
        format!(
            "target {target} lists the rule with a different {}",
            fields.join(", ")
        )
    }
}

/// Returns the filters of a rule; `None` where its scope has none.
fn filters(rule: &SyncRule) -> [(Field, NameKind, Option<&str>); 3] {
    [
        (Field::TagFilter, NameKind::Tag, Some(&rule.tag_filter)),
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
    ]
}

fn same_place(one: &Endpoint, other: &Endpoint) -> bool {
    (&one.instance, &one.namespace, &one.repo) == (&other.instance, &other.namespace, &other.repo)
}

fn effect(rule: &SyncRule) -> Effect<'_> {
    let name_filters = [
        rule.scope.namespace_name_filter(),
        rule.scope.repo_name_filter(),
    ];
    (
        &rule.source,
        &rule.target,
        [rule.trigger.as_str(), &rule.tag_filter],
        name_filters,
    )
}
