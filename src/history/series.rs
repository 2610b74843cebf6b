//! Findings tracked through a series, by their fingerprints.

use std::collections::BTreeMap;

use super::run::{Age, DAY_MS, FindingDelta, OpenAge, RecordedRun};
use crate::finding::Fingerprint;
use crate::report::{FindingStatus, Report};

/// A result with the fingerprints of its findings.
#[derive(Debug)]
pub(super) struct TrackedRun {
    pub(super) run: RecordedRun,
    /// The open findings, each with the time it was first seen, if known, epoch milliseconds.
    open: BTreeMap<Fingerprint, Option<i64>>,
    /// The accepted findings, sorted.
    accepted: Vec<Fingerprint>,
}

impl TrackedRun {
    pub(super) fn new(run: RecordedRun, report: &Report) -> Self {
        let mut tracked = Self {
            run,
            open: BTreeMap::new(),
            accepted: Vec::new(),
        };
        for finding in &report.findings {
            if finding.status == FindingStatus::Open {
                let seen = tracked.open.entry(finding.fingerprint).or_default();
                *seen = seen.iter().copied().chain(finding.first_seen_ms).min();
            } else {
                tracked.accepted.push(finding.fingerprint);
            }
        }
        tracked.accepted.sort_unstable();
        tracked
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
#[derive(Debug, Clone, Copy)]
struct OpenSince {
    /// Epoch milliseconds.
    time_ms: i64,
    /// True if a gap lies in between, in which the finding may have been resolved and opened again.
    spans_gap: bool,
    /// True if the first result has the finding, which may have been open before.
    is_at_least: bool,
}

impl OpenSince {
    /// Returns the age at a time: since the end of the newest gap, where the finding spans it.
    fn age(&self, now_ms: i64, gap_end_ms: Option<i64>) -> OpenAge {
        let since = match gap_end_ms {
            Some(end) if self.spans_gap => end,
            _ => self.time_ms,
        };
        OpenAge {
            ms: now_ms.saturating_sub(since),
            is_at_least: self.spans_gap || self.is_at_least,
        }
    }
}

/// Tracks the findings through results sorted by time, and adds the numbers that only a series has.
///
/// A finding is open from its first complete result in an unbroken series, or from an earlier time that this result gives.
/// It is resolved by the first complete result without it. An incomplete result proves neither, and a duration across a
/// gap is unknown.
pub(super) fn track(results: Vec<TrackedRun>) -> (Vec<RecordedRun>, ResolutionStats) {
    let longest_ms = longest_interval_ms(&results);
    let mut resolution = ResolutionStats::default();
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
            let delta = advance(&mut open, &result, period, &mut resolution);
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
    (runs, resolution)
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
    resolution: &mut ResolutionStats,
) -> FindingDelta {
    let now = next.run.time_ms;
    let mut delta = FindingDelta::default();
    open.retain(|fingerprint, since| {
        if next.open.contains_key(fingerprint) {
            return true;
        }
        if next.accepted.binary_search(fingerprint).is_ok() {
            delta.accepted += 1;
        } else {
            delta.resolved += 1;
            resolution.count += 1;
            if !since.spans_gap {
                resolution.timed += 1;
                resolution.at_least += usize::from(since.is_at_least);
                resolution.total_ms += i128::from(now.saturating_sub(since.time_ms).max(0));
            }
        }
        false
    });
    for (fingerprint, first_seen) in &next.open {
        let since = open.entry(*fingerprint).or_insert_with(|| {
            delta.opened += 1;
            OpenSince {
                time_ms: now,
                spans_gap: false,
                is_at_least: period.is_first,
            }
        });
        if let Some(first_seen) = first_seen.filter(|it| *it < since.time_ms) {
            since.time_ms = first_seen;
            since.is_at_least = false;
            since.spans_gap |= period.gap_end_ms.is_some_and(|end| first_seen < end);
        }
    }
    delta
}

fn ages(open: &BTreeMap<Fingerprint, OpenSince>, now: i64) -> [usize; Age::ALL.len()] {
    let age = |since: &OpenSince| {
        if since.spans_gap {
            Age::Unknown
        } else {
            Age::from_ms(now.saturating_sub(since.time_ms))
        }
    };
    Age::ALL.map(|it| open.values().filter(|since| age(since) == it).count())
}

#[cfg(test)]
mod tests {
    use super::super::tests::{DAY, gap, history, html, only, result};
    use crate::history::Age;
    use crate::report::Outcome;

    #[test]
    fn a_time_that_spans_weeks_without_a_result_is_not_known() {
        let estate = only([
            result(0, &["stays", "goes"], &[]),
            result(1, &["stays", "goes"], &[]),
            result(2, &["stays", "goes"], &[]),
            result(30, &["stays", "new"], &[]),
            result(31, &["stays"], &[]),
        ]);
        assert_eq!(
            estate.runs.iter().map(|it| it.gap_ms).collect::<Vec<_>>(),
            [None, None, None, Some(28 * DAY), None]
        );
        // "new" took a day; how long "goes" took is not known, nor how old "stays" is.
        assert_eq!(
            (
                estate.resolution.count,
                estate.resolution.timed,
                estate.resolution.mean_ms()
            ),
            (2, 1, Some(DAY))
        );
        assert_eq!(
            estate.runs.last().and_then(|it| it.ages),
            Some([0, 0, 0, 0, 1])
        );
        assert_eq!(
            (estate.oldest_age_ms(), estate.has_unknown_ages()),
            (None, true)
        );
        let page = html(&history(
            [0, 1, 2, 30, 31].map(|day| result(day, &["stays"], &[])),
        ));
        assert_eq!(
            page.matches("class=\"gap\" x=").count(),
            3,
            "each picture has the gap"
        );
        assert!(
            page.contains("at least 24 hours: no complete result for 28 days"),
            "{page}"
        );
    }

    #[test]
    fn a_result_cannot_tell_a_time_over_a_gap() {
        let mut claimed = result(31, &["a"], &[]);
        claimed.findings[0].first_seen_ms = Some(DAY);
        let estate = only([
            result(0, &[], &[]),
            result(1, &["a"], &[]),
            result(2, &[], &[]),
            result(30, &[], &[]),
            claimed,
        ]);
        assert_eq!(
            estate.runs.last().and_then(|it| it.ages),
            Some([0, 0, 0, 0, 1])
        );
    }

    #[test]
    fn a_slow_schedule_and_a_weekend_are_no_gaps() {
        for days in [
            [0, 30, 60, 91],
            [0, 7, 14, 21],
            [0, 1, 4, 5],
            [0, 20, 20, 20],
        ] {
            let estate = only(days.map(|day| result(day, &["a"], &[])));
            let gaps = estate.runs.iter().filter(|it| it.gap_ms.is_some()).count();
            assert_eq!(gaps, usize::from(days == [0, 20, 20, 20]), "{days:?}");
        }
        assert_eq!(
            only([0, 20].map(|day| result(day, &[], &[]))).runs[1].gap_ms,
            None
        );
        assert_eq!(
            only([0, 22].map(|day| result(day, &[], &[]))).runs[1].gap_ms,
            Some(22 * DAY)
        );
    }

    #[test]
    fn weeks_of_incomplete_results_are_a_gap_too() {
        let incomplete = (3..30).map(|day| gap(day, Outcome::Incomplete));
        let complete = [0, 1, 2, 30].map(|day| result(day, &["a"], &[]));
        let estate = only(complete.into_iter().chain(incomplete));
        assert_eq!(estate.runs.last().and_then(|it| it.gap_ms), Some(28 * DAY));
        assert_eq!(
            estate
                .runs
                .last()
                .and_then(|it| it.ages)
                .map(|it| it[Age::ALL.len() - 1]),
            Some(1)
        );
    }
}
