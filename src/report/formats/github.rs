//! Annotations for GitHub Actions: workflow commands that its runner reads from the log.
//!
//! The runner shows ten annotations of each type for a step, so the worst are chosen, and one notice says how
//! many more there are; those are lines of a folded group. Beside the log, a step has a file for a summary in
//! Markdown and one for outputs: what belongs into them is made here, and written where the environment is known.

use std::io::{self, Write};

use crate::finding::Severity;
use crate::report::place::path;
use crate::report::{
    Report, ReportedError, ReportedFinding, Summary, findings_worst_first, markdown,
};
use crate::source::{Location, pluralize, sanitize, sanitize_line};

/// The maximum number of annotations of one type shown for a step.
const SHOWN: usize = 10;

/// The maximum length of a step summary in bytes; a longer one is not shown at all.
pub const SUMMARY_LIMIT: usize = 1 << 20;

pub(in crate::report) fn render(report: &Report, to: &mut dyn Write) -> io::Result<()> {
    errors(&report.shown_errors(), to)?;
    let (open, accepted): (Vec<_>, Vec<_>) = findings_worst_first(report)
        .into_iter()
        .partition(|finding| finding.reason_not_counted(report.fail_on).is_none());
    let open = |severity| {
        let findings = open.iter().copied();
        findings.filter(move |finding| finding.severity == severity)
    };
    let count = report.findings.len();
    let annotated: usize = Severity::ALL
        .into_iter()
        .map(|it| open(it).take(shown(it)).count())
        .sum();
    if count > 0 {
        writeln!(
            to,
            "::group::crdrift: {}, {annotated} as annotations",
            pluralize(count, "finding")
        )?;
    }
    for severity in Severity::ALL {
        open(severity)
            .take(shown(severity))
            .try_for_each(|it| annotation(it, to))?;
    }
    let more: usize = Severity::ALL
        .into_iter()
        .map(|it| open(it).skip(shown(it)).count())
        .sum();
    if more > 0 {
        writeln!(
            to,
            "::notice title=crdrift::{}: see the log of this step",
            pluralize(more, "more finding")
        )?;
    }
    for severity in Severity::ALL {
        open(severity)
            .skip(shown(severity))
            .try_for_each(|it| line(it, report, to))?;
    }
    for finding in accepted {
        line(finding, report, to)?;
    }
    if count > 0 {
        writeln!(to, "::endgroup::")?;
    }
    let valid = if report.is_validation() && report.shown_errors().is_empty() {
        "valid: "
    } else {
        ""
    };
    writeln!(
        to,
        "crdrift: {valid}{}",
        sanitize_line(&report.verdict.reason)
    )
}

/// Returns the number of annotations for a severity. One notice is reserved for the number of the others.
const fn shown(severity: Severity) -> usize {
    match severity {
        Severity::Error | Severity::Warning => SHOWN,
        Severity::Info => SHOWN - 1,
    }
}

/// Writes the errors of a failed run: as annotations up to the limit of the runner, then as lines.
fn errors(errors: &[ReportedError], to: &mut dyn Write) -> io::Result<()> {
    let (shown, rest) = errors.split_at_checked(SHOWN).unwrap_or((errors, &[]));
    for error in shown {
        write!(to, "::error ")?;
        place(error.location.as_ref(), to)?;
        let help = error
            .help
            .as_ref()
            .map(|help| format!("\nhelp: {}", sanitize_line(help)))
            .unwrap_or_default();
        let message = format!("{}{help}", sanitize_line(&error.message));
        writeln!(to, "title={}::{}", property(&error.code), data(&message))?;
    }
    if !rest.is_empty() {
        writeln!(
            to,
            "::notice title=crdrift::{}: see the log of this step",
            pluralize(rest.len(), "more error")
        )?;
    }
    for error in rest {
        let place = error
            .location
            .as_ref()
            .map(|it| format!(" ({}:{})", sanitize(&it.file), it.line));
        writeln!(
            to,
            "error {}: {}{}",
            sanitize(&error.code),
            sanitize_line(&error.message),
            place.unwrap_or_default()
        )?;
    }
    Ok(())
}

/// Writes the properties of an annotation for its place.
fn place(location: Option<&Location>, to: &mut dyn Write) -> io::Result<()> {
    let Some(place) = location else { return Ok(()) };
    write!(
        to,
        "file={},line={},endLine={},",
        property(&path(&place.file)),
        place.line,
        place.end_line
    )?;
    // Columns are only taken for what is on one line.
    if place.line == place.end_line {
        write!(to, "col={},endColumn={},", place.column, place.end_column)?;
    }
    Ok(())
}

fn annotation(finding: &ReportedFinding, to: &mut dyn Write) -> io::Result<()> {
    let command = match finding.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "notice",
    };
    write!(to, "::{command} ")?;
    place(finding.location.as_ref(), to)?;
    let title = format!("{}: {}", finding.code, finding.code.title());
    let message = format!(
        "{}\nhelp: {}",
        sanitize_line(&finding.message),
        sanitize_line(&finding.help)
    );
    writeln!(to, "title={}::{}", property(&title), data(&message))
}

fn line(finding: &ReportedFinding, report: &Report, to: &mut dyn Write) -> io::Result<()> {
    let accepted = finding
        .reason_not_counted(report.fail_on)
        .map(|it| format!(" [{}]", sanitize_line(&it)))
        .unwrap_or_default();
    let place = finding
        .location
        .as_ref()
        .map(|it| format!(" ({}:{})", sanitize(&it.file), it.line));
    let (severity, message) = (finding.severity.as_str(), sanitize_line(&finding.message));
    writeln!(
        to,
        "{severity} {}: {message}{accepted}{}",
        finding.code,
        place.unwrap_or_default()
    )
}

/// Returns a message with the escapes that the runner decodes.
fn data(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

/// Returns the value of a property with the escapes that the runner decodes.
fn property(text: &str) -> String {
    data(&sanitize(text))
        .replace(':', "%3A")
        .replace(',', "%2C")
}

/// Writes the step summary in at most `room` bytes; nothing where not even the verdict fits.
///
/// # Errors
///
/// The error of the writer.
pub fn summary(report: &Report, room: usize, to: &mut dyn Write) -> io::Result<()> {
    let mut comment = Vec::new();
    markdown::render(report, room, false, &mut comment)?;
    if comment.len() > room {
        Ok(())
    } else {
        to.write_all(&comment)
    }
}

/// Writes the outputs of a step: `name=value`, a line each. A number that would be 0 only because something was not read has no
/// value.
///
/// # Errors
///
/// The error of the writer.
pub fn outputs(report: &Report, to: &mut dyn Write) -> io::Result<()> {
    let Summary {
        in_sync,
        missing,
        changed,
        renamed,
        unmanaged,
        ignored,
        unverified,
        open,
        waived,
        baselined,
    } = report.summary;
    let outcome = report.verdict.outcome;
    writeln!(
        to,
        "outcome={}\nexit_code={}",
        outcome.as_str(),
        report.verdict.exit_code
    )?;
    writeln!(to, "exit_reason={}", sanitize_line(&report.verdict.reason))?;
    let numbers = [
        ("in_sync", in_sync),
        ("missing", missing),
        ("changed", changed),
        ("renamed", renamed),
        ("unmanaged", unmanaged),
        ("ignored", ignored),
        ("unverified", unverified),
        ("findings_open", open),
        ("findings_waived", waived),
        ("findings_baselined", baselined),
    ];
    for (name, number) in numbers {
        // Only where everything was read does 0 say that there is none.
        let known = number > 0 || outcome.is_complete();
        writeln!(
            to,
            "{name}={}",
            if known {
                number.to_string()
            } else {
                String::new()
            }
        )?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{outputs, summary};
    use crate::finding::Severity;
    use crate::report::sample::{drawn, hostile_texts, in_sync, sample, sample_with};
    use crate::report::{Format, Options, Report};

    fn log(report: &Report) -> String {
        drawn(report, Format::Github, Options::default())
    }

    #[test]
    fn the_annotations_of_the_sample() {
        insta::assert_snapshot!(log(&sample()));
        insta::assert_snapshot!("in_sync", log(&in_sync()));
    }

    #[test]
    fn the_worst_are_shown_and_the_others_counted() {
        let mut report = sample();
        report.findings = std::iter::repeat_n(report.findings, 30).flatten().collect();
        let log = log(&report);
        let of = |command: &str| log.lines().filter(|line| line.starts_with(command)).count();
        assert_eq!(
            [of("::error "), of("::warning "), of("::notice ")],
            [10, 10, 10]
        );
        assert!(
            log.contains("::notice title=crdrift::181 more findings"),
            "{log}"
        );
        let lines = log
            .lines()
            .filter(|line| Severity::ALL.iter().any(|it| line.starts_with(it.as_str())));
        assert_eq!(lines.count(), 241);
    }

    #[test]
    fn annotations_are_in_the_order_of_the_plan() {
        let mut report = sample();
        report.findings.reverse();
        let log = log(&report);
        let titles = log.lines().filter(|line| line.starts_with("::error "));
        let titles: Vec<_> = titles
            .filter_map(|line| line.split_once("title=")?.1.split_once("%3A"))
            .map(|(code, _)| code)
            .collect();
        assert_eq!(
            titles,
            [
                "live/incomplete-read",
                "guard/mass-change",
                "drift/changed-rule",
                "drift/missing-rule",
                "drift/renamed-rule"
            ]
        );
    }

    #[test]
    fn live_values_are_no_workflow_commands() {
        let decoded = |text: &str| {
            let text = text
                .replace("%3A", ":")
                .replace("%2C", ",")
                .replace("%0A", "\n")
                .replace("%0D", "\r");
            text.replace("%25", "%")
        };
        let plain = log(&sample_with("x")).lines().count();
        for text in hostile_texts() {
            let log = log(&sample_with(&text));
            assert_eq!(log.lines().count(), plain, "{text:?}");
            for line in log.lines() {
                assert!(
                    !line.chars().any(char::is_control) && !line.contains("##["),
                    "{line}"
                );
                let Some(rest) = line.strip_prefix("::") else {
                    continue;
                };
                let (command, message) = rest.split_once("::").expect("two colons end a command");
                if matches!(command, "group" | "endgroup") {
                    continue;
                }
                let (name, properties) = command.split_once(' ').expect("properties");
                assert!(matches!(name, "error" | "warning" | "notice"), "{line}");
                for property in properties.split(',') {
                    let (key, value) = property.split_once('=').expect("a value");
                    assert!(
                        ["file", "line", "endLine", "col", "endColumn", "title"].contains(&key),
                        "{line}"
                    );
                    assert!(!value.contains("::") && !value.is_empty(), "{line}");
                }
                assert!(
                    name == "notice" || decoded(message).contains("\nhelp: "),
                    "{line}"
                );
            }
        }
    }

    #[test]
    fn outputs_are_lines_and_the_summary_fits() {
        for text in hostile_texts() {
            let mut report = sample_with(&text);
            report.verdict.reason = text.as_str().into();
            let mut lines = Vec::new();
            outputs(&report, &mut lines).expect("memory");
            let lines = String::from_utf8(lines).expect("UTF-8");
            assert_eq!(
                lines.lines().filter(|line| line.contains('=')).count(),
                13,
                "{lines}"
            );
            let mut comment = Vec::new();
            summary(&report, 10_000, &mut comment).expect("memory");
            assert!(comment.len() <= 10_000);
        }
    }
}
