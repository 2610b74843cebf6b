//! The call that deleted a rule.

use super::actor::reported;
use super::facts;
use super::index::{EventIndex, TimedEvent};
use super::outcome::Search;
use super::question::{DeletedRule, Questions};
use crate::model::Endpoint;
use crate::report::{Confidence, MatchReason, WhoAction};

/// Returns the id of a rule that is gone, and true if it follows from the call that created the rule.
pub(super) fn id_of<'a>(
    deleted: &DeletedRule<'a>,
    index: &EventIndex<'a>,
    questions: &Questions<'_>,
) -> Option<(&'a str, bool)> {
    if let Some(id) = deleted.id {
        return Some((id, false));
    }
    let created = index.creations_named(deleted.instance, deleted.name);
    let is_gone = |id: &&str| !questions.names_by_id.contains_key(id);
    let ids = created.iter().rev().filter(|it| it.is_success);
    let id = ids
        .filter_map(|it| facts::created_id(it.event))
        .find(is_gone);
    id.map(|id| (id, true))
}

/// Looks for the call that deleted a rule, by its id.
pub(super) fn find_by_id(
    deleted: &DeletedRule<'_>,
    (id, is_derived): (&str, bool),
    index: &EventIndex<'_>,
) -> Search {
    let is_here = |call: &&TimedEvent<'_>| {
        facts::instance_id(call.event).is_none_or(|instance| instance == deleted.instance)
    };
    let mut search = Search::default();
    let calls: Vec<_> = index.deletions_of(id).iter().filter(is_here).collect();
    let refused = calls.iter().filter(|it| !it.is_success);
    for call in refused {
        search.add_refused(**call, WhoAction::Deleted);
    }
    let Some(call) = calls.iter().rfind(|it| it.is_success) else {
        return search;
    };
    // A rule of the name that was created after this call is gone too, and by another one.
    let created = index.creations_named(deleted.instance, deleted.name);
    let is_other = |created: &TimedEvent<'_>| facts::created_id(created.event) != Some(id);
    let is_contradicted = deleted.is_missing
        && created
            .iter()
            .any(|it| it.is_success && it.ms >= call.ms && is_other(it));
    let (confidence, reasons): (_, &[MatchReason]) = match (is_contradicted, is_derived) {
        (true, _) => (Confidence::Possible, &[MatchReason::CreatedAgain]),
        (false, true) => (Confidence::Exact, &[MatchReason::IdOfCreation]),
        (false, false) => (Confidence::Exact, &[]),
    };
    let action = WhoAction::Deleted;
    search.set(vec![reported(**call, action, confidence, reasons)]);
    search
}

/// Looks for the call that deleted a rule whose id is unknown. `rivals` is the number of such rules in the instance.
pub(super) fn find_without_id(
    deleted: &DeletedRule<'_>,
    rivals: usize,
    index: &EventIndex<'_>,
    questions: &Questions<'_>,
) -> Search {
    let since = deleted.last_seen_ms.unwrap_or(i64::MIN);
    let is_unknown = |call: &&TimedEvent<'_>| {
        let Some(id) = facts::rule_id(call.event) else {
            return true;
        };
        let is_of_other_name = index.creations_of(id).iter().any(|created| {
            let name = created.event.parameter("SyncRuleName");
            name.is_some_and(|name| name != deleted.name)
        });
        !questions.names_by_id.contains_key(id) && !is_of_other_name
    };
    let calls: Vec<_> = index
        .deletions_in(deleted.instance, since)
        .iter()
        .filter(|it| it.is_success)
        .filter(is_unknown)
        .copied()
        .collect();
    let mut search = Search::default();
    let (confidence, reasons): (_, &[MatchReason]) = match calls.as_slice() {
        [_] if rivals <= 1 => (Confidence::Likely, &[MatchReason::OnlyDeletion]),
        _ => (Confidence::Possible, &[MatchReason::UnknownId]),
    };
    let events = calls
        .iter()
        .map(|it| reported(*it, WhoAction::Deleted, confidence, reasons));
    search.set(events.collect());
    search
}

/// Looks for the deletion of a namespace, a repository or an instance that contained a rule. Whether its rules go with it
/// is not documented.
pub(super) fn find_container(deleted: &DeletedRule<'_>, index: &EventIndex<'_>) -> Search {
    let since = deleted.last_seen_ms.unwrap_or(i64::MIN);
    let is_recent = |call: &TimedEvent<'_>| {
        call.is_success && call.ms >= since && facts::is_of_registry(call.event)
    };
    let ends: Vec<&Endpoint> = deleted
        .rule
        .map(|rule| vec![&rule.source, &rule.target])
        .unwrap_or_default();
    let is_namespace = |call: &TimedEvent<'_>, end: &Endpoint| {
        facts::instance_id(call.event) == Some(end.instance.as_str())
            && end.namespace.is_some()
            && facts::namespace(call.event)
                == end.namespace.as_ref().map(acr_api::NamespaceName::as_str)
    };
    let is_repository = |call: &TimedEvent<'_>, end: &Endpoint| {
        is_namespace(call, end)
            && end.repo.is_some()
            && facts::repository(call.event) == end.repo.as_ref().map(acr_api::RepoName::as_str)
    };
    let reasons = [MatchReason::ContainedRule];
    let mut events = Vec::new();
    let mut add = |call: TimedEvent<'_>, action: WhoAction| {
        let confidence = Confidence::Possible;
        events.push(reported(call, action, confidence, &reasons));
    };
    for call in index.namespace_deletions() {
        if is_recent(call) && ends.iter().any(|end| is_namespace(call, end)) {
            add(*call, WhoAction::NamespaceDeleted);
        }
    }
    for call in index.repository_deletions() {
        if is_recent(call) && ends.iter().any(|end| is_repository(call, end)) {
            add(*call, WhoAction::RepositoryDeleted);
        }
    }
    for call in index.releases() {
        let is_end = ends
            .iter()
            .any(|end| facts::is_about_instance(call.event, end.instance.as_str()));
        if is_recent(call) && is_end {
            add(*call, WhoAction::InstanceReleased);
        }
    }
    events.sort_by_key(|event| event.time_ms);
    let mut search = Search::default();
    search.set(events);
    search
}
