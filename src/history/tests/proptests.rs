//! Properties of any series of results.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::{gap, history, result};
use crate::history::{History, RecordedRun};
use crate::report::{Outcome, Report};

/// The result of a day: the open names and the accepted ones, or `None` where incomplete.
type Day = Option<(BTreeSet<u8>, BTreeSet<u8>)>;

fn days() -> impl Strategy<Value = Vec<Day>> {
    let names = || proptest::collection::btree_set(0_u8..8, 0..6);
    proptest::collection::vec(proptest::option::weighted(0.8, (names(), names())), 0..12)
}

fn series(days: &[Day]) -> Vec<Report> {
    let report = |(day, result_of_day): (i64, &Day)| {
        let Some((open, accepted)) = result_of_day else {
            return gap(day, Outcome::Incomplete);
        };
        let names = |numbers: BTreeSet<u8>| numbers.iter().map(u8::to_string).collect::<Vec<_>>();
        let (open, accepted) = (names(open.clone()), names(accepted - open));
        let open: Vec<_> = open.iter().map(String::as_str).collect();
        let accepted: Vec<_> = accepted.iter().map(String::as_str).collect();
        result(day, &open, &accepted)
    };
    (0..).zip(days).map(report).collect()
}

proptest! {
    /// The open findings are those before, plus the opened ones, minus the resolved and accepted ones. Every open
    /// finding has one age.
    #[test]
    fn open_findings_follow_from_deltas(days in days()) {
        let estates = history(series(&days)).estates;
        let runs = estates.iter().flat_map(|it| &it.runs);
        let mut before = None;
        let mut resolved = 0;
        for (run, day) in runs.zip(&days) {
            let Some((open, _)) = day else {
                prop_assert!(run.delta.is_none() && run.ages.is_none());
                continue;
            };
            prop_assert_eq!(run.ages.map(|it| it.iter().sum::<usize>()), Some(open.len()));
            prop_assert_eq!(run.delta.is_some(), before.is_some());
            if let (Some(before), Some(delta)) = (before, run.delta) {
                prop_assert_eq!(open.len() + delta.resolved + delta.accepted, before + delta.opened);
                resolved += delta.resolved;
            }
            before = Some(open.len());
        }
        prop_assert_eq!(estates.iter().map(|it| it.resolution.count).sum::<usize>(), resolved);
    }

    /// A series without its gaps has the same complete runs.
    #[test]
    fn gaps_do_not_change_other_runs(days in days()) {
        let all = series(&days);
        let whole: Vec<_> = all.iter().filter(|it| it.verdict.outcome != Outcome::Incomplete).cloned().collect();
        let complete_runs = |history: History| -> Vec<_> {
            let runs = history.estates.into_iter().flat_map(|it| it.runs).filter(RecordedRun::is_complete);
            runs.map(|it| (it.time_ms, it.delta, it.ages, it.oldest_ms)).collect()
        };
        prop_assert_eq!(complete_runs(history(all)), complete_runs(history(whole)));
    }
}
