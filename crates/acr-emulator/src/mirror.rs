//! Mirrored rules: the same rule as its target instance lists it.

use std::collections::{HashMap, HashSet};

use acr_api::{WireField, WireRule};

/// An index of listed rules, to find the rules that their target instance lists too.
///
/// Rules are equal by id, or else by name and endpoints, since the API does not document that both instances of a rule
/// list it with the same id.
pub(super) struct MirrorIndex<'a> {
    ids: HashSet<(&'a str, &'a str)>,
    /// The number of rows per instance and rule, without the rows that are paired by id.
    unpaired: HashMap<(&'a str, RuleIdentity<'a>), usize>,
}

/// Name, scope and direction, and both sides of a rule.
type RuleIdentity<'a> = ([Option<&'a str>; 3], [[Option<&'a str>; 3]; 2]);

impl<'a> MirrorIndex<'a> {
    /// Returns an index of rows, each with the instance that lists it.
    pub(super) fn new(rows: impl Iterator<Item = (&'a str, &'a WireRule)> + Clone) -> Self {
        let ids = rows
            .clone()
            .filter_map(|(id, rule)| Some((id, rule.get(WireField::SyncRuleId)?)))
            .collect();
        let mut index = Self {
            ids,
            unpaired: HashMap::new(),
        };
        for (id, rule) in rows {
            let peer = rule.get(WireField::TargetInstanceId);
            if peer.is_some_and(|peer| index.has_id(peer, rule)) {
                continue;
            }
            let count = index.unpaired.entry((id, identity(rule, false)));
            *count.or_default() += 1;
        }
        index
    }

    /// Returns whether an instance lists a rule with the id of this one.
    fn has_id(&self, instance: &str, rule: &WireRule) -> bool {
        rule.get(WireField::SyncRuleId)
            .is_some_and(|id| self.ids.contains(&(instance, id)))
    }

    /// Returns whether `peer` lists the mirrored rule. A row found by name and endpoints is taken, so that duplicates
    /// pair up.
    pub(super) fn take(&mut self, peer: &'a str, rule: &'a WireRule) -> bool {
        if self.has_id(peer, rule) {
            return true;
        }
        match self.unpaired.get_mut(&(peer, identity(rule, true))) {
            Some(count) if *count > 0 => {
                *count -= 1;
                true
            }
            _ => false,
        }
    }
}

/// Returns the identity of a rule as its own instance, or, if `mirrored`, the other one lists it.
fn identity(rule: &WireRule, mirrored: bool) -> RuleIdentity<'_> {
    let direction = match (mirrored, rule.get(WireField::SyncDirection)) {
        (true, Some("FROM")) => Some("TO"),
        (true, Some("TO")) => Some("FROM"),
        (_, direction) => direction,
    };
    let local = [
        rule.get(WireField::LocalInstanceId),
        rule.get(WireField::LocalNamespaceName),
        rule.get(WireField::LocalRepoName),
    ];
    let target = [
        rule.get(WireField::TargetInstanceId),
        rule.get(WireField::TargetNamespaceName),
        rule.get(WireField::TargetRepoName),
    ];
    let sides = if mirrored {
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
        sides,
    )
}
