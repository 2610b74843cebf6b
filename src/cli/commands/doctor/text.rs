//! The text of the checks: a row for each, or a record where a row does not fit.

use std::io::{self, Write};

use super::DoctorReport;
use super::check::{CheckStatus, DoctorCheck};
use crate::finding::Severity;
use crate::report::Style;
use crate::source::{pad_to_width, sanitize, sanitize_line, width};

/// The width of the first column, with the space behind it.
const STATUS_COLUMNS: usize = 6;

/// The columns between two others.
const GAP: usize = 2;

pub(super) fn render(report: &DoctorReport, style: Style, to: &mut dyn Write) -> io::Result<()> {
    let widths = ColumnWidths::new(&report.checks);
    let before_message = STATUS_COLUMNS + widths.topic + GAP + widths.subject + GAP;
    let widest = before_message + widths.message;
    let is_table = style.columns.is_none_or(|columns| widest <= columns);
    for check in &report.checks {
        write_check(check, is_table.then_some(&widths), style, to)?;
    }
    for grant in &report.grants {
        let identity = sanitize_line(&grant.identity);
        writeln!(
            to,
            "\nThe smallest RAM policy that suffices for {identity} credentials:\n"
        )?;
        crate::source::write_pretty(to, &grant.policy)?;
        writeln!(to)?;
    }
    Ok(())
}

/// The widths of the columns of a table.
struct ColumnWidths {
    topic: usize,
    subject: usize,
    message: usize,
}

impl ColumnWidths {
    fn new(checks: &[DoctorCheck]) -> Self {
        let widest = |text: fn(&DoctorCheck) -> &str| {
            let widths = checks
                .iter()
                .map(|check| width(&sanitize_line(text(check))));
            widths.max().unwrap_or_default()
        };
        Self {
            topic: widest(|check| check.topic),
            subject: widest(|check| &check.subject),
            message: widest(message),
        }
    }
}

/// The summary of a check whose parts are the sources of credentials that were tried.
const NO_CREDENTIALS: &str = "no credentials are configured";

/// Returns the message of a check; its summary, if its parts follow.
fn message(check: &DoctorCheck) -> &str {
    if check.parts.is_empty() {
        &check.message
    } else {
        NO_CREDENTIALS
    }
}

/// Writes a check as a row of a table, or as a record.
fn write_check(
    check: &DoctorCheck,
    table: Option<&ColumnWidths>,
    style: Style,
    to: &mut dyn Write,
) -> io::Result<()> {
    let paint = match check.status {
        CheckStatus::Ok => style.good(),
        CheckStatus::Warn => style.severity(Severity::Warning),
        CheckStatus::Fail => style.severity(Severity::Error),
    };
    let (status, subject) = (check.status.as_str(), sanitize(&check.subject));
    let message = sanitize_line(message(check));
    if let Some(widths) = table {
        let topic = pad_to_width(check.topic, widths.topic);
        let subject = pad_to_width(&subject, widths.subject);
        writeln!(
            to,
            "{paint}{status:4}{paint:#}  {topic}  {subject}  {message}"
        )?;
    } else {
        let topic = check.topic;
        writeln!(to, "{paint}{status:4}{paint:#}  {topic}  {subject}")?;
        writeln!(to, "      {message}")?;
    }
    for part in &check.parts {
        writeln!(to, "      tried: {}", sanitize_line(part))?;
    }
    if let Some(help) = &check.help {
        writeln!(to, "      help: {}", sanitize_line(help))?;
    }
    Ok(())
}
