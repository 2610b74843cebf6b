//! The checks for people: a line each.

use std::io::{self, Write};

use super::Findings;
use super::check::{Check, Status};
use crate::finding::Severity;
use crate::report::Style;
use crate::source::{pad_to_width, sanitize, sanitize_line, width};

pub(super) fn render(findings: &Findings, style: Style, to: &mut dyn Write) -> io::Result<()> {
    let widest = |of: fn(&Check) -> &str| {
        findings
            .checks
            .iter()
            .map(|it| width(&sanitize(of(it))))
            .max()
    };
    let topics = widest(|check| check.topic).unwrap_or_default();
    let subjects = widest(|check| &check.subject).unwrap_or_default();
    for check in &findings.checks {
        let paint = match check.status {
            Status::Ok => style.good(),
            Status::Warn => style.severity(Severity::Warning),
            Status::Fail => style.severity(Severity::Error),
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
    for grant in &findings.grants {
        let identity = sanitize_line(&grant.identity);
        writeln!(
            to,
            "\nThe smallest RAM policy that is enough, for {identity} credentials:\n"
        )?;
        crate::source::write_pretty(to, &grant.policy)?;
        writeln!(to)?;
    }
    Ok(())
}
