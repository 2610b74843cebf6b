//! A sync rule in canonical form: seen from its source, independent of the listing instance.

use std::fmt;

use acr_api::{InstanceId, LinkId, NamespaceName, RegionId, RepoName, RuleName};

use super::field::Field;

/// The filter a rule has when none is given: it matches every name.
pub const MATCH_ALL: &str = ".*";

/// One image synchronization rule.
///
/// `source` and `target` are already canonical: what the API calls *Local* and *Target* depends on the
/// instance that was asked, and [`SyncRule`] does not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyncRule {
    /// `SyncRuleName`.
    pub name: RuleName,
    /// The source.
    pub source: Endpoint,
    /// The target.
    pub target: Endpoint,
    /// `SyncScope`: how much of the source the rule covers, and the name filters that a rule of this scope has.
    pub scope: Scope,
    /// `SyncTrigger`: what starts a synchronization.
    pub trigger: Trigger,
    /// `SyncDirection` as the source instance lists it: [`Direction::From`], or what this version does not know.
    pub direction: Direction,
    /// `TagFilter`: a regular expression over tags.
    pub tag_filter: Box<str>,
    /// `Priority`: tasks run in descending order of it.
    pub priority: Priority,
    /// `LinkId`: the custom synchronization link, where one is used.
    pub link_id: Option<LinkId>,
    /// `CrossUser`: whether source and target belong to different accounts. `None`: not known on this side.
    pub cross_user: Option<CrossUser>,
}

impl SyncRule {
    /// Removes the names of both ends that the rule's scope does not have, so that they cannot make two equal rules
    /// look different: the API page's own sample names repositories in a rule of scope NAMESPACE.
    pub fn drop_names_beyond_scope(&mut self) {
        let Self {
            source,
            target,
            scope,
            ..
        } = self;
        for end in [source, target] {
            if !Field::FromRepo.applies_to(scope) {
                end.repo = None;
            }
            if !Field::FromNamespace.applies_to(scope) {
                end.namespace = None;
            }
        }
    }
}

/// One end of a rule.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Endpoint {
    /// The instance.
    pub instance: InstanceId,
    /// The instance's region; `None` where this side does not tell.
    pub region: Option<RegionId>,
    /// The namespace; `None` for INSTANCE scope.
    pub namespace: Option<NamespaceName>,
    /// The repository; `None` for NAMESPACE and INSTANCE scope.
    pub repo: Option<RepoName>,
}

/// `SyncScope`, with the name filters that a rule of the scope has.
///
/// A filter that a scope does not have cannot be stored, so a value that `defaults` or an answer of the API give for it
/// reaches no comparison, no report and no policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// One repository.
    Repo,
    /// The repositories of one namespace that match a filter.
    Namespace {
        /// `RepoNameFilter`: a regular expression over repositories.
        repo_name_filter: Box<str>,
    },
    /// The namespaces and repositories of the instance that match both filters.
    Instance {
        /// `NamespaceNameFilter`: a regular expression over namespaces.
        namespace_name_filter: Box<str>,
        /// `RepoNameFilter`: a regular expression over repositories.
        repo_name_filter: Box<str>,
    },
    /// A value this version does not know; only ever live. It keeps both filters: either may have a meaning.
    Unknown {
        /// The API's word.
        word: Box<str>,
        /// `NamespaceNameFilter`.
        namespace_name_filter: Box<str>,
        /// `RepoNameFilter`.
        repo_name_filter: Box<str>,
    },
}

/// The name filters that are given for a rule, whatever its scope.
#[derive(Debug, Clone, Default)]
pub struct NameFilters {
    /// `NamespaceNameFilter`.
    pub namespace: Option<Box<str>>,
    /// `RepoNameFilter`.
    pub repo: Option<Box<str>>,
}

impl Scope {
    /// Returns the scope that the API spells like this. Of `given`, it takes the filters that the scope has; one that
    /// is not given matches every name.
    #[must_use]
    pub fn new(word: &str, given: NameFilters) -> Self {
        let or_all = |filter: Option<Box<str>>| filter.unwrap_or_else(|| MATCH_ALL.into());
        match word {
            "REPO" => Self::Repo,
            "NAMESPACE" => Self::Namespace {
                repo_name_filter: or_all(given.repo),
            },
            "INSTANCE" => Self::Instance {
                namespace_name_filter: or_all(given.namespace),
                repo_name_filter: or_all(given.repo),
            },
            other => Self::Unknown {
                word: other.into(),
                namespace_name_filter: or_all(given.namespace),
                repo_name_filter: or_all(given.repo),
            },
        }
    }

    /// Returns the same scope with the filters of `given` that it has.
    #[must_use]
    pub fn with_filters(&self, given: NameFilters) -> Self {
        Self::new(self.as_str(), given)
    }

    /// The API's spelling.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Repo => "REPO",
            Self::Namespace { .. } => "NAMESPACE",
            Self::Instance { .. } => "INSTANCE",
            Self::Unknown { word, .. } => word,
        }
    }

    /// `NamespaceNameFilter`; `None` where the scope has none.
    #[must_use]
    pub fn namespace_name_filter(&self) -> Option<&str> {
        match self {
            Self::Repo | Self::Namespace { .. } => None,
            Self::Instance {
                namespace_name_filter,
                ..
            }
            | Self::Unknown {
                namespace_name_filter,
                ..
            } => Some(namespace_name_filter),
        }
    }

    /// `RepoNameFilter`; `None` where the scope has none.
    #[must_use]
    pub fn repo_name_filter(&self) -> Option<&str> {
        match self {
            Self::Repo => None,
            Self::Namespace { repo_name_filter }
            | Self::Instance {
                repo_name_filter, ..
            }
            | Self::Unknown {
                repo_name_filter, ..
            } => Some(repo_name_filter),
        }
    }
}

impl From<&str> for Scope {
    fn from(word: &str) -> Self {
        Self::new(word, NameFilters::default())
    }
}

/// `SyncTrigger`. The API's two words read the wrong way round, so output prints [`Trigger::plain`] beside them.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub enum Trigger {
    /// `PASSIVE`: a push to the source starts the synchronization.
    #[default]
    Passive,
    /// `INITIATIVE`: started manually.
    Initiative,
    /// A value this version does not know; only ever live.
    Unknown(Box<str>),
}

impl Trigger {
    /// The API's spelling.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Passive => "PASSIVE",
            Self::Initiative => "INITIATIVE",
            Self::Unknown(text) => text,
        }
    }

    /// The plain word for it, as the console says it.
    #[must_use]
    pub fn plain(&self) -> Option<&'static str> {
        match self {
            Self::Passive => Some("automatic"),
            Self::Initiative => Some("manual"),
            Self::Unknown(_) => None,
        }
    }
}

impl From<&str> for Trigger {
    fn from(text: &str) -> Self {
        match text {
            "PASSIVE" => Self::Passive,
            "INITIATIVE" => Self::Initiative,
            other => Self::Unknown(other.into()),
        }
    }
}

/// `Priority` (API model of August 2026): 1–5, default 3.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Priority {
    /// The level. Live ones are kept as the API gives them, out of range included.
    Level(i64),
    /// A live value that is not a number.
    Unknown(Box<str>),
}

impl Default for Priority {
    fn default() -> Self {
        Self::Level(3)
    }
}

/// `CrossUser`: whether source and target belong to different accounts.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum CrossUser {
    /// One account owns both.
    No,
    /// Two accounts.
    Yes,
    /// A value this version does not know; only ever live.
    Unknown(Box<str>),
}

impl CrossUser {
    /// The API's spelling.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::No => "false",
            Self::Yes => "true",
            Self::Unknown(text) => text,
        }
    }
}

impl From<&str> for CrossUser {
    fn from(text: &str) -> Self {
        match text {
            "false" => Self::No,
            "true" => Self::Yes,
            other => Self::Unknown(other.into()),
        }
    }
}

/// `SyncDirection`, as the instance that was asked sees it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Direction {
    /// The instance is the source.
    From,
    /// The instance is the target.
    To,
    /// A value this version does not know; only ever live.
    Unknown(Box<str>),
}

impl Direction {
    /// The API's spelling.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::From => "FROM",
            Self::To => "TO",
            Self::Unknown(text) => text,
        }
    }
}

impl From<&str> for Direction {
    fn from(text: &str) -> Self {
        match text {
            "FROM" => Self::From,
            "TO" => Self::To,
            other => Self::Unknown(other.into()),
        }
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Display for Trigger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Display for Direction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
