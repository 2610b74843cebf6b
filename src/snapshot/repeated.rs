//! Repetitions in a file: listings of one instance, and rules within a listing. Neither proves that a rule is missing.

use acr_api::{Listing, WireField, WireRule};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::i18n::Message;
use crate::model::{ReadFailure, ReadStatus};

/// Joins the listings of each instance into one. More than one listing of an instance, or a rule that a listing holds
/// twice, makes it inconsistent.
///
/// Ids that differ only in case or in white space around them are one instance: which of the two listings is right
/// is unknown.
pub(super) fn join(listings: Vec<Listing<ReadFailure>>) -> Vec<Listing<ReadFailure>> {
    let mut joined: Vec<Listing<ReadFailure>> = Vec::with_capacity(listings.len());
    let mut known: FxHashMap<String, (usize, usize)> = FxHashMap::default();
    for mut listing in listings {
        let id = listing.instance_id.trim().to_lowercase();
        let next = (joined.len(), 0);
        let (at, count) = known.entry(id.clone()).or_insert(next);
        *count += 1;
        if let Some(first) = joined.get_mut(*at) {
            if first.instance_id != listing.instance_id {
                first.instance_id = id.into();
            }
            let message = Message::listing_repeated(*count);
            mark_inconsistent(first, message);
            first.rules.append(&mut listing.rules);
            first.request_ids.append(&mut listing.request_ids);
            first.pages = first.pages.saturating_add(listing.pages);
            first.requests = first.requests.saturating_add(listing.requests);
        } else {
            if listing.status == ReadStatus::Complete
                && let Some(id) = repeated_rule(&listing.rules)
            {
                let message = Message::listing_rule_twice(id);
                mark_inconsistent(&mut listing, message);
            }
            joined.push(listing);
        }
    }
    joined
}

/// Returns the id of a rule that is listed twice. Rules without an id are all different. The direction is a part of the
/// key: of a rule within one instance, both ends are listed.
pub(super) fn repeated_rule(rules: &[WireRule]) -> Option<&str> {
    let mut known = FxHashSet::with_capacity_and_hasher(rules.len(), rustc_hash::FxBuildHasher);
    rules.iter().find_map(|rule| {
        let id = rule.get(WireField::SyncRuleId)?;
        (!known.insert((id, rule.get(WireField::SyncDirection)))).then_some(id)
    })
}

fn mark_inconsistent(listing: &mut Listing<ReadFailure>, message: Message) {
    listing.status = ReadStatus::Inconsistent;
    listing.failure = Some(ReadFailure::new(ReadFailure::REPEATED_LISTING, message));
}
