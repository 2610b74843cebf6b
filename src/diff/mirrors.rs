//! One-sided rules: source and target list a rule, and the two listings have to agree.
//!
//! Only instances that were read completely are compared. A side that was not read, or is not declared, is unverified,
//! and that is no finding.

use rustc_hash::FxHashMap;

use super::fields::compare;
use super::{ListingEnd, LiveIndex};
use crate::model::{DesiredState, Field, InstanceId, LiveState, SyncRule};

/// A rule that source and target list differently.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OneSided {
    /// The rule, in the listing that has it.
    pub listed: LiveIndex,
    /// The instance at the other end: an index into [`DesiredState::instances`].
    pub other: usize,
    /// The fields that the other end lists differently; empty where it does not list the rule.
    pub fields: Vec<Field>,
}

/// Returns the rules that only one end lists, or that the two ends list differently.
pub(super) fn one_sided(desired: &DesiredState, live: &LiveState) -> Vec<OneSided> {
    let index: FxHashMap<&InstanceId, usize> = desired
        .instances
        .iter()
        .enumerate()
        .filter(|(index, _)| {
            live.instances
                .get(*index)
                .is_some_and(crate::model::LiveInstance::is_complete)
        })
        .map(|(index, instance)| (&instance.id, index))
        .collect();
    let mut found = Vec::new();
    // By target, source and name.
    let mut arriving: FxHashMap<(usize, usize, &str), Vec<LiveIndex>> = FxHashMap::default();
    for (instance, listing) in live
        .instances
        .iter()
        .enumerate()
        .filter(|(_, listing)| listing.is_complete())
    {
        arriving.reserve(listing.incoming.len());
        for (rule, listed) in listing.incoming.iter().enumerate() {
            if let Some(&source) = index.get(&listed.rule.source.instance) {
                let key = (instance, source, listed.rule.name.as_str());
                arriving.entry(key).or_default().push(LiveIndex {
                    instance,
                    end: ListingEnd::Target,
                    rule,
                });
            }
        }
    }
    for (instance, listing) in live
        .instances
        .iter()
        .enumerate()
        .filter(|(_, listing)| listing.is_complete())
    {
        for (rule, listed_rule) in listing.outgoing.iter().enumerate() {
            let Some(&other) = index
                .get(&listed_rule.rule.target.instance)
                .filter(|other| **other != instance)
            else {
                continue;
            };
            let listed = LiveIndex {
                instance,
                end: ListingEnd::Source,
                rule,
            };
            let mirrors = arriving.get_mut(&(other, instance, listed_rule.rule.name.as_str()));
            if let Some(fields) = take_mirror(&listed_rule.rule, mirrors, live) {
                found.extend((!fields.is_empty()).then_some(OneSided {
                    listed,
                    other,
                    fields,
                }));
            } else {
                found.push(OneSided {
                    listed,
                    other,
                    fields: Vec::new(),
                });
            }
        }
    }
    for ((target, source, _), left) in arriving {
        if source != target {
            found.extend(left.into_iter().map(|listed| OneSided {
                listed,
                other: source,
                fields: Vec::new(),
            }));
        }
    }
    found.sort_by_key(|it| it.listed);
    found
}

/// Removes the mirror of a rule from the candidates, the one with the fewest differences, and returns those.
fn take_mirror(
    rule: &SyncRule,
    mirrors: Option<&mut Vec<LiveIndex>>,
    live: &LiveState,
) -> Option<Vec<Field>> {
    let mirrors = mirrors?;
    let differing = |at: usize| compare(rule, &live.rule(mirrors[at]).rule);
    let best = (0..mirrors.len()).min_by_key(|at| {
        if mirrors.len() == 1 {
            0
        } else {
            differing(*at).len()
        }
    })?;
    let fields = differing(best).into_iter().map(|it| it.field).collect();
    mirrors.swap_remove(best);
    Some(fields)
}
