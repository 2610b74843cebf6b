//! The fields of a rule that are compared, each under its rules-file name.

use std::borrow::Cow;
use std::fmt;

use super::rule::{CrossUser, Direction, Endpoint, MATCH_ALL, Priority, Scope, SyncRule, Trigger};

/// A field of a rule, in the order in which a person reads a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Field {
    /// `SyncRuleName`.
    Name,
    /// `SyncScope`.
    Scope,
    /// `SyncDirection`: differs only where the API says something this version does not know.
    Direction,
    /// The source instance.
    FromInstance,
    /// The source instance's region.
    FromRegion,
    /// The source namespace.
    FromNamespace,
    /// The source repository.
    FromRepo,
    /// The target instance.
    ToInstance,
    /// The target instance's region.
    ToRegion,
    /// The target namespace.
    ToNamespace,
    /// The target repository.
    ToRepo,
    /// `SyncTrigger`.
    Trigger,
    /// `NamespaceNameFilter`.
    NamespaceNameFilter,
    /// `RepoNameFilter`.
    RepoNameFilter,
    /// `TagFilter`.
    TagFilter,
    /// `Priority`.
    Priority,
    /// `LinkId`.
    LinkId,
    /// `CrossUser`.
    CrossUser,
}

impl Field {
    /// The number of fields.
    pub const COUNT: usize = 18;

    /// Every field, in order.
    pub const ALL: [Self; Self::COUNT] = [
        Self::Name,
        Self::Scope,
        Self::Direction,
        Self::FromInstance,
        Self::FromRegion,
        Self::FromNamespace,
        Self::FromRepo,
        Self::ToInstance,
        Self::ToRegion,
        Self::ToNamespace,
        Self::ToRepo,
        Self::Trigger,
        Self::NamespaceNameFilter,
        Self::RepoNameFilter,
        Self::TagFilter,
        Self::Priority,
        Self::LinkId,
        Self::CrossUser,
    ];

    /// The rules-file name. `from.region`, `to.region`, `direction` and `cross_user` are not keys of a rule:
    /// they follow from its instances.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Scope => "scope",
            Self::Direction => "direction",
            Self::FromInstance => "from.instance",
            Self::FromRegion => "from.region",
            Self::FromNamespace => "from.namespace",
            Self::FromRepo => "from.repo",
            Self::ToInstance => "to.instance",
            Self::ToRegion => "to.region",
            Self::ToNamespace => "to.namespace",
            Self::ToRepo => "to.repo",
            Self::Trigger => "trigger",
            Self::NamespaceNameFilter => "namespace_name_filter",
            Self::RepoNameFilter => "repo_name_filter",
            Self::TagFilter => "tag_filter",
            Self::Priority => "priority",
            Self::LinkId => "link_id",
            Self::CrossUser => "cross_user",
        }
    }

    /// Returns whether the field means anything under this scope; one that does not is not compared.
    ///
    /// An unknown scope gets every field: what it means cannot be known, so nothing may be overlooked.
    #[must_use]
    pub fn applies_to(self, scope: &Scope) -> bool {
        match (self, scope) {
            (Self::RepoNameFilter, _) => scope.repo_name_filter().is_some(),
            (Self::NamespaceNameFilter, _) => scope.namespace_name_filter().is_some(),
            (_, Scope::Unknown { .. }) => true,
            (Self::FromRepo | Self::ToRepo, _) => matches!(scope, Scope::Repo),
            (Self::FromNamespace | Self::ToNamespace, _) => {
                !matches!(scope, Scope::Instance { .. })
            }
            _ => true,
        }
    }

    /// Returns whether a value is what a rule has when nothing is given.
    #[must_use]
    pub fn is_default(self, value: &str) -> bool {
        match self {
            Self::RepoNameFilter | Self::NamespaceNameFilter => value == MATCH_ALL,
            Self::Priority => value == "3",
            Self::Trigger => value == Trigger::default().as_str(),
            Self::Direction => value == Direction::From.as_str(),
            Self::CrossUser => value == CrossUser::No.as_str(),
            _ => false,
        }
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A field's value as text; `None` where the rule has none, does not know it, or its scope has no such field.
pub type FieldValue<'a> = Option<Cow<'a, str>>;

/// Every field of one rule, in the order of [`Field::ALL`].
pub type Fields<'a> = [FieldValue<'a>; Field::COUNT];

impl SyncRule {
    /// Every field's value.
    ///
    /// Destructured without `..`: a new field of the rule does not compile until it is compared.
    #[must_use]
    pub fn fields(&self) -> Fields<'_> {
        let Self {
            name,
            source,
            target,
            scope,
            trigger,
            direction,
            tag_filter,
            priority,
            link_id,
            cross_user,
        } = self;
        let [from_instance, from_region, from_namespace, from_repo] = ends(source);
        let [to_instance, to_region, to_namespace, to_repo] = ends(target);
        let mut fields = [
            Some(borrowed(name.as_str())),
            Some(borrowed(scope.as_str())),
            Some(borrowed(direction.as_str())),
            from_instance,
            from_region,
            from_namespace,
            from_repo,
            to_instance,
            to_region,
            to_namespace,
            to_repo,
            Some(borrowed(trigger.as_str())),
            scope.namespace_name_filter().map(borrowed),
            scope.repo_name_filter().map(borrowed),
            Some(borrowed(tag_filter)),
            Some(match priority {
                Priority::Level(level) => Cow::Owned(level.to_string()),
                Priority::Unknown(text) => Cow::Borrowed(text),
            }),
            link_id.as_ref().map(|id| borrowed(id.as_str())),
            cross_user
                .as_ref()
                .map(|crosses| borrowed(crosses.as_str())),
        ];
        for (field, value) in Field::ALL.into_iter().zip(&mut fields) {
            if !field.applies_to(scope) {
                *value = None;
            }
        }
        fields
    }
}

fn borrowed(text: &str) -> Cow<'_, str> {
    Cow::Borrowed(text)
}

fn ends(endpoint: &Endpoint) -> [FieldValue<'_>; 4] {
    let Endpoint {
        instance,
        region,
        namespace,
        repo,
    } = endpoint;
    [
        Some(borrowed(instance.as_str())),
        region.as_ref().map(|it| borrowed(it.as_str())),
        namespace.as_ref().map(|it| borrowed(it.as_str())),
        repo.as_ref().map(|it| borrowed(it.as_str())),
    ]
}
