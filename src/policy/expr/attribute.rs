//! The attributes of a rule that an expression may read.
//!
//! Every attribute has a value, so that no expression has to test for one: text that a rule does not have is `""`.

/// An attribute of a rule.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Attribute {
    pub(crate) key: AttributeKey,
    /// The name in expressions.
    pub(crate) name: &'static str,
    pub(super) value_type: AttributeType,
    pub(super) description: &'static str,
}

/// The key of an attribute, from which its value follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AttributeKey {
    Side,
    Name,
    Scope,
    Trigger,
    TagFilter,
    RepoNameFilter,
    NamespaceNameFilter,
    Priority,
    LinkId,
    Owner,
    CrossUser,
    SourceAccount,
    TargetAccount,
    Source(EndpointAttribute),
    Target(EndpointAttribute),
}

/// The key of an attribute that the source and the target of a rule have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum EndpointAttribute {
    Instance,
    Alias,
    Id,
    Region,
    Namespace,
    Repo,
}

/// The type of an attribute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum AttributeType {
    Text,
    /// One of these words; a live rule may have one that the API added later.
    Word(&'static [&'static str]),
    Int,
    Bool,
}

impl AttributeType {
    /// Returns the name of the type in CEL.
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Text | Self::Word(_) => "string",
            Self::Int => "int",
            Self::Bool => "bool",
        }
    }
}

impl Attribute {
    /// All attributes, in the order of the documentation.
    pub(super) const ALL: [Self; 25] = [
        attribute(
            AttributeKey::Side,
            "side",
            AttributeType::Word(&["desired", "live"]),
            "the side of the rule",
        ),
        attribute(
            AttributeKey::Name,
            "rule.name",
            AttributeType::Text,
            "its name",
        ),
        attribute(
            AttributeKey::Scope,
            "rule.scope",
            AttributeType::Word(&["REPO", "NAMESPACE", "INSTANCE"]),
            "its scope: `REPO`, `NAMESPACE` or `INSTANCE`",
        ),
        attribute(
            AttributeKey::Trigger,
            "rule.trigger",
            AttributeType::Word(&["PASSIVE", "INITIATIVE"]),
            "its trigger: `PASSIVE` (automatic) or `INITIATIVE` (manual)",
        ),
        attribute(
            AttributeKey::TagFilter,
            "rule.tag_filter",
            AttributeType::Text,
            "its filter of tags",
        ),
        attribute(
            AttributeKey::RepoNameFilter,
            "rule.repo_name_filter",
            AttributeType::Text,
            "its filter of repositories: `.*` where none is given, empty in the scope REPO",
        ),
        attribute(
            AttributeKey::NamespaceNameFilter,
            "rule.namespace_name_filter",
            AttributeType::Text,
            "its filter of namespaces: `.*` where none is given, empty in the scopes REPO and NAMESPACE",
        ),
        attribute(
            AttributeKey::Priority,
            "rule.priority",
            AttributeType::Int,
            "its priority, 1 to 5; 0 where it is none",
        ),
        attribute(
            AttributeKey::LinkId,
            "rule.link_id",
            AttributeType::Text,
            "its custom link",
        ),
        attribute(
            AttributeKey::Owner,
            "rule.owner",
            AttributeType::Text,
            "its owner, as declared; on the live side, that of the desired rule of the same name",
        ),
        attribute(
            AttributeKey::CrossUser,
            "rule.cross_user",
            AttributeType::Bool,
            "true if it copies to another account, or if the account is unknown",
        ),
        attribute(
            AttributeKey::Source(EndpointAttribute::Instance),
            "rule.from.instance",
            AttributeType::Text,
            "the source instance's alias, as in the rules file",
        ),
        attribute(
            AttributeKey::Source(EndpointAttribute::Alias),
            "rule.from.alias",
            AttributeType::Text,
            "the source instance's alias",
        ),
        attribute(
            AttributeKey::Source(EndpointAttribute::Id),
            "rule.from.id",
            AttributeType::Text,
            "the source instance's id, `cri-…`",
        ),
        attribute(
            AttributeKey::Source(EndpointAttribute::Region),
            "rule.from.region",
            AttributeType::Text,
            "the source instance's region",
        ),
        attribute(
            AttributeKey::SourceAccount,
            "rule.from.account",
            AttributeType::Text,
            "the account that owns the source instance, where declared",
        ),
        attribute(
            AttributeKey::Source(EndpointAttribute::Namespace),
            "rule.from.namespace",
            AttributeType::Text,
            "the source namespace",
        ),
        attribute(
            AttributeKey::Source(EndpointAttribute::Repo),
            "rule.from.repo",
            AttributeType::Text,
            "the source repository",
        ),
        attribute(
            AttributeKey::Target(EndpointAttribute::Instance),
            "rule.to.instance",
            AttributeType::Text,
            "the target instance's alias; its id where it has none",
        ),
        attribute(
            AttributeKey::Target(EndpointAttribute::Alias),
            "rule.to.alias",
            AttributeType::Text,
            "the target instance's alias, where it is declared",
        ),
        attribute(
            AttributeKey::Target(EndpointAttribute::Id),
            "rule.to.id",
            AttributeType::Text,
            "the target instance's id, `cri-…`",
        ),
        attribute(
            AttributeKey::Target(EndpointAttribute::Region),
            "rule.to.region",
            AttributeType::Text,
            "the target instance's region, where it is known",
        ),
        attribute(
            AttributeKey::TargetAccount,
            "rule.to.account",
            AttributeType::Text,
            "the account that owns the target instance, where it is known",
        ),
        attribute(
            AttributeKey::Target(EndpointAttribute::Namespace),
            "rule.to.namespace",
            AttributeType::Text,
            "the target namespace",
        ),
        attribute(
            AttributeKey::Target(EndpointAttribute::Repo),
            "rule.to.repo",
            AttributeType::Text,
            "the target repository",
        ),
    ];

    /// Returns the attribute of a name.
    pub(crate) fn find(name: &str) -> Option<&'static Self> {
        static ALL: [Attribute; 25] = Attribute::ALL;
        ALL.iter().find(|attribute| attribute.name == name)
    }
}

const fn attribute(
    key: AttributeKey,
    name: &'static str,
    value_type: AttributeType,
    description: &'static str,
) -> Attribute {
    Attribute {
        key,
        name,
        value_type,
        description,
    }
}
