use quick_junit::{NonSuccessKind, TestCaseStatus};

use crate::finding::Severity;
use crate::report::sample::{drawn, hostile_texts, in_sync, sample, sample_with};
use crate::report::{Format, Options, Outcome, Report};

fn xml(report: &Report) -> String {
    drawn(report, Format::Junit, Options::default())
}

fn parsed(report: &Report) -> quick_junit::Report {
    // This reader wants the zone that the schemas of others forbid.
    let text = xml(report).replace("T06:00:00\"", "T06:00:00Z\"");
    quick_junit::Report::deserialize_from_str(&text)
        .unwrap_or_else(|error| panic!("{error}: {text}"))
}

fn count(report: &quick_junit::Report, of: impl Fn(&TestCaseStatus) -> bool) -> usize {
    report
        .test_suites
        .iter()
        .flat_map(|it| &it.test_cases)
        .filter(|it| of(&it.status))
        .count()
}

#[test]
fn the_tests_of_the_sample() {
    insta::assert_snapshot!("sample", xml(&sample()));
    insta::assert_snapshot!("in_sync", xml(&in_sync()));
}

#[test]
fn the_counts_add_up() {
    for report in [
        sample(),
        in_sync(),
        Report {
            fail_on: Severity::Info,
            ..sample()
        },
    ] {
        let parsed = parsed(&report);
        let failed = |kind| {
            count(
                &parsed,
                |it| matches!(it, TestCaseStatus::NonSuccess { kind: it, .. } if *it == kind),
            )
        };
        assert_eq!(parsed.tests, count(&parsed, |_| true));
        assert_eq!(parsed.failures, failed(NonSuccessKind::Failure));
        assert_eq!(parsed.errors, failed(NonSuccessKind::Error));
        let skipped: usize = parsed.test_suites.iter().map(|it| it.skipped).sum();
        assert_eq!(
            skipped,
            count(&parsed, |it| matches!(it, TestCaseStatus::Skipped { .. }))
        );
    }
}

#[test]
fn a_run_that_failed_is_an_error() {
    let mut report = Report {
        instances: Vec::new(),
        ..in_sync()
    };
    report.in_sync.clear();
    report.verdict.outcome = Outcome::Failed;
    let parsed = parsed(&report);
    assert_eq!(
        (parsed.test_suites.len(), parsed.tests, parsed.errors),
        (1, 1, 1)
    );
}

#[test]
fn live_values_are_not_markup() {
    let plain = count(&parsed(&sample_with("x")), |_| true);
    for text in hostile_texts() {
        let parsed = parsed(&sample_with(&text));
        assert_eq!(count(&parsed, |_| true), plain, "{text:?}");
    }
}
