use crate::finding::Code;
use crate::report::sample::{drawn, hostile_texts, in_sync, sample, sample_with};
use crate::report::{FindingStatus, Format, Options, Report, ReportedFinding, Style};

#[test]
fn the_plan_of_the_sample() {
    insta::assert_snapshot!("blocks", drawn(&sample(), Format::Text, Options::default()));
    let options = Options {
        compact: true,
        ..Options::default()
    };
    insta::assert_snapshot!("lines", drawn(&sample(), Format::Text, options));
    insta::assert_snapshot!("in_sync", drawn(&in_sync(), Format::Text, options));
}

/// A report with many of everything that a plan lists beside its changes.
fn large_report() -> Report {
    let mut report = sample();
    let repeat = |count: usize| 0..count;
    let finding = report.findings[0].clone();
    let codes = [Code::SyncLoop, Code::FanIn, Code::Overlap, Code::LongChain];
    for code in codes
        .into_iter()
        .chain(report.findings.clone().into_iter().map(|it| it.code))
    {
        report.findings.extend(repeat(70).map(|_| ReportedFinding {
            code: code.clone(),
            status: FindingStatus::Open,
            message: "many words ".repeat(60).into(),
            ..finding.clone()
        }));
    }
    let waived = report.findings.iter();
    let waived = waived.filter(|it| matches!(it.status, FindingStatus::Waived(_)));
    let waived: Vec<_> = waived.cloned().collect();
    report
        .findings
        .extend(repeat(50).flat_map(|_| waived.clone()));
    let instances = report.instances.clone();
    report
        .instances
        .extend(repeat(50).flat_map(|_| instances.clone()));
    if let (Some(baseline), Some(base), Some(expectation)) = (
        &mut report.baseline,
        &mut report.base,
        &mut report.expectation,
    ) {
        let accepted = baseline.resolved[0].clone();
        for list in [
            &mut baseline.resolved,
            &mut expectation.unexpected,
            &mut expectation.missing,
        ] {
            list.extend(repeat(50).map(|_| accepted.clone()));
        }
        let resolved = base.resolved[0].clone();
        base.resolved.extend(repeat(50).map(|_| resolved.clone()));
    }
    report
}

#[test]
fn a_plan_is_bounded_beside_its_changes() {
    let report = large_report();
    for compact in [false, true] {
        let options = Options {
            compact,
            ..Options::default()
        };
        let text = drawn(&report, Format::Text, options);
        let mut alone = report.clone();
        alone.changes.clear();
        let beside = drawn(&alone, Format::Text, options);
        // The legend and the note about copies are there with changes only.
        assert!(beside.lines().count() <= 60 - 9, "{beside}");
        for line in text.lines() {
            assert!(line.chars().count() <= 200, "{line}");
        }
        let all = Options {
            all: true,
            ..options
        };
        assert!(drawn(&report, Format::Text, all).lines().count() > 500);
    }
}

#[test]
fn live_values_are_no_commands_of_a_terminal_or_runner() {
    for (text, compact) in hostile_texts()
        .iter()
        .flat_map(|text| [(text, true), (text, false)])
    {
        let plain = drawn(
            &sample_with(text),
            Format::Text,
            Options {
                compact,
                ..Options::default()
            },
        );
        assert!(
            plain.chars().all(|it| it == '\n' || !it.is_control()),
            "{text:?}: {plain:?}"
        );
        assert!(
            plain
                .lines()
                .all(|line| !line.trim_start().starts_with("::") && !line.contains("##[")),
            "{plain}"
        );
        let style = Style {
            color: true,
            ..Style::default()
        };
        let colored = drawn(
            &sample_with(text),
            Format::Text,
            Options {
                style,
                compact,
                ..Options::default()
            },
        );
        let escapes = colored.split('\u{1b}').skip(1);
        assert!(
            escapes
                .into_iter()
                .all(|it| it.starts_with('[') && it.contains('m')),
            "{text:?}: {colored:?}"
        );
    }
}

#[test]
fn no_finding_of_a_list_loses_its_end() {
    let mut report = sample();
    let finding = report.findings.swap_remove(0);
    let message = |end: &str| format!("{}comes from {end}", "i0/team/app and ".repeat(15));
    report.findings = ["i1/first/source", "i2/second/source"]
        .map(|end| ReportedFinding {
            code: Code::FanIn,
            status: FindingStatus::Open,
            message: message(end).into(),
            ..finding.clone()
        })
        .into();
    for compact in [false, true] {
        let options = Options {
            compact,
            ..Options::default()
        };
        let plan = drawn(&report, Format::Text, options);
        for end in ["i1/first/source", "i2/second/source"] {
            assert!(plan.contains(end), "{end}: {plan}");
        }
        assert!(plan.lines().all(|line| line.chars().count() <= 200));
    }
}
