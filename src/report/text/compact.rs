//! The compact plan: a line for each change, and the findings that no change shows.

use std::io;

use super::findings::FindingGroups;
use super::{PlanWriter, block};
use crate::diff::ChangeKind;
use crate::report::finding_index::FindingIndex;
use crate::report::{ReportedChange, ReportedField, worst_first};
use crate::source::{sanitize, sanitize_line};

pub(super) fn render(
    writer: &mut PlanWriter<'_>,
    index: &FindingIndex<'_>,
    findings: &FindingGroups<'_>,
) -> io::Result<()> {
    writer.write_verdict()?;
    writer.write_errors()?;
    for change in worst_first(writer.report) {
        write_change(change, index, writer)?;
    }
    findings.write_compact(writer.style, writer.to)?;
    writer.write_numbers(findings)
}

fn write_change(
    change: &ReportedChange,
    index: &FindingIndex<'_>,
    writer: &mut PlanWriter<'_>,
) -> io::Result<()> {
    let paint = writer.style.action(change.action());
    let symbol = change.symbol();
    write!(
        writer.to,
        "{paint}{symbol:>3}{paint:#} {}: \"{}\" ",
        sanitize(&change.instance),
        sanitize(&change.name)
    )?;
    let fields = match change.kind {
        ChangeKind::Changed => {
            write!(writer.to, "is changed")?;
            format!("; {}", describe_fields(&change.fields, writer))
        }
        ChangeKind::Renamed if change.fields.len() > 1 => {
            let (likely, alike) = block::describe_similarity(change);
            write!(writer.to, "is {likely}renamed{alike} and changed")?;
            format!("; {}", describe_fields(&change.fields, writer))
        }
        _ => {
            write!(writer.to, "{}", block::describe(change))?;
            String::new()
        }
    };
    write!(
        writer.to,
        "{}{}",
        block::code(change, index),
        block::place(change)
    )?;
    let faint = writer.style.faint();
    if let Some(accepted) = index.acceptance(change) {
        write!(writer.to, " {faint}[{}]{faint:#}", sanitize_line(&accepted))?;
    }
    if let Some(origin) = change.origin {
        let origin = block::describe_origin(origin);
        write!(writer.to, " {faint}[{origin}]{faint:#}")?;
    }
    // The route comes first: a long line is cut at its end.
    writeln!(writer.to, ": {}{fields}", block::route(change))
}

fn describe_fields(fields: &[ReportedField], writer: &PlanWriter<'_>) -> String {
    let paint = writer.style.action(crate::report::Action::Replace);
    let mut described = Vec::new();
    for field in fields {
        let (live, desired) = (
            block::quote_value(field.field, field.live.as_deref()),
            block::quote_value(field.field, field.desired.as_deref()),
        );
        let meaning = field
            .meaning
            .as_ref()
            .map(|meaning| format!(" ({})", sanitize_line(&meaning.summary)));
        described.push(format!(
            "{} {live} {paint}->{paint:#} {desired}{}",
            field.field,
            meaning.unwrap_or_default()
        ));
    }
    described.join(", ")
}
