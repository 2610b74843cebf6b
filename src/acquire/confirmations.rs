//! Confirmations: the differences that would be reported, each to be read again with the names of its rule.

use acr_api::Listing;
use acr_client::{Assertion, CallFailure, Confirmation};

use super::message::read_failure;
use crate::diff::{Change, ChangeKind, ListingEnd, OneSided, Presence, diff};
use crate::model::{
    DesiredState, Endpoint, InstanceId, LiveInstance, LiveRule, LiveState, SyncRule,
};
use crate::snapshot::{Snapshot, live_state};

/// Returns a confirmation for each rule that would be reported missing, unmanaged or one-sided.
pub(super) fn confirmations(
    desired: &DesiredState,
    listings: &[Listing<CallFailure>],
) -> Vec<Confirmation> {
    let snapshot = Snapshot {
        listings: listings
            .iter()
            .map(|listing| listing.clone().map_failure(read_failure))
            .collect(),
        ..Snapshot::default()
    };
    let live = live_state(snapshot, desired);
    let plan = diff(desired, &live);
    let mut confirmations = Vec::new();
    for change in &plan.changes {
        confirmations.extend(confirm_change(change, desired, &live));
    }
    for one_sided in &plan.one_sided {
        confirmations.extend(confirm_ends(one_sided, desired, &live));
    }
    confirmations
}

/// Returns the confirmations of both ends of a one-sided rule. The two listings were read at different times, and the
/// rule may have been deleted or created between them, so either may be out of date.
fn confirm_ends(
    one_sided: &OneSided,
    desired: &DesiredState,
    live: &LiveState,
) -> [Confirmation; 2] {
    let OneSided {
        listed,
        other,
        fields,
    } = one_sided;
    let LiveRule { rule, id, .. } = live.rule(*listed);
    let (near, far) = match listed.end {
        ListingEnd::Source => (&rule.source, &rule.target),
        ListingEnd::Target => (&rule.target, &rule.source),
    };
    let name = rule.name.clone();
    let is_listed = Assertion::Present {
        id: id.clone(),
        name: name.clone(),
    };
    let is_absent_or_other = if fields.is_empty() {
        Assertion::Absent { name }
    } else {
        Assertion::Present { id: None, name }
    };
    let instance = |index: usize| desired.instances[index].id.clone();
    [
        confirmation(instance(listed.instance), near, is_listed),
        confirmation(instance(*other), far, is_absent_or_other),
    ]
}

/// Returns the confirmation of a change; `None` for kinds that every complete listing proves.
fn confirm_change(
    change: &Change,
    desired: &DesiredState,
    live: &LiveState,
) -> Option<Confirmation> {
    match (change.kind, change.sides) {
        (
            ChangeKind::Missing | ChangeKind::Renamed,
            Presence::DesiredOnly(rule) | Presence::Both(rule, _),
        ) => {
            let rule = &desired.rules[rule].rule;
            let end = listing_end(rule, change.instance, desired, live);
            let name = rule.name.clone();
            Some(confirmation(
                end.instance.clone(),
                end,
                Assertion::Absent { name },
            ))
        }
        (ChangeKind::Unmanaged | ChangeKind::Duplicate, Presence::LiveOnly(index)) => {
            let LiveRule { rule, id, .. } = live.rule(index);
            let is_listed = Assertion::Present {
                id: id.clone(),
                name: rule.name.clone(),
            };
            let source = &rule.source;
            Some(confirmation(source.instance.clone(), source, is_listed))
        }
        _ => None,
    }
}

fn confirmation(instance: InstanceId, end: &Endpoint, assertion: Assertion) -> Confirmation {
    Confirmation {
        instance,
        assertion,
        namespace: end.namespace.clone(),
        repo: end.repo.clone(),
    }
}

/// Returns the end of a rule whose listing shows that it is missing: the source, or the target where the source is not
/// read.
fn listing_end<'a>(
    rule: &'a SyncRule,
    instance: usize,
    desired: &DesiredState,
    live: &LiveState,
) -> &'a Endpoint {
    let source = live.instances.get(instance);
    let is_source_read = source.is_some_and(LiveInstance::is_complete);
    let is_readable = |id: &InstanceId| desired.instances.iter().any(|it| it.id == *id && it.read);
    if is_source_read || !is_readable(&rule.target.instance) {
        &rule.source
    } else {
        &rule.target
    }
}
