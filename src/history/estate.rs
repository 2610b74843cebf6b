//! The grouping of results by estate.

use std::collections::{BTreeMap, BTreeSet};

use super::run::{Age, RecordedRun};
use super::series::{self, ResolutionStats, TrackedRun};
use crate::report::{Mask, Report};

/// What was looked at. Results that name their estate are of one estate where the name and the selection are the same.
/// Others are where the paths of the rules files, the selection and the ids of the instances are: a rules file that
/// names another instance is another estate from then on, since its numbers are about something else.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key {
    /// True if the name was given, and is not made of paths.
    is_declared: bool,
    name: String,
    selection: Option<String>,
    instances: BTreeSet<String>,
}

impl Key {
    pub(super) fn new(report: &Report) -> Self {
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

/// An estate while its results are read.
#[derive(Debug, Default)]
pub(super) struct Draft {
    results: Vec<TrackedRun>,
    newest: Option<Report>,
}

impl Draft {
    pub(super) fn add(&mut self, name: &str, sha256: &str, report: Report) {
        let run = RecordedRun::new(name, sha256, &report);
        let is_newest = self.results.iter().all(|it| order(&it.run) < order(&run));
        self.results.push(TrackedRun::new(run, &report));
        if is_newest {
            self.newest = Some(report);
        }
    }

    fn newest_order(&self) -> Option<(i64, String)> {
        let newest = self.results.iter().map(|it| order(&it.run)).max();
        newest.map(|(time, sha256)| (time, sha256.to_owned()))
    }

    fn absorb(&mut self, other: Self) {
        if other.newest_order() > self.newest_order() {
            self.newest = other.newest;
        }
        self.results.extend(other.results);
    }

    fn finish(mut self) -> Option<Estate> {
        self.results
            .sort_by(|one, other| order(&one.run).cmp(&order(&other.run)));
        let newest = self.newest?;
        let (runs, resolution) = series::follow(self.results);
        Some(Estate {
            newest,
            runs,
            resolution,
        })
    }
}

/// Results stand in the order of time; those of one time have an order too, so that it is always the same.
fn order(run: &RecordedRun) -> (i64, &str) {
    (run.time_ms, &run.sha256)
}

/// An estate: its results in time, the newest of them whole.
#[derive(Debug, PartialEq, Eq)]
pub struct Estate {
    /// The newest result.
    pub newest: Report,
    /// Every result, the oldest first; never empty.
    pub runs: Vec<RecordedRun>,
    /// The statistics of the resolved findings.
    pub resolution: ResolutionStats,
}

impl Estate {
    /// The newest result that is whole.
    #[must_use]
    pub fn newest_whole(&self) -> Option<&RecordedRun> {
        self.runs.iter().rev().find(|it| it.is_whole())
    }

    /// How long the finding has been open that is open longest, as of the newest complete result: milliseconds; `None` where
    /// none is open, and where that is not known.
    #[must_use]
    pub fn oldest_age_ms(&self) -> Option<i64> {
        let run = self.newest_whole()?;
        run.oldest_ms.map(|since| run.time_ms.saturating_sub(since))
    }

    /// Returns whether the newest complete result has an open finding with an unknown opening time.
    #[must_use]
    pub fn has_unknown_ages(&self) -> bool {
        let ages = self.newest_whole().and_then(|run| run.ages);
        ages.is_some_and(|ages| {
            Age::ALL
                .into_iter()
                .zip(ages)
                .any(|(age, count)| age == Age::Unknown && count > 0)
        })
    }

    /// The newest gap: how long there was no complete result, milliseconds.
    #[must_use]
    pub fn newest_gap_ms(&self) -> Option<i64> {
        self.runs.iter().rev().find_map(|it| it.gap_ms)
    }

    pub(super) fn masked(self, mask: &Mask) -> Self {
        let mut runs = self.runs;
        for it in &mut runs {
            it.reason = mask.text(&it.reason).into_owned();
        }
        Self {
            newest: mask.report(self.newest),
            runs,
            resolution: self.resolution,
        }
    }
}

/// Every estate. A run that failed before it knew any instance belongs to the one estate with its files and selection,
/// where there is just one.
pub(super) fn finish(mut drafts: BTreeMap<Key, Draft>) -> Vec<Estate> {
    let unknown: Vec<_> = drafts
        .keys()
        .filter(|it| it.instances.is_empty() && !it.is_declared)
        .cloned()
        .collect();
    for key in unknown {
        let is_like = |other: &&Key| {
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
    drafts.into_values().filter_map(Draft::finish).collect()
}
