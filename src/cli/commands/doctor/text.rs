//! The checks for people: a line each.

use std::io::{self, Write};

use super::Findings;
use super::check::{Check, Status};
use crate::finding::Severity;
use crate::report::{Style, padded, sentence, visible, width};

pub(super) fn render(findings: &Findings, style: Style, to: &mut dyn Write) -> io::Result<()> {
    let widest = |of: fn(&Check) -> &str| {
        findings
            .checks
            .iter()
            .map(|it| width(&visible(of(it))))
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
            padded(check.topic, topics),
            padded(&visible(&check.subject), subjects),
        );
        let status = check.status.as_str();
        writeln!(
            to,
            "{paint}{status:4}{paint:#}  {topic}  {subject}  {}",
            sentence(&check.message)
        )?;
        if let Some(help) = &check.help {
            writeln!(to, "      help: {}", sentence(help))?;
        }
    }
    for grant in &findings.grants {
        let identity = sentence(&grant.identity);
        writeln!(
            to,
            "\nThe smallest RAM policy that is enough, for {identity} credentials:\n"
        )?;
        crate::source::write_pretty(to, &grant.policy)?;
        writeln!(to)?;
    }
    Ok(())
}
