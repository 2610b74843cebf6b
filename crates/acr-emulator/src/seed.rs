//! The instances and rules that the emulator serves, indexed.

use std::collections::{BTreeMap, HashMap};

use acr_api::ReadStatus;
use acr_api::{Listing, WireField, WireRule};
use jiff::SignedDuration;

use super::mirror::MirrorIndex;
use super::paging::Paging;

/// The instances that list a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum MirrorMode {
    /// Both the source and the target instance, as the service does. A rule that only one instance lists is mirrored at
    /// the other one, even if that has no listing of its own.
    #[default]
    Both,
    /// The instances whose listings have the rule.
    AsListed,
}

/// The instances and rules to serve. Each rule is stored once; a mirrored rule is a row that refers to it.
#[derive(Debug, Clone, Default)]
pub struct Seed {
    rules: Vec<WireRule>,
    instances: BTreeMap<Box<str>, SeedInstance>,
}

/// An instance of the seed.
#[derive(Debug, Clone)]
pub(super) struct SeedInstance {
    /// The region, if the seed has one.
    pub(super) region: Option<Box<str>>,
    /// `InstanceName`.
    pub(super) name: Box<str>,
    /// The outcome of the read that the seed came from. The emulator responds accordingly.
    pub(super) status: ReadStatus,
    rows: Vec<RuleRow>,
    /// The rows of each local namespace, for the filter `NamespaceName`.
    namespaces: HashMap<Box<str>, Vec<RuleRow>>,
}

/// A rule as an instance lists it.
#[derive(Debug, Clone, Copy)]
struct RuleRow {
    rule: usize,
    /// True if the instance is the rule's target, so that *Local* and *Target* are swapped.
    mirrored: bool,
}

/// The filters of `ListRepoSyncRule`, which all match exactly.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct RuleFilters<'a> {
    pub(super) namespace: Option<&'a str>,
    pub(super) repo: Option<&'a str>,
    pub(super) target_instance: Option<&'a str>,
    pub(super) target_region: Option<&'a str>,
}

/// Moves the times of a rule.
pub(super) fn shift_times(rule: &mut WireRule, by: SignedDuration) {
    let milliseconds = i64::try_from(by.as_millis()).unwrap_or_default();
    for field in [WireField::CreateTime, WireField::ModifiedTime] {
        let time = rule.get(field).and_then(|text| text.parse::<i64>().ok());
        if let Some(time) = time {
            rule.set(field, time.saturating_add(milliseconds).to_string());
        }
    }
}

impl Seed {
    /// Returns a seed of listings. Listings of one instance are joined; the first one's status counts. Rows keep the
    /// order of their listing, and the rows that [`MirrorMode::Both`] adds follow, in the order of the listings.
    #[must_use]
    pub fn new(listings: Vec<Listing>, mode: MirrorMode) -> Self {
        let mut seed = Self::default();
        for listing in listings {
            seed.add(listing);
        }
        if mode == MirrorMode::Both {
            seed.add_mirrors();
        }
        seed.index_namespaces();
        seed
    }

    /// Sets the name of an instance. The default name is the id without `cri-`.
    #[must_use]
    pub fn with_name(mut self, instance_id: &str, name: impl Into<Box<str>>) -> Self {
        if let Some(instance) = self.instances.get_mut(instance_id) {
            instance.name = name.into();
        }
        self
    }

    /// Returns the number of rows of all instances.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.instances
            .values()
            .map(|instance| instance.rows.len())
            .sum()
    }

    /// Returns the instances by id.
    pub(super) fn instances(&self) -> impl Iterator<Item = (&str, &SeedInstance)> {
        self.instances
            .iter()
            .map(|(id, instance)| (&**id, instance))
    }

    /// Returns an instance, unless it was not read or not found.
    pub(super) fn instance(&self, id: &str) -> Option<&SeedInstance> {
        let exists = |instance: &&SeedInstance| {
            !matches!(instance.status, ReadStatus::Skipped | ReadStatus::NotFound)
        };
        self.instances.get(id).filter(exists)
    }

    /// Returns the number of rules that pass the filters, and one page of them.
    pub(super) fn page(
        &self,
        instance: &SeedInstance,
        filters: RuleFilters<'_>,
        paging: Paging,
    ) -> (usize, Vec<WireRule>) {
        let rows = match filters.namespace {
            Some(namespace) => instance
                .namespaces
                .get(namespace)
                .map_or(&[][..], Vec::as_slice),
            None => &instance.rows,
        };
        let rules = |rows: &[RuleRow]| {
            paging
                .slice(rows)
                .iter()
                .map(|row| self.rule(*row))
                .collect()
        };
        if filters.repo.is_none()
            && filters.target_instance.is_none()
            && filters.target_region.is_none()
        {
            return (rows.len(), rules(rows));
        }
        let passing: Vec<_> = rows
            .iter()
            .copied()
            .filter(|row| self.passes(*row, filters))
            .collect();
        (passing.len(), rules(&passing))
    }

    /// Deletes a rule at both instances.
    pub(super) fn delete(&mut self, rule_id: &str) {
        let rules = &self.rules;
        let is_kept = |row: &RuleRow| rules[row.rule].get(WireField::SyncRuleId) != Some(rule_id);
        for instance in self.instances.values_mut() {
            instance.rows.retain(is_kept);
            for rows in instance.namespaces.values_mut() {
                rows.retain(is_kept);
            }
        }
    }

    /// Appends a rule at both instances, as far as the seed has them.
    pub(super) fn insert(&mut self, rule: WireRule) {
        for (field, mirrored) in [
            (WireField::LocalInstanceId, false),
            (WireField::TargetInstanceId, true),
        ] {
            let Some(instance) = rule.get(field).and_then(|id| self.instances.get_mut(id)) else {
                continue;
            };
            instance.push(
                RuleRow {
                    rule: self.rules.len(),
                    mirrored,
                },
                &rule,
            );
        }
        self.rules.push(rule);
    }

    /// Returns the rules.
    pub(super) fn rules(&self) -> &[WireRule] {
        &self.rules
    }

    /// Moves the times of all rules.
    pub(super) fn shift_times(&mut self, by: SignedDuration) {
        if by.is_zero() {
            return;
        }
        for rule in &mut self.rules {
            shift_times(rule, by);
        }
    }

    /// Returns the earliest `CreateTime` of the rules of an instance, in epoch milliseconds.
    pub(super) fn oldest_create_time(&self, instance: &SeedInstance) -> Option<i64> {
        let times = instance.rows.iter().filter_map(|row| {
            self.rules[row.rule]
                .get(WireField::CreateTime)?
                .parse()
                .ok()
        });
        times.min()
    }

    fn add(&mut self, listing: Listing) {
        let first = self.rules.len();
        let entry = self
            .instances
            .entry(listing.instance_id)
            .or_insert_with_key(|id| SeedInstance::new(id, listing.region_id, listing.status));
        entry
            .rows
            .extend((first..first + listing.rules.len()).map(|rule| RuleRow {
                rule,
                mirrored: false,
            }));
        self.rules.extend(listing.rules);
    }

    /// Adds the rows of mirrored rules that the listings lack.
    fn add_mirrors(&mut self) {
        let instances = self.instances.iter();
        let rows = instances.flat_map(|(id, instance)| {
            instance
                .rows
                .iter()
                .map(|row| (&**id, &self.rules[row.rule]))
        });
        let mut index = MirrorIndex::new(rows);
        let mut missing: Vec<(Box<str>, Option<Box<str>>, usize)> = Vec::new();
        for (id, instance) in &self.instances {
            for row in &instance.rows {
                let rule = &self.rules[row.rule];
                let Some(peer) = rule.get(WireField::TargetInstanceId) else {
                    continue;
                };
                if peer == &**id {
                    continue;
                }
                if index.take(peer, rule) {
                    continue;
                }
                let region = rule.get(WireField::TargetRegionId).map(Into::into);
                missing.push((peer.into(), region, row.rule));
            }
        }
        for (peer, region, rule) in missing {
            let instance = self
                .instances
                .entry(peer)
                .or_insert_with_key(|id| SeedInstance::new(id, region, ReadStatus::Complete));
            instance.rows.push(RuleRow {
                rule,
                mirrored: true,
            });
        }
    }

    fn index_namespaces(&mut self) {
        for instance in self.instances.values_mut() {
            for row in std::mem::take(&mut instance.rows) {
                instance.push(row, &self.rules[row.rule]);
            }
        }
    }

    /// Returns whether a row passes all filters but the one for namespaces.
    fn passes(&self, row: RuleRow, filters: RuleFilters<'_>) -> bool {
        let rule = &self.rules[row.rule];
        let matches = |filter: Option<&str>, field| {
            filter.is_none() || field_as_listed(rule, row.mirrored, field) == filter
        };
        matches(filters.repo, WireField::LocalRepoName)
            && matches(filters.target_instance, WireField::TargetInstanceId)
            && matches(filters.target_region, WireField::TargetRegionId)
    }

    fn rule(&self, row: RuleRow) -> WireRule {
        let rule = &self.rules[row.rule];
        if row.mirrored {
            rule.mirrored()
        } else {
            rule.clone()
        }
    }
}

impl SeedInstance {
    fn new(id: &str, region: Option<Box<str>>, status: ReadStatus) -> Self {
        let name = id.strip_prefix("cri-").unwrap_or(id).into();
        Self {
            region,
            name,
            status,
            rows: Vec::new(),
            namespaces: HashMap::new(),
        }
    }

    /// Appends a row, also to the rows of its namespace.
    fn push(&mut self, row: RuleRow, rule: &WireRule) {
        self.rows.push(row);
        let Some(namespace) = field_as_listed(rule, row.mirrored, WireField::LocalNamespaceName)
        else {
            return;
        };
        match self.namespaces.get_mut(namespace) {
            Some(rows) => rows.push(row),
            None => {
                self.namespaces.insert(namespace.into(), vec![row]);
            }
        }
    }
}

/// Returns a field of a rule as the instance with the row lists it.
fn field_as_listed(rule: &WireRule, mirrored: bool, field: WireField) -> Option<&str> {
    let field = match (mirrored, field) {
        (true, WireField::LocalNamespaceName) => WireField::TargetNamespaceName,
        (true, WireField::LocalRepoName) => WireField::TargetRepoName,
        (true, WireField::TargetInstanceId) => WireField::LocalInstanceId,
        (true, WireField::TargetRegionId) => WireField::LocalRegionId,
        (_, field) => field,
    };
    rule.get(field)
}

#[cfg(test)]
mod tests;
