//! The compact plan: a line for each change and each finding that no change shows.

use std::io;

use super::{PlanWriter, block, other_findings};
use crate::diff::ChangeKind;
use crate::report::finding_index::FindingIndex;
use crate::report::{ReportedChange, ReportedField, ReportedFinding};
use crate::source::{sanitize, sanitize_line};

pub(super) fn render(writer: &mut PlanWriter<'_>) -> io::Result<()> {
    writer.write_errors()?;
    let finding_index = FindingIndex::new(writer.report);
    for change in &writer.report.changes {
        let accepted = finding_index.acceptance(change);
        write_change(change, accepted.as_deref(), writer)?;
    }
    other_findings(writer.report)
        .into_iter()
        .try_for_each(|finding| write_finding(finding, writer))?;
    writer.write_summary()
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
            let (likely, alike) = block::describe_similarity(change);
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
        write!(
            writer.to,
            " {faint}[{}]{faint:#}",
            block::describe_origin(origin)
        )?;
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
                block::quote_value(*field, live.as_deref()),
                block::quote_value(*field, desired.as_deref()),
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
    if let Some(accepted) = finding.status.acceptance() {
        let faint = writer.style.faint();
        write!(writer.to, " {faint}[{}]{faint:#}", sanitize_line(&accepted))?;
    }
    let place = finding
        .location
        .as_ref()
        .map(|it| format!(" ({}:{})", sanitize(&it.file), it.line));
    writeln!(writer.to, "{}", place.unwrap_or_default())
}
