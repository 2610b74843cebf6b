//! What does not count and must not be forgotten: waived findings one by one, those of the baseline in numbers.

use std::collections::BTreeMap;
use std::io::{self, Write};

use super::{Style, counted};
use crate::report::escape::{sentence, visible};
use crate::report::{AppliedBaseline, AppliedWaiver, Report, ReportedFinding, Status};
use crate::waiver::Accepted;

/// How many vanished findings are shown.
const SHOWN: usize = 20;

pub(super) fn render(report: &Report, style: Style, to: &mut dyn Write) -> io::Result<()> {
    for finding in &report.findings {
        if let Status::Waived(waiver) = &finding.status {
            waived(finding, waiver, style, to)?;
        }
    }
    match &report.baseline {
        Some(baseline) => baselined(report, baseline, style, to),
        None => Ok(()),
    }
}

fn waived(finding: &ReportedFinding, waiver: &AppliedWaiver, style: Style, to: &mut dyn Write) -> io::Result<()> {
    let AppliedWaiver { reason, owner, expires, ticket, location } = waiver;
    let faint = style.faint();
    let instance = finding.instance.as_deref().map(|it| format!(" on {}", visible(it))).unwrap_or_default();
    writeln!(to, "{faint}waived{faint:#} {}{instance}: {}", finding.code, sentence(&finding.message))?;
    let ticket = ticket.as_deref().map(|it| format!(", {}", visible(it))).unwrap_or_default();
    let place = location.as_ref().map(|it| format!(" ({}:{})", visible(&it.file), it.line)).unwrap_or_default();
    writeln!(to, "  by {} until {expires}{ticket}{place}: {}\n", visible(owner), sentence(reason))
}

fn baselined(report: &Report, baseline: &AppliedBaseline, style: Style, to: &mut dyn Write) -> io::Result<()> {
    let AppliedBaseline { date, vanished } = baseline;
    let mut codes: BTreeMap<&str, usize> = BTreeMap::new();
    for finding in report.findings.iter().filter(|it| it.status == Status::Baselined) {
        *codes.entry(finding.code.as_str()).or_default() += 1;
    }
    let faint = style.faint();
    if !codes.is_empty() {
        let codes: Vec<_> = codes.into_iter().map(|(code, count)| format!("{count} {code}")).collect();
        let count = counted(report.summary.baselined, "finding");
        writeln!(to, "{faint}baselined{faint:#} {count} of {date}: {}\n", codes.join(", "))?;
    }
    if vanished.is_empty() {
        return Ok(());
    }
    let count = counted(vanished.len(), "finding");
    writeln!(to, "{faint}gone{faint:#} {count} of the baseline of {date}; write it anew, so that they stay gone:")?;
    for it in vanished.iter().take(SHOWN) {
        writeln!(to, "  {}", accepted_line(it))?;
    }
    if vanished.len() > SHOWN {
        writeln!(to, "  and {} more", vanished.len() - SHOWN)?;
    }
    writeln!(to)
}

/// A finding of a baseline in a line, made safe for a terminal.
#[must_use]
pub fn accepted_line(it: &Accepted) -> String {
    let Accepted { instance, rule, code, field, fingerprint: _ } = it;
    let word = |text: &Option<String>| text.as_deref().map(|it| format!(" {}", visible(it))).unwrap_or_default();
    let rule = rule.as_deref().map(|it| format!(" \"{}\"", visible(it))).unwrap_or_default();
    format!("{}{}{rule}{}", visible(code), word(instance), word(field))
}
