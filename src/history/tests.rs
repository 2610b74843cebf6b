use std::collections::BTreeSet;

use proptest::prelude::*;

use super::{Age, Collector, Delta, Estate, Format, History, RecordedRun, render};
use crate::finding::{Code, Fingerprint};
use crate::i18n::Language;
use crate::report::sample::{drawn, hostile_texts, in_sync, sample, sample_with};
use crate::report::{
    Digest, EstateName, FindingStatus, Mask, Options, Outcome, Report, ReportedFinding,
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

pub(super) fn only(reports: impl IntoIterator<Item = Report>) -> Estate {
    let mut estates = history(reports).estates;
    assert_eq!(estates.len(), 1);
    estates.swap_remove(0)
}

pub(super) fn html(history: &History) -> String {
    let mut bytes = Vec::new();
    render(history, Format::Html, Language::English, None, &mut bytes).expect("memory");
    String::from_utf8(bytes).expect("UTF-8")
}

fn movements(estate: &Estate) -> Vec<Option<(usize, usize, usize)>> {
    let told = |it: Delta| (it.opened, it.resolved, it.accepted);
    estate.runs.iter().map(|it| it.delta.map(told)).collect()
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
fn what_is_not_whole_proves_nothing() {
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
        (run.ages, run.oldest_ms, run.is_whole()),
        (None, None, false)
    );
    assert_eq!(with.newest_whole().map(|it| it.time_ms), Some(2 * DAY));
    assert_eq!(with.newest.verdict.outcome, Outcome::Failed);
    let nothing = only([gap(0, Outcome::Incomplete), gap(1, Outcome::Failed)]);
    assert_eq!(
        (
            nothing.newest_whole(),
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
fn what_a_result_says_of_the_past_is_believed() {
    let mut told = result(40, &["a", "b"], &[]);
    told.findings[0].first_seen_ms = Some(5 * DAY);
    let estate = only([told, result(41, &["b"], &[])]);
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
fn ages_begin_where_they_say() {
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
fn what_was_looked_at_makes_an_estate() {
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
        history(named.clone().map(|it| Report {
            estate: name("shop", true),
            ..it
        }))
        .estates
        .len(),
        1
    );
    assert_eq!(
        history(named.map(|it| Report {
            estate: name("rules", false),
            ..it
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

#[test]
fn a_single_result_is_its_compliance_report() {
    let drawn = |format| drawn(&sample(), format, Options::default());
    let document = Digest::hash(drawn(crate::report::Format::Json).as_bytes());
    let mut collector = Collector::default();
    collector
        .add("result.json", &document.to_string(), sample())
        .expect("the first");
    assert!(html(&collector.finish()) == drawn(crate::report::Format::Html));
}

#[test]
fn the_page_of_a_series() {
    let page = html(&history([
        result(20_400, &["a"], &[]),
        gap(20_401, Outcome::Incomplete),
        result(20_402, &["a", "b"], &[]),
    ]));
    insta::assert_snapshot!(
        page.split_once("<main")
            .expect("a main part")
            .1
            .split_once("<script>")
            .expect("its end")
            .0
    );
}

#[test]
fn no_value_becomes_markup_or_a_second_id() {
    let page = |text: &str| {
        let mut other = sample_with(text);
        other.files[0].path = text.to_owned();
        let mut later = sample_with(text);
        later.started_ms += DAY;
        html(&history([sample_with(text), later, other]))
    };
    // Names that are the same are one place of the picture, so that counting tags would say nothing.
    let tags = |page: &str| -> BTreeSet<String> {
        let (body, _) = page.split_once("<script>").expect("its end");
        body.split('<')
            .skip(1)
            .filter_map(|it| it.split([' ', '>', '/', '\n']).next())
            .map(str::to_owned)
            .collect()
    };
    let known = tags(&page("x"));
    for text in hostile_texts() {
        let page = page(&text);
        assert!(tags(&page).is_subset(&known), "{text:?}");
        assert!(
            page.chars().all(|it| !it.is_control() || it == '\n'),
            "{text:?}"
        );
        let ids: Vec<_> = page
            .split(" id=\"")
            .skip(1)
            .filter_map(|it| it.split('"').next())
            .collect();
        assert_eq!(
            ids.iter().collect::<BTreeSet<_>>().len(),
            ids.len(),
            "{ids:?}"
        );
        for link in page
            .split(" href=\"#")
            .skip(1)
            .filter_map(|it| it.split('"').next())
        {
            assert!(ids.contains(&link), "{link}");
        }
        for labels in page
            .split("aria-labelledby=\"")
            .skip(1)
            .filter_map(|it| it.split('"').next())
        {
            assert!(
                labels.split(' ').all(|label| ids.contains(&label)),
                "{labels}"
            );
        }
    }
}

#[test]
fn no_format_shows_a_masked_id() {
    let masked = history([sample(), in_sync()]).masked(&Mask::default());
    for format in [Format::Html, Format::Csv, Format::Json] {
        let mut bytes = Vec::new();
        render(&masked, format, Language::English, None, &mut bytes).expect("memory");
        let text = String::from_utf8(bytes).expect("UTF-8");
        assert!(
            !text.contains("cri-shanghai00000001") && !text.contains("1234567890123456"),
            "{text}"
        );
    }
}

#[test]
fn no_cell_calculates() {
    for text in hostile_texts() {
        let mut report = sample_with(&text);
        report.verdict.reason.clone_from(&text);
        report.files[0].path.clone_from(&text);
        let mut bytes = Vec::new();
        render(
            &history([report]),
            Format::Csv,
            Language::English,
            None,
            &mut bytes,
        )
        .expect("memory");
        let mut table = csv::ReaderBuilder::new()
            .has_headers(false)
            .from_reader(bytes.as_slice());
        let rows: Vec<_> = table
            .records()
            .map(|row| row.expect("as many cells as columns"))
            .collect();
        assert_eq!(rows.len(), 2, "{text:?}");
        let cells = || rows.iter().flatten();
        assert!(
            cells().all(|it| !it.starts_with(['=', '+', '-', '@', '\t', '\r', '\n'])),
            "{text:?}"
        );
    }
}

/// The result of a day: the open names and the accepted ones, or `None` where incomplete.
type Day = Option<(BTreeSet<u8>, BTreeSet<u8>)>;

fn days() -> impl Strategy<Value = Vec<Day>> {
    let names = || proptest::collection::btree_set(0_u8..8, 0..6);
    proptest::collection::vec(proptest::option::weighted(0.8, (names(), names())), 0..12)
}

fn series(days: &[Day]) -> Vec<Report> {
    let report = |(day, it): (i64, &Day)| {
        let Some((open, accepted)) = it else {
            return gap(day, Outcome::Incomplete);
        };
        let names = |it: BTreeSet<u8>| it.iter().map(u8::to_string).collect::<Vec<_>>();
        let (open, accepted) = (names(open.clone()), names(accepted - open));
        let open: Vec<_> = open.iter().map(String::as_str).collect();
        let accepted: Vec<_> = accepted.iter().map(String::as_str).collect();
        result(day, &open, &accepted)
    };
    (0..).zip(days).map(report).collect()
}

proptest! {
    /// What is open now is what was open before, more what opened, less what was resolved and what was accepted; and
    /// every open finding has one age.
    #[test]
    fn the_books_balance(days in days()) {
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
            if let (Some(before), Some(it)) = (before, run.delta) {
                prop_assert_eq!(open.len() + it.resolved + it.accepted, before + it.opened);
                resolved += it.resolved;
            }
            before = Some(open.len());
        }
        prop_assert_eq!(estates.iter().map(|it| it.resolution.count).sum::<usize>(), resolved);
    }

    /// Without its gaps a series says the same of everything else.
    #[test]
    fn gaps_change_nothing_beside_them(days in days()) {
        let all = series(&days);
        let whole: Vec<_> = all.iter().filter(|it| it.verdict.outcome != Outcome::Incomplete).cloned().collect();
        let told = |history: History| -> Vec<_> {
            let runs = history.estates.into_iter().flat_map(|it| it.runs).filter(RecordedRun::is_whole);
            runs.map(|it| (it.time_ms, it.delta, it.ages, it.oldest_ms)).collect()
        };
        prop_assert_eq!(told(history(all)), told(history(whole)));
    }
}
