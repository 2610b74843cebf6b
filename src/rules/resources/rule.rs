//! The rules of resources, beside those of rules files.
//!
//! A resource has no name filters, no priority and no link. Its rule has the defaults of the service for them, as the
//! rule has that Terraform creates.

use std::collections::HashMap;

use crate::i18n::{Message, Phrase};
use crate::model::{
    CrossUser, DesiredRule, Direction, Endpoint, Field, Instance, InstanceId, Priority, RegionId,
    RuleName, Scope, SyncRule, Trigger,
};
use crate::rules::builder::RulesBuilder;
use crate::rules::instances::Instances;
use crate::rules::problem::{InvisibleProblem, Problem, RuleProblem, StructureProblem};
use crate::rules::problems::Problems;
use crate::rules::{filters, names};
use crate::source::{Span, is_look_alike, quote, truncate};
use crate::terraform::{
    Resource, ResourceAttribute, ResourceEndpoint, TerraformProblem, UNSUPPORTED_FIELDS,
};

/// The attributes that every resource needs.
const REQUIRED: [&str; 6] = [
    "instance_id",
    "namespace_name",
    "target_instance_id",
    "target_region_id",
    "target_namespace_name",
    "tag_filter",
];

type AttributeCheck = fn(&str) -> Result<(), Problem>;

/// The checks of attributes.
const CHECKS: [(&str, AttributeCheck); 12] = [
    ("instance_id", names::check_instance_id),
    ("region_id", names::check_region),
    ("namespace_name", names::check_namespace),
    ("repo_name", names::check_repo),
    ("target_instance_id", names::check_instance_id),
    ("target_region_id", names::check_region),
    ("target_namespace_name", names::check_namespace),
    ("target_repo_name", names::check_repo),
    ("target_user_id", names::check_account),
    ("sync_rule_name", names::check_rule),
    ("name", names::check_rule),
    ("tag_filter", check_tag_filter),
];

/// Adds the rules of the resources. If a rules file declares a rule too, its declaration is the one that counts, and both
/// must agree on everything that Terraform can express.
pub(in crate::rules) fn add_rules(
    resources: &[Resource],
    builder: &mut RulesBuilder,
    problems: &mut Problems,
) {
    let key = |rule: &SyncRule| (rule.source.instance.clone(), rule.name.clone());
    let declared: HashMap<(InstanceId, RuleName), usize> = builder
        .rules
        .iter()
        .enumerate()
        .map(|(index, declared)| (key(&declared.rule), index))
        .collect();
    for resource in resources {
        let converter = ResourceConverter {
            resource,
            instances: &builder.instances,
            problems,
        };
        let Some(rule) = converter.convert() else {
            continue;
        };
        if let Some(filter) = resource.get("tag_filter")
            && let Some((problem, _)) = builder.filters.check(Field::TagFilter, &filter.value)
        {
            problems.push(problem, resource.place_of(filter.span));
        }
        let index = declared.get(&key(&rule.rule));
        if let Some(other) = index.and_then(|index| builder.rules.get(*index)) {
            check_agreement(&rule, other, problems);
        } else {
            add_rule(rule, builder, problems);
        }
    }
}

/// Reports the fields in which the rule of a resource contradicts the one of a rules file.
fn check_agreement(rule: &DesiredRule, declared: &DesiredRule, problems: &mut Problems) {
    let fields = contradicting_fields(&rule.rule, &declared.rule);
    if fields.is_empty() {
        return;
    }
    let problem = TerraformProblem::Contradiction {
        name: quote(rule.rule.name.as_str()),
        fields: fields.join(", "),
    };
    problems.push_related(problem, rule.place, declared.place);
}

fn add_rule(rule: DesiredRule, builder: &mut RulesBuilder, problems: &mut Problems) {
    let SyncRule { name, source, .. } = &rule.rule;
    let Some(first) = builder.register_name(&source.instance, name, rule.place) else {
        builder.rules.push(rule);
        return;
    };
    let instance = builder.instances.by_id(source.instance.as_str());
    let problem = RuleProblem::Duplicate {
        name: quote(name.as_str()),
        instance: truncate(instance.map_or("", |instance| instance.alias.as_str())),
    };
    problems.push_related(problem, rule.place, first);
}

/// Returns the fields that both can express and in which they differ.
fn contradicting_fields(resource: &SyncRule, declared: &SyncRule) -> Vec<&'static str> {
    let mut contradicting = Vec::new();
    let values = resource.fields().into_iter().zip(declared.fields());
    for (field, (resource, declared)) in Field::ALL.into_iter().zip(values) {
        // A rules file implies `cross_user` only where it declares both accounts.
        let is_unknown = field == Field::CrossUser && declared.is_none();
        if resource != declared && !is_unknown && !UNSUPPORTED_FIELDS.contains(&field) {
            contradicting.push(field.as_str());
        }
    }
    contradicting
}

/// The conversion of a resource to a rule.
struct ResourceConverter<'r> {
    resource: &'r Resource,
    instances: &'r Instances,
    problems: &'r mut Problems,
}

impl ResourceConverter<'_> {
    /// Returns the rule; `None` where something is wrong with the resource, which is reported.
    fn convert(mut self) -> Option<DesiredRule> {
        let resource = self.resource;
        let has_required = self.check_required();
        let is_valid = self.check_attributes() && has_required;
        let scope = self.scope()?;
        let trigger = self.trigger()?;
        let name = resource.rule_name()?;
        let [source, target] = resource.endpoints();
        let (source, from) = resolve(&source, self.instances)?;
        let (target, to) = resolve(&target, self.instances)?;
        let cross_user = self.cross_user(from, to)?;
        let mut rule = SyncRule {
            name: name.value.as_str().into(),
            source,
            target,
            scope,
            trigger,
            direction: Direction::From,
            tag_filter: resource.value("tag_filter")?.into(),
            priority: Priority::default(),
            link_id: None,
            cross_user: Some(cross_user),
        };
        // An imported rule of scope NAMESPACE can have repositories, as the API's own sample has.
        rule.drop_names_beyond_scope();
        is_valid.then(|| DesiredRule {
            rule,
            owner: None,
            place: resource.place_of(name.span),
            field_spans: field_spans(resource),
        })
    }

    /// Reports missing attributes; returns `true` if there is none.
    fn check_required(&mut self) -> bool {
        let mut missing: Vec<_> = REQUIRED
            .into_iter()
            .filter(|name| self.resource.get(name).is_none())
            .collect();
        if self.resource.rule_name().is_none() {
            missing.push("sync_rule_name");
        }
        for attribute in &missing {
            let problem = TerraformProblem::MissingAttribute {
                address: self.resource.address.clone(),
                attribute,
            };
            self.problems.push(problem, self.resource.place);
        }
        missing.is_empty()
    }

    /// Reports invalid attributes; returns `true` if there is none.
    fn check_attributes(&mut self) -> bool {
        let mut is_valid = true;
        for (name, check) in CHECKS {
            let Some(attribute) = self.resource.get(name) else {
                continue;
            };
            let invisible = attribute
                .value
                .chars()
                .find(|character| is_look_alike(*character));
            let result = match invisible {
                Some(character) => Err(InvisibleProblem::in_value(Some(name), character).into()),
                None => check(&attribute.value),
            };
            if let Err(problem) = result {
                let place = self.resource.place_of(attribute.span);
                self.problems.push(problem, place);
                is_valid = false;
            }
        }
        is_valid
    }

    /// Returns the scope as given, or as the provider derives it.
    fn scope(&mut self) -> Option<Scope> {
        let resource = self.resource;
        let (from, to) = (resource.get("repo_name"), resource.get("target_repo_name"));
        let given = resource.get("sync_scope");
        match (resource.value("sync_scope"), from, to) {
            (Some("NAMESPACE"), ..) | (None, None, None) => Some(Scope::from("NAMESPACE")),
            (Some("REPO") | None, Some(_), Some(_)) => Some(Scope::Repo),
            (Some("REPO") | None, from, to) => {
                let problem = RuleProblem::MixedScope {
                    why: Phrase::one_repository(),
                    help: Message::help_repo_on_both(),
                };
                let span = from
                    .or(to)
                    .or(given)
                    .map_or(resource.place.span, |attribute| attribute.span);
                self.problems.push(problem, resource.place_of(span));
                None
            }
            (Some(other), ..) => {
                self.report_unknown_word("sync_scope", other, Message::help_terraform_scope());
                None
            }
        }
    }

    fn trigger(&mut self) -> Option<Trigger> {
        match self.resource.value("sync_trigger") {
            None | Some("PASSIVE") => Some(Trigger::Passive),
            Some("INITIATIVE") => Some(Trigger::Initiative),
            Some(other) => {
                let help = Message::help_terraform_trigger();
                self.report_unknown_word("sync_trigger", other, help);
                None
            }
        }
    }

    fn report_unknown_word(&mut self, name: &str, given: &str, help: Message) {
        let span = self
            .resource
            .get(name)
            .map_or(self.resource.place.span, |attribute| attribute.span);
        let problem = StructureProblem::UnknownWord {
            key: name.to_owned(),
            given: truncate(given),
            help,
        };
        self.problems.push(problem, self.resource.place_of(span));
    }

    /// Returns whether the rule crosses accounts: by the two accounts where both are known, else by `target_user_id`,
    /// which only a rule to another account has.
    fn cross_user(&mut self, from: &Instance, to: &Instance) -> Option<CrossUser> {
        let user = self.resource.get("target_user_id");
        if let (Some(user), Some(account)) = (user, &to.account)
            && account.as_str() != user.value
        {
            let id = quote(to.id.as_str());
            self.problems.push_related(
                TerraformProblem::OtherAccount { id },
                self.resource.place_of(user.span),
                to.place,
            );
            return None;
        }
        let target = match &to.account {
            Some(account) => Some(account.as_str()),
            None => self.resource.value("target_user_id"),
        };
        let crosses = match (&from.account, target) {
            (Some(source), Some(target)) => source.as_str() != target,
            _ => user.is_some(),
        };
        Some(if crosses {
            CrossUser::Yes
        } else {
            CrossUser::No
        })
    }
}

/// Returns an endpoint with its instance. A missing region is that of the instance.
fn resolve<'i>(
    endpoint: &ResourceEndpoint<'_>,
    instances: &'i Instances,
) -> Option<(Endpoint, &'i Instance)> {
    let instance = instances.by_id(&endpoint.instance?.value)?;
    let text = |attribute: Option<&ResourceAttribute>| attribute.map(|it| it.value.clone());
    let region = match endpoint.region {
        Some((region, _)) => RegionId::from(region),
        None => instance.region.clone(),
    };
    let endpoint = Endpoint {
        instance: instance.id.clone(),
        region: Some(region),
        namespace: text(endpoint.namespace).map(Into::into),
        repo: text(endpoint.repo).map(Into::into),
    };
    Some((endpoint, instance))
}

/// Returns the places of the fields that a resource sets.
fn field_spans(resource: &Resource) -> Box<[(Field, Span)]> {
    let [source, target] = resource.endpoints();
    let span = |attribute: Option<&ResourceAttribute>| attribute.map(|it| it.span);
    let fields = [
        (Field::FromInstance, span(source.instance)),
        (Field::FromNamespace, span(source.namespace)),
        (Field::FromRepo, span(source.repo)),
        (Field::ToInstance, span(target.instance)),
        (Field::ToNamespace, span(target.namespace)),
        (Field::ToRepo, span(target.repo)),
        (Field::FromRegion, source.region.and_then(|(_, span)| span)),
        (Field::ToRegion, target.region.and_then(|(_, span)| span)),
        (Field::Name, span(resource.rule_name())),
        (Field::Scope, span(resource.get("sync_scope"))),
        (Field::Trigger, span(resource.get("sync_trigger"))),
        (Field::TagFilter, span(resource.get("tag_filter"))),
        (Field::CrossUser, span(resource.get("target_user_id"))),
    ];
    let mut spans = Vec::new();
    for (field, span) in fields {
        if let Some(span) = span {
            spans.push((field, span));
        }
    }
    spans.into()
}

fn check_tag_filter(filter: &str) -> Result<(), Problem> {
    filters::validate(filter).map_err(|error| {
        RuleProblem::InvalidFilter {
            key: "tag_filter",
            why: error.why,
            help: error.help,
        }
        .into()
    })
}
