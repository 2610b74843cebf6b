//! The similarity of two rules, field by field.

use crate::model::{Endpoint, Field, FieldValue, SyncRule};

/// The minimum similarity of a likely rename, in percent.
pub(super) const MIN_SIMILARITY: u8 = 75;

/// The weight of each field. Source and target weigh most: rules of one team have similar names and filters, and differ
/// in the repository.
const WEIGHTS: [(Field, u32); 11] = [
    (Field::Name, 30),
    (Field::FromNamespace, 10),
    (Field::FromRepo, 15),
    (Field::ToNamespace, 15),
    (Field::ToRepo, 15),
    (Field::TagFilter, 20),
    (Field::RepoNameFilter, 15),
    (Field::NamespaceNameFilter, 15),
    (Field::Trigger, 5),
    (Field::Priority, 3),
    (Field::LinkId, 2),
];

/// The maximum length in bytes of texts that are compared by their letters. No valid name and no usual filter is longer.
const MAX_GRADED: usize = 256;

/// Returns the similarity of two rules in percent; `None` where one cannot be the other under another name: they differ
/// in target instance, scope, direction or account, or in both ends.
pub(super) fn similarity(desired: &SyncRule, live: &SyncRule) -> Option<u8> {
    let same_account = desired.cross_user.is_none() || desired.cross_user == live.cross_user;
    let same_end = |ours: &Endpoint, theirs: &Endpoint| {
        ours.namespace == theirs.namespace && ours.repo == theirs.repo
    };
    let possible = desired.target.instance == live.target.instance
        && desired.scope.as_str() == live.scope.as_str()
        && desired.direction == live.direction
        && same_account
        && (same_end(&desired.source, &live.source) || same_end(&desired.target, &live.target));
    possible.then(|| percent(desired, live))
}

fn percent(desired: &SyncRule, live: &SyncRule) -> u8 {
    let values = Field::ALL
        .into_iter()
        .zip(desired.fields().into_iter().zip(live.fields()));
    let (mut same, mut all) = (0, 0);
    for (field, (ours, theirs)) in values {
        let Some((_, weight)) = WEIGHTS.iter().find(|(candidate, _)| *candidate == field) else {
            continue;
        };
        if ours.is_some() || theirs.is_some() {
            same += weight * permille(field, &ours, &theirs);
            all += weight * 1_000;
        }
    }
    let percent = (100 * same).checked_div(all).unwrap_or_default();
    u8::try_from(percent).unwrap_or(100)
}

/// Returns the similarity of two values of a field in permille: graded for names and filters, all or nothing for others.
fn permille(field: Field, ours: &FieldValue<'_>, theirs: &FieldValue<'_>) -> u32 {
    let graded = matches!(
        field,
        Field::Name | Field::TagFilter | Field::RepoNameFilter | Field::NamespaceNameFilter
    );
    match (ours, theirs) {
        _ if ours == theirs => 1_000,
        (Some(ours), Some(theirs)) if graded && ours.len().max(theirs.len()) <= MAX_GRADED => {
            // The share of common letter pairs ignores the order of words, and is linear in their length.
            #[allow(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "the coefficient is from 0 to 1"
            )]
            let permille = (strsim::sorensen_dice(ours, theirs) * 1_000.0) as u32;
            permille
        }
        _ => 0,
    }
}
