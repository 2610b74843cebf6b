//! The accepted findings: each waived one, and the numbers of those of a baseline or of a reviewed result.

use std::collections::BTreeMap;
use std::io::{self, Write};

use super::Style;
use crate::report::{
    AppliedBaseline, AppliedWaiver, ComparedExpectation, FindingStatus, Report, ReportedFinding,
};
use crate::source::{pluralize, pronoun, sanitize, sanitize_line};
use crate::waiver::Accepted;

/// Writes the accepted findings, at most `listed` of each kind.
pub(super) fn render(
    report: &Report,
    listed: usize,
    style: Style,
    to: &mut dyn Write,
) -> io::Result<()> {
    let mut waived = 0;
    for finding in &report.findings {
        if let FindingStatus::Waived(waiver) = &finding.status {
            waived += 1;
            if waived <= listed {
                write_waived(finding, waiver, style, to)?;
            }
        }
    }
    if waived > listed {
        let more = waived - listed;
        writeln!(to, "{more} more waived (--all shows {})\n", pronoun(more))?;
    }
    if let Some(baseline) = &report.baseline {
        write_baselined(report, baseline, style, to)?;
        write_resolved(baseline, listed, style, to)?;
    }
    match &report.expectation {
        Some(expectation) => write_expectation(expectation, listed, style, to),
        None => Ok(()),
    }
}

fn write_waived(
    finding: &ReportedFinding,
    waiver: &AppliedWaiver,
    style: Style,
    to: &mut dyn Write,
) -> io::Result<()> {
    let AppliedWaiver {
        reason,
        owner,
        expires,
        ticket,
        location,
    } = waiver;
    let faint = style.faint();
    let instance = finding
        .instance
        .as_deref()
        .map(|it| format!(" on {}", sanitize(it)))
        .unwrap_or_default();
    writeln!(
        to,
        "{faint}waived{faint:#} {}{instance}: {}",
        finding.code,
        sanitize_line(&finding.message)
    )?;
    let ticket = ticket
        .as_deref()
        .map(|it| format!(", {}", sanitize(it)))
        .unwrap_or_default();
    let place = location
        .as_ref()
        .map(|it| format!(" ({}:{})", sanitize(&it.file), it.line))
        .unwrap_or_default();
    writeln!(
        to,
        "  by {} until {expires}{ticket}{place}: {}\n",
        sanitize(owner),
        sanitize_line(reason)
    )
}

/// Writes the numbers of the findings that a baseline accepts, by code.
fn write_baselined(
    report: &Report,
    baseline: &AppliedBaseline,
    style: Style,
    to: &mut dyn Write,
) -> io::Result<()> {
    let mut codes: BTreeMap<&str, usize> = BTreeMap::new();
    for finding in report
        .findings
        .iter()
        .filter(|it| it.status == FindingStatus::Baselined)
    {
        *codes.entry(finding.code.as_str()).or_default() += 1;
    }
    if codes.is_empty() {
        return Ok(());
    }
    let codes: Vec<_> = codes
        .into_iter()
        .map(|(code, count)| format!("{count} {code}"))
        .collect();
    let (faint, date) = (style.faint(), &baseline.date);
    let count = pluralize(report.summary.baselined, "finding");
    writeln!(
        to,
        "{faint}baselined{faint:#} {count} by the baseline of {date}: {}\n",
        codes.join(", ")
    )
}

/// Writes the findings of a baseline that are no longer reported.
fn write_resolved(
    baseline: &AppliedBaseline,
    listed: usize,
    style: Style,
    to: &mut dyn Write,
) -> io::Result<()> {
    let AppliedBaseline { date, resolved } = baseline;
    if resolved.is_empty() {
        return Ok(());
    }
    let faint = style.faint();
    let count = pluralize(resolved.len(), "finding");
    writeln!(
        to,
        "{faint}resolved:{faint:#} {count} of the baseline of {date} no longer reported; regenerate the baseline to drop them:"
    )?;
    write_list(resolved, listed, to)
}

/// Writes the comparison of the drift with a reviewed result.
fn write_expectation(
    expectation: &ComparedExpectation,
    listed: usize,
    style: Style,
    to: &mut dyn Write,
) -> io::Result<()> {
    let ComparedExpectation {
        name,
        expected,
        unexpected,
        missing,
    } = expectation;
    let faint = style.faint();
    writeln!(
        to,
        "{faint}expected{faint:#} {} listed in {}\n",
        pluralize(*expected, "finding"),
        sanitize(name)
    )?;
    let bad = style.bad();
    for (word, findings, why) in [
        ("unexpected", unexpected, "not listed there"),
        ("missing", missing, "listed there, but not found"),
    ] {
        if !findings.is_empty() {
            writeln!(
                to,
                "{bad}{word}{bad:#} {} {why}:",
                pluralize(findings.len(), "finding")
            )?;
            write_list(findings, listed, to)?;
        }
    }
    Ok(())
}

fn write_list(findings: &[Accepted], listed: usize, to: &mut dyn Write) -> io::Result<()> {
    for finding in findings.iter().take(listed) {
        writeln!(to, "  {}", accepted_line(finding))?;
    }
    if findings.len() > listed {
        let more = findings.len() - listed;
        writeln!(to, "  {more} more (--all shows {})", pronoun(more))?;
    }
    writeln!(to)
}

/// Returns a finding of a baseline as a line that is safe for a terminal.
#[must_use]
pub fn accepted_line(accepted: &Accepted) -> String {
    let Accepted {
        instance,
        rule,
        code,
        field,
        fingerprint: _,
        rule_id: _,
    } = accepted;
    let word = |text: &Option<String>| {
        text.as_deref()
            .map(|it| format!(" {}", sanitize(it)))
            .unwrap_or_default()
    };
    let rule = rule
        .as_deref()
        .map(|it| format!(" \"{}\"", sanitize(it)))
        .unwrap_or_default();
    format!("{}{}{rule}{}", sanitize(code), word(instance), word(field))
}
