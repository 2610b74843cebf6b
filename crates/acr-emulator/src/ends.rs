//! The two ends of a rule: which of them are listed.

use std::collections::{HashMap, HashSet};

use acr_api::{WireField, WireRule};

/// What the listings have, for finding out whether a rule's other end lists it too.
///
/// A rule is found by its id, or else by its name and ends: it is not known whether the service lists both ends
/// under one id.
pub(super) struct Listed<'a> {
    ids: HashSet<(&'a str, &'a str)>,
    /// How many rows of that name and ends an instance lists, other than those whose ids are paired.
    ends: HashMap<(&'a str, Identity<'a>), usize>,
}

/// Name, scope and direction, and the two ends.
type Identity<'a> = ([Option<&'a str>; 3], [[Option<&'a str>; 3]; 2]);

impl<'a> Listed<'a> {
    /// What these rows say, each with the instance that lists it.
    pub(super) fn new(rows: impl Iterator<Item = (&'a str, &'a WireRule)> + Clone) -> Self {
        let ids = rows
            .clone()
            .filter_map(|(id, rule)| Some((id, rule.get(WireField::SyncRuleId)?)))
            .collect();
        let mut listed = Self {
            ids,
            ends: HashMap::new(),
        };
        for (id, rule) in rows {
            if !rule
                .get(WireField::TargetInstanceId)
                .is_some_and(|peer| listed.has_id(peer, rule))
            {
                *listed.ends.entry((id, identity(rule, false))).or_default() += 1;
            }
        }
        listed
    }

    fn has_id(&self, instance: &str, rule: &WireRule) -> bool {
        rule.get(WireField::SyncRuleId)
            .is_some_and(|id| self.ids.contains(&(instance, id)))
    }

    /// Whether `peer` lists the rule; a row found by its ends answers for one rule only, so that duplicates pair up.
    pub(super) fn take(&mut self, peer: &'a str, rule: &'a WireRule) -> bool {
        if self.has_id(peer, rule) {
            return true;
        }
        match self.ends.get_mut(&(peer, identity(rule, true))) {
            Some(count) if *count > 0 => {
                *count -= 1;
                true
            }
            _ => false,
        }
    }
}

/// What a person would tell a rule by, as its own instance or as the other end sees it.
fn identity(rule: &WireRule, turned: bool) -> Identity<'_> {
    let direction = match (turned, rule.get(WireField::SyncDirection)) {
        (true, Some("FROM")) => Some("TO"),
        (true, Some("TO")) => Some("FROM"),
        (_, direction) => direction,
    };
    let [local, target] = [
        [
            WireField::LocalInstanceId,
            WireField::LocalNamespaceName,
            WireField::LocalRepoName,
        ],
        [
            WireField::TargetInstanceId,
            WireField::TargetNamespaceName,
            WireField::TargetRepoName,
        ],
    ]
    .map(|end| end.map(|field| rule.get(field)));
    let ends = if turned {
        [target, local]
    } else {
        [local, target]
    };
    (
        [
            rule.get(WireField::SyncRuleName),
            rule.get(WireField::SyncScope),
            direction,
        ],
        ends,
    )
}
