//! The fields of one rule that differ between the two sides.

use super::filter::FilterComparison;
use crate::model::{Field, FieldValue, SyncRule};

/// A field that differs. A value is `None` where that side of the rule does not have the field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldChange {
    /// The field.
    pub field: Field,
    /// The desired value.
    pub desired: Option<Box<str>>,
    /// The live value.
    pub live: Option<Box<str>>,
    /// The relation of the two values, for filters.
    pub meaning: Option<FilterComparison>,
}

/// Returns the fields that differ, in the order of [`Field::ALL`].
pub(super) fn compare(desired: &SyncRule, live: &SyncRule) -> Vec<FieldChange> {
    if are_equal(desired, live) {
        return Vec::new();
    }
    let pairs = desired.fields().into_iter().zip(live.fields());
    let differing = Field::ALL
        .into_iter()
        .zip(pairs)
        .filter(|(field, (desired, live))| differs(*field, desired, live));
    let mut changes: Vec<_> = differing
        .map(|(field, (desired, live))| FieldChange {
            field,
            desired: desired.map(|value| value.into_owned().into()),
            live: live.map(|value| value.into_owned().into()),
            meaning: None,
        })
        .collect();
    changes.shrink_to_fit();
    changes
}

/// Returns whether the rules are equal without rendering a value: the common case of a rule that is in sync.
///
/// Destructured without `..`, like [`SyncRule::fields`]: a new field does not pass the lints until it is compared here.
fn are_equal(desired: &SyncRule, live: &SyncRule) -> bool {
    let SyncRule {
        name,
        source,
        target,
        scope,
        trigger,
        direction,
        tag_filter,
        priority,
        link_id,
        cross_user,
    } = desired;
    *name == live.name
        && *source == live.source
        && *target == live.target
        && *scope == live.scope
        && *trigger == live.trigger
        && *direction == live.direction
        && *tag_filter == live.tag_filter
        && *priority == live.priority
        && *link_id == live.link_id
        && (cross_user.is_none() || *cross_user == live.cross_user)
}

/// Returns whether two values of a field differ. A value on one side only is a difference, except a region that the
/// answer leaves out and an account relation that the rules file cannot know.
fn differs(field: Field, desired: &FieldValue<'_>, live: &FieldValue<'_>) -> bool {
    match field {
        Field::FromRegion | Field::ToRegion if live.is_none() => false,
        Field::CrossUser if desired.is_none() => false,
        _ => desired != live,
    }
}
