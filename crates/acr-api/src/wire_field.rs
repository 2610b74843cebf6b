//! The fields of a sync rule, by the API's own names.

/// A field of a rule in the response of `ListRepoSyncRule`. The first 18 are on the API page of December 2025; the last
/// three are from the SDK models of 2026.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(
    missing_docs,
    reason = "the API's own names; the docs of `crdrift::model` explain them"
)]
pub enum WireField {
    SyncRuleId,
    SyncRuleName,
    LocalRegionId,
    LocalInstanceId,
    LocalNamespaceName,
    LocalRepoName,
    TargetRegionId,
    TargetInstanceId,
    TargetNamespaceName,
    TargetRepoName,
    TagFilter,
    RepoNameFilter,
    SyncScope,
    SyncDirection,
    SyncTrigger,
    CreateTime,
    ModifiedTime,
    CrossUser,
    LinkId,
    NamespaceNameFilter,
    Priority,
}

/// The JSON type that the API declares for a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum JsonType {
    Text,
    Integer,
    Boolean,
}

impl WireField {
    /// The number of known fields.
    pub const COUNT: usize = 21;

    /// Every known field, in the order of serialization.
    pub const ALL: [Self; Self::COUNT] = [
        Self::SyncRuleId,
        Self::SyncRuleName,
        Self::LocalRegionId,
        Self::LocalInstanceId,
        Self::LocalNamespaceName,
        Self::LocalRepoName,
        Self::TargetRegionId,
        Self::TargetInstanceId,
        Self::TargetNamespaceName,
        Self::TargetRepoName,
        Self::TagFilter,
        Self::RepoNameFilter,
        Self::SyncScope,
        Self::SyncDirection,
        Self::SyncTrigger,
        Self::CreateTime,
        Self::ModifiedTime,
        Self::CrossUser,
        Self::LinkId,
        Self::NamespaceNameFilter,
        Self::Priority,
    ];

    /// Returns the API's name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SyncRuleId => "SyncRuleId",
            Self::SyncRuleName => "SyncRuleName",
            Self::LocalRegionId => "LocalRegionId",
            Self::LocalInstanceId => "LocalInstanceId",
            Self::LocalNamespaceName => "LocalNamespaceName",
            Self::LocalRepoName => "LocalRepoName",
            Self::TargetRegionId => "TargetRegionId",
            Self::TargetInstanceId => "TargetInstanceId",
            Self::TargetNamespaceName => "TargetNamespaceName",
            Self::TargetRepoName => "TargetRepoName",
            Self::TagFilter => "TagFilter",
            Self::RepoNameFilter => "RepoNameFilter",
            Self::SyncScope => "SyncScope",
            Self::SyncDirection => "SyncDirection",
            Self::SyncTrigger => "SyncTrigger",
            Self::CreateTime => "CreateTime",
            Self::ModifiedTime => "ModifiedTime",
            Self::CrossUser => "CrossUser",
            Self::LinkId => "LinkId",
            Self::NamespaceNameFilter => "NamespaceNameFilter",
            Self::Priority => "Priority",
        }
    }

    pub(super) fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.as_str() == name)
    }

    pub(super) const fn json_type(self) -> JsonType {
        match self {
            Self::CreateTime | Self::ModifiedTime | Self::Priority => JsonType::Integer,
            Self::CrossUser => JsonType::Boolean,
            _ => JsonType::Text,
        }
    }
}
