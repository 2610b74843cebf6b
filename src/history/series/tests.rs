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
fn a_time_over_a_gap_is_unknown() {
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
