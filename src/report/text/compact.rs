//! The compact plan: a line for each change, and the findings that no change shows.

use std::io;

use super::findings::FindingGroups;
use super::line_limit::{MAX_CHARACTERS, visible_length};
use super::{PlanWriter, block};
use crate::diff::ChangeKind;
use crate::report::finding_index::FindingIndex;
use crate::report::{Action, ReportedChange, ReportedField, Style, worst_first};
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
    writer.write_copy_note()?;
    findings.write_compact(writer.style, writer.to)?;
    writer.write_numbers(findings)
}

fn write_change(
    change: &ReportedChange,
    index: &FindingIndex<'_>,
    writer: &mut PlanWriter<'_>,
) -> io::Result<()> {
    let line = describe(change, index, writer.style, LineDetail::Full);
    let line = if visible_length(&line) > MAX_CHARACTERS {
        describe(change, index, writer.style, LineDetail::Short)
    } else {
        line
    };
    writeln!(writer.to, "{line}")
}

/// The detail of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum LineDetail {
    /// Everything.
    Full,
    /// Without the place of an instance, and of compared filters the relation alone.
    Short,
}

fn describe(
    change: &ReportedChange,
    index: &FindingIndex<'_>,
    style: Style,
    detail: LineDetail,
) -> String {
    let paint = style.action(change.action());
    let fields = || format!("; {}", describe_fields(&change.fields, style, detail));
    let (verb, fields) = match change.kind {
        ChangeKind::Changed => ("is changed".to_owned(), fields()),
        ChangeKind::Renamed if change.fields.len() > 1 => {
            let (likely, alike) = block::describe_similarity(change);
            let verb = format!("is {likely}renamed{alike} and changed");
            (verb, fields())
        }
        _ => (block::describe(change), String::new()),
    };
    let faint = style.faint();
    let accepted = index.acceptance(change);
    let accepted = accepted.map(|it| format!(" {faint}[{}]{faint:#}", sanitize_line(&it)));
    let origin = change.origin.map(block::describe_origin);
    let origin = origin.map(|it| format!(" {faint}[{it}]{faint:#}"));
    let place = match (detail, change.action()) {
        (LineDetail::Short, Action::Delete) => String::new(),
        _ => block::place(change),
    };
    // The route comes first: a long line is cut at its end.
    format!(
        "{paint}{symbol:>3}{paint:#} {instance}: \"{name}\" {verb}{code}{place}{accepted}{origin}: {route}{fields}",
        symbol = change.symbol(),
        instance = sanitize(&change.instance),
        name = sanitize(&change.name),
        code = block::code(change, index),
        accepted = accepted.unwrap_or_default(),
        origin = origin.unwrap_or_default(),
        route = block::route(change),
    )
}

fn describe_fields(fields: &[ReportedField], style: Style, detail: LineDetail) -> String {
    let paint = style.action(Action::Replace);
    let mut described = Vec::new();
    for field in fields {
        let (live, desired) = (
            block::quote_value(field.field, field.live.as_deref()),
            block::quote_value(field.field, field.desired.as_deref()),
        );
        let summary = field.meaning.as_ref().map(|meaning| match detail {
            LineDetail::Full => &*meaning.summary,
            LineDetail::Short => meaning.summary.split(": ").next().unwrap_or_default(),
        });
        let summary = summary.map(|it| format!(" ({})", sanitize_line(it)));
        described.push(format!(
            "{} {live} {paint}->{paint:#} {desired}{}",
            field.field,
            summary.unwrap_or_default()
        ));
    }
    described.join(", ")
}
