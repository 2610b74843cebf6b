//! What would be reported of some listings, as questions to ask the API again.

use acr_api::Listing;
use acr_client::{Assertion, Confirmation};

use crate::diff::{Change, ChangeKind, ListingEnd, OneSided, Presence, diff};
use crate::model::{
    DesiredState, Endpoint, InstanceId, LiveInstance, LiveRule, LiveState, Selection, SyncRule,
};
use crate::snapshot::{Snapshot, live_state};

/// Returns a question for each rule that would be reported missing, unmanaged or one-sided of some listings.
pub(super) fn confirmations(
    desired: &DesiredState,
    selection: &Selection,
    listings: &[Listing],
) -> Vec<Confirmation> {
    let snapshot = Snapshot {
        taken_ms: None,
        listings: listings.to_vec(),
    };
    let live = live_state(snapshot, desired);
    let mut plan = diff(desired, &live);
    plan.select(selection, desired, &live);
    let changes = plan
        .changes
        .iter()
        .filter_map(|change| question(change, desired, &live));
    let ends = plan
        .one_sided
        .iter()
        .flat_map(|one_sided| both_ends(one_sided, desired, &live));
    changes.chain(ends).collect()
}

/// Asks both ends of a rule that they do not list alike. The two listings were made at different times: the rule may
/// have been deleted, created, or both, between them, so either of them may be the one that is out of date.
fn both_ends(one_sided: &OneSided, desired: &DesiredState, live: &LiveState) -> [Confirmation; 2] {
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
    let absent_or_other = if fields.is_empty() {
        Assertion::Absent { name: name.clone() }
    } else {
        Assertion::Present {
            id: None,
            name: name.clone(),
        }
    };
    let ask = |instance: usize, assertion: Assertion, end: &Endpoint| Confirmation {
        instance: desired.instances[instance].id.clone(),
        assertion,
        namespace: end.namespace.clone(),
        repo: end.repo.clone(),
    };
    [
        ask(
            listed.instance,
            Assertion::Present {
                id: id.clone(),
                name,
            },
            near,
        ),
        ask(*other, absent_or_other, far),
    ]
}

fn question(change: &Change, desired: &DesiredState, live: &LiveState) -> Option<Confirmation> {
    let claim = |assertion: Assertion, end: &Endpoint| {
        let (namespace, repo) = (end.namespace.clone(), end.repo.clone());
        Confirmation {
            instance: end.instance.clone(),
            assertion,
            namespace,
            repo,
        }
    };
    match (change.kind, change.sides) {
        (
            ChangeKind::Missing | ChangeKind::Renamed,
            Presence::DesiredOnly(rule) | Presence::Both(rule, _),
        ) => {
            let rule = &desired.rules[rule].rule;
            let end = listing_end(rule, change.instance, desired, live);
            Some(claim(
                Assertion::Absent {
                    name: rule.name.clone(),
                },
                end,
            ))
        }
        (ChangeKind::Unmanaged | ChangeKind::Duplicate, Presence::LiveOnly(index)) => {
            let found = live.rule(index);
            let present = Assertion::Present {
                id: found.id.clone(),
                name: found.rule.name.clone(),
            };
            Some(claim(present, &found.rule.source))
        }
        _ => None,
    }
}

/// The end of a rule whose listing shows that it is missing: its source's, or its target's where the source is
/// not read.
fn listing_end<'a>(
    rule: &'a SyncRule,
    instance: usize,
    desired: &DesiredState,
    live: &LiveState,
) -> &'a Endpoint {
    let source_was_read = live
        .instances
        .get(instance)
        .is_some_and(LiveInstance::is_complete);
    let readable = |id: &InstanceId| desired.instances.iter().any(|it| it.id == *id && it.read);
    if source_was_read || !readable(&rule.target.instance) {
        &rule.source
    } else {
        &rule.target
    }
}
