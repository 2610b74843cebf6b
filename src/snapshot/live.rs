//! Listings → [`LiveState`]: the API's spelling becomes the model's words, seen from the source.

use std::borrow::Borrow;
use std::hash::Hash;

use acr_api::{Listing, WireField, WireRule};
use rustc_hash::{FxHashMap, FxHashSet};

use super::Snapshot;
use super::anonymous::assign_anonymous_answers;
use crate::i18n::Message;
use crate::model::{
    CrossUser, DesiredState, Direction, Endpoint, InstanceId, LiveInstance, LiveRule, LiveState,
    MATCH_ALL, NameFilters, NamespaceName, Priority, ReadEvidence, ReadFailure, ReadStatus,
    RegionId, RuleName, Scope, SyncRule, Trigger, UnknownValue,
};

/// The largest number of different unknown values of an instance; more are hostile.
const MAX_UNKNOWN_VALUES: usize = 100;

/// Listings in the model's words, before it is known which instances are declared.
#[derive(Debug, Default)]
pub struct LiveListings {
    /// The time of the listings, epoch milliseconds; `None` for raw responses.
    pub taken_ms: Option<i64>,
    /// The instances with a listing.
    instances: Vec<LiveInstance>,
    /// The responses that name no instance.
    anonymous: Option<Listing<ReadFailure>>,
}

impl From<Snapshot> for LiveListings {
    fn from(snapshot: Snapshot) -> Self {
        let mut converted = Self {
            taken_ms: snapshot.taken_ms,
            ..Self::default()
        };
        for listing in snapshot.listings {
            if !listing.instance_id.is_empty() {
                converted.instances.push(live_instance(listing));
            } else if converted.anonymous.is_none() {
                converted.anonymous = Some(listing);
            }
        }
        converted
    }
}

impl LiveListings {
    /// Returns the live state of the declared instances, in their order.
    ///
    /// An instance without a listing is `skipped`, with the reason unless it is declared `read: false`. An anonymous
    /// response counts for the instance that it must be of.
    #[must_use]
    pub fn of_declared(mut self, desired: &DesiredState) -> LiveState {
        if let Some(answers) = self.anonymous.take() {
            let assigned = assign_anonymous_answers(&answers, &self.instances, desired);
            self.instances.extend(assigned);
        }
        place(self.instances, desired)
    }
}

/// Returns the live state of the declared instances, as [`LiveListings::of_declared`] does. An anonymous response does
/// not count.
#[must_use]
pub fn live_state(snapshot: Snapshot, desired: &DesiredState) -> LiveState {
    place(LiveListings::from(snapshot).instances, desired)
}

/// Puts instances in the order of the declared ones. A declared one that is not given is `skipped`.
fn place(instances: Vec<LiveInstance>, desired: &DesiredState) -> LiveState {
    let declared = &desired.instances;
    let mut listed: FxHashMap<InstanceId, LiveInstance> = instances
        .into_iter()
        .map(|instance| (instance.id.clone(), instance))
        .collect();
    let found: Vec<_> = declared
        .iter()
        .map(|instance| listed.remove(&instance.id))
        .collect();
    let mut unknown_ids: Vec<_> = listed.into_keys().collect();
    unknown_ids.sort_unstable();
    let instances = declared.iter().zip(found).map(|(instance, found)| {
        let skipped = || live_instance(Listing::skipped(instance.id.as_str(), None));
        let live = found.unwrap_or_else(skipped);
        let failure = match live.status {
            ReadStatus::Skipped if !instance.read => None,
            ReadStatus::Skipped => live.failure.or_else(|| Some(not_given(&unknown_ids))),
            _ => live.failure,
        };
        LiveInstance { failure, ..live }
    });
    LiveState {
        instances: instances.collect(),
    }
}

fn not_given(unknown_ids: &[InstanceId]) -> ReadFailure {
    let message = match unknown_ids {
        [] => Message::listing_absent(),
        others => {
            let others: Vec<&str> = others.iter().map(InstanceId::as_str).collect();
            Message::listing_of_others(others)
        }
    };
    ReadFailure::new(ReadFailure::NOT_IN_SNAPSHOT, message)
}

pub(super) fn live_instance(listing: Listing<ReadFailure>) -> LiveInstance {
    let Listing {
        instance_id,
        region_id: _,
        status,
        failure,
        rules,
        pages,
        requests,
        request_ids,
    } = listing;
    let id = InstanceId::from(String::from(instance_id));
    let mut unknown = UnknownValues::default();
    let mut names = SharedNames::default();
    let is_incoming = |rule: &&WireRule| rule.get(WireField::SyncDirection) == Some("TO");
    let incoming_count = rules.iter().filter(is_incoming).count();
    let mut outgoing = Vec::with_capacity(rules.len() - incoming_count);
    let mut incoming = Vec::with_capacity(incoming_count);
    for wire in rules {
        let (rule, seen_from) = live_rule(&wire, &id, &mut names, &mut unknown);
        match seen_from {
            Direction::To => incoming.push(rule),
            Direction::From | Direction::Unknown(_) => outgoing.push(rule),
        }
    }
    let evidence = ReadEvidence {
        pages,
        requests,
        request_ids,
        caller: None,
    };
    LiveInstance {
        id,
        status,
        failure,
        outgoing,
        incoming,
        unknown: unknown.values,
        evidence,
    }
}

/// Converts one rule. Absent, `null` and `""` mean the default: a direction that is absent is `FROM`. A rule with an unknown
/// direction counts as outgoing, so that it is reported. Returns the direction, too.
fn live_rule(
    wire: &WireRule,
    listed_by: &InstanceId,
    names: &mut SharedNames,
    unknown: &mut UnknownValues,
) -> (LiveRule, Direction) {
    use WireField as F;
    let text = |field: F| wire.get(field);
    let local = names.endpoint(
        [
            F::LocalInstanceId,
            F::LocalRegionId,
            F::LocalNamespaceName,
            F::LocalRepoName,
        ]
        .map(text),
        Some(listed_by),
    );
    let target = names.endpoint(
        [
            F::TargetInstanceId,
            F::TargetRegionId,
            F::TargetNamespaceName,
            F::TargetRepoName,
        ]
        .map(text),
        None,
    );
    let seen_from = text(F::SyncDirection).map_or(Direction::From, Direction::from);
    let (source, target) = if seen_from == Direction::To {
        (target, local)
    } else {
        (local, target)
    };
    let filter = |field: F| text(field).map(Box::from);
    let tag_filter = filter(F::TagFilter).unwrap_or_else(|| MATCH_ALL.into());
    let filters = NameFilters {
        namespace: filter(F::NamespaceNameFilter),
        repo: filter(F::RepoNameFilter),
    };
    let word = text(F::SyncScope);
    let scope = Scope::new(word.unwrap_or_else(|| derived_scope(&source)), filters);
    let mut rule = SyncRule {
        name: RuleName::from(text(F::SyncRuleName).unwrap_or_default()),
        source,
        target,
        scope,
        trigger: text(F::SyncTrigger).map_or_else(Trigger::default, Trigger::from),
        direction: if seen_from == Direction::To {
            Direction::From
        } else {
            seen_from.clone()
        },
        tag_filter,
        priority: text(F::Priority).map_or_else(Priority::default, |word| {
            word.parse()
                .map_or_else(|_| Priority::Unknown(word.into()), Priority::Level)
        }),
        link_id: text(F::LinkId).map(Into::into),
        cross_user: Some(text(F::CrossUser).map_or(CrossUser::No, CrossUser::from)),
    };
    let id = text(F::SyncRuleId).map(Into::into);
    let created_ms = text(F::CreateTime).and_then(|text| text.parse().ok());
    let modified_ms = text(F::ModifiedTime).and_then(|text| text.parse().ok());
    rule.drop_names_beyond_scope();
    unknown.collect(&rule, wire);
    (
        LiveRule {
            rule,
            id,
            created_ms,
            modified_ms,
        },
        seen_from,
    )
}

/// Returns the scope of a rule whose answer has none, from the names of its source.
const fn derived_scope(source: &Endpoint) -> &'static str {
    match (&source.namespace, &source.repo) {
        (_, Some(_)) => "REPO",
        (Some(_), None) => "NAMESPACE",
        (None, None) => "INSTANCE",
    }
}

/// The names in the endpoints of an instance's rules, each once: an estate has few, and every rule has six.
#[derive(Default)]
struct SharedNames {
    instances: FxHashSet<InstanceId>,
    regions: FxHashSet<RegionId>,
    namespaces: FxHashSet<NamespaceName>,
}

impl SharedNames {
    fn endpoint(
        &mut self,
        [instance, region, namespace, repo]: [Option<&str>; 4],
        listed_by: Option<&InstanceId>,
    ) -> Endpoint {
        let listed_by = listed_by.map_or("", InstanceId::as_str);
        Endpoint {
            instance: share(&mut self.instances, instance.unwrap_or(listed_by)),
            region: region.map(|name| share(&mut self.regions, name)),
            namespace: namespace.map(|name| share(&mut self.namespaces, name)),
            repo: repo.map(Into::into),
        }
    }
}

/// Returns the name with a text.
fn share<N>(names: &mut FxHashSet<N>, text: &str) -> N
where
    N: Clone + Eq + Hash + Borrow<str> + for<'a> From<&'a str>,
{
    if let Some(known) = names.get(text) {
        return known.clone();
    }
    let name = N::from(text);
    names.insert(name.clone());
    name
}

/// The unknown values of an instance, each once.
#[derive(Default)]
struct UnknownValues {
    values: Vec<UnknownValue>,
}

impl UnknownValues {
    fn collect(&mut self, rule: &SyncRule, wire: &WireRule) {
        for (field, _) in &wire.unknown {
            self.add(field, None, rule);
        }
        if let Scope::Unknown { word: value, .. } = &rule.scope {
            self.add("SyncScope", Some(value), rule);
        }
        if let Trigger::Unknown(value) = &rule.trigger {
            self.add("SyncTrigger", Some(value), rule);
        }
        if let Direction::Unknown(value) = &rule.direction {
            self.add("SyncDirection", Some(value), rule);
        }
        if let Priority::Unknown(value) = &rule.priority {
            self.add("Priority", Some(value), rule);
        }
        if let Some(CrossUser::Unknown(value)) = &rule.cross_user {
            self.add("CrossUser", Some(value), rule);
        }
    }

    fn add(&mut self, field: &str, value: Option<&str>, rule: &SyncRule) {
        let known = self
            .values
            .iter_mut()
            .find(|it| &*it.field == field && it.value.as_deref() == value);
        if let Some(known) = known {
            known.rules += 1;
        } else if self.values.len() < MAX_UNKNOWN_VALUES {
            self.values.push(UnknownValue {
                field: field.into(),
                value: value.map(Into::into),
                rules: 1,
                example: rule.name.clone(),
            });
        }
    }
}
