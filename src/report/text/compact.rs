//! The plan, short: a line for each change and each finding that no change tells.

use std::io;

use super::{PlanWriter, block, rest};
use crate::diff::ChangeKind;
use crate::report::by_rule::ByRule;
use crate::report::{ReportedChange, ReportedField, ReportedFinding};
use crate::source::{sanitize, sanitize_line};

pub(super) fn render(writer: &mut PlanWriter<'_>) -> io::Result<()> {
    writer.errors()?;
    let by_rule = ByRule::new(writer.report);
    for change in &writer.report.changes {
        let accepted = by_rule.accepted(change);
        write_change(change, accepted.as_deref(), writer)?;
    }
    rest(writer.report)
        .into_iter()
        .try_for_each(|finding| write_finding(finding, writer))?;
    writer.summary()
}

fn write_change(
    change: &ReportedChange,
    accepted: Option<&str>,
    writer: &mut PlanWriter<'_>,
) -> io::Result<()> {
    let paint = writer.style.action(change.action());
    let symbol = block::symbol(change.action());
    write!(
        writer.to,
        "{paint}{symbol:>3}{paint:#} {}: \"{}\" ",
        sanitize(&change.instance),
        sanitize(&change.name)
    )?;
    match change.kind {
        ChangeKind::Changed => write!(
            writer.to,
            "is changed: {}",
            describe_fields(&change.fields, writer)
        )?,
        ChangeKind::Renamed if change.fields.len() > 1 => {
            let (likely, alike) = block::likely(change);
            write!(
                writer.to,
                "is {likely}renamed{alike} and changed: {}",
                describe_fields(&change.fields, writer)
            )?;
        }
        _ => write!(writer.to, "{}", block::describe(change))?,
    }
    if let Some(accepted) = accepted {
        let faint = writer.style.faint();
        write!(writer.to, " {faint}[{}]{faint:#}", sanitize_line(accepted))?;
    }
    if let Some(origin) = change.origin {
        let faint = writer.style.faint();
        write!(writer.to, " {faint}[{}]{faint:#}", block::since(origin))?;
    }
    writeln!(writer.to, "{}", block::place(change))
}

fn describe_fields(fields: &[ReportedField], writer: &PlanWriter<'_>) -> String {
    let paint = writer.style.action(crate::report::Action::Replace);
    let lines = fields.iter().map(
        |ReportedField {
             field,
             desired,
             live,
             meaning,
             ..
         }| {
            let (live, desired) = (
                block::quoted(*field, live.as_deref()),
                block::quoted(*field, desired.as_deref()),
            );
            let meaning = meaning
                .as_ref()
                .map(|it| format!(" ({})", sanitize_line(&it.summary)))
                .unwrap_or_default();
            format!("{field} {live} {paint}->{paint:#} {desired}{meaning}")
        },
    );
    lines.collect::<Vec<_>>().join(", ")
}

fn write_finding(finding: &ReportedFinding, writer: &mut PlanWriter<'_>) -> io::Result<()> {
    let paint = writer.style.severity(finding.severity);
    write!(
        writer.to,
        "{paint}{}{paint:#} {}: {}",
        finding.severity.as_str(),
        finding.code,
        sanitize_line(&finding.message)
    )?;
    if let Some(accepted) = finding.status.accepted() {
        let faint = writer.style.faint();
        write!(writer.to, " {faint}[{}]{faint:#}", sanitize_line(&accepted))?;
    }
    let place = finding
        .location
        .as_ref()
        .map(|it| format!(" ({}:{})", sanitize(&it.file), it.line));
    writeln!(writer.to, "{}", place.unwrap_or_default())
}
