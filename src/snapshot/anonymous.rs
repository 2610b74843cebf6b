//! Anonymous responses: one of `ListRepoSyncRule` without rules is the same for every instance.

use acr_api::Listing;
use rustc_hash::{FxHashMap, FxHashSet};

use super::live::live_instance;
use crate::i18n::Message;
use crate::model::{
    DesiredState, Instance, InstanceId, LiveInstance, ReadFailure, ReadStatus, Selection,
};

/// Returns the instances that responses which name none must be of, each with them as its listing. `listed` are the
/// instances of the other listings.
///
/// A declared instance without a listing is a candidate, `read: false` or not. The assignment is certain for one
/// candidate, or for as many different responses as candidates. Otherwise, or if another listing has a rule with a
/// candidate as its source, each candidate is listed as skipped, with the reason. In a snapshot of anonymous responses
/// alone, a selection of instances narrows the candidates.
pub(super) fn assign_anonymous_answers(
    answers: &Listing<ReadFailure>,
    listed: &[LiveInstance],
    desired: &DesiredState,
) -> Vec<LiveInstance> {
    let candidates = candidates(listed, desired);
    let is_certain = candidates.len() == 1 || is_one_answer_of_each(answers, candidates.len());
    let doubt = match contradiction(answers, listed, &candidates) {
        Some(contradiction) => Some(contradiction),
        None if is_certain => None,
        None => Some(ambiguity(&candidates)),
    };
    let assigned = candidates.into_iter().map(|instance| {
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
        live_instance(listing)
    });
    assigned.collect()
}

/// Returns the declared instances that an anonymous response can be of.
fn candidates<'d>(listed: &[LiveInstance], desired: &'d DesiredState) -> Vec<&'d Instance> {
    let everything = Selection::default();
    let narrowing = if listed.is_empty() {
        &desired.selection
    } else {
        &everything
    };
    let listed: FxHashSet<&InstanceId> = listed.iter().map(|it| &it.id).collect();
    let instances = desired.instances.iter();
    instances
        .zip(narrowing.needed_instances(desired))
        .filter(|(instance, matters)| *matters && !listed.contains(&instance.id))
        .map(|(instance, _)| instance)
        .collect()
}

/// Returns the contradiction to a response without rules: another listing has a rule with a candidate as its source.
fn contradiction(
    answers: &Listing<ReadFailure>,
    listed: &[LiveInstance],
    candidates: &[&Instance],
) -> Option<Message> {
    if !answers.rules.is_empty() {
        return None;
    }
    let mut sources: FxHashMap<&InstanceId, &InstanceId> = FxHashMap::default();
    for instance in listed {
        for listed_rule in &instance.incoming {
            sources
                .entry(&listed_rule.rule.source.instance)
                .or_insert(&instance.id);
        }
    }
    let (id, listed_by) = candidates
        .iter()
        .find_map(|instance| sources.get_key_value(&instance.id))?;
    Some(Message::answer_of_another(id.as_str(), listed_by.as_str()))
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
