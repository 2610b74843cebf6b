//! The declared owners of changes and findings.

use rustc_hash::FxHashMap;

use crate::diff::Change;
use crate::model::{Alias, DesiredState, RuleName};

/// The owners of the desired rules.
pub(super) struct OwnerIndex<'a> {
    desired: &'a DesiredState,
    /// The owners by instance id and name of the rule; a rule from the instance wins over a rule to it.
    by_name: FxHashMap<(&'a str, &'a str), &'a str>,
    /// The ids of the declared instances by alias.
    ids: FxHashMap<&'a str, &'a str>,
}

impl<'a> OwnerIndex<'a> {
    pub(super) fn new(desired: &'a DesiredState) -> Self {
        let mut by_name = FxHashMap::default();
        let owned = || {
            desired
                .rules
                .iter()
                .filter_map(|it| Some((&it.rule, it.owner.as_deref()?)))
        };
        for (rule, owner) in owned() {
            by_name.insert((rule.source.instance.as_str(), rule.name.as_str()), owner);
        }
        for (rule, owner) in owned() {
            let key = (rule.target.instance.as_str(), rule.name.as_str());
            by_name.entry(key).or_insert(owner);
        }
        let instances = desired.instances.iter();
        Self {
            desired,
            by_name,
            ids: instances
                .map(|it| (it.alias.as_str(), it.id.as_str()))
                .collect(),
        }
    }

    /// Returns the owner of a change; `None` where its rule has none, and for a rule that is live only.
    pub(super) fn of_change(&self, change: &Change) -> Option<&'a str> {
        let rule = self.desired.rules.get(change.sides.desired()?)?;
        rule.owner.as_deref()
    }

    /// Returns the owner of a finding: that of its change, else that of the desired rule it names.
    pub(super) fn of_finding(
        &self,
        change: Option<&Change>,
        instance: Option<&Alias>,
        rule: Option<&RuleName>,
    ) -> Option<&'a str> {
        if let Some(change) = change {
            return self.of_change(change);
        }
        let id = self.ids.get(instance?.as_str())?;
        self.by_name.get(&(*id, rule?.as_str())).copied()
    }
}
