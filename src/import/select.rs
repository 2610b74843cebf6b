//! The selection of the live rules to import.

use std::collections::{BTreeSet, HashSet};

use super::aliases::{Found, name};
use super::lints::Linter;
use crate::diff::{ChangeKind, LiveIndex, Presence, diff};
use crate::model::{
    CrossUser, DesiredState, Instance, InstanceId, LiveState, NameGlob, RegionId, RuleName,
    SyncRule,
};
use crate::rules::{check_representable, check_representable_instance};
use crate::source::Place;
use crate::source::is_look_alike;

/// The data to write.
#[derive(Debug)]
pub struct Import {
    /// Every instance, declared already or not, sorted by alias.
    pub(super) instances: Vec<Instance>,
    /// The ids of those that are new.
    pub(super) new: BTreeSet<InstanceId>,
    /// The instances that belong to another account, as far as rules say so.
    pub(super) foreign: BTreeSet<InstanceId>,
    /// The rules, in the order of the plan.
    pub(super) rules: Vec<SelectedRule>,
    /// Rules that no rules file can declare: those with a reason that goes into an `ignore:` entry.
    pub(super) ignored: Vec<Omitted>,
    /// Live rules that are neither declared nor ignored: a plan reports them.
    pub omitted: Vec<Omitted>,
}

/// A live rule that becomes a declared one.
#[derive(Debug)]
pub(super) struct SelectedRule {
    pub(super) rule: SyncRule,
    /// Its lints.
    pub(super) lints: Vec<String>,
}

/// A live rule that is not declared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Omitted {
    /// Its source instance.
    pub instance: InstanceId,
    /// Its name, hostile as it may be.
    pub name: RuleName,
    /// The reason why , as a sentence without its full stop.
    pub why: String,
}

impl Import {
    /// Returns the number of declared rules.
    #[must_use]
    pub fn rules(&self) -> usize {
        self.rules.len()
    }

    /// Returns the number of newly declared instances.
    #[must_use]
    pub fn instances(&self) -> usize {
        self.new.len()
    }

    /// The live rules that get an `ignore:` entry, since no rules file can declare them.
    #[must_use]
    pub fn ignored(&self) -> &[Omitted] {
        &self.ignored
    }

    /// Returns whether there is nothing to write.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.new.is_empty() && self.rules.is_empty() && self.ignored.is_empty()
    }
}

/// Selects the unmanaged live rules. `desired` holds the instances that were read, declared already or
/// named by [`name`] (those of `new`), and the rules there are; `live` has one entry for each instance. What else is
/// known of instances that rules only go to is in `known`.
#[must_use]
pub fn import(
    desired: &DesiredState,
    live: &LiveState,
    new: BTreeSet<InstanceId>,
    known: &[Found],
) -> Import {
    let plan = diff(desired, live);
    let undeclared = plan
        .changes
        .iter()
        .filter(|it| matches!(it.kind, ChangeKind::Unmanaged | ChangeKind::Duplicate));
    let undeclared: Vec<LiveIndex> = undeclared.filter_map(|it| it.sides.live()).collect();
    let declared = plan.changes.iter().filter_map(|it| match it.sides {
        Presence::DesiredOnly(rule) | Presence::Both(rule, _) => {
            Some(&desired.rules.get(rule)?.rule)
        }
        Presence::LiveOnly(_) => None,
    });
    let mut import = Import {
        instances: desired.instances.clone(),
        new,
        foreign: BTreeSet::new(),
        rules: Vec::new(),
        ignored: Vec::new(),
        omitted: Vec::new(),
    };
    let targets = undeclared.iter().map(|index| &live.rule(*index).rule);
    import.declare_targets(targets, known, desired.instances.first().map(|it| it.place));
    let mut claimed: HashSet<(&InstanceId, &RuleName)> = declared
        .map(|rule| (&rule.source.instance, &rule.name))
        .collect();
    let mut linter = Linter::new(desired, live, &plan);
    let mut undeclarable = Vec::new();
    for index in undeclared {
        let rule = &live.rule(index).rule;
        let key = (&rule.source.instance, &rule.name);
        match import.objection(rule) {
            _ if claimed.contains(&key) => {
                import.leave_out(rule, "another rule of the instance has the same name");
            }
            Some(why) => undeclarable.push((rule, why)),
            None => {
                claimed.insert(key);
                import.rules.push(SelectedRule {
                    rule: rule.clone(),
                    lints: linter.check(index),
                });
            }
        }
    }
    for (rule, why) in undeclarable {
        // An entry of `ignore:` must match this name alone, and a rules file has no invisible characters to name it with.
        let glob = NameGlob::escape(rule.name.as_str());
        let ignorable = NameGlob::new(&glob).is_ok()
            && !glob.trim().is_empty()
            && !glob.contains(is_look_alike);
        if ignorable && claimed.insert((&rule.source.instance, &rule.name)) {
            import.ignored.push(omitted(rule, &why));
        } else {
            import.leave_out(rule, &why);
        }
    }
    import
}

impl Import {
    /// Declares the instances that rules go to and that were not read.
    fn declare_targets<'a>(
        &mut self,
        rules: impl Iterator<Item = &'a SyncRule>,
        known: &[Found],
        place: Option<Place>,
    ) {
        let Some(place) = place else { return };
        let mut there: HashSet<InstanceId> =
            self.instances.iter().map(|it| it.id.clone()).collect();
        let mut found = Vec::new();
        for rule in rules {
            let id = &rule.target.instance;
            if rule.cross_user == Some(CrossUser::Yes) {
                self.foreign.insert(id.clone());
            }
            let Some(region) = &rule.target.region else {
                continue;
            };
            if there.insert(id.clone()) {
                let name = known
                    .iter()
                    .find(|it| it.id == *id)
                    .and_then(|it| it.name.clone());
                found.push(Found {
                    name,
                    read: false,
                    ..Found::new(id.clone(), region.clone())
                });
            }
        }
        let named = name(&self.instances, &found, place);
        let declarable = named
            .into_iter()
            .filter(|it| check_representable_instance(it).is_ok());
        for instance in declarable {
            self.new.insert(instance.id.clone());
            self.instances.push(instance);
        }
        self.instances
            .sort_by(|one, other| one.alias.cmp(&other.alias));
    }

    /// Returns the reason why a rule cannot be declared.
    fn objection(&self, rule: &SyncRule) -> Option<String> {
        if let Err(why) = check_representable(rule) {
            return Some(why);
        }
        for (end, what) in [(&rule.source, "source"), (&rule.target, "target")] {
            let Some(instance) = self.instances.iter().find(|it| it.id == end.instance) else {
                return Some(format!(
                    "the {what} instance cannot be declared: its id or region is missing or invalid"
                ));
            };
            let elsewhere = |region: &&RegionId| **region != instance.region;
            if let Some(region) = end.region.as_ref().filter(elsewhere) {
                return Some(format!(
                    "expected region {:?} for its {what} {}, found {:?}",
                    instance.region.as_str(),
                    instance.alias,
                    region.as_str()
                ));
            }
        }
        let account = |id: &InstanceId| {
            self.instances
                .iter()
                .find(|it| it.id == *id)?
                .account
                .as_ref()
        };
        let accounts = account(&rule.source.instance).zip(account(&rule.target.instance));
        let expected = accounts.map(|(one, other)| {
            if one == other {
                CrossUser::No
            } else {
                CrossUser::Yes
            }
        });
        let contradicts =
            expected.is_some() && rule.cross_user.is_some() && rule.cross_user != expected;
        contradicts.then(|| "its cross-account flag contradicts the declared accounts".to_owned())
    }

    fn leave_out(&mut self, rule: &SyncRule, why: &str) {
        self.omitted.push(omitted(rule, why));
    }

    /// Returns the alias of an instance.
    pub(super) fn alias(&self, id: &InstanceId) -> &str {
        self.instances
            .iter()
            .find(|it| it.id == *id)
            .map_or("", |it| it.alias.as_str())
    }
}

fn omitted(rule: &SyncRule, why: &str) -> Omitted {
    Omitted {
        instance: rule.source.instance.clone(),
        name: rule.name.clone(),
        why: why.to_owned(),
    }
}
