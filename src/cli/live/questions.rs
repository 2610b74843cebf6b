//! What would be reported of some listings, as questions to ask the API again.

use crate::acr::Listing;
use crate::client::{Claim, Question};
use crate::diff::{Change, End, Kind, OneSided, Sides, diff};
use crate::model::{DesiredState, Endpoint, InstanceId, LiveInstance, LiveState, Selection, SyncRule};
use crate::snapshot::{Snapshot, live_state};

/// What would be reported missing or unmanaged of some listings.
pub(super) fn questions(desired: &DesiredState, selection: &Selection, listings: &[Listing]) -> Vec<Question> {
    let snapshot = Snapshot { taken_ms: None, listings: listings.to_vec() };
    let live = live_state(snapshot, desired);
    let mut plan = diff(desired, &live);
    plan.select(selection, desired, &live);
    let changes = plan.changes.iter().filter_map(|change| question(change, desired, &live));
    let lacking = plan.one_sided.iter().filter(|it| it.fields.is_empty());
    changes.chain(lacking.map(|it| other_end(it, desired, &live))).collect()
}

/// A rule that one end lists is about to be reported as lacking at the other: that end is asked for it.
fn other_end(it: &OneSided, desired: &DesiredState, live: &LiveState) -> Question {
    let rule = &live.rule(it.listed).rule;
    let end = if it.listed.end == End::Source { &rule.target } else { &rule.source };
    Question {
        instance: desired.instances[it.other].id.clone(),
        claim: Claim::Absent { name: rule.name.clone() },
        namespace: end.namespace.clone(),
        repo: end.repo.clone(),
    }
}

fn question(change: &Change, desired: &DesiredState, live: &LiveState) -> Option<Question> {
    let claim = |claim: Claim, end: &Endpoint| {
        let (namespace, repo) = (end.namespace.clone(), end.repo.clone());
        Question { instance: end.instance.clone(), claim, namespace, repo }
    };
    match (change.kind, change.sides) {
        (Kind::Missing | Kind::Renamed, Sides::Desired(rule) | Sides::Both(rule, _)) => {
            let rule = &desired.rules[rule].rule;
            let end = listing_end(rule, change.instance, desired, live);
            Some(claim(Claim::Absent { name: rule.name.clone() }, end))
        }
        (Kind::Unmanaged | Kind::Duplicate, Sides::Live(index)) => {
            let found = live.rule(index);
            let present = Claim::Present { id: found.id.clone(), name: found.rule.name.clone() };
            Some(claim(present, &found.rule.source))
        }
        _ => None,
    }
}

/// The end of a rule whose listing shows that it is missing: its source's, or its target's where the source is
/// not read.
fn listing_end<'a>(rule: &'a SyncRule, instance: usize, desired: &DesiredState, live: &LiveState) -> &'a Endpoint {
    let source_was_read = live.instances.get(instance).is_some_and(LiveInstance::is_complete);
    let readable = |id: &InstanceId| desired.instances.iter().any(|it| it.id == *id && it.read);
    if source_was_read || !readable(&rule.target.instance) { &rule.source } else { &rule.target }
}
