//! The resource `alicloud_cr_ee_sync_rule`, by the schema of the provider (version 1.240 and later).

use crate::model::Field;
use crate::source::{Place, Span};

/// The type of the resource.
pub const RESOURCE_TYPE: &str = "alicloud_cr_ee_sync_rule";

/// The fields of a rule that the resource does not support: a rule that Terraform creates has the service's defaults.
pub const UNSUPPORTED_FIELDS: [Field; 4] = [
    Field::RepoNameFilter,
    Field::NamespaceNameFilter,
    Field::Priority,
    Field::LinkId,
];

/// The attributes that describe a rule.
pub(super) const RULE_ATTRIBUTES: [&str; 15] = [
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

/// The attributes that do not describe a rule.
pub(super) const OTHER_ATTRIBUTES: [&str; 5] = [
    "id",
    "create_time",
    "rule_id",
    "repo_sync_rule_id",
    "timeouts",
];

/// A resource as written.
#[derive(Debug)]
pub struct Resource {
    /// The address, such as `module.shop.alicloud_cr_ee_sync_rule.web["a"]`.
    pub address: String,
    /// The place of the address, which stands for the whole resource in messages.
    pub place: Place,
    /// The region of its provider, if known.
    pub provider_region: Option<String>,
    /// The attributes with values. An empty value counts as none, as the provider has it.
    pub(super) attributes: Vec<ResourceAttribute>,
}

/// An attribute with its value.
#[derive(Debug)]
pub struct ResourceAttribute {
    /// The name.
    pub name: &'static str,
    /// The value.
    pub value: String,
    /// The bytes of the value.
    pub span: Span,
}

/// The source or the target of a resource.
#[derive(Debug)]
pub struct ResourceEndpoint<'r> {
    /// The id of the instance.
    pub instance: Option<&'r ResourceAttribute>,
    /// The region, and its bytes; `None` of the latter for the region of the provider.
    pub region: Option<(&'r str, Option<Span>)>,
    /// The namespace.
    pub namespace: Option<&'r ResourceAttribute>,
    /// The repository.
    pub repo: Option<&'r ResourceAttribute>,
}

impl Resource {
    /// Returns a resource without attributes.
    pub(super) fn new(address: String, place: Place) -> Self {
        Self {
            address,
            place,
            provider_region: None,
            attributes: Vec::new(),
        }
    }

    /// Adds an attribute that describes the rule; ignores every other one, and an empty value.
    pub(super) fn add(&mut self, name: &str, value: String, span: Span) {
        let name = RULE_ATTRIBUTES.into_iter().find(|known| *known == name);
        if let Some(name) = name.filter(|_| !value.is_empty()) {
            self.attributes
                .push(ResourceAttribute { name, value, span });
        }
    }

    /// Returns an attribute.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&ResourceAttribute> {
        self.attributes
            .iter()
            .find(|attribute| attribute.name == name)
    }

    /// Returns the value of an attribute.
    #[must_use]
    pub fn value(&self, name: &str) -> Option<&str> {
        self.get(name).map(|attribute| attribute.value.as_str())
    }

    /// Returns the place of a span of the resource.
    #[must_use]
    pub fn place_of(&self, span: Span) -> Place {
        Place {
            file: self.place.file,
            span,
        }
    }

    /// Returns the name of the rule. Older providers call it `name`.
    #[must_use]
    pub fn rule_name(&self) -> Option<&ResourceAttribute> {
        self.get("sync_rule_name").or_else(|| self.get("name"))
    }

    /// Returns the source and the target, which are swapped in a rule that was imported from its target.
    #[must_use]
    pub fn endpoints(&self) -> [ResourceEndpoint<'_>; 2] {
        let provider_region = self.provider_region.as_deref();
        let local = ResourceEndpoint {
            instance: self.get("instance_id"),
            region: self
                .region("region_id")
                .or(provider_region.map(|region| (region, None))),
            namespace: self.get("namespace_name"),
            repo: self.get("repo_name"),
        };
        let target = ResourceEndpoint {
            instance: self.get("target_instance_id"),
            region: self.region("target_region_id"),
            namespace: self.get("target_namespace_name"),
            repo: self.get("target_repo_name"),
        };
        if self.value("sync_direction") == Some("TO") {
            [target, local]
        } else {
            [local, target]
        }
    }

    fn region(&self, name: &str) -> Option<(&str, Option<Span>)> {
        let attribute = self.get(name)?;
        Some((&attribute.value, Some(attribute.span)))
    }
}
