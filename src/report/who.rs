//! The authors of changes, as ActionTrail recorded them.
//!
//! They are notes: no finding, fingerprint or exit code depends on them. Names, clients and sessions are texts of other
//! people: hostile until escaped.

mod pseudonyms;
mod reason;
mod sentence;

pub use pseudonyms::Pseudonyms;
pub use reason::MatchReason;
pub use sentence::{AttributedRule, describe_who, describe_who_briefly};

use super::Report;
use crate::i18n::Message;

/// The authors of one change or finding, or the reason why none is named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Who {
    /// The status of the search.
    pub status: WhoStatus,
    /// The least certainty of the events; `None` unless some were found.
    pub confidence: Option<Confidence>,
    /// True if one author deleted the rule and created the live one.
    pub replaced: bool,
    /// The events, oldest first: at most five where they are only possible.
    pub events: Vec<WhoEvent>,
    /// The number of events that are possible.
    pub candidates: usize,
    /// The number of calls that the service refused. They changed nothing.
    pub refused: usize,
    /// The last of them.
    pub last_refused: Option<Box<WhoEvent>>,
    /// The details of the status.
    pub reason: Option<Message>,
    /// The time from which the event can be found, epoch milliseconds.
    pub retry_ms: Option<i64>,
    /// The events that were looked up; `None` where none were.
    pub asked: Option<AskedRange>,
}

impl Who {
    /// Removes the addresses of clients.
    pub(crate) fn remove_addresses(&mut self) {
        let refused = self.last_refused.as_deref_mut();
        for event in self.events.iter_mut().chain(refused) {
            event.address = None;
        }
    }
}

/// The status of the search for an author.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WhoStatus {
    /// At least one event was found.
    Found,
    /// The range was read completely, without an event.
    NotFound,
    /// The change is too recent for its event to be found.
    TooRecent,
    /// The change is older than the events that ActionTrail keeps.
    TooOld,
    /// The rule belongs to an account whose events the credentials cannot read.
    OtherAccount,
    /// The credentials must not look up events.
    Denied,
    /// The region has no endpoint.
    NoEndpoint,
    /// Not all events could be read, so that nothing follows from an absent one.
    Incomplete,
    /// The rule was modified without being created again, which no public action does.
    InPlace,
    /// Only calls were found that the service refused.
    RefusedOnly,
}

impl WhoStatus {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::Found,
        Self::NotFound,
        Self::TooRecent,
        Self::TooOld,
        Self::OtherAccount,
        Self::Denied,
        Self::NoEndpoint,
        Self::Incomplete,
        Self::InPlace,
        Self::RefusedOnly,
    ];

    /// Returns the word of the result document.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Found => "found",
            Self::NotFound => "not-found",
            Self::TooRecent => "too-recent",
            Self::TooOld => "too-old",
            Self::OtherAccount => "other-account",
            Self::Denied => "denied",
            Self::NoEndpoint => "no-endpoint",
            Self::Incomplete => "incomplete",
            Self::InPlace => "in-place",
            Self::RefusedOnly => "refused-only",
        }
    }
}

/// The certainty that an event is the one of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Confidence {
    /// One of several events, or an event of something that contains the rule.
    Possible,
    /// The only event that fits.
    Likely,
    /// Name, time and parameters agree.
    Strong,
    /// The event has the id of the rule.
    Exact,
}

impl Confidence {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Possible, Self::Likely, Self::Strong, Self::Exact];

    /// Returns the word of the result document.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Possible => "possible",
            Self::Likely => "likely",
            Self::Strong => "strong",
            Self::Exact => "exact",
        }
    }

    /// Returns the next lower certainty.
    #[must_use]
    pub const fn lowered(self) -> Self {
        match self {
            Self::Exact => Self::Strong,
            Self::Strong => Self::Likely,
            Self::Likely | Self::Possible => Self::Possible,
        }
    }
}

/// An event that changed a rule, or that can have changed it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WhoEvent {
    /// The effect on the rule.
    pub action: WhoAction,
    /// The time, epoch milliseconds.
    pub time_ms: i64,
    /// The author.
    pub actor: Actor,
    /// The kind of client, by its own word.
    pub via: Via,
    /// The client, such as `Terraform 1.9.5`, by its own word.
    pub client: Option<String>,
    /// The other words of the client, such as the run of a pipeline.
    pub client_extra: Option<String>,
    /// The id of the event.
    pub event_id: Option<String>,
    /// The region of the event.
    pub region: Option<String>,
    /// The address of the client, where it was requested.
    pub address: Option<String>,
    /// The certainty.
    pub confidence: Confidence,
    /// The reasons for the certainty.
    pub reasons: Vec<MatchReason>,
}

/// The effect of an event on a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WhoAction {
    /// The rule was created.
    Created,
    /// The rule was deleted.
    Deleted,
    /// The rule was edited.
    Updated,
    /// The namespace of the rule was deleted.
    NamespaceDeleted,
    /// The repository of the rule was deleted.
    RepositoryDeleted,
    /// The instance of the rule was released.
    InstanceReleased,
}

impl WhoAction {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Created,
        Self::Deleted,
        Self::Updated,
        Self::NamespaceDeleted,
        Self::RepositoryDeleted,
        Self::InstanceReleased,
    ];

    /// Returns the word of the result document.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Deleted => "deleted",
            Self::Updated => "updated",
            Self::NamespaceDeleted => "namespace-deleted",
            Self::RepositoryDeleted => "repository-deleted",
            Self::InstanceReleased => "instance-released",
        }
    }
}

/// The author of an event.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Actor {
    /// ActionTrail's type: `ram-user`, `root-account`, `assumed-role`, `system`, or another word.
    pub kind: String,
    /// The user or the role.
    pub name: Option<String>,
    /// The session of a role, as the client that assumed it named it.
    pub session: Option<String>,
    /// The account.
    pub account: Option<String>,
    /// The account that assumed the role, where it is another one.
    pub assumed_from: Option<String>,
}

/// The kind of client of an event, by its own word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Via {
    /// A service of Alibaba Cloud.
    Service,
    /// Terraform.
    Terraform,
    /// The aliyun command line.
    AliyunCli,
    /// The `OpenAPI` Explorer.
    OpenApiExplorer,
    /// The console.
    Console,
    /// No access key is recorded, as for the console.
    LikelyConsole,
    /// An SDK.
    Sdk,
    /// A service in a role of the account.
    ServiceRole,
    /// Another client.
    Other,
}

impl Via {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Service,
        Self::Terraform,
        Self::AliyunCli,
        Self::OpenApiExplorer,
        Self::Console,
        Self::LikelyConsole,
        Self::Sdk,
        Self::ServiceRole,
        Self::Other,
    ];

    /// Returns the word of the result document.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Service => "service",
            Self::Terraform => "terraform",
            Self::AliyunCli => "aliyun-cli",
            Self::OpenApiExplorer => "openapi-explorer",
            Self::Console => "console",
            Self::LikelyConsole => "likely-console",
            Self::Sdk => "sdk",
            Self::ServiceRole => "service-role",
            Self::Other => "other",
        }
    }
}

/// The events that were looked up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AskedRange {
    /// The region; `None` for events of a file.
    pub region: Option<String>,
    /// The start, epoch milliseconds; `None` where a file does not name it.
    pub from_ms: Option<i64>,
    /// The end.
    pub until_ms: Option<i64>,
    /// The number of pages.
    pub pages: u32,
    /// True if every page was read.
    pub complete: bool,
    /// The region of the target, where its events were looked up too.
    pub target_region: Option<String>,
}

impl Report {
    /// Returns the authors of changes and findings.
    pub fn authors(&self) -> impl Iterator<Item = &Who> {
        let changes = self.changes.iter().map(|change| &change.who);
        let findings = self.findings.iter().map(|finding| &finding.who);
        changes.chain(findings).filter_map(|who| who.as_deref())
    }
}

/// A live rule with its id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownRule {
    /// The alias of the source instance.
    pub instance: String,
    /// The name.
    pub name: String,
    /// The id.
    pub id: String,
}
