//! The facts about events of Container Registry. No such event is published, so each fact that is inferred is read
//! liberally, in one function here.

use acr_api::TrailEvent;
use jiff::Timestamp;

/// The events that can explain a difference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EventName {
    /// A rule is created.
    RuleCreated,
    /// A rule is deleted.
    RuleDeleted,
    /// A rule is edited. Unproven: no public action of this name exists.
    RuleUpdated,
    /// A namespace is deleted.
    NamespaceDeleted,
    /// A repository is deleted.
    RepositoryDeleted,
    /// An instance is deleted.
    InstanceDeleted,
    /// An instance expires. Unproven: the name of the event of the registry is not published.
    InstanceReleased,
}

impl EventName {
    /// Returns the value of `eventName`. Events have the names of the actions, where RAM has `CreateSyncRule`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::RuleCreated => "CreateRepoSyncRule",
            Self::RuleDeleted => "DeleteRepoSyncRule",
            Self::RuleUpdated => "UpdateRepoSyncRule",
            Self::NamespaceDeleted => "DeleteNamespace",
            Self::RepositoryDeleted => "DeleteRepository",
            Self::InstanceDeleted => "DeleteInstance",
            Self::InstanceReleased => "Release",
        }
    }
}

/// Returns the time of an event, epoch milliseconds; `None` where it is no time.
pub(super) fn time_ms(event: &TrailEvent) -> Option<i64> {
    let time: Timestamp = event.time.parse().ok()?;
    Some(time.as_millisecond())
}

/// Returns whether the call succeeded. Unproven: whether a failure under HTTP 200 has an `errorCode`; so the response is
/// read too.
pub(super) fn is_success(event: &TrailEvent) -> bool {
    let is_refused = event
        .response_element("IsSuccess")
        .is_some_and(|truth| truth.eq_ignore_ascii_case("false"));
    let has_other_code = event
        .response_element("Code")
        .is_some_and(|code| !code.eq_ignore_ascii_case("success") && code != "200");
    event.error_code.is_none() && !is_refused && !has_other_code
}

/// Returns whether the event is one of the registry; an event that names neither service nor host may be. Unproven: the
/// spelling of the service, which is `cr` in the metadata, and that of the host.
pub(super) fn is_of_registry(event: &TrailEvent) -> bool {
    let service = event.service.as_deref();
    let host = event.source.as_deref();
    let is_service = service
        .is_some_and(|name| name.eq_ignore_ascii_case("cr") || name.eq_ignore_ascii_case("acr"));
    let is_host = host.is_some_and(|host| {
        let host = host.to_ascii_lowercase();
        host.starts_with("cr.") || host.starts_with("cr-")
    });
    is_service || is_host || service.is_none() && host.is_none()
}

/// Returns the id of the rule that a call created. Unproven: whether the registry's events have `responseElements`.
pub(super) fn created_id(event: &TrailEvent) -> Option<&str> {
    event.response_element("SyncRuleId")
}

/// Returns the id of the rule that a call deleted or edited.
pub(super) fn rule_id(event: &TrailEvent) -> Option<&str> {
    event.parameter("SyncRuleId")
}

/// Returns the instance of a call.
pub(super) fn instance_id(event: &TrailEvent) -> Option<&str> {
    event.parameter("InstanceId")
}

/// Returns the namespace of a call. Unproven: the parameter has two names in the actions of the registry.
pub(super) fn namespace(event: &TrailEvent) -> Option<&str> {
    event
        .parameter("NamespaceName")
        .or_else(|| event.parameter("RepoNamespaceName"))
}

/// Returns the repository of a call.
pub(super) fn repository(event: &TrailEvent) -> Option<&str> {
    event.parameter("RepoName")
}

/// Returns whether an event is about an instance. Unproven: whether events of a released instance have parameters, or
/// name their resource only.
pub(super) fn is_about_instance(event: &TrailEvent, id: &str) -> bool {
    instance_id(event) == Some(id) || event.resources.iter().any(|resource| &**resource == id)
}
