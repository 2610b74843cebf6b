//! The selection of the live rules to import.

use std::collections::{BTreeSet, HashSet};

use super::aliases::{NewInstance, assign_aliases};
use super::lints::Linter;
use crate::diff::{ChangeKind, LiveIndex, Presence, diff};
use crate::model::{
    CrossUser, DesiredState, Instance, InstanceId, LiveState, NameGlob, RuleName, SyncRule,
};
use crate::rules::{check_representable, check_representable_instance};
use crate::source::Place;
use crate::source::is_look_alike;

/// The selected rules and instances.
#[derive(Debug)]
pub struct Import {
    /// Every instance, declared or new, sorted by alias.
    pub(super) instances: Vec<Instance>,
    /// The ids of the new instances.
    pub(super) new: BTreeSet<InstanceId>,
    /// The instances of another account, as far as rules show it.
    pub(super) other_account: BTreeSet<InstanceId>,
    /// The rules, in the order of the plan.
    pub(super) rules: Vec<SelectedRule>,
    /// The rules that no rules file can declare, which get an `ignore:` entry.
    pub(super) ignored: Vec<OmittedRule>,
    /// The live rules that are neither declared nor ignored: a plan reports them.
    pub omitted: Vec<OmittedRule>,
}

/// A live rule to declare.
#[derive(Debug)]
pub(super) struct SelectedRule {
    pub(super) rule: SyncRule,
    /// Sentences about likely mistakes.
    pub(super) lints: Vec<String>,
}

/// A live rule that is not declared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OmittedRule {
    /// The source instance.
    pub instance: InstanceId,
    /// The name, which may be hostile.
    pub name: RuleName,
    /// The reason, as a sentence without a full stop.
    pub why: String,
}

impl Import {
    /// Returns the number of rules to declare.
    #[must_use]
    pub fn rules(&self) -> usize {
        self.rules.len()
    }

    /// Returns the number of new instances.
    #[must_use]
    pub fn instances(&self) -> usize {
        self.new.len()
    }

    /// Returns the live rules that get an `ignore:` entry, since no rules file can declare them.
    #[must_use]
    pub fn ignored(&self) -> &[OmittedRule] {
        &self.ignored
    }

    /// Returns `true` if there is nothing to write.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.new.is_empty() && self.rules.is_empty() && self.ignored.is_empty()
    }
}

/// Selects the unmanaged live rules. `desired` has the desired rules and the instances that were read, the declared ones
/// and those of `new`; `live` has an entry for each instance. `known` has names of instances that are only targets.
#[must_use]
pub fn import(
    desired: &DesiredState,
    live: &LiveState,
    new: BTreeSet<InstanceId>,
    known: &[NewInstance],
) -> Import {
    let plan = diff(desired, live);
    let mut unmanaged: Vec<LiveIndex> = Vec::new();
    let mut taken_names: HashSet<(&InstanceId, &RuleName)> = HashSet::new();
    for change in &plan.changes {
        if matches!(change.kind, ChangeKind::Unmanaged | ChangeKind::Duplicate) {
            unmanaged.extend(change.sides.live());
        }
        if let Presence::DesiredOnly(rule) | Presence::Both(rule, _) = change.sides
            && let Some(declared) = desired.rules.get(rule)
        {
            taken_names.insert((&declared.rule.source.instance, &declared.rule.name));
        }
    }
    let mut import = Import {
        instances: desired.instances.clone(),
        new,
        other_account: BTreeSet::new(),
        rules: Vec::new(),
        ignored: Vec::new(),
        omitted: Vec::new(),
    };
    let targets = unmanaged.iter().map(|index| &live.rule(*index).rule);
    import.declare_targets(targets, known, desired.instances.first().map(|it| it.place));
    let mut linter = Linter::new(desired, live, &plan);
    let mut unrepresentable = Vec::new();
    for index in unmanaged {
        let rule = &live.rule(index).rule;
        let key = (&rule.source.instance, &rule.name);
        match import.unrepresentable_reason(rule) {
            _ if taken_names.contains(&key) => {
                import.omit(rule, "another rule of the instance has the same name");
            }
            Some(why) => unrepresentable.push((rule, why)),
            None => {
                taken_names.insert(key);
                import.rules.push(SelectedRule {
                    rule: rule.clone(),
                    lints: linter.check(index),
                });
            }
        }
    }
    for (rule, why) in unrepresentable {
        // An entry of `ignore:` must match this name only, and a rules file contains no invisible characters.
        let glob = NameGlob::escape(rule.name.as_str());
        let ignorable = NameGlob::new(&glob).is_ok()
            && !glob.trim().is_empty()
            && !glob.contains(is_look_alike);
        if ignorable && taken_names.insert((&rule.source.instance, &rule.name)) {
            import.ignored.push(omitted(rule, &why));
        } else {
            import.omit(rule, &why);
        }
    }
    import
}

impl Import {
    /// Declares the target instances that were not read.
    fn declare_targets<'a>(
        &mut self,
        rules: impl Iterator<Item = &'a SyncRule>,
        known: &[NewInstance],
        place: Option<Place>,
    ) {
        let Some(place) = place else { return };
        let mut declared: HashSet<InstanceId> = self
            .instances
            .iter()
            .map(|instance| instance.id.clone())
            .collect();
        let mut targets = Vec::new();
        for rule in rules {
            let id = &rule.target.instance;
            if rule.cross_user == Some(CrossUser::Yes) {
                self.other_account.insert(id.clone());
            }
            let Some(region) = &rule.target.region else {
                continue;
            };
            if declared.insert(id.clone()) {
                let name = known
                    .iter()
                    .find(|it| it.id == *id)
                    .and_then(|it| it.name.clone());
                targets.push(NewInstance {
                    name,
                    read: false,
                    ..NewInstance::new(id.clone(), region.clone())
                });
            }
        }
        for instance in assign_aliases(&self.instances, &targets, place) {
            if check_representable_instance(&instance).is_err() {
                continue;
            }
            self.new.insert(instance.id.clone());
            self.instances.push(instance);
        }
        self.instances
            .sort_by(|one, other| one.alias.cmp(&other.alias));
    }

    /// Returns the reason that no rules file can declare a rule; `None` if one can.
    fn unrepresentable_reason(&self, rule: &SyncRule) -> Option<String> {
        if let Err(why) = check_representable(rule) {
            return Some(why);
        }
        let mut accounts = Vec::new();
        for (endpoint, what) in [(&rule.source, "source"), (&rule.target, "target")] {
            let Some(instance) = self.instance(&endpoint.instance) else {
                return Some(format!(
                    "the {what} instance cannot be declared: its id or region is missing or invalid"
                ));
            };
            if let Some(region) = &endpoint.region
                && *region != instance.region
            {
                return Some(format!(
                    "expected region {:?} for its {what} {}, found {:?}",
                    instance.region.as_str(),
                    instance.alias,
                    region.as_str()
                ));
            }
            accounts.push(instance.account.as_ref());
        }
        let [Some(source), Some(target)] = accounts[..] else {
            return None;
        };
        let expected = if source == target {
            CrossUser::No
        } else {
            CrossUser::Yes
        };
        if rule
            .cross_user
            .as_ref()
            .is_some_and(|given| *given != expected)
        {
            return Some("its cross-account flag contradicts the declared accounts".to_owned());
        }
        None
    }

    fn omit(&mut self, rule: &SyncRule, why: &str) {
        self.omitted.push(omitted(rule, why));
    }

    /// Returns the alias of an instance.
    pub(super) fn alias(&self, id: &InstanceId) -> &str {
        self.instance(id)
            .map_or("", |instance| instance.alias.as_str())
    }

    fn instance(&self, id: &InstanceId) -> Option<&Instance> {
        self.instances.iter().find(|instance| instance.id == *id)
    }
}

fn omitted(rule: &SyncRule, why: &str) -> OmittedRule {
    OmittedRule {
        instance: rule.source.instance.clone(),
        name: rule.name.clone(),
        why: why.to_owned(),
    }
}
