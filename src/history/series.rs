//! Findings tracked through a series, by their fingerprints.

use std::collections::{BTreeMap, BTreeSet};

use super::groups::{GroupKind, GroupStats, GroupTotals};
use super::run::{Age, DAY_MS, FindingDelta, OpenAge, RecordedRun};
use super::scope::compared_instances;
use crate::finding::Fingerprint;
use crate::report::{FindingStatus, Report, ReportedFinding};

/// A result with the fingerprints of its findings.
#[derive(Debug)]
pub(super) struct TrackedRun {
    pub(super) run: RecordedRun,
    /// The open findings.
    open: BTreeMap<Fingerprint, TrackedFinding>,
    /// The accepted findings, sorted.
    accepted: Vec<Fingerprint>,
    /// The aliases of the compared instances.
    instances: BTreeSet<String>,
}

/// An open finding of a result.
#[derive(Debug)]
struct TrackedFinding {
    /// The time it was first seen, if known, epoch milliseconds.
    first_seen_ms: Option<i64>,
    subject: FindingSubject,
}

/// The parts of a finding by which findings are grouped, and by which it is in scope.
#[derive(Debug, Clone)]
pub(super) struct FindingSubject {
    pub(super) owner: Option<String>,
    pub(super) code: String,
    instance: Option<String>,
}

impl FindingSubject {
    fn new(finding: &ReportedFinding) -> Self {
        Self {
            owner: finding.owner.clone(),
            code: finding.code.to_string(),
            instance: finding.instance.clone(),
        }
    }
}

impl TrackedRun {
    pub(super) fn new(run: RecordedRun, report: &Report) -> Self {
        let mut tracked = Self {
            run,
            open: BTreeMap::new(),
            accepted: Vec::new(),
            instances: compared_instances(report).map(str::to_owned).collect(),
        };
        for finding in &report.findings {
            if finding.status == FindingStatus::Open {
                let open =
                    tracked
                        .open
                        .entry(finding.fingerprint)
                        .or_insert_with(|| TrackedFinding {
                            first_seen_ms: None,
                            subject: FindingSubject::new(finding),
                        });
                let seen = open.first_seen_ms.iter().copied();
                open.first_seen_ms = seen.chain(finding.first_seen_ms).min();
            } else {
                tracked.accepted.push(finding.fingerprint);
            }
        }
        tracked.accepted.sort_unstable();
        tracked
    }

    /// Returns whether the result compares what a finding is about. If not, its absence does not mean that it is
    /// resolved.
    fn compares(&self, subject: &FindingSubject) -> bool {
        let instance = subject.instance.as_ref();
        instance.is_none_or(|alias| self.instances.contains(alias))
    }
}

/// The durations from opening to resolution.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ResolutionStats {
    /// The number of resolved findings.
    pub count: usize,
    /// The number of them with a known duration: one without a gap.
    pub timed: usize,
    /// The number of those that were open before the first result, so that their duration is a lower bound.
    pub at_least: usize,
    /// The time all of those took together, milliseconds.
    total_ms: i128,
}

impl ResolutionStats {
    /// Adds a resolved finding.
    pub(super) fn add(&mut self, finding: &ResolvedFinding) {
        self.count += 1;
        if let Some(duration_ms) = finding.duration_ms {
            self.timed += 1;
            self.at_least += usize::from(finding.is_at_least);
            self.total_ms += i128::from(duration_ms.max(0));
        }
    }

    /// The mean time, milliseconds; `None` where nothing was resolved over a time that is known.
    #[must_use]
    pub fn mean_ms(&self) -> Option<i64> {
        let timed = i128::try_from(self.timed).ok()?;
        i64::try_from(self.total_ms.checked_div(timed)?).ok()
    }
}

/// A time without a complete result is a gap if it is longer than this many usual intervals, and than [`MIN_GAP_MS`].
const USUAL_INTERVALS: i64 = 3;

/// The minimum length of a gap: a weekend or a holiday is none.
const MIN_GAP_MS: i64 = 7 * DAY_MS;

/// Returns the longest time between two complete results that is no gap, milliseconds. The schedule of results is
/// unknown, so the usual interval is the median of all intervals, the lower one of two; for a single interval, a week.
fn longest_interval_ms(results: &[TrackedRun]) -> i64 {
    let times: Vec<i64> = results
        .iter()
        .filter(|it| it.run.is_complete())
        .map(|it| it.run.time_ms)
        .collect();
    let mut intervals: Vec<i64> = times
        .iter()
        .zip(times.iter().skip(1))
        .map(|(before, after)| after.saturating_sub(*before))
        .collect();
    intervals.sort_unstable();
    let usual = match intervals.as_slice() {
        [] | [_] => MIN_GAP_MS,
        several => several
            .get((several.len() - 1) / 2)
            .copied()
            .unwrap_or(MIN_GAP_MS),
    };
    usual.saturating_mul(USUAL_INTERVALS).max(MIN_GAP_MS)
}

/// The time since when a finding is open.
#[derive(Debug, Clone)]
pub(super) struct OpenSince {
    /// Epoch milliseconds.
    pub(super) time_ms: i64,
    /// True if a gap lies in between, in which the finding may have been resolved and opened again.
    pub(super) spans_gap: bool,
    /// True if the first result has the finding, which may have been open before.
    is_at_least: bool,
    pub(super) subject: FindingSubject,
}

impl OpenSince {
    /// Returns the age at a time: since the end of the newest gap, where the finding spans it.
    pub(super) fn age(&self, now_ms: i64, gap_end_ms: Option<i64>) -> OpenAge {
        let since = match gap_end_ms {
            Some(end) if self.spans_gap => end,
            _ => self.time_ms,
        };
        OpenAge {
            ms: now_ms.saturating_sub(since),
            is_at_least: self.spans_gap || self.is_at_least,
        }
    }

    /// Returns the class of the age at a time.
    pub(super) fn age_class(&self, now_ms: i64) -> Age {
        if self.spans_gap {
            Age::Unknown
        } else {
            Age::from_ms(now_ms.saturating_sub(self.time_ms))
        }
    }
}

/// A finding that a result resolved.
#[derive(Debug)]
pub(super) struct ResolvedFinding {
    pub(super) subject: FindingSubject,
    /// The time from opening to resolution, milliseconds; `None` over a gap.
    pub(super) duration_ms: Option<i64>,
    /// True if it was open before the first result, so that the time is a lower bound.
    pub(super) is_at_least: bool,
}

/// A tracked series.
#[derive(Debug)]
pub(super) struct TrackedSeries {
    pub(super) runs: Vec<RecordedRun>,
    pub(super) resolution: ResolutionStats,
    pub(super) by_owner: Vec<GroupStats>,
    pub(super) by_code: Vec<GroupStats>,
}

/// Tracks the findings through results sorted by time, and adds the numbers that only a series has.
///
/// A finding is open from its first complete result in an unbroken series, or from an earlier time that this result gives.
/// It is resolved by the first complete result without it that compares its instance. An incomplete result proves
/// neither, and a duration across a gap is unknown.
pub(super) fn track(results: Vec<TrackedRun>) -> TrackedSeries {
    let longest_ms = longest_interval_ms(&results);
    let mut resolved = Vec::new();
    let mut open = BTreeMap::<Fingerprint, OpenSince>::new();
    let mut last_ms: Option<i64> = None;
    let mut gap_end_ms: Option<i64> = None;
    let mut runs = Vec::with_capacity(results.len());
    for mut result in results {
        if result.run.is_complete() {
            let now = result.run.time_ms;
            result.run.gap_ms = last_ms
                .map(|last| now.saturating_sub(last))
                .filter(|it| *it > longest_ms);
            if result.run.gap_ms.is_some() {
                gap_end_ms = Some(now);
                for since in open.values_mut() {
                    since.spans_gap = true;
                }
            }
            let period = KnownPeriod {
                is_first: last_ms.is_none(),
                gap_end_ms,
            };
            let delta = advance(&mut open, &result, period, &mut resolved);
            result.run.delta = last_ms.is_some().then_some(delta);
            result.run.ages = Some(ages(&open, now));
            let is_known = open.values().all(|since| !since.spans_gap);
            result.run.oldest_ms = open
                .values()
                .map(|since| since.time_ms)
                .min()
                .filter(|_| is_known);
            let ages = open.values().map(|since| since.age(now, gap_end_ms));
            result.run.oldest = ages.reduce(OpenAge::oldest);
            last_ms = Some(now);
        }
        runs.push(result.run);
    }
    let mut resolution = ResolutionStats::default();
    for finding in &resolved {
        resolution.add(finding);
    }
    let group = |kind: GroupKind| {
        let mut totals = GroupTotals::new(kind);
        for since in open.values() {
            totals.add_open(since, last_ms.unwrap_or_default(), gap_end_ms);
        }
        for finding in &resolved {
            totals.add_resolved(finding);
        }
        totals.finish()
    };
    TrackedSeries {
        by_owner: group(GroupKind::Owner),
        by_code: group(GroupKind::Code),
        runs,
        resolution,
    }
}

/// The time that complete results prove.
#[derive(Debug, Clone, Copy)]
struct KnownPeriod {
    /// True at the first complete result.
    is_first: bool,
    /// The end of the newest gap: a time that begins before it spans it.
    gap_end_ms: Option<i64>,
}

/// Updates the open findings to the next complete result, and returns the difference.
fn advance(
    open: &mut BTreeMap<Fingerprint, OpenSince>,
    next: &TrackedRun,
    period: KnownPeriod,
    resolved: &mut Vec<ResolvedFinding>,
) -> FindingDelta {
    let now = next.run.time_ms;
    let mut delta = FindingDelta::default();
    open.retain(|fingerprint, since| {
        if next.open.contains_key(fingerprint) {
            return true;
        }
        if next.accepted.binary_search(fingerprint).is_ok() {
            delta.accepted += 1;
        } else if next.compares(&since.subject) {
            delta.resolved += 1;
            let duration_ms = (!since.spans_gap).then(|| now.saturating_sub(since.time_ms));
            resolved.push(ResolvedFinding {
                subject: since.subject.clone(),
                duration_ms,
                is_at_least: since.is_at_least,
            });
        } else {
            delta.left_scope += 1;
        }
        false
    });
    for (fingerprint, finding) in &next.open {
        let since = open.entry(*fingerprint).or_insert_with(|| {
            delta.opened += 1;
            OpenSince {
                time_ms: now,
                spans_gap: false,
                is_at_least: period.is_first,
                subject: finding.subject.clone(),
            }
        });
        since.subject.clone_from(&finding.subject);
        if let Some(first_seen) = finding.first_seen_ms.filter(|it| *it < since.time_ms) {
            since.time_ms = first_seen;
            since.is_at_least = false;
            since.spans_gap |= period.gap_end_ms.is_some_and(|end| first_seen < end);
        }
    }
    delta
}

fn ages(open: &BTreeMap<Fingerprint, OpenSince>, now: i64) -> [usize; Age::ALL.len()] {
    let count = |age: Age| {
        let classes = open.values().map(|since| since.age_class(now));
        classes.filter(|it| *it == age).count()
    };
    Age::ALL.map(count)
}

#[cfg(test)]
mod tests;
