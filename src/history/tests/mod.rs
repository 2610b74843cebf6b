//! Series of results, and estates.

mod formats;
mod proptests;

use super::{Age, Collector, EstateHistory, FindingDelta, Format, History, PageOptions, render};
use crate::finding::{Code, Fingerprint};
use crate::i18n::Language;
use crate::report::sample::{in_sync, sample};
use crate::report::{EstateName, FindingStatus, Outcome, Report, ReportedFinding};

/// The options of pages.
const PAGE: PageOptions<'_> = PageOptions {
    language: Language::English,
    title: None,
};

pub(super) const DAY: i64 = 86_400_000;

/// A complete result of a day with some findings open and some accepted, each by a name.
pub(super) fn result(day: i64, open: &[&str], accepted: &[&str]) -> Report {
    let template = sample().findings.swap_remove(5);
    let finding = |name: &str, status: FindingStatus| ReportedFinding {
        fingerprint: Fingerprint::new(&Code::ChangedRule, ("cri-a", name), None, []),
        first_seen_ms: None,
        status,
        ..template.clone()
    };
    let mut report = in_sync();
    report.started_ms = day * DAY;
    report
        .findings
        .extend(open.iter().map(|name| finding(name, FindingStatus::Open)));
    report.findings.extend(
        accepted
            .iter()
            .map(|name| finding(name, FindingStatus::Baselined)),
    );
    report
}

/// The same, of which not everything could be read.
pub(super) fn gap(day: i64, outcome: Outcome) -> Report {
    let mut report = result(day, &[], &[]);
    report.verdict.outcome = outcome;
    report
}

pub(super) fn history(reports: impl IntoIterator<Item = Report>) -> History {
    let mut collector = Collector::default();
    for (number, report) in reports.into_iter().enumerate() {
        collector
            .add(&format!("{number}.json"), &format!("{number:064}"), report)
            .expect("each is another");
    }
    collector.finish()
}

pub(super) fn only(reports: impl IntoIterator<Item = Report>) -> EstateHistory {
    let mut estates = history(reports).estates;
    assert_eq!(estates.len(), 1);
    estates.swap_remove(0)
}

pub(super) fn html(history: &History) -> String {
    let mut bytes = Vec::new();
    render(history, Format::Html, PAGE, &mut bytes).expect("memory");
    String::from_utf8(bytes).expect("UTF-8")
}

fn movements(estate: &EstateHistory) -> Vec<Option<(usize, usize, usize)>> {
    let counts = |delta: FindingDelta| (delta.opened, delta.resolved, delta.accepted);
    estate.runs.iter().map(|it| it.delta.map(counts)).collect()
}

#[test]
fn findings_open_and_are_resolved_or_accepted() {
    let estate = only([
        result(0, &["a", "b"], &[]),
        result(1, &["a", "b", "c"], &[]),
        result(3, &["a"], &["b"]),
        result(7, &[], &["b"]),
        result(8, &["a"], &[]),
    ]);
    let expected = [
        None,
        Some((1, 0, 0)),
        Some((0, 1, 1)),
        Some((0, 1, 0)),
        Some((1, 0, 0)),
    ];
    assert_eq!(movements(&estate), expected);
    // "c" took two days and "a" seven; "b" was accepted, which is no repair.
    assert_eq!(
        (estate.resolution.count, estate.resolution.mean_ms()),
        (2, Some(9 * DAY / 2))
    );
    // "a" is back, and no older than that.
    assert_eq!(estate.oldest_age_ms(), Some(0));
}

#[test]
fn an_incomplete_result_resolves_nothing() {
    let without = only([result(0, &["a"], &[]), result(2, &["a"], &[])]);
    let with = only([
        result(0, &["a"], &[]),
        gap(1, Outcome::Incomplete),
        result(2, &["a"], &[]),
        gap(3, Outcome::Failed),
    ]);
    assert_eq!(movements(&with), [None, None, Some((0, 0, 0)), None]);
    assert_eq!(
        (with.resolution, with.oldest_age_ms()),
        (without.resolution, Some(2 * DAY))
    );
    let run = &with.runs[1];
    assert_eq!(
        (run.ages, run.oldest_ms, run.is_complete()),
        (None, None, false)
    );
    assert_eq!(with.newest_complete().map(|it| it.time_ms), Some(2 * DAY));
    assert_eq!(with.newest.verdict.outcome, Outcome::Failed);
    let nothing = only([gap(0, Outcome::Incomplete), gap(1, Outcome::Failed)]);
    assert_eq!(
        (
            nothing.newest_complete(),
            nothing.oldest_age_ms(),
            nothing.resolution.mean_ms()
        ),
        (None, None, None)
    );
    assert!(
        html(&history([
            gap(0, Outcome::Incomplete),
            gap(1, Outcome::Failed)
        ]))
        .contains("unknown")
    );
}

#[test]
fn the_first_time_in_a_result_is_used() {
    let mut dated = result(40, &["a", "b"], &[]);
    dated.findings[0].first_seen_ms = Some(5 * DAY);
    let estate = only([dated, result(41, &["b"], &[])]);
    assert_eq!(estate.runs[0].ages, Some([1, 0, 0, 1, 0]));
    assert_eq!(estate.resolution.mean_ms(), Some(36 * DAY));
    // And a time that lies ahead is not.
    let mut ahead = result(1, &["a"], &[]);
    ahead.findings[0].first_seen_ms = Some(9 * DAY);
    assert_eq!(
        only([ahead, result(2, &["a"], &[])]).oldest_age_ms(),
        Some(DAY)
    );
}

#[test]
fn ages_have_exact_limits() {
    let cases = [
        (-1, Age::Day),
        (0, Age::Day),
        (DAY - 1, Age::Day),
        (DAY, Age::Week),
        (7 * DAY - 1, Age::Week),
        (7 * DAY, Age::Month),
        (30 * DAY - 1, Age::Month),
        (30 * DAY, Age::Older),
        (i64::MAX, Age::Older),
    ];
    for (ms, age) in cases {
        assert_eq!(Age::from_ms(ms), age, "{ms}");
    }
}

#[test]
fn the_order_in_which_results_are_read_does_not_matter() {
    // Two are of the same time: their digests tell which one stands first.
    let reports = [
        result(0, &["a"], &[]),
        result(1, &[], &[]),
        result(1, &["a"], &[]),
        result(2, &[], &[]),
    ];
    let digest = |number: usize| format!("{number:064}");
    let collected = |order: [usize; 4]| {
        let mut collector = Collector::default();
        for number in order {
            collector
                .add("it", &digest(number), reports[number].clone())
                .expect("each is another");
        }
        collector.finish()
    };
    let expected = collected([0, 1, 2, 3]);
    assert_eq!(
        movements(&expected.estates[0]),
        [None, Some((0, 1, 0)), Some((1, 0, 0)), Some((0, 1, 0))]
    );
    for order in [[3, 2, 1, 0], [2, 0, 3, 1], [1, 3, 0, 2]] {
        assert_eq!(collected(order), expected);
    }
}

#[test]
fn a_result_counts_once() {
    let mut collector = Collector::default();
    assert_eq!(collector.add("a.json", "00", in_sync()), Ok(()));
    assert_eq!(
        collector.add("b.json", "00", in_sync()),
        Err("a.json".to_owned())
    );
    assert_eq!(collector.finish().results(), 1);
}

#[test]
fn results_of_another_scope_are_another_estate() {
    let changed = |change: fn(&mut Report)| {
        let mut report = Report {
            estate: None,
            ..in_sync()
        };
        change(&mut report);
        report
    };
    let others = [
        changed(|it| it.files[0].path = "other.yaml".to_owned()),
        changed(|it| it.instances[0].id = "cri-other".to_owned()),
        changed(|it| it.selected = sample().selected),
    ];
    assert_eq!(history(others).estates.len(), 3);
    let same = [
        changed(|it| it.files[0].sha256 = "00".repeat(32)),
        changed(|it| it.instances[0].alias = "renamed".to_owned()),
        changed(|it| it.files.reverse()),
        changed(|it| it.files[0].path = "./rules//deep/../base.yaml".to_owned()),
    ];
    assert_eq!(history(same).estates.len(), 1);
    let name = |name: &str, is_declared| {
        Some(EstateName {
            name: name.to_owned(),
            is_declared,
        })
    };
    let named = [
        changed(|it| it.files[0].path = "other.yaml".to_owned()),
        changed(|it| it.instances[0].id = "cri-other".to_owned()),
    ];
    assert_eq!(
        history(named.clone().map(|report| Report {
            estate: name("shop", true),
            ..report
        }))
        .estates
        .len(),
        1
    );
    assert_eq!(
        history(named.map(|report| Report {
            estate: name("rules", false),
            ..report
        }))
        .estates
        .len(),
        2
    );
}

#[test]
fn a_run_that_failed_early_belongs_to_the_only_estate_it_can_be_of() {
    let unnamed = |report| Report {
        estate: None,
        ..report
    };
    let mut failed = unnamed(gap(9, Outcome::Failed));
    failed.instances.clear();
    let mut other = unnamed(result(0, &[], &[]));
    let estate = only([unnamed(result(0, &[], &[])), failed.clone()]);
    assert_eq!(
        (estate.runs.len(), estate.newest.verdict.outcome),
        (2, Outcome::Failed)
    );
    other.instances[0].id = "cri-other".to_owned();
    assert_eq!(
        history([unnamed(result(0, &[], &[])), other, failed.clone()])
            .estates
            .len(),
        3
    );
    assert_eq!(history([failed]).estates.len(), 1);
}
