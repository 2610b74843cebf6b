//! One `alicloud_cr_ee_sync_rule`, and the rule it is.
//!
//! What it can say is what the provider's schema has (version 1.240 and later): no name filters, no priority, no
//! link. A rule made from it has the service's defaults there, as the rule has that Terraform would create.

use super::problem::TerraformProblem;
use crate::model::{
    AccountId, CrossUser, DesiredRule, Direction, Endpoint, Field, Instance, Priority, RegionId,
    Scope, SyncRule, Trigger,
};
use crate::rules::error::Problems;
use crate::rules::instances::Instances;
use crate::rules::invisible_problem::InvisibleProblem;
use crate::rules::problem::Problem;
use crate::rules::{filters, names};
use crate::source::{Place, Span, is_look_alike, quote};

/// The resource type.
pub(super) const TYPE: &str = "alicloud_cr_ee_sync_rule";

/// The attributes that say something about a rule.
pub(super) const ATTRIBUTES: [&str; 15] = [
    "instance_id",
    "region_id",
    "namespace_name",
    "repo_name",
    "target_instance_id",
    "target_region_id",
    "target_namespace_name",
    "target_repo_name",
    "target_user_id",
    "tag_filter",
    "sync_rule_name",
    "name",
    "sync_scope",
    "sync_trigger",
    "sync_direction",
];

/// Attributes of the provider's that say nothing about a rule.
pub(super) const OTHERS: [&str; 5] = [
    "id",
    "create_time",
    "rule_id",
    "repo_sync_rule_id",
    "timeouts",
];

/// The fields of a rule that Terraform cannot express: what it creates has the service's defaults there.
pub(super) const INEXPRESSIBLE: [Field; 4] = [
    Field::RepoNameFilter,
    Field::NamespaceNameFilter,
    Field::Priority,
    Field::LinkId,
];

/// A resource as it is written.
#[derive(Debug)]
pub(in crate::rules) struct Resource {
    /// Its address, such as `module.shop.alicloud_cr_ee_sync_rule.web["a"]`.
    pub(super) address: String,
    /// What is marked when the resource as a whole is meant.
    pub(super) place: Place,
    /// Its attributes with values; an empty one counts as absent, as it does for the provider.
    pub(super) given: Vec<Given>,
    /// The region of the provider that serves it, where that is known.
    pub(super) region: Option<String>,
}

/// An attribute with a value.
#[derive(Debug)]
pub(super) struct Given {
    pub(super) attribute: &'static str,
    pub(super) value: String,
    pub(super) span: Span,
}

/// One end of a rule as a resource has it.
pub(super) struct End<'r> {
    pub(super) instance: Option<&'r Given>,
    /// The region, and where it is given; `None` of the latter where it is the provider's.
    pub(super) region: Option<(&'r str, Option<Span>)>,
    namespace: Option<&'r Given>,
    repo: Option<&'r Given>,
}

impl Resource {
    /// Takes an attribute in; what says nothing about a rule, and what is empty, is passed over.
    pub(super) fn give(&mut self, name: &str, value: String, span: Span) {
        let attribute = ATTRIBUTES.into_iter().find(|it| *it == name);
        if let Some(attribute) = attribute.filter(|_| !value.is_empty()) {
            self.given.push(Given {
                attribute,
                value,
                span,
            });
        }
    }

    pub(super) fn get(&self, attribute: &str) -> Option<&Given> {
        self.given.iter().find(|it| it.attribute == attribute)
    }

    /// The bytes of an attribute, as a place.
    pub(super) fn at(&self, span: Span) -> Place {
        Place {
            file: self.place.file,
            span,
        }
    }

    /// Source and target. A rule that was imported from its target's side has them swapped.
    pub(super) fn ends(&self) -> [End<'_>; 2] {
        let provider = self.region.as_deref().map(|region| (region, None));
        let given = |name| self.get(name).map(|it| (it.value.as_str(), Some(it.span)));
        let local = End {
            instance: self.get("instance_id"),
            region: given("region_id").or(provider),
            namespace: self.get("namespace_name"),
            repo: self.get("repo_name"),
        };
        let target = End {
            instance: self.get("target_instance_id"),
            region: given("target_region_id"),
            namespace: self.get("target_namespace_name"),
            repo: self.get("target_repo_name"),
        };
        if self
            .get("sync_direction")
            .is_some_and(|it| it.value == "TO")
        {
            [target, local]
        } else {
            [local, target]
        }
    }

    /// The rule it is, or everything that is wrong with it.
    pub(super) fn rule(
        &self,
        instances: &Instances,
        problems: &mut Problems,
    ) -> Option<DesiredRule> {
        let mut sound = self.has_all(problems);
        for (attribute, check) in CHECKS {
            let Some(given) = self.get(attribute) else {
                continue;
            };
            let invisible = given
                .value
                .chars()
                .find(|character| is_look_alike(*character));
            let refused = match invisible {
                Some(character) => {
                    Err(InvisibleProblem::in_value(Some(attribute), character).into())
                }
                None => check(&given.value),
            };
            if let Err(problem) = refused {
                problems.push(problem, self.at(given.span));
                sound = false;
            }
        }
        let scope = self.scope(problems)?;
        let trigger = self.trigger(problems)?;
        let name = self.name()?;
        let [source, target] = self.ends();
        let (source, from) = source.resolve(instances)?;
        let (target, to) = target.resolve(instances)?;
        let cross_user = self.cross_user(from, to, problems)?;
        let mut rule = SyncRule {
            name: name.value.as_str().into(),
            source,
            target,
            scope,
            trigger,
            direction: Direction::From,
            tag_filter: self.get("tag_filter")?.value.as_str().into(),
            priority: Priority::default(),
            link_id: None,
            cross_user: Some(cross_user),
        };
        // An imported rule of scope NAMESPACE can have repositories in it, as the API's own sample has.
        rule.drop_names_beyond_scope();
        sound.then(|| DesiredRule {
            rule,
            place: self.at(name.span),
            field_spans: self.spans(),
        })
    }

    /// The name: the older provider's `name` where there is no other.
    pub(super) fn name(&self) -> Option<&Given> {
        self.get("sync_rule_name").or_else(|| self.get("name"))
    }

    fn has_all(&self, problems: &mut Problems) -> bool {
        let required = [
            "instance_id",
            "namespace_name",
            "target_instance_id",
            "target_region_id",
            "target_namespace_name",
            "tag_filter",
        ];
        let mut missing: Vec<_> = required
            .into_iter()
            .filter(|it| self.get(it).is_none())
            .collect();
        if self.name().is_none() {
            missing.push("sync_rule_name");
        }
        for attribute in &missing {
            let problem = TerraformProblem::Missing {
                address: self.address.clone(),
                attribute,
            };
            problems.push(problem.into(), self.place);
        }
        missing.is_empty()
    }

    /// The scope: as it is given, or from what is named, as the provider has it.
    fn scope(&self, problems: &mut Problems) -> Option<Scope> {
        let (from, to) = (self.get("repo_name"), self.get("target_repo_name"));
        let given = self.get("sync_scope");
        let help = "name it on both sides for one repository (REPO), on neither for the namespace (NAMESPACE)";
        match (given.map(|it| it.value.as_str()), from, to) {
            (Some("NAMESPACE"), ..) | (None, None, None) => Some(Scope::from("NAMESPACE")),
            (Some("REPO") | None, Some(_), Some(_)) => Some(Scope::Repo),
            (Some("REPO") | None, from, to) => {
                let why = "a repository is named on one side or on none";
                let span = from.or(to).or(given).map_or(self.place.span, |it| it.span);
                problems.push(Problem::MixedScope { why, help }, self.at(span));
                None
            }
            (Some(other), ..) => {
                let help = "Terraform knows REPO and NAMESPACE".to_owned();
                self.unknown_word("sync_scope", other, help, problems);
                None
            }
        }
    }

    fn trigger(&self, problems: &mut Problems) -> Option<Trigger> {
        match self.get("sync_trigger").map(|it| it.value.as_str()) {
            None | Some("PASSIVE") => Some(Trigger::Passive),
            Some("INITIATIVE") => Some(Trigger::Initiative),
            Some(other) => {
                let help = "PASSIVE is automatic, INITIATIVE is manual".to_owned();
                self.unknown_word("sync_trigger", other, help, problems);
                None
            }
        }
    }

    fn unknown_word(&self, attribute: &str, given: &str, help: String, problems: &mut Problems) {
        let span = self.get(attribute).map_or(self.place.span, |it| it.span);
        let problem = Problem::UnknownWord {
            key: attribute.to_owned(),
            given: quote(given),
            help,
        };
        problems.push(problem, self.at(span));
    }

    /// Whether it goes to another account: as the declared accounts have it, else as Terraform would create it.
    fn cross_user(
        &self,
        from: &Instance,
        to: &Instance,
        problems: &mut Problems,
    ) -> Option<CrossUser> {
        let crosses = |crosses: bool| {
            Some(if crosses {
                CrossUser::Yes
            } else {
                CrossUser::No
            })
        };
        let user = self.get("target_user_id");
        if let (Some(user), Some(account)) = (user, &to.account)
            && account.as_str() != user.value
        {
            let problem = TerraformProblem::OtherAccount {
                id: quote(to.id.as_str()),
            };
            problems.push_with_first(problem.into(), self.at(user.span), to.place);
            return None;
        }
        match (
            &from.account,
            to.account
                .as_ref()
                .map(AccountId::as_str)
                .or(user.map(|it| it.value.as_str())),
        ) {
            (Some(from), Some(to)) => crosses(from.as_str() != to),
            _ => crosses(user.is_some()),
        }
    }

    fn spans(&self) -> Box<[(Field, Span)]> {
        let [source, target] = self.ends();
        let one = |field: Field, given: Option<&Given>| given.map(|it| (field, it.span));
        let ends = [
            one(Field::FromInstance, source.instance),
            one(Field::FromNamespace, source.namespace),
            one(Field::FromRepo, source.repo),
            one(Field::ToInstance, target.instance),
            one(Field::ToNamespace, target.namespace),
            one(Field::ToRepo, target.repo),
            source
                .region
                .and_then(|(_, span)| Some((Field::FromRegion, span?))),
            target
                .region
                .and_then(|(_, span)| Some((Field::ToRegion, span?))),
            one(Field::Name, self.name()),
            one(Field::Scope, self.get("sync_scope")),
            one(Field::Trigger, self.get("sync_trigger")),
            one(Field::TagFilter, self.get("tag_filter")),
            one(Field::CrossUser, self.get("target_user_id")),
        ];
        ends.into_iter().flatten().collect()
    }
}

impl End<'_> {
    /// The endpoint, and the instance it is at. A region that is not given is that of the instance.
    fn resolve<'i>(&self, instances: &'i Instances) -> Option<(Endpoint, &'i Instance)> {
        let instance = instances.of_id(&self.instance?.value)?;
        let text = |given: Option<&Given>| given.map(|it| it.value.clone());
        let region = self.region.map_or_else(
            || instance.region.clone(),
            |(region, _)| RegionId::from(region),
        );
        let endpoint = Endpoint {
            instance: instance.id.clone(),
            region: Some(region),
            namespace: text(self.namespace).map(Into::into),
            repo: text(self.repo).map(Into::into),
        };
        Some((endpoint, instance))
    }
}

type Check = fn(&str) -> Result<(), Problem>;

/// What a value has to be like, wherever it stands.
const CHECKS: [(&str, Check); 12] = [
    ("instance_id", names::instance_id),
    ("region_id", names::region),
    ("namespace_name", names::namespace),
    ("repo_name", names::repo),
    ("target_instance_id", names::instance_id),
    ("target_region_id", names::region),
    ("target_namespace_name", names::namespace),
    ("target_repo_name", names::repo),
    ("target_user_id", names::account),
    ("sync_rule_name", names::rule),
    ("name", names::rule),
    ("tag_filter", tag_filter),
];

fn tag_filter(filter: &str) -> Result<(), Problem> {
    filters::validate(filter).map_err(|fault| Problem::InvalidFilter {
        key: "tag_filter",
        why: fault.why,
        help: fault.help,
    })
}
