//! Findings followed through a series, by their fingerprints.

use std::collections::BTreeMap;

use super::point::{Age, Movement, Point};
use crate::finding::Fingerprint;
use crate::report::{Report, Status};

/// A result with what it takes to follow its findings.
#[derive(Debug)]
pub(super) struct Followed {
    pub(super) point: Point,
    /// What is open, with since when as far as the result tells, epoch milliseconds.
    open: BTreeMap<Fingerprint, Option<i64>>,
    /// What is there and accepted, sorted.
    accepted: Vec<Fingerprint>,
}

impl Followed {
    pub(super) fn of(point: Point, report: &Report) -> Self {
        let mut followed = Self { point, open: BTreeMap::new(), accepted: Vec::new() };
        for it in &report.findings {
            if it.status == Status::Open {
                let seen = followed.open.entry(it.fingerprint).or_default();
                *seen = seen.iter().copied().chain(it.first_seen_ms).min();
            } else {
                followed.accepted.push(it.fingerprint);
            }
        }
        followed.accepted.sort_unstable();
        followed
    }
}

/// How long it took until what was open was no longer there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Repairs {
    /// How many findings were resolved.
    pub count: usize,
    /// The time all of them took together, milliseconds.
    total_ms: i128,
}

impl Repairs {
    /// The mean time, milliseconds; `None` where nothing was resolved.
    #[must_use]
    pub fn mean_ms(&self) -> Option<i64> {
        let count = i128::try_from(self.count).ok()?;
        i64::try_from(self.total_ms.checked_div(count)?).ok()
    }
}

/// Follows the findings through results that stand in time, and fills in what only the series knows.
///
/// A finding is open from when it is first seen: the first whole result of an unbroken run of them that has it open, or
/// earlier where that result says so itself. It is resolved by the first whole result that has it no more. What is not
/// whole proves neither.
pub(super) fn follow(results: Vec<Followed>) -> (Vec<Point>, Repairs) {
    let mut repairs = Repairs::default();
    let mut open = BTreeMap::<Fingerprint, i64>::new();
    let mut is_first = true;
    let mut points = Vec::with_capacity(results.len());
    for mut result in results {
        if result.point.is_whole() {
            let movement = step(&mut open, &result, &mut repairs);
            result.point.movement = (!is_first).then_some(movement);
            result.point.ages = Some(ages(&open, result.point.time_ms));
            result.point.oldest_ms = open.values().copied().min();
            is_first = false;
        }
        points.push(result.point);
    }
    (points, repairs)
}

/// From one whole result to the next.
fn step(open: &mut BTreeMap<Fingerprint, i64>, next: &Followed, repairs: &mut Repairs) -> Movement {
    let now = next.point.time_ms;
    let mut movement = Movement::default();
    open.retain(|fingerprint, since| {
        if next.open.contains_key(fingerprint) {
            return true;
        }
        if next.accepted.binary_search(fingerprint).is_ok() {
            movement.accepted += 1;
        } else {
            movement.resolved += 1;
            repairs.count += 1;
            repairs.total_ms += i128::from(now.saturating_sub(*since).max(0));
        }
        false
    });
    for (fingerprint, told) in &next.open {
        let since = open.entry(*fingerprint).or_insert_with(|| {
            movement.opened += 1;
            now
        });
        *since = told.map_or(*since, |told| told.min(*since));
    }
    movement
}

fn ages(open: &BTreeMap<Fingerprint, i64>, now: i64) -> [usize; Age::ALL.len()] {
    let age = |since: &i64| Age::of(now.saturating_sub(*since));
    Age::ALL.map(|it| open.values().filter(|since| age(since) == it).count())
}
