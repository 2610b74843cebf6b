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
    for it in &writer.report.changes {
        let accepted = by_rule.accepted(it);
        change(it, accepted.as_deref(), writer)?;
    }
    rest(writer.report)
        .into_iter()
        .try_for_each(|it| finding(it, writer))?;
    writer.summary()
}

fn change(
    it: &ReportedChange,
    accepted: Option<&str>,
    writer: &mut PlanWriter<'_>,
) -> io::Result<()> {
    let paint = writer.style.action(it.action());
    let symbol = block::symbol(it.action());
    write!(
        writer.to,
        "{paint}{symbol:>3}{paint:#} {}: \"{}\" ",
        sanitize(&it.instance),
        sanitize(&it.name)
    )?;
    match it.kind {
        ChangeKind::Changed => write!(writer.to, "is changed: {}", fields(&it.fields, writer))?,
        ChangeKind::Renamed if it.fields.len() > 1 => {
            let (likely, alike) = block::likely(it);
            write!(
                writer.to,
                "is {likely}renamed{alike} and changed: {}",
                fields(&it.fields, writer)
            )?;
        }
        _ => write!(writer.to, "{}", block::describe(it))?,
    }
    if let Some(accepted) = accepted {
        let faint = writer.style.faint();
        write!(writer.to, " {faint}[{}]{faint:#}", sanitize_line(accepted))?;
    }
    if let Some(origin) = it.origin {
        let faint = writer.style.faint();
        write!(writer.to, " {faint}[{}]{faint:#}", block::since(origin))?;
    }
    writeln!(writer.to, "{}", block::place(it))
}

fn fields(fields: &[ReportedField], writer: &PlanWriter<'_>) -> String {
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

fn finding(it: &ReportedFinding, writer: &mut PlanWriter<'_>) -> io::Result<()> {
    let paint = writer.style.severity(it.severity);
    write!(
        writer.to,
        "{paint}{}{paint:#} {}: {}",
        it.severity.as_str(),
        it.code,
        sanitize_line(&it.message)
    )?;
    if let Some(accepted) = it.status.accepted() {
        let faint = writer.style.faint();
        write!(writer.to, " {faint}[{}]{faint:#}", sanitize_line(&accepted))?;
    }
    let place = it
        .location
        .as_ref()
        .map(|it| format!(" ({}:{})", sanitize(&it.file), it.line));
    writeln!(writer.to, "{}", place.unwrap_or_default())
}
