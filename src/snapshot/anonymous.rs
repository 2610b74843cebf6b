//! Anonymous responses: one of `ListRepoSyncRule` without rules is the same for every instance.

use acr_api::{Listing, WireField};
use rustc_hash::{FxHashMap, FxHashSet};

use super::Snapshot;
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
            Some(message) => Listing::skipped(id, Some(failure(message))),
            None => Listing {
                instance_id: id.into(),
                ..answers.clone()
            },
        };
        snapshot.listings.push(listing);
    }
}

/// Returns the declared instances that an anonymous response can be of.
fn candidates<'d>(listings: &[Listing], desired: &'d DesiredState) -> Vec<&'d Instance> {
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
    answers: &Listing,
    listings: &[Listing],
    candidates: &[&Instance],
) -> Option<String> {
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
    Some(format!(
        "the live rules that were given hold an answer without rules, which names no instance and is not of {id}: \
         the listing of {listed_by} has a rule that starts there"
    ))
}

/// Returns whether the responses without rules are different and as many as the candidates.
fn is_one_answer_of_each(answers: &Listing, instances: usize) -> bool {
    let different: FxHashSet<&str> = answers.request_ids.iter().map(|id| &**id).collect();
    answers.status == ReadStatus::Complete
        && answers.rules.is_empty()
        && different.len() == instances
        && answers.pages as usize == instances
}

fn ambiguity(candidates: &[&Instance]) -> String {
    let ids: Vec<&str> = candidates.iter().map(|it| it.id.as_str()).collect();
    format!(
        "the live rules that were given hold an answer that names no instance, and it can be of {}",
        ids.join(", ")
    )
}

fn failure(message: &str) -> ReadFailure {
    ReadFailure {
        code: ReadFailure::ANONYMOUS_ANSWER.into(),
        message: message.into(),
        request_id: None,
    }
}
