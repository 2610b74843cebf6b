//! Anonymous responses: one of `ListRepoSyncRule` without rules is the same for every instance.

use acr_api::{Listing, WireField};
use rustc_hash::{FxHashMap, FxHashSet};

use super::Snapshot;
use crate::i18n::Message;
use crate::model::{DesiredState, Instance, ReadFailure, ReadStatus, Selection};

/// Assigns the responses that name no instance to the declared instances that they must be of.
///
/// An instance without a listing is a candidate, `read: false` or not. The assignment is certain for one candidate, or for
/// as many different responses as candidates. Otherwise, or if another listing has a rule with a candidate as its source,
/// each candidate is listed as skipped, with the reason. In a snapshot of anonymous responses alone, a selection of
/// instances narrows the candidates.
pub fn assign_anonymous_answers(snapshot: &mut Snapshot, desired: &DesiredState) {
    let position = snapshot
        .listings
        .iter()
        .position(|listing| listing.instance_id.is_empty());
    let Some(position) = position else {
        return;
    };
    let answers = snapshot.listings.remove(position);
    let candidates = candidates(&snapshot.listings, desired);
    let is_certain = candidates.len() == 1 || is_one_answer_of_each(&answers, candidates.len());
    let doubt = match contradiction(&answers, &snapshot.listings, &candidates) {
        Some(contradiction) => Some(contradiction),
        None if is_certain => None,
        None => Some(ambiguity(&candidates)),
    };
    for instance in candidates {
        let id = instance.id.as_str();
        let listing = match &doubt {
            Some(message) => {
                let failure = ReadFailure::new(ReadFailure::ANONYMOUS_ANSWER, message.clone());
                Listing::skipped(id, Some(failure))
            }
            None => Listing {
                instance_id: id.into(),
                ..answers.clone()
            },
        };
        snapshot.listings.push(listing);
    }
}

/// Returns the declared instances that an anonymous response can be of.
fn candidates<'d>(
    listings: &[Listing<ReadFailure>],
    desired: &'d DesiredState,
) -> Vec<&'d Instance> {
    let everything = Selection::default();
    let narrowing = if listings.is_empty() {
        &desired.selection
    } else {
        &everything
    };
    let listed: FxHashSet<&str> = listings.iter().map(|it| &*it.instance_id).collect();
    let instances = desired.instances.iter();
    instances
        .zip(narrowing.needed_instances(desired))
        .filter(|(instance, matters)| *matters && !listed.contains(instance.id.as_str()))
        .map(|(instance, _)| instance)
        .collect()
}

/// Returns the contradiction to a response without rules: another listing has a rule with a candidate as its source.
fn contradiction(
    answers: &Listing<ReadFailure>,
    listings: &[Listing<ReadFailure>],
    candidates: &[&Instance],
) -> Option<Message> {
    if !answers.rules.is_empty() {
        return None;
    }
    let mut sources: FxHashMap<&str, &str> = FxHashMap::default();
    for listing in listings {
        for rule in &listing.rules {
            if rule.get(WireField::SyncDirection) == Some("TO")
                && let Some(source) = rule.get(WireField::TargetInstanceId)
            {
                sources.entry(source).or_insert(&listing.instance_id);
            }
        }
    }
    let (id, listed_by) = candidates
        .iter()
        .find_map(|instance| sources.get_key_value(instance.id.as_str()))?;
    Some(Message::answer_of_another(*id, *listed_by))
}

/// Returns whether the responses without rules are different and as many as the candidates.
fn is_one_answer_of_each(answers: &Listing<ReadFailure>, instances: usize) -> bool {
    let different: FxHashSet<&str> = answers.request_ids.iter().map(|id| &**id).collect();
    answers.status == ReadStatus::Complete
        && answers.rules.is_empty()
        && different.len() == instances
        && answers.pages as usize == instances
}

fn ambiguity(candidates: &[&Instance]) -> Message {
    let ids: Vec<&str> = candidates.iter().map(|it| it.id.as_str()).collect();
    Message::answer_ambiguous(ids)
}
