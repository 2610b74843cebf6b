//! Lints of live rules, for the review of an import.

use std::collections::HashMap;

use filter_language::{NameKind, Session};

use crate::diff::{ListingEnd, LiveIndex, Plan};
use crate::model::{Aliases, DesiredState, Endpoint, Field, LiveState, SyncRule};

/// The effect of a rule, independent of its name.
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
    /// The lint about a rule that its target lists differently.
    one_sided: HashMap<LiveIndex, String>,
    /// The first rule that does something, and how many rules a name has, by source.
    first: HashMap<Effect<'a>, LiveIndex>,
    namesakes: HashMap<(&'a str, &'a str), usize>,
    session: Session,
}

impl<'a> Linter<'a> {
    pub(super) fn new(desired: &'a DesiredState, live: &'a LiveState, plan: &Plan) -> Self {
        let mut first = HashMap::new();
        let mut namesakes: HashMap<_, usize> = HashMap::new();
        for (instance, it) in live.instances.iter().enumerate() {
            for (rule, it) in it.outgoing.iter().enumerate() {
                first.entry(effect(&it.rule)).or_insert(LiveIndex {
                    instance,
                    end: ListingEnd::Source,
                    rule,
                });
                let key = (it.rule.source.instance.as_str(), it.rule.name.as_str());
                *namesakes.entry(key).or_default() += 1;
            }
        }
        let one_sided = plan
            .one_sided
            .iter()
            .filter(|it| it.listed.end == ListingEnd::Source)
            .map(|it| {
                let other = desired
                    .instances
                    .get(it.other)
                    .map_or("the other instance", |it| it.alias.as_str());
                let fields: Vec<_> = it.fields.iter().map(|field| field.as_str()).collect();
                let lint = match fields.as_slice() {
                    [] => format!("target {other} does not list the rule"),
                    fields => format!(
                        "target {other} lists the rule with a different {}",
                        fields.join(", ")
                    ),
                };
                (it.listed, lint)
            });
        let one_sided = one_sided.collect();
        let session = Session::for_input(live.listed_bytes());
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

/// The filters of a rule; `None` where its scope has none.
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
