//! The findings of a series by owner and by code: how old the open ones are, and how long the resolved ones took.

use std::collections::BTreeMap;

use super::run::{Age, OpenAge};
use super::series::{FindingSubject, OpenSince, ResolutionStats, ResolvedFinding};

/// The findings of one owner or of one code.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct GroupStats {
    /// The owner or the code; `None` for findings without an owner.
    pub name: Option<String>,
    /// The number of open findings at the newest complete result, by [`Age`].
    pub ages: [usize; Age::ALL.len()],
    /// The time since which the oldest open finding is open, epoch milliseconds; `None` where none is open, or where the
    /// time of any open one is unknown.
    pub oldest_ms: Option<i64>,
    /// The age of the oldest open finding; `None` where none is open.
    pub oldest: Option<OpenAge>,
    /// The statistics of the resolved findings.
    pub resolution: ResolutionStats,
}

impl GroupStats {
    /// Returns the number of open findings.
    #[must_use]
    pub fn open(&self) -> usize {
        self.ages.iter().sum()
    }
}

/// The key of groups.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum GroupKind {
    Owner,
    Code,
}

/// Groups while they are counted.
#[derive(Debug)]
pub(super) struct GroupTotals {
    kind: GroupKind,
    groups: BTreeMap<Option<String>, GroupStats>,
}

impl GroupTotals {
    pub(super) const fn new(kind: GroupKind) -> Self {
        Self {
            kind,
            groups: BTreeMap::new(),
        }
    }

    fn group(&mut self, subject: &FindingSubject) -> &mut GroupStats {
        let name = match self.kind {
            GroupKind::Owner => subject.owner.clone(),
            GroupKind::Code => Some(subject.code.clone()),
        };
        self.groups.entry(name).or_default()
    }

    /// Adds a finding that is open at a time. `gap_end_ms` is the end of the newest gap before.
    pub(super) fn add_open(&mut self, since: &OpenSince, now_ms: i64, gap_end_ms: Option<i64>) {
        let group = self.group(&since.subject);
        let age = since.age_class(now_ms);
        for (count, kind) in group.ages.iter_mut().zip(Age::ALL) {
            *count += usize::from(kind == age);
        }
        let older = since.age(now_ms, gap_end_ms);
        group.oldest = group
            .oldest
            .into_iter()
            .chain([older])
            .reduce(OpenAge::oldest);
        group.oldest_ms = group.oldest_ms.iter().copied().chain([since.time_ms]).min();
    }

    /// Adds a resolved finding.
    pub(super) fn add_resolved(&mut self, finding: &ResolvedFinding) {
        self.group(&finding.subject).resolution.add(finding);
    }

    /// Returns the groups by name. Of findings without any owner there is no group.
    pub(super) fn finish(self) -> Vec<GroupStats> {
        if self.groups.keys().all(Option::is_none) {
            return Vec::new();
        }
        let groups = self.groups.into_iter();
        groups
            .map(|(name, group)| {
                let is_unknown = Age::ALL
                    .into_iter()
                    .zip(group.ages)
                    .any(|(age, count)| age == Age::Unknown && count > 0);
                GroupStats {
                    name,
                    oldest_ms: group.oldest_ms.filter(|_| !is_unknown),
                    ..group
                }
            })
            .collect()
    }
}
