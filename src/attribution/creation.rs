//! The call that created a live rule.

use acr_api::TrailEvent;

use super::actor::reported;
use super::index::{EventIndex, TimedEvent};
use super::outcome::Search;
use super::question::CreatedRule;
use super::{AROUND_MS, NEAR_MS, facts};
use crate::model::{MATCH_ALL, Priority, SyncRule};
use crate::report::{Confidence, MatchReason, WhoAction};

/// Looks for the call that created a rule.
pub(super) fn find(created: &CreatedRule<'_>, index: &EventIndex<'_>) -> Search {
    let instance = created.rule.source.instance.as_str();
    let named = index.creations_named(instance, created.rule.name.as_str());
    let is_near = |call: &TimedEvent<'_>, distance: i64| match created.created_ms {
        Some(ms) => call.ms.abs_diff(ms) <= distance.unsigned_abs(),
        None => true,
    };
    let refused = named
        .iter()
        .filter(|it| !it.is_success && is_near(it, AROUND_MS));
    let mut search = Search::default();
    for call in refused {
        search.add_refused(*call, WhoAction::Created);
    }
    let mut found = |confidence: Confidence, calls: &[TimedEvent<'_>], reasons: &[MatchReason]| {
        let events = calls
            .iter()
            .map(|it| reported(*it, WhoAction::Created, confidence, reasons));
        search.set(events.collect());
    };
    let by_id = created.id.map_or(&[][..], |id| index.creations_of(id));
    if let Some(call) = by_id.iter().rfind(|it| it.is_success) {
        found(Confidence::Exact, &[*call], &[]);
        return search;
    }
    // A call whose response has an id created a rule with that id: not this one, if the id of this one is known.
    let is_open = |call: &&TimedEvent<'_>| {
        let other = facts::created_id(call.event);
        let is_other = other.is_some() && created.id.is_some();
        let is_deleted = other.is_some_and(|id| is_deleted(index, id, call.ms));
        call.is_success && !is_other && !is_deleted
    };
    let open: Vec<_> = named.iter().filter(is_open).copied().collect();
    let near: Vec<_> = open
        .iter()
        .filter(|it| is_near(it, NEAR_MS))
        .copied()
        .collect();
    let equal: Vec<_> = near
        .iter()
        .filter(|it| has_same_parameters(it.event, created.rule))
        .copied()
        .collect();
    let around: Vec<_> = open
        .iter()
        .filter(|it| is_near(it, AROUND_MS))
        .copied()
        .collect();
    match (equal.as_slice(), around.as_slice()) {
        ([call], _) if created.created_ms.is_some() => found(
            Confidence::Strong,
            &[*call],
            &[MatchReason::SameRule, MatchReason::NoId],
        ),
        ([_, _, ..], _) => found(
            Confidence::Possible,
            &equal,
            &[MatchReason::SameNameAndParameters, MatchReason::NoId],
        ),
        (_, [call]) => found(
            Confidence::Likely,
            &[*call],
            &[MatchReason::OnlyCallOfName, MatchReason::NoId],
        ),
        (_, [_, _, ..]) => found(
            Confidence::Possible,
            &around,
            &[MatchReason::SameName, MatchReason::NoId],
        ),
        (_, []) => {
            let others = match created.created_ms {
                Some(ms) => index.creations_between(instance, ms - NEAR_MS, ms + NEAR_MS),
                None => &[],
            };
            let others: Vec<_> = others
                .iter()
                .filter(|it| is_open(it) && has_same_parameters(it.event, created.rule))
                .copied()
                .collect();
            if let [call] = others.as_slice() {
                found(Confidence::Likely, &[*call], &[MatchReason::OtherName]);
            }
        }
    }
    search
}

/// Returns whether the rule with an id was deleted at or after a time.
fn is_deleted(index: &EventIndex<'_>, id: &str, since: i64) -> bool {
    let mut deletions = index.deletions_of(id).iter();
    deletions.any(|it| it.is_success && it.ms >= since)
}

/// Returns whether the recorded parameters are those of a rule. Parameters that are not recorded have their default.
fn has_same_parameters(event: &TrailEvent, rule: &SyncRule) -> bool {
    let is = |name: &str, value: Option<&str>| match (event.parameter(name), value) {
        (Some(recorded), Some(value)) => recorded == value,
        _ => true,
    };
    let or_default =
        |name: &str, default: &str, value: &str| event.parameter(name).unwrap_or(default) == value;
    let (source, target) = (&rule.source, &rule.target);
    let priority = match &rule.priority {
        Priority::Level(level) => level.to_string(),
        Priority::Unknown(word) => word.to_string(),
    };
    let scope = &rule.scope;
    let has_filters = scope
        .repo_name_filter()
        .is_none_or(|filter| or_default("RepoNameFilter", MATCH_ALL, filter))
        && scope
            .namespace_name_filter()
            .is_none_or(|filter| or_default("NamespaceNameFilter", MATCH_ALL, filter));
    let text = |value: &Option<_>| value.as_ref().map(ToString::to_string);
    has_filters
        && is("SyncScope", Some(scope.as_str()))
        && or_default("TagFilter", MATCH_ALL, &rule.tag_filter)
        && or_default("SyncTrigger", "PASSIVE", rule.trigger.as_str())
        && or_default("Priority", "3", &priority)
        && is("TargetInstanceId", Some(target.instance.as_str()))
        && is(
            "NamespaceName",
            source
                .namespace
                .as_ref()
                .map(acr_api::NamespaceName::as_str),
        )
        && is(
            "RepoName",
            source.repo.as_ref().map(acr_api::RepoName::as_str),
        )
        && is(
            "TargetNamespaceName",
            target
                .namespace
                .as_ref()
                .map(acr_api::NamespaceName::as_str),
        )
        && is(
            "TargetRepoName",
            target.repo.as_ref().map(acr_api::RepoName::as_str),
        )
        && is("TargetRegionId", text(&target.region).as_deref())
        && event.parameter("LinkId") == rule.link_id.as_ref().map(acr_api::LinkId::as_str)
}
