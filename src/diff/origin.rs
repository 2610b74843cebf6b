//! The origin of a difference: a three-way comparison of two versions of the rules files and the live rules.
//!
//! In a merge request the rules files differ from live since they are not applied yet. That is not drift; a difference
//! from the version before is.

use filter_language::FilterSession;
use rustc_hash::FxHashMap;

use super::{
    Change, ChangeKind, FieldChange, LiveIndex, Plan, Presence, filter, matching, rule_of,
};
use crate::finding::ChangeId;
use crate::model::{
    DesiredRule, DesiredState, Field, Guards, Instance, InstanceId, LiveInstance, LiveRule,
    LiveState, ReadEvidence, ReadStatus, RuleName, Unmanaged,
};

/// The origin of a difference, relative to an earlier version of the rules files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Origin {
    /// This version introduces it: live equals the earlier version.
    Introduced,
    /// It existed before: this version equals the earlier one.
    Drifted,
    /// Live and this version both changed, to different values.
    Conflicting,
}

impl Origin {
    /// All origins.
    pub const ALL: [Self; 3] = [Self::Introduced, Self::Drifted, Self::Conflicting];

    /// Returns the word of the result document.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Introduced => "introduced",
            Self::Drifted => "drifted",
            Self::Conflicting => "conflicting",
        }
    }

    /// Returns the origin of a change from those of its fields: the worst one.
    fn combine(parts: &[Self]) -> Self {
        parts.iter().copied().max().unwrap_or(Self::Introduced)
    }
}

/// The origins of the changes of a plan.
#[derive(Debug, Default)]
pub struct Origins {
    /// The origin of each change of the plan, in order; `None` for a rule in sync.
    changes: Vec<Option<ChangeOrigin>>,
    /// The differences from the earlier version that are resolved.
    pub resolved: Vec<ResolvedDifference>,
}

impl Origins {
    /// Returns the origin of a change of the plan; `None` for a rule in sync.
    #[must_use]
    pub fn origin(&self, change: ChangeId) -> Option<&ChangeOrigin> {
        self.changes.get(change.0)?.as_ref()
    }

    /// Returns the number of changes of an origin.
    #[must_use]
    pub fn count(&self, origin: Origin) -> usize {
        let changes = self.changes.iter().flatten();
        changes.filter(|change| change.whole == origin).count()
    }
}

/// The origin of a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangeOrigin {
    /// The origin of the whole change.
    pub whole: Origin,
    /// The origin of each of its fields, in order; empty where the rule is on one side only.
    pub fields: Vec<Origin>,
}

/// A resolved difference: the earlier version has it, and this version does not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResolvedDifference {
    /// The kind of difference.
    pub kind: ChangeKind,
    /// The source instance of the rule: an index into [`DesiredState::instances`].
    pub instance: usize,
    /// The name of the rule in the earlier version, otherwise the live name.
    pub name: RuleName,
}

/// Two versions of the rules files.
#[derive(Debug, Clone, Copy)]
pub struct DesiredVersions<'a> {
    /// The version of this run.
    pub head: &'a DesiredState,
    /// The earlier version.
    pub base: &'a DesiredState,
}

/// Returns the origins of the changes of `plan`, which compares the version of this run with `live`.
#[must_use]
pub fn origins(
    plan: &Plan,
    versions: DesiredVersions<'_>,
    live: &LiveState,
    session: &mut FilterSession,
) -> Origins {
    let DesiredVersions { head, base } = versions;
    let base = rebase_instances(base, head);
    let mut before = compared(&base, live, session);
    let moved = RuleMapping::between(&base, head, session);
    let lookup = ChangeIndex::new(&before);
    let changes = plan
        .changes
        .iter()
        .map(|change| lookup.origin(change, &moved))
        .collect();
    before.select(&base, live);
    let now = ChangeIndex::new(plan);
    let gone = before
        .changes
        .iter()
        .filter(|change| change.kind != ChangeKind::InSync && now.is_resolved(change, &moved));
    let mut resolved: Vec<_> = gone
        .map(|change| ResolvedDifference {
            kind: change.kind,
            instance: change.instance,
            name: rule_of(change, &base, live).name.clone(),
        })
        .collect();
    let alias = |difference: &ResolvedDifference| {
        head.instances
            .get(difference.instance)
            .map(|instance| &instance.alias)
    };
    resolved.sort_by(|a, b| (alias(a), &a.name, a.kind).cmp(&(alias(b), &b.name, b.kind)));
    Origins { changes, resolved }
}

fn compared(desired: &DesiredState, live: &LiveState, session: &mut FilterSession) -> Plan {
    let mut plan = matching::pair(desired, live);
    filter::compare(&mut plan, session);
    plan
}

/// Returns the earlier version with the instances of this one, in their order, since those were read. It has no rules of
/// an instance that it does not declare.
fn rebase_instances(base: &DesiredState, head: &DesiredState) -> DesiredState {
    let declared: FxHashMap<&InstanceId, &Instance> =
        base.instances.iter().map(|it| (&it.id, it)).collect();
    let instances = head.instances.iter().map(|instance| Instance {
        unmanaged: declared
            .get(&instance.id)
            .map_or(Unmanaged::Ignore, |it| it.unmanaged),
        ..instance.clone()
    });
    DesiredState {
        instances: instances.collect(),
        rules: base.rules.clone(),
        ignores: base.ignores.clone(),
        guards: Guards::default(),
        selection: head.selection.clone(),
    }
}

/// The rules of two versions, mapped to each other.
struct RuleMapping {
    /// For each rule of this version: the same rule of the earlier one, and the fields that changed.
    from: FxHashMap<usize, (usize, Vec<Field>)>,
    /// For each rule of the earlier version: the same rule of this one.
    to: FxHashMap<usize, usize>,
}

impl RuleMapping {
    /// Compares two versions as if the later one were live.
    fn between(base: &DesiredState, head: &DesiredState, session: &mut FilterSession) -> Self {
        let index: FxHashMap<&InstanceId, usize> = head
            .instances
            .iter()
            .enumerate()
            .map(|(at, instance)| (&instance.id, at))
            .collect();
        let mut listed: Vec<Vec<usize>> = vec![Vec::new(); head.instances.len()];
        for (rule, declared) in head.rules.iter().enumerate() {
            if let Some(instance) = index.get(&declared.rule.source.instance) {
                listed[*instance].push(rule);
            }
        }
        let as_live = |rule: &usize| {
            let DesiredRule { rule, .. } = &head.rules[*rule];
            LiveRule {
                rule: rule.clone(),
                id: None,
                created_ms: None,
                modified_ms: None,
            }
        };
        let instances = head
            .instances
            .iter()
            .zip(&listed)
            .map(|(instance, rules)| LiveInstance {
                id: instance.id.clone(),
                status: ReadStatus::Complete,
                failure: None,
                outgoing: rules.iter().map(as_live).collect(),
                incoming: Vec::new(),
                unknown: Vec::new(),
                evidence: ReadEvidence::default(),
            });
        let plan = compared(
            base,
            &LiveState {
                instances: instances.collect(),
            },
            session,
        );
        let mut moved = Self {
            from: FxHashMap::default(),
            to: FxHashMap::default(),
        };
        for change in plan.changes {
            if let Presence::Both(earlier, at) = change.sides {
                let later = listed[at.instance][at.rule];
                let fields = change.fields.into_iter().map(|it| it.field).collect();
                moved.from.insert(later, (earlier, fields));
                moved.to.insert(earlier, later);
            }
        }
        moved
    }
}

/// An index of the changes of a plan by the rule of either side.
struct ChangeIndex<'a> {
    by_desired: FxHashMap<usize, &'a Change>,
    by_live: FxHashMap<LiveIndex, &'a Change>,
}

impl<'a> ChangeIndex<'a> {
    fn new(plan: &'a Plan) -> Self {
        let mut lookup = Self {
            by_desired: FxHashMap::default(),
            by_live: FxHashMap::default(),
        };
        for change in &plan.changes {
            if let Some(rule) = change.sides.desired() {
                lookup.by_desired.insert(rule, change);
            }
            if let Some(index) = change.sides.live() {
                lookup.by_live.insert(index, change);
            }
        }
        lookup
    }

    /// Returns the origin of a change of this version; `self` indexes the plan of the earlier one.
    fn origin(&self, change: &Change, moved: &RuleMapping) -> Option<ChangeOrigin> {
        let whole = |whole: Origin| {
            Some(ChangeOrigin {
                whole,
                fields: Vec::new(),
            })
        };
        match change.sides {
            _ if change.kind == ChangeKind::InSync => None,
            Presence::DesiredOnly(rule) => whole(self.origin_of_missing(rule, moved)),
            Presence::LiveOnly(index) => whole(self.origin_of_unmanaged(index)),
            Presence::Both(rule, index) => {
                let fields: Vec<_> = change
                    .fields
                    .iter()
                    .map(|it| self.origin_of_field(it, rule, index, moved))
                    .collect();
                Some(ChangeOrigin {
                    whole: Origin::combine(&fields),
                    fields,
                })
            }
        }
    }

    fn origin_of_missing(&self, rule: usize, moved: &RuleMapping) -> Origin {
        let Some((earlier, changed)) = moved.from.get(&rule) else {
            return Origin::Introduced;
        };
        match self.by_desired.get(earlier).map(|it| it.kind) {
            Some(ChangeKind::InSync) => Origin::Introduced,
            Some(ChangeKind::Missing) | None if changed.is_empty() => Origin::Drifted,
            _ => Origin::Conflicting,
        }
    }

    fn origin_of_unmanaged(&self, index: LiveIndex) -> Origin {
        match self.by_live.get(&index).map(|it| it.kind) {
            // In sync before, and no longer declared; or none of the earlier version's business.
            Some(ChangeKind::InSync) | None => Origin::Introduced,
            Some(ChangeKind::Unmanaged | ChangeKind::Duplicate) => Origin::Drifted,
            Some(_) => Origin::Conflicting,
        }
    }

    fn origin_of_field(
        &self,
        field: &FieldChange,
        rule: usize,
        index: LiveIndex,
        moved: &RuleMapping,
    ) -> Origin {
        let Some(before) = self.by_live.get(&index) else {
            return Origin::Introduced;
        };
        let Presence::Both(earlier, _) = before.sides else {
            return Origin::Conflicting;
        };
        if !before.fields.iter().any(|it| it.field == field.field) {
            return Origin::Introduced;
        }
        match moved.from.get(&rule) {
            Some((from, changed)) if *from == earlier && !changed.contains(&field.field) => {
                Origin::Drifted
            }
            _ => Origin::Conflicting,
        }
    }

    /// Returns whether a difference of the earlier version is resolved; `self` indexes the plan of this version.
    fn is_resolved(&self, before: &Change, moved: &RuleMapping) -> bool {
        let now = match before.sides {
            Presence::DesiredOnly(rule) => moved
                .to
                .get(&rule)
                .and_then(|later| self.by_desired.get(later)),
            Presence::LiveOnly(index) | Presence::Both(_, index) => self.by_live.get(&index),
        };
        now.is_none_or(|change| change.kind == ChangeKind::InSync)
    }
}
