//! A rule of the file becomes a rule of the model, with everything that is wrong with it found.

use super::decode::decode;
use super::document::{Document, Entry, Record};
use super::estate::Estate;
use super::header::Defaults;
use super::matrix::{MAX_EXPANDED, MAX_FILLED, Matrix};
use super::names;
use super::problem::Problem;
use super::schema::{RawEndpoint, RawRule, RawTrigger};
use super::scope::{self, Ends};
use crate::model::{
    AccountId, CrossUser, DesiredRule, Direction, Endpoint, Field, Instance, NameFilters, Priority,
    RuleName, Scope, SyncRule, Trigger,
};
use crate::source::{NodeId, Place, Span, quote, truncate};

const PRIORITY_HELP: &str = "tasks of a higher priority run first; 3 is the default";

/// Reads every rule of `rules:`.
pub(super) fn read_all<'a>(
    document: &mut Document<'a>,
    estate: &mut Estate,
    defaults: &Defaults,
    entry: &Entry<'a>,
) {
    let nodes = document.list(entry);
    estate.rules.reserve(nodes.len());
    for node in nodes {
        let Some(record) = document.record(node, "the rule") else {
            continue;
        };
        if let Some(matrix) = record.get("matrix").copied() {
            expand(document, estate, defaults, &record, &matrix);
        } else {
            let raw = decode(document, &record, &[]).value;
            let rule = read(document, estate, defaults, &record, raw, None);
            estate.rules.extend(rule);
        }
    }
}

/// Reads a rule of an example, which stands for itself: one without a matrix.
pub(super) fn read_example(
    document: &mut Document<'_>,
    estate: &mut Estate,
    defaults: &Defaults,
    node: NodeId,
) -> Option<DesiredRule> {
    let record = document.record(node, "the rule of the example")?;
    if let Some(matrix) = record.get("matrix") {
        let help = "an example is of one rule: write it out".to_owned();
        document.report(
            Problem::UnknownKey {
                key: "matrix".to_owned(),
                help,
            },
            matrix.key_node,
        );
    }
    let raw = decode(document, &record, &["matrix"]).value;
    read(document, estate, defaults, &record, raw, None)
}

/// Reads a rule once for each combination of its matrix.
fn expand<'a>(
    document: &mut Document<'a>,
    estate: &mut Estate,
    defaults: &Defaults,
    record: &Record<'a>,
    entry: &Entry<'a>,
) {
    let mut matrix = Matrix::read(document, entry);
    let count = if matrix.sound { matrix.len() } else { 1 };
    for number in 0..count {
        if estate.expanded >= MAX_EXPANDED {
            return document.report(
                Problem::MatrixTooLarge {
                    limit: MAX_EXPANDED,
                },
                entry.key_node,
            );
        }
        if estate.expanded_bytes > MAX_FILLED {
            return document.report(
                Problem::MatrixTooLong {
                    limit: MAX_FILLED >> 20,
                },
                entry.key_node,
            );
        }
        estate.expanded += 1;
        let filled = document.filled;
        document.grant(record.node);
        document.bind(matrix.combination(number));
        let raw = decode::<RawRule>(document, record, &["matrix"]);
        estate.expanded_bytes = estate
            .expanded_bytes
            .saturating_add(document.filled.saturating_sub(filled));
        if matrix.sound {
            let rule = read(document, estate, defaults, record, raw.value, Some(&matrix));
            estate.rules.extend(rule);
        }
        matrix.note(&document.bind(Vec::new()));
        if !raw.whole {
            break;
        }
    }
    matrix.report_unused(document);
}

/// Checks one rule. `matrix` is what it was expanded from.
fn read<'a>(
    document: &mut Document<'a>,
    estate: &mut Estate,
    defaults: &Defaults,
    record: &Record<'a>,
    mut raw: RawRule,
    matrix: Option<&Matrix<'_>>,
) -> Option<DesiredRule> {
    let what = "the rule";
    document.require(record, what, "name", "rules are matched by name: `name: …`");
    document.require(
        record,
        what,
        "from",
        "where images come from: `from: { instance: …, namespace: … }`",
    );
    document.require(
        record,
        what,
        "to",
        "where images go: `to: { instance: …, namespace: … }`",
    );
    let from = End::read(document, estate, record, "from", raw.from.take());
    let to = End::read(document, estate, record, "to", raw.to.take());
    let ends = from.as_ref().zip(to.as_ref()).map(|(from, to)| Ends {
        from: &from.record,
        to: &to.record,
    });
    let scope = ends.as_ref().and_then(|ends| scope::derive(document, ends));
    if let Some(scope) = &scope {
        scope::check_given(document, raw.scope, record.get("scope"), scope);
        check_effect(document, record, scope);
    }
    let filters = Filters::read(document, estate, record, defaults, &raw);
    check_common(document, record, raw.priority, raw.link_id.as_deref());
    let name: Option<RuleName> = document
        .checked(record, "name", raw.name, names::rule)
        .map(Into::into);
    let place = document.place(
        record
            .get("name")
            .map_or(record.head(), |entry| entry.value),
    );
    if let (Some(name), Some(from)) = (&name, &from) {
        claim(document, estate, from, name, place, matrix);
    }
    let field_spans = field_spans(document, record, &ends?);
    let (from, to, values) = (from?, to?, &defaults.values);
    let rule = SyncRule {
        name: name?,
        source: from.endpoint?,
        target: to.endpoint?,
        scope: scope?.with_filters(filters.names),
        trigger: raw
            .trigger
            .or(values.trigger)
            .map_or_else(Trigger::default, Into::into),
        direction: Direction::From,
        tag_filter: filters.tag?,
        priority: raw
            .priority
            .or(values.priority)
            .map_or_else(Priority::default, Priority::Level),
        link_id: raw
            .link_id
            .or_else(|| values.link_id.clone())
            .map(Into::into),
        cross_user: crosses(from.owner, to.owner),
    };
    Some(DesiredRule {
        rule,
        place,
        field_spans,
    })
}

/// One end of a rule.
struct End<'a> {
    record: Record<'a>,
    /// `None` where something is wrong with it, which was reported.
    endpoint: Option<Endpoint>,
    /// The account that owns the instance.
    owner: Option<AccountId>,
}

impl<'a> End<'a> {
    /// Checks one end; `None` where it is no mapping, which was reported when the rule was decoded.
    fn read(
        document: &mut Document<'a>,
        estate: &Estate,
        rule: &Record<'a>,
        key: &str,
        raw: Option<RawEndpoint>,
    ) -> Option<Self> {
        let (
            RawEndpoint {
                instance,
                namespace,
                repo,
            },
            entry,
        ) = (raw?, *rule.get(key)?);
        let record = document.record_of(&entry)?;
        document.require(
            &record,
            "the endpoint",
            "instance",
            "the alias of an instance under `instances`",
        );
        let namespace = document.checked(&record, "namespace", namespace, names::namespace);
        let repo = document.checked(&record, "repo", repo, names::repo);
        let instance = instance.zip(record.get("instance"));
        let instance = instance
            .and_then(|(alias, entry)| estate.instances.find(document, &alias, entry.value));
        let endpoint = instance.map(|Instance { id, region, .. }| Endpoint {
            instance: id.clone(),
            region: Some(region.clone()),
            namespace: namespace.map(Into::into),
            repo: repo.map(Into::into),
        });
        let owner = instance.and_then(|instance| instance.account.clone());
        Some(Self {
            record,
            endpoint,
            owner,
        })
    }
}

/// Reports a name that another rule of the same source instance has.
fn claim(
    document: &mut Document<'_>,
    estate: &mut Estate,
    from: &End<'_>,
    name: &RuleName,
    place: Place,
    matrix: Option<&Matrix<'_>>,
) {
    let Some(Endpoint { instance, .. }) = &from.endpoint else {
        return;
    };
    let Some(first) = estate.claim(instance, name, place) else {
        return;
    };
    let alias = from
        .record
        .get("instance")
        .and_then(|entry| document.tree.scalar(entry.value));
    let (name, instance) = (quote(name.as_str()), truncate(alias.unwrap_or_default()));
    match matrix.filter(|_| first == place) {
        None => document.problems.push_with_first(
            Problem::DuplicateRule { name, instance },
            place,
            first,
        ),
        // A key that is not used makes duplicates, and is reported itself.
        Some(matrix) if !matrix.is_used() => {}
        Some(matrix) => {
            let problem = Problem::MatrixDuplicate {
                name,
                instance,
                example: matrix.example(),
            };
            document.problems.push(problem, place);
        }
    }
}

fn crosses(source: Option<AccountId>, target: Option<AccountId>) -> Option<CrossUser> {
    let same = source? == target?;
    Some(if same { CrossUser::No } else { CrossUser::Yes })
}

/// The filters, the defaults' where the rule gives none.
struct Filters {
    /// `None`: missing, which was reported.
    tag: Option<Box<str>>,
    names: NameFilters,
}

impl Filters {
    fn read<'a>(
        document: &mut Document<'a>,
        estate: &mut Estate,
        record: &Record<'a>,
        defaults: &Defaults,
        raw: &RawRule,
    ) -> Self {
        let values = &defaults.values;
        let filters = [
            (Field::TagFilter, &raw.tag_filter, &values.tag_filter),
            (
                Field::RepoNameFilter,
                &raw.repo_name_filter,
                &values.repo_name_filter,
            ),
            (
                Field::NamespaceNameFilter,
                &raw.namespace_name_filter,
                &values.namespace_name_filter,
            ),
        ];
        let [tag, repo, namespace] = filters.map(|(field, given, default)| {
            if let (Some(filter), Some(entry)) = (given, record.get(field.as_str())) {
                estate.filters.report(document, entry, field, filter);
            }
            given.as_deref().or(default.as_deref()).map(Box::from)
        });
        if !defaults.has_tag_filter && record.get("tag_filter").is_none() {
            document.report(Problem::MissingTagFilter, record.head());
        }
        Self {
            tag,
            names: NameFilters { namespace, repo },
        }
    }
}

/// Checks what rules and `defaults` have in common.
pub(super) fn check_common<'a>(
    document: &mut Document<'a>,
    record: &Record<'a>,
    priority: Option<i64>,
    link_id: Option<&str>,
) {
    if let (Some(priority), Some(entry)) = (priority, record.get("priority")) {
        document.in_range(entry, "priority", priority, 1..=5_u8, PRIORITY_HELP);
    }
    if let (Some(Err(problem)), Some(entry)) = (link_id.map(names::link), record.get("link_id")) {
        document.report(problem, entry.value);
    }
}

/// Reports name filters that the rule gives and its scope has no use for. Those of `defaults` are for the rules
/// that have.
fn check_effect(document: &mut Document<'_>, record: &Record<'_>, scope: &Scope) {
    let filters = [
        (
            Field::RepoNameFilter,
            "it chooses among repositories, and this rule names its `repo`: remove one of them",
        ),
        (
            Field::NamespaceNameFilter,
            "it chooses among namespaces, and this rule names its `namespace`: remove one of them",
        ),
    ];
    for (field, help) in filters {
        let entry = record
            .get(field.as_str())
            .filter(|_| !field.applies_to(scope));
        if let Some(entry) = entry {
            let problem = Problem::FilterWithoutEffect {
                key: field.as_str(),
                scope: scope.to_string(),
                help,
            };
            document.report(problem, entry.key_node);
        }
    }
}

/// Where the rule gives its fields.
fn field_spans(
    document: &Document<'_>,
    record: &Record<'_>,
    ends: &Ends<'_>,
) -> Box<[(Field, Span)]> {
    let own = record.entries.iter().filter_map(|entry| {
        let field = match entry.key {
            "name" => Field::Name,
            "scope" => Field::Scope,
            "trigger" => Field::Trigger,
            "namespace_name_filter" => Field::NamespaceNameFilter,
            "repo_name_filter" => Field::RepoNameFilter,
            "tag_filter" => Field::TagFilter,
            "priority" => Field::Priority,
            "link_id" => Field::LinkId,
            _ => return None,
        };
        Some((field, entry.value))
    });
    let ends = [
        (&ends.from, "instance", Field::FromInstance),
        (&ends.from, "namespace", Field::FromNamespace),
        (&ends.from, "repo", Field::FromRepo),
        (&ends.to, "instance", Field::ToInstance),
        (&ends.to, "namespace", Field::ToNamespace),
        (&ends.to, "repo", Field::ToRepo),
    ];
    let ends = ends
        .into_iter()
        .filter_map(|(end, key, field)| Some((field, end.get(key)?.value)));
    own.chain(ends)
        .map(|(field, node)| (field, document.tree.span(node)))
        .collect()
}

impl From<RawTrigger> for Trigger {
    fn from(raw: RawTrigger) -> Self {
        match raw {
            RawTrigger::Passive => Self::Passive,
            RawTrigger::Initiative => Self::Initiative,
        }
    }
}
