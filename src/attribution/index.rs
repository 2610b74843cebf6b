//! The events of one answer, sorted and indexed once for all questions.

use acr_api::TrailEvent;
use rustc_hash::{FxHashMap, FxHashSet};

use super::facts::{self, EventName};

/// An event with its time and outcome.
#[derive(Debug, Clone, Copy)]
pub(super) struct TimedEvent<'a> {
    pub(super) event: &'a TrailEvent,
    pub(super) ms: i64,
    pub(super) is_success: bool,
}

/// The events by what questions look for, each list oldest first.
#[derive(Debug, Default)]
pub(super) struct EventIndex<'a> {
    creations_by_id: FxHashMap<&'a str, Vec<TimedEvent<'a>>>,
    /// By instance, then by name.
    creations_by_name: FxHashMap<&'a str, FxHashMap<&'a str, Vec<TimedEvent<'a>>>>,
    creations_by_instance: FxHashMap<&'a str, Vec<TimedEvent<'a>>>,
    deletions_by_id: FxHashMap<&'a str, Vec<TimedEvent<'a>>>,
    deletions_by_instance: FxHashMap<&'a str, Vec<TimedEvent<'a>>>,
    updates_by_id: FxHashMap<&'a str, Vec<TimedEvent<'a>>>,
    namespace_deletions: Vec<TimedEvent<'a>>,
    repository_deletions: Vec<TimedEvent<'a>>,
    releases: Vec<TimedEvent<'a>>,
}

impl<'a> EventIndex<'a> {
    /// Returns the index of events: each id once, by time and id. Events without a time are left out.
    pub(super) fn new(events: impl IntoIterator<Item = &'a TrailEvent>) -> Self {
        let mut timed: Vec<TimedEvent<'a>> = Vec::new();
        let mut seen: FxHashSet<&str> = FxHashSet::default();
        for event in events {
            let is_repeated = event.id.as_deref().is_some_and(|id| !seen.insert(id));
            if let (false, Some(ms)) = (is_repeated, facts::time_ms(event)) {
                let is_success = facts::is_success(event);
                timed.push(TimedEvent {
                    event,
                    ms,
                    is_success,
                });
            }
        }
        timed.sort_by(|one, other| {
            let (one_event, other_event) = (one.event, other.event);
            let by_id = one_event.id.cmp(&other_event.id);
            let by_time = one.ms.cmp(&other.ms).then(by_id);
            by_time.then_with(|| one_event.name.cmp(&other_event.name))
        });
        let mut index = Self::default();
        for event in timed {
            index.add(event);
        }
        index
    }

    fn add(&mut self, timed: TimedEvent<'a>) {
        let event = timed.event;
        let is_named = |name: EventName| &*event.name == name.as_str();
        if is_named(EventName::RuleCreated) {
            if let Some(id) = facts::created_id(event) {
                self.creations_by_id.entry(id).or_default().push(timed);
            }
            if let Some(instance) = facts::instance_id(event) {
                self.creations_by_instance
                    .entry(instance)
                    .or_default()
                    .push(timed);
                if let Some(name) = event.parameter("SyncRuleName") {
                    self.creations_by_name
                        .entry(instance)
                        .or_default()
                        .entry(name)
                        .or_default()
                        .push(timed);
                }
            }
        } else if is_named(EventName::RuleDeleted) {
            if let Some(id) = facts::rule_id(event) {
                self.deletions_by_id.entry(id).or_default().push(timed);
            }
            if let Some(instance) = facts::instance_id(event) {
                self.deletions_by_instance
                    .entry(instance)
                    .or_default()
                    .push(timed);
            }
        } else if is_named(EventName::RuleUpdated) {
            if let Some(id) = facts::rule_id(event) {
                self.updates_by_id.entry(id).or_default().push(timed);
            }
        } else if is_named(EventName::NamespaceDeleted) {
            self.namespace_deletions.push(timed);
        } else if is_named(EventName::RepositoryDeleted) {
            self.repository_deletions.push(timed);
        } else if is_named(EventName::InstanceReleased) || is_named(EventName::InstanceDeleted) {
            self.releases.push(timed);
        }
    }

    /// Returns the calls that created the rule with an id.
    pub(super) fn creations_of(&self, id: &str) -> &[TimedEvent<'a>] {
        self.creations_by_id.get(id).map_or(&[], Vec::as_slice)
    }

    /// Returns the calls that created rules of a name.
    pub(super) fn creations_named(&self, instance: &str, name: &str) -> &[TimedEvent<'a>] {
        self.creations_by_name
            .get(instance)
            .and_then(|names| names.get(name))
            .map_or(&[], Vec::as_slice)
    }

    /// Returns the calls that created rules of an instance within a time.
    pub(super) fn creations_between(
        &self,
        instance: &str,
        from: i64,
        until: i64,
    ) -> &[TimedEvent<'a>] {
        let all = self
            .creations_by_instance
            .get(instance)
            .map_or(&[][..], Vec::as_slice);
        let start = all.partition_point(|it| it.ms < from);
        let end = all.partition_point(|it| it.ms <= until);
        all.get(start..end).unwrap_or_default()
    }

    /// Returns the calls that deleted the rule with an id.
    pub(super) fn deletions_of(&self, id: &str) -> &[TimedEvent<'a>] {
        self.deletions_by_id.get(id).map_or(&[], Vec::as_slice)
    }

    /// Returns the calls that deleted rules of an instance since a time.
    pub(super) fn deletions_in(&self, instance: &str, since: i64) -> &[TimedEvent<'a>] {
        let all = self
            .deletions_by_instance
            .get(instance)
            .map_or(&[][..], Vec::as_slice);
        let start = all.partition_point(|it| it.ms < since);
        all.get(start..).unwrap_or_default()
    }

    /// Returns the calls that edited the rule with an id.
    pub(super) fn updates_of(&self, id: &str) -> &[TimedEvent<'a>] {
        self.updates_by_id.get(id).map_or(&[], Vec::as_slice)
    }

    /// Returns the calls that deleted namespaces.
    pub(super) fn namespace_deletions(&self) -> &[TimedEvent<'a>] {
        &self.namespace_deletions
    }

    /// Returns the calls that deleted repositories.
    pub(super) fn repository_deletions(&self) -> &[TimedEvent<'a>] {
        &self.repository_deletions
    }

    /// Returns the releases of instances.
    pub(super) fn releases(&self) -> &[TimedEvent<'a>] {
        &self.releases
    }
}
