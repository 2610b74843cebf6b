//! The text of the checks: a line for each.

use std::io::{self, Write};

use super::DoctorReport;
use super::check::{CheckStatus, DoctorCheck};
use crate::finding::Severity;
use crate::report::Style;
use crate::source::{pad_to_width, sanitize, sanitize_line, width};

pub(super) fn render(report: &DoctorReport, style: Style, to: &mut dyn Write) -> io::Result<()> {
    let widest = |column: fn(&DoctorCheck) -> &str| {
        let cells = report.checks.iter().map(column);
        cells.map(|cell| width(&sanitize(cell))).max()
    };
    let topics = widest(|check| check.topic).unwrap_or_default();
    let subjects = widest(|check| &check.subject).unwrap_or_default();
    for check in &report.checks {
        let paint = match check.status {
            CheckStatus::Ok => style.good(),
            CheckStatus::Warn => style.severity(Severity::Warning),
            CheckStatus::Fail => style.severity(Severity::Error),
        };
        let (topic, subject) = (
            pad_to_width(check.topic, topics),
            pad_to_width(&sanitize(&check.subject), subjects),
        );
        let status = check.status.as_str();
        writeln!(
            to,
            "{paint}{status:4}{paint:#}  {topic}  {subject}  {}",
            sanitize_line(&check.message)
        )?;
        if let Some(help) = &check.help {
            writeln!(to, "      help: {}", sanitize_line(help))?;
        }
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
