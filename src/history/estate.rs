//! The grouping of results by estate.

use std::collections::{BTreeMap, BTreeSet};

use super::groups::GroupStats;
use super::run::{Age, RecordedRun};
use super::series::{self, ResolutionStats, TrackedRun, TrackedSeries};
use crate::report::{Mask, Report};

/// The key of an estate. Results with a declared name belong together if name and selection are equal. Other results
/// belong together if the paths of the rules files, the selection and the ids of the instances are equal: with another
/// instance, the numbers are about another estate.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct EstateKey {
    /// True if the rules files or the command line give the name; otherwise it is made of paths.
    is_declared: bool,
    name: String,
    selection: Option<String>,
    instances: BTreeSet<String>,
}

impl EstateKey {
    /// Returns the key of the estate that a result is about.
    #[must_use]
    pub fn new(report: &Report) -> Self {
        let is_declared = report.estate.as_ref().is_some_and(|it| it.is_declared);
        let ids = report
            .instances
            .iter()
            .filter(|_| !is_declared)
            .map(|it| it.id.clone());
        Self {
            is_declared,
            name: report
                .estate
                .as_ref()
                .map_or_else(|| paths(report), |it| it.name.clone()),
            selection: report.selected.as_ref().map(|it| it.options.clone()),
            instances: ids.collect(),
        }
    }

    /// Returns whether the rules files or the command line give the name.
    #[must_use]
    pub const fn is_declared(&self) -> bool {
        self.is_declared
    }

    /// Returns the name, or the paths of the rules files.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the selection as command line options; empty where everything was compared.
    #[must_use]
    pub fn selection(&self) -> &str {
        self.selection.as_deref().unwrap_or_default()
    }

    /// Returns the ids of the instances, sorted; none where the name is declared.
    pub fn instances(&self) -> impl Iterator<Item = &str> {
        self.instances.iter().map(String::as_str)
    }
}

/// Returns the paths of the rules files, sorted and normalized: results of older versions do not name their estate.
fn paths(report: &Report) -> String {
    let names: BTreeSet<String> = report.files.iter().map(|it| normalized(&it.path)).collect();
    names.into_iter().collect::<Vec<_>>().join(", ")
}

/// Returns a path without `.`, `..` behind a name, and repeated `/`.
fn normalized(path: &str) -> String {
    let mut names: Vec<&str> = Vec::new();
    for name in path.split('/').filter(|name| !matches!(*name, "" | ".")) {
        match (name, names.last()) {
            ("..", Some(last)) if *last != ".." => {
                names.pop();
            }
            _ => names.push(name),
        }
    }
    let root = if path.starts_with('/') { "/" } else { "" };
    format!("{root}{}", names.join("/"))
}

/// Collects the results of an estate.
#[derive(Debug, Default)]
pub(super) struct EstateDraft {
    results: Vec<TrackedRun>,
    newest: Option<Report>,
}

impl EstateDraft {
    pub(super) fn add(&mut self, name: &str, sha256: &str, report: Report) {
        let run = RecordedRun::new(name, sha256, &report);
        let is_newest = self
            .results
            .iter()
            .all(|it| sort_key(&it.run) < sort_key(&run));
        self.results.push(TrackedRun::new(run, &report));
        if is_newest {
            self.newest = Some(report);
        }
    }

    fn newest_order(&self) -> Option<(i64, String)> {
        let newest = self.results.iter().map(|it| sort_key(&it.run)).max();
        newest.map(|(time, sha256)| (time, sha256.to_owned()))
    }

    fn absorb(&mut self, other: Self) {
        if other.newest_order() > self.newest_order() {
            self.newest = other.newest;
        }
        self.results.extend(other.results);
    }

    fn finish(mut self) -> Option<EstateHistory> {
        self.results
            .sort_by(|one, other| sort_key(&one.run).cmp(&sort_key(&other.run)));
        let newest = self.newest?;
        let TrackedSeries {
            runs,
            resolution,
            by_owner,
            by_code,
        } = series::track(self.results);
        Some(EstateHistory {
            newest,
            runs,
            resolution,
            by_owner,
            by_code,
        })
    }
}

/// Returns the sort key of a result: its time, then its digest, so that the order is always the same.
fn sort_key(run: &RecordedRun) -> (i64, &str) {
    (run.time_ms, &run.sha256)
}

/// The results of an estate over time, the newest one in full.
#[derive(Debug, PartialEq, Eq)]
pub struct EstateHistory {
    /// The newest result.
    pub newest: Report,
    /// Every result, the oldest first; never empty.
    pub runs: Vec<RecordedRun>,
    /// The statistics of the resolved findings.
    pub resolution: ResolutionStats,
    /// The findings by owner; empty where no finding has one.
    pub by_owner: Vec<GroupStats>,
    /// The findings by code.
    pub by_code: Vec<GroupStats>,
}

impl EstateHistory {
    /// Returns the newest complete result.
    #[must_use]
    pub fn newest_complete(&self) -> Option<&RecordedRun> {
        self.runs.iter().rev().find(|it| it.is_complete())
    }

    /// Returns the age of the oldest open finding at the newest complete result, milliseconds; `None` if none is open, or
    /// if the age is unknown.
    #[must_use]
    pub fn oldest_age_ms(&self) -> Option<i64> {
        let run = self.newest_complete()?;
        run.oldest_ms.map(|since| run.time_ms.saturating_sub(since))
    }

    /// Returns whether the newest complete result has an open finding with an unknown opening time.
    #[must_use]
    pub fn has_unknown_ages(&self) -> bool {
        let ages = self.newest_complete().and_then(|run| run.ages);
        ages.is_some_and(|ages| {
            Age::ALL
                .into_iter()
                .zip(ages)
                .any(|(age, count)| age == Age::Unknown && count > 0)
        })
    }

    /// Returns the duration of the newest gap, milliseconds.
    #[must_use]
    pub fn newest_gap_ms(&self) -> Option<i64> {
        self.runs.iter().rev().find_map(|it| it.gap_ms)
    }

    pub(super) fn masked(self, mask: &Mask) -> Self {
        let mut runs = self.runs;
        for run in &mut runs {
            run.reason = mask.text(&run.reason).into_owned();
        }
        let mut by_owner = self.by_owner;
        for group in &mut by_owner {
            group.name = group.name.as_deref().map(|it| mask.text(it).into_owned());
        }
        Self {
            newest: mask.report(self.newest),
            runs,
            resolution: self.resolution,
            by_owner,
            by_code: self.by_code,
        }
    }
}

/// Returns every estate. A run that failed before it knew any instance is added to the estate with its files and
/// selection, if there is only one.
pub(super) fn finish(mut drafts: BTreeMap<EstateKey, EstateDraft>) -> Vec<EstateHistory> {
    let unknown: Vec<_> = drafts
        .keys()
        .filter(|it| it.instances.is_empty() && !it.is_declared)
        .cloned()
        .collect();
    for key in unknown {
        let is_like = |other: &&EstateKey| {
            let same = (&other.name, &other.selection) == (&key.name, &key.selection);
            !other.instances.is_empty() && !other.is_declared && same
        };
        let mut alike = drafts.keys().filter(is_like);
        let (Some(only), None) = (alike.next().cloned(), alike.next()) else {
            continue;
        };
        if let Some(failed) = drafts.remove(&key)
            && let Some(draft) = drafts.get_mut(&only)
        {
            draft.absorb(failed);
        }
    }
    drafts
        .into_values()
        .filter_map(EstateDraft::finish)
        .collect()
}
