//! `rules:`: from a rule of the file to a rule of the model, with every problem of it.

use super::builder::RulesBuilder;
use super::decode::decode;
use super::defaults::{RuleDefaults, check_common};
use super::matrix::{MAX_EXPANDED, MAX_FILLED, Matrix};
use super::names;
use super::problem::{MatrixProblem, RuleProblem, StructureProblem};
use super::reader::{Entry, FileReader, MappingNode, RequiredKey};
use super::schema::{RawEndpoint, RawRule, RawTrigger};
use super::scope::{self, EndpointPair};
use crate::i18n::{Message, Phrase};
use crate::model::{
    AccountId, CrossUser, DesiredRule, Direction, Endpoint, Field, Instance, NameFilters, Priority,
    RuleName, Scope, SyncRule, Trigger,
};
use crate::source::{NodeId, Place, Span, quote, truncate};

/// Reads the rules of `rules:`.
pub(super) fn read_all<'a>(
    reader: &mut FileReader<'a>,
    builder: &mut RulesBuilder,
    defaults: &RuleDefaults,
    entry: &Entry<'a>,
) {
    let nodes = reader.list(entry);
    builder.rules.reserve_exact(nodes.len());
    for node in nodes {
        let Some(mapping) = reader.mapping(node, Phrase::rule()) else {
            continue;
        };
        if let Some(matrix) = mapping.get("matrix").copied() {
            let template = RuleTemplate {
                mapping: &mapping,
                matrix: &matrix,
            };
            expand(reader, builder, defaults, template);
        } else {
            let raw = decode(reader, &mapping, &[]).value;
            let rule = RuleReader {
                reader,
                builder,
                defaults,
                mapping: &mapping,
                matrix: None,
            }
            .read(raw);
            builder.rules.extend(rule);
        }
    }
}

/// Reads a rule of an example: it has no matrix.
pub(super) fn read_example(
    reader: &mut FileReader<'_>,
    builder: &mut RulesBuilder,
    defaults: &RuleDefaults,
    node: NodeId,
) -> Option<DesiredRule> {
    let mapping = reader.mapping(node, Phrase::rule_of_example())?;
    if let Some(matrix) = mapping.get("matrix") {
        let problem = StructureProblem::UnknownKey {
            key: "matrix".to_owned(),
            help: Message::help_example_written_out(),
        };
        reader.report(problem, matrix.key_node);
    }
    let raw = decode(reader, &mapping, &["matrix"]).value;
    RuleReader {
        reader,
        builder,
        defaults,
        mapping: &mapping,
        matrix: None,
    }
    .read(raw)
}

/// A rule with a matrix.
#[derive(Clone, Copy)]
struct RuleTemplate<'m, 'a> {
    mapping: &'m MappingNode<'a>,
    /// The entry of the key `matrix`.
    matrix: &'m Entry<'a>,
}

/// Reads a rule once for each combination of its matrix.
fn expand<'a>(
    reader: &mut FileReader<'a>,
    builder: &mut RulesBuilder,
    defaults: &RuleDefaults,
    template: RuleTemplate<'_, 'a>,
) {
    let RuleTemplate { mapping, matrix } = template;
    let key = matrix.key_node;
    let mut matrix = Matrix::read(reader, matrix);
    let count = if matrix.is_valid { matrix.len() } else { 1 };
    for index in 0..count {
        if builder.matrix_rules >= MAX_EXPANDED {
            let limit = MAX_EXPANDED;
            return reader.report(MatrixProblem::TooManyRules { limit }, key);
        }
        if builder.matrix_bytes > MAX_FILLED {
            let limit = MAX_FILLED >> 20;
            return reader.report(MatrixProblem::TooMuchText { limit }, key);
        }
        builder.matrix_rules += 1;
        let bytes_before = reader.filled_bytes;
        reader.extend_budget(mapping.node);
        reader.bind(matrix.combination(index));
        let raw = decode::<RawRule>(reader, mapping, &["matrix"]);
        let bytes = reader.filled_bytes.saturating_sub(bytes_before);
        builder.matrix_bytes = builder.matrix_bytes.saturating_add(bytes);
        if matrix.is_valid {
            let rule = RuleReader {
                reader,
                builder,
                defaults,
                mapping,
                matrix: Some(&matrix),
            }
            .read(raw.value);
            builder.rules.extend(rule);
        }
        matrix.mark_used(&reader.bind(Vec::new()));
        if !raw.is_complete {
            break;
        }
    }
    matrix.report_unused(reader);
}

/// A rule while it is read.
struct RuleReader<'r, 'a> {
    reader: &'r mut FileReader<'a>,
    builder: &'r mut RulesBuilder,
    defaults: &'r RuleDefaults,
    mapping: &'r MappingNode<'a>,
    /// The matrix that the rule was expanded from.
    matrix: Option<&'r Matrix<'a>>,
}

impl<'a> RuleReader<'_, 'a> {
    /// Returns the rule; `None` where something is wrong with it, which is reported.
    fn read(mut self, mut raw: RawRule) -> Option<DesiredRule> {
        self.require_keys();
        let from = self.read_endpoint("from", raw.from.take());
        let to = self.read_endpoint("to", raw.to.take());
        let endpoints = match (&from, &to) {
            (Some(from), Some(to)) => Some(EndpointPair {
                from: &from.mapping,
                to: &to.mapping,
            }),
            _ => None,
        };
        let scope = endpoints
            .as_ref()
            .and_then(|endpoints| scope::derive(self.reader, endpoints));
        if let Some(scope) = &scope {
            scope::check_given(self.reader, raw.scope, self.mapping.get("scope"), scope);
            self.check_filter_effect(scope);
        }
        let filters = self.read_filters(&raw);
        check_common(
            self.reader,
            self.mapping,
            raw.priority,
            raw.link_id.as_deref(),
        );
        let owner = raw.owner.take();
        let owner = self
            .reader
            .checked(self.mapping, "owner", owner, names::check_owner);
        let owner = owner.or_else(|| self.defaults.values.owner.clone());
        let name = raw.name.take();
        let name: Option<RuleName> = self
            .reader
            .checked(self.mapping, "name", name, names::check_rule)
            .map(Into::into);
        let place = self.reader.place(self.mapping.value_or_head("name"));
        if let (Some(name), Some(from)) = (&name, &from) {
            self.check_name(from, name, place);
        }
        let field_spans = self.field_spans(&endpoints?);
        let (from, to, values) = (from?, to?, &self.defaults.values);
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
            cross_user: cross_user(from.account, to.account),
        };
        Some(DesiredRule {
            rule,
            owner: owner.map(Into::into),
            place,
            field_spans,
        })
    }

    fn require_keys(&mut self) {
        let required: [RequiredKey; 3] = [
            ("name", || Message::help_add_rule_name("`name: …`")),
            ("from", || {
                Message::help_add_source("`from: { instance: …, namespace: … }`")
            }),
            ("to", || {
                Message::help_add_target("`to: { instance: …, namespace: … }`")
            }),
        ];
        for (key, help) in required {
            self.reader.require(self.mapping, Phrase::rule(), key, help);
        }
    }

    /// Reads an endpoint; `None` for any other value than a mapping, which decoding the rule has reported.
    fn read_endpoint(&mut self, key: &str, raw: Option<RawEndpoint>) -> Option<RuleEndpoint<'a>> {
        let RawEndpoint {
            instance,
            namespace,
            repo,
        } = raw?;
        let entry = *self.mapping.get(key)?;
        let mapping = self.reader.mapping_of(&entry)?;
        self.reader.require(
            &mapping,
            Phrase::endpoint(),
            "instance",
            Message::help_add_alias,
        );
        let namespace =
            self.reader
                .checked(&mapping, "namespace", namespace, names::check_namespace);
        let repo = self
            .reader
            .checked(&mapping, "repo", repo, names::check_repo);
        let instance = match (instance, mapping.get("instance")) {
            (Some(alias), Some(entry)) => {
                self.builder
                    .instances
                    .find(self.reader, &alias, entry.value)
            }
            _ => None,
        };
        let endpoint = instance.map(|Instance { id, region, .. }| Endpoint {
            instance: id.clone(),
            region: Some(region.clone()),
            namespace: namespace.map(Into::into),
            repo: repo.map(Into::into),
        });
        let account = instance.and_then(|instance| instance.account.clone());
        Some(RuleEndpoint {
            mapping,
            endpoint,
            account,
        })
    }

    /// Returns the filters, those of the defaults where the rule has none.
    fn read_filters(&mut self, raw: &RawRule) -> ParsedFilters {
        let values = &self.defaults.values;
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
            if let (Some(filter), Some(entry)) = (given, self.mapping.get(field.as_str())) {
                self.builder
                    .filters
                    .report(self.reader, entry, field, filter);
            }
            given.as_deref().or(default.as_deref()).map(Box::from)
        });
        if !self.defaults.has_tag_filter && self.mapping.get("tag_filter").is_none() {
            self.reader
                .report(RuleProblem::MissingTagFilter, self.mapping.head());
        }
        ParsedFilters {
            tag,
            names: NameFilters { namespace, repo },
        }
    }

    /// Reports name filters that the rule sets and its scope does not use. Those of `defaults` are for other rules.
    fn check_filter_effect(&mut self, scope: &Scope) {
        let filters: [(Field, fn() -> Message); 2] = [
            (Field::RepoNameFilter, Message::help_select_repos),
            (Field::NamespaceNameFilter, Message::help_select_namespaces),
        ];
        for (field, help) in filters {
            if field.applies_to(scope) {
                continue;
            }
            if let Some(entry) = self.mapping.get(field.as_str()) {
                let problem = RuleProblem::FilterWithoutEffect {
                    key: field.as_str(),
                    scope: scope.to_string(),
                    help: help(),
                };
                self.reader.report(problem, entry.key_node);
            }
        }
    }

    /// Reports a name that another rule of the same source instance has.
    fn check_name(&mut self, from: &RuleEndpoint<'_>, name: &RuleName, place: Place) {
        let Some(Endpoint { instance, .. }) = &from.endpoint else {
            return;
        };
        let Some(first) = self.builder.register_name(instance, name, place) else {
            return;
        };
        let alias = from
            .mapping
            .get("instance")
            .and_then(|entry| self.reader.tree.scalar(entry.value));
        let instance = truncate(alias.unwrap_or_default());
        let name = quote(name.as_str());
        match self.matrix.filter(|_| first == place) {
            None => {
                let problem = RuleProblem::Duplicate { name, instance };
                self.reader.problems.push_related(problem, place, first);
            }
            // An unused key creates duplicates, and is reported itself.
            Some(matrix) if !matrix.is_used() => {}
            Some(matrix) => {
                let problem = MatrixProblem::DuplicateRule {
                    name,
                    instance,
                    example: matrix.example_name(),
                };
                self.reader.problems.push(problem, place);
            }
        }
    }

    /// Returns the places of the fields that the rule sets.
    fn field_spans(&self, endpoints: &EndpointPair<'_>) -> Box<[(Field, Span)]> {
        let mut spans = Vec::with_capacity(Field::ALL.len());
        let mut push = |field, node| spans.push((field, self.reader.tree.span(node)));
        for entry in &self.mapping.entries {
            let field = match entry.key {
                "name" => Field::Name,
                "scope" => Field::Scope,
                "trigger" => Field::Trigger,
                "namespace_name_filter" => Field::NamespaceNameFilter,
                "repo_name_filter" => Field::RepoNameFilter,
                "tag_filter" => Field::TagFilter,
                "priority" => Field::Priority,
                "link_id" => Field::LinkId,
                _ => continue,
            };
            push(field, entry.value);
        }
        for (endpoint, key, field) in [
            (endpoints.from, "instance", Field::FromInstance),
            (endpoints.from, "namespace", Field::FromNamespace),
            (endpoints.from, "repo", Field::FromRepo),
            (endpoints.to, "instance", Field::ToInstance),
            (endpoints.to, "namespace", Field::ToNamespace),
            (endpoints.to, "repo", Field::ToRepo),
        ] {
            if let Some(entry) = endpoint.get(key) {
                push(field, entry.value);
            }
        }
        spans.into()
    }
}

/// An endpoint of a rule.
struct RuleEndpoint<'a> {
    mapping: MappingNode<'a>,
    /// `None` where something is wrong with it, which was reported.
    endpoint: Option<Endpoint>,
    /// The account that owns the instance.
    account: Option<AccountId>,
}

/// The filters of a rule.
struct ParsedFilters {
    /// `None` where the filter is missing, which was reported.
    tag: Option<Box<str>>,
    names: NameFilters,
}

/// Returns whether a rule crosses accounts, where both accounts are known.
fn cross_user(source: Option<AccountId>, target: Option<AccountId>) -> Option<CrossUser> {
    if source? == target? {
        Some(CrossUser::No)
    } else {
        Some(CrossUser::Yes)
    }
}

impl From<RawTrigger> for Trigger {
    fn from(raw: RawTrigger) -> Self {
        match raw {
            RawTrigger::Passive => Self::Passive,
            RawTrigger::Initiative => Self::Initiative,
        }
    }
}
