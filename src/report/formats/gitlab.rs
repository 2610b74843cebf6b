//! GitLab's Code Quality report: an array of problems, each at a line of a file.
//!
//! GitLab reads `description`, `check_name`, `fingerprint`, `severity` and `location`, and shows problems of equal
//! fingerprints once. It knows no accepted problems: these are marked, at its lowest severity.

use std::io::{self, Write};

use serde::Serialize;

use crate::finding::Severity;
use crate::report::place::{
    OccurrenceCounter, default_place, error_fingerprint, finding_place, path,
};
use crate::report::{Report, ReportedError, ReportedFinding, findings_worst_first};
use crate::source::{sanitize_line, write_pretty};

#[derive(Serialize)]
struct Violation<'a> {
    description: String,
    check_name: &'a str,
    fingerprint: String,
    severity: &'a str,
    location: ViolationLocation,
}

#[derive(Serialize)]
struct ViolationLocation {
    path: String,
    lines: ViolationLines,
}

#[derive(Serialize)]
struct ViolationLines {
    begin: u32,
    end: u32,
}

pub(in crate::report) fn render(report: &Report, to: &mut dyn Write) -> io::Result<()> {
    let mut occurrences = OccurrenceCounter::default();
    let problems = findings_worst_first(report)
        .into_iter()
        .map(|finding| problem(finding, occurrences.next(finding.fingerprint), report));
    let errors = report.shown_errors();
    let errors = errors.iter().map(|error| failure(error, report));
    write_pretty(to, &errors.chain(problems).collect::<Vec<_>>())?;
    writeln!(to)
}

fn failure<'a>(error: &'a ReportedError, report: &Report) -> Violation<'a> {
    let place = error
        .location
        .clone()
        .unwrap_or_else(|| default_place(report));
    Violation {
        description: sanitize_line(&error.message).into_owned(),
        check_name: &error.code,
        fingerprint: error_fingerprint(error),
        severity: "blocker",
        location: ViolationLocation {
            path: path(&place.file),
            lines: ViolationLines {
                begin: place.line,
                end: place.end_line,
            },
        },
    }
}

fn problem<'a>(finding: &'a ReportedFinding, ordinal: u32, report: &Report) -> Violation<'a> {
    let accepted = finding.reason_not_counted(report.fail_on);
    let note = accepted
        .as_ref()
        .map(|it| format!("[{}] ", sanitize_line(it)))
        .unwrap_or_default();
    let place = finding_place(finding, report);
    Violation {
        description: format!("{note}{}", sanitize_line(&finding.message)),
        check_name: finding.code.as_str(),
        fingerprint: match ordinal {
            1 => finding.fingerprint.to_string(),
            more => format!("{}-{more}", finding.fingerprint),
        },
        severity: match finding.severity {
            _ if accepted.is_some() => "info",
            Severity::Error => "major",
            Severity::Warning => "minor",
            Severity::Info => "info",
        },
        location: ViolationLocation {
            path: path(&place.file),
            lines: ViolationLines {
                begin: place.line,
                end: place.end_line,
            },
        },
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use crate::report::sample::{drawn, hostile_texts, in_sync, sample, sample_with};
    use crate::report::{Format, Options, Report};

    fn problems(report: &Report) -> Vec<serde_json::Value> {
        serde_json::from_str(&drawn(report, Format::Gitlab, Options::default())).expect("an array")
    }

    #[test]
    fn the_problems_of_the_sample() {
        insta::assert_snapshot!(drawn(&sample(), Format::Gitlab, Options::default()));
        assert_eq!(
            drawn(&in_sync(), Format::Gitlab, Options::default()),
            "[]\n"
        );
    }

    #[test]
    fn every_finding_is_a_problem_of_its_own() {
        let mut report = sample();
        report.findings.extend(report.findings.clone());
        let problems = problems(&report);
        let fingerprints: BTreeSet<_> = problems
            .iter()
            .map(|it| it["fingerprint"].to_string())
            .collect();
        assert_eq!((problems.len(), fingerprints.len()), (18, 18));
    }

    #[test]
    fn descriptions_are_lines() {
        for text in hostile_texts() {
            for problem in problems(&sample_with(&text)) {
                let description = problem["description"].as_str().expect("text");
                assert!(
                    !description.is_empty() && !description.chars().any(char::is_control),
                    "{description:?}"
                );
            }
        }
    }
}
