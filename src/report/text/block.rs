//! A change as a block of lines.

use std::collections::BTreeSet;
use std::io::{self, Write};

use super::Style;
use super::difference;
use super::findings::describe_place;
use crate::diff::ChangeKind;
use crate::model::{Field, Trigger};
use crate::report::finding_index::FindingIndex;
use crate::report::time::date;
use crate::report::{Action, Origin, ReportedChange, ReportedField, describe_who};
use crate::source::{pad_to_width, pluralize, sanitize, sanitize_line};

/// The context of the changes of a report.
#[derive(Debug, Clone, Copy)]
pub(super) struct BlockContext<'a> {
    pub(super) index: &'a FindingIndex<'a>,
    /// The time of the run, epoch milliseconds.
    pub(super) now_ms: i64,
    pub(super) style: Style,
}

/// Writes a change.
pub(super) fn render(
    change: &ReportedChange,
    context: BlockContext<'_>,
    to: &mut dyn Write,
) -> io::Result<()> {
    let BlockContext {
        index,
        now_ms,
        style,
    } = context;
    let bold = style.bold();
    let name = sanitize(&change.name);
    let summary = describe(change);
    let (code, place) = (code(change, index), place(change));
    writeln!(
        to,
        "  {bold}# {}: \"{name}\" {summary}{bold:#}{code}{place}",
        sanitize(&change.instance)
    )?;
    writeln!(to, "  # {}", route(change))?;
    if let Some(owner) = &change.owner {
        writeln!(to, "  # owner {}", sanitize_line(owner))?;
    }
    if let Some(origin) = change.origin {
        writeln!(to, "  # {}", describe_origin(origin))?;
    }
    if let Some(id) = &change.rule_id {
        let faint = style.faint();
        let modified = change
            .modified_ms
            .and_then(date)
            .map(|date| format!(", last modified {date}"));
        writeln!(
            to,
            "  {faint}# live rule {}{}{faint:#}",
            sanitize(id),
            modified.unwrap_or_default()
        )?;
    }
    write_authors(change, now_ms, to)?;
    if change.action() == Action::None {
        return writeln!(to);
    }
    let paint = style.action(change.action());
    writeln!(
        to,
        "{paint}{:>3}{paint:#} rule \"{name}\" {{",
        change.symbol()
    )?;
    match change.action() {
        Action::Replace => write_differences(change, index, style, to)?,
        Action::Create | Action::Delete | Action::None => write_all_fields(change, style, to)?,
    }
    writeln!(to, "    }}\n")
}

/// Writes the authors of a change, where they were asked for.
pub(super) fn write_authors(
    change: &ReportedChange,
    now_ms: i64,
    to: &mut dyn Write,
) -> io::Result<()> {
    let Some(who) = &change.who else {
        return Ok(());
    };
    for line in describe_who(change.into(), who, now_ms) {
        writeln!(to, "  # {}", sanitize_line(&line))?;
    }
    Ok(())
}

/// Returns the severity and the code of the findings about a change, in brackets behind a space.
pub(super) fn code(change: &ReportedChange, index: &FindingIndex<'_>) -> String {
    let Some(code) = change.code() else {
        return String::new();
    };
    let findings = index.findings(&change.instance, &change.name);
    let severity = findings
        .iter()
        .filter(|finding| finding.code == code)
        .map(|finding| finding.severity)
        .max();
    let severity = severity.map(|severity| format!("{} ", severity.as_str()));
    format!(" [{}{code}]", severity.unwrap_or_default())
}

/// Returns the source and the target of a rule.
pub(super) fn route(change: &ReportedChange) -> String {
    let account = if change.is_cross_account() {
        " (another account)"
    } else {
        ""
    };
    format!(
        "{} -> {}{account}",
        sanitize(&change.from),
        sanitize(&change.to)
    )
}

/// Describes the origin of a difference.
pub(super) const fn describe_origin(origin: Origin) -> &'static str {
    match origin {
        Origin::Introduced => "introduced by this change",
        Origin::Drifted => "drifted before this change",
        Origin::Conflicting => "conflicting: changed both live and by this change",
    }
}

/// Returns the place of the declaration of a rule; for a rule that is live only, of its instance.
pub(super) fn place(change: &ReportedChange) -> String {
    let is_of_instance = change.action() == Action::Delete;
    let location = change.location.as_ref();
    location.map_or_else(String::new, |location| {
        describe_place(location, is_of_instance)
    })
}

/// Describes a change.
pub(super) fn describe(change: &ReportedChange) -> String {
    let fields = || {
        let names: Vec<_> = change.fields.iter().map(|it| it.field.as_str()).collect();
        names.join(", ")
    };
    match change.kind {
        ChangeKind::Missing => "is missing".to_owned(),
        ChangeKind::Changed => format!("is changed in {}", fields()),
        ChangeKind::Renamed => {
            let live = sanitize(change.live_name.as_deref().unwrap_or_default()).into_owned();
            let others = change.fields.len() - 1;
            let more = if others > 0 {
                " and changed in more than the name"
            } else {
                ""
            };
            let (likely, alike) = describe_similarity(change);
            format!("is {likely}renamed, live as \"{live}\"{alike}{more}")
        }
        ChangeKind::Unmanaged => "is unmanaged".to_owned(),
        ChangeKind::Duplicate => "duplicates another live rule".to_owned(),
        ChangeKind::InSync => "is in sync".to_owned(),
    }
}

/// Returns the qualifier of a likely rename, and its similarity.
pub(super) fn describe_similarity(change: &ReportedChange) -> (&'static str, String) {
    match change.similarity {
        None => ("", String::new()),
        Some(percent) => ("likely ", format!(" ({percent} % similar)")),
    }
}

/// Writes a rule that is on one side only, or equal on both: its fields without the default value.
fn write_all_fields(change: &ReportedChange, style: Style, to: &mut dyn Write) -> io::Result<()> {
    let value = |field: &ReportedField| {
        field
            .desired
            .clone()
            .or_else(|| field.live.clone())
            .unwrap_or_default()
    };
    let (shown, hidden): (Vec<_>, Vec<_>) = change
        .fields
        .iter()
        .filter(|it| it.field != Field::Name && end(it.field).is_none())
        .map(|it| (it.field, value(it)))
        .partition(|(field, value)| *field == Field::Trigger || !field.is_default(value));
    let widest = shown
        .iter()
        .map(|(field, _)| field.as_str().len())
        .max()
        .unwrap_or_default();
    let symbol = change.symbol();
    let paint = style.action(change.action());
    for (field, value) in &shown {
        writeln!(
            to,
            "      {paint}{symbol:1}{paint:#} {} = {}",
            pad_to_width(field.as_str(), widest),
            quote_value(*field, Some(value))
        )?;
    }
    let fields = pluralize(hidden.len(), "field") + " with the default value";
    write_hidden(hidden.len(), &fields, style, to)
}

/// Writes the fields that differ, from live to desired.
fn write_differences(
    change: &ReportedChange,
    index: &FindingIndex<'_>,
    style: Style,
    to: &mut dyn Write,
) -> io::Result<()> {
    let findings = index.findings(&change.instance, &change.name);
    let widest = change
        .fields
        .iter()
        .map(|it| it.field.as_str().len())
        .max()
        .unwrap_or_default();
    let paint = style.action(Action::Replace);
    for ReportedField {
        field,
        desired,
        live,
        meaning,
        accepted,
        origin,
    } in &change.fields
    {
        let label = pad_to_width(field.as_str(), widest);
        let origin = origin
            .filter(|origin| change.origin != Some(*origin))
            .map(Origin::as_str);
        let origin = origin.map(|origin| format!(" # {origin}"));
        let origin = origin.unwrap_or_default();
        write!(to, "      {paint}~{paint:#} {label} =")?;
        match (live, desired) {
            (Some(live), Some(desired)) if difference::is_long(live, desired) => {
                write!(to, "{origin}")?;
                difference::render(live, desired, style, to)?;
            }
            (live, desired) => {
                let (live, desired) = (
                    quote_value(*field, live.as_deref()),
                    quote_value(*field, desired.as_deref()),
                );
                writeln!(to, " {live} {paint}->{paint:#} {desired}{origin}")?;
            }
        }
        if let Some(meaning) = meaning {
            let bold = style.bold();
            writeln!(
                to,
                "        {bold}# {}{bold:#}",
                sanitize_line(&meaning.summary)
            )?;
        }
        if *accepted {
            let mut findings = findings.iter();
            let finding = findings.find(|finding| finding.field == Some(*field));
            let reason = finding.and_then(|finding| finding.status.acceptance());
            let reason = reason.unwrap_or_else(|| "accepted".to_owned());
            writeln!(to, "        # {}", sanitize_line(&reason))?;
        }
    }
    let count = count_fields(change.unchanged.iter().map(|(field, _)| field));
    write_hidden(count, &pluralize(count, "unchanged field"), style, to)
}

/// Returns the end of a rule that a field belongs to.
const fn end(field: Field) -> Option<&'static str> {
    match field {
        Field::FromInstance | Field::FromRegion | Field::FromNamespace | Field::FromRepo => {
            Some("from")
        }
        Field::ToInstance | Field::ToRegion | Field::ToNamespace | Field::ToRepo => Some("to"),
        _ => None,
    }
}

/// Returns the number of fields as a rules file has them: `from` and `to` are one each.
fn count_fields(fields: impl Iterator<Item = Field>) -> usize {
    let names: BTreeSet<&str> = fields
        .map(|field| end(field).unwrap_or_else(|| field.as_str()))
        .collect();
    names.len()
}

/// Writes the number of the fields that are not shown.
fn write_hidden(count: usize, fields: &str, style: Style, to: &mut dyn Write) -> io::Result<()> {
    if count == 0 {
        return Ok(());
    }
    let faint = style.faint();
    writeln!(to, "        {faint}# ({fields} hidden){faint:#}")
}

/// Returns a value in quotes, with the plain word beside a trigger.
pub(super) fn quote_value(field: Field, value: Option<&str>) -> String {
    let Some(value) = value else {
        return "not set".to_owned();
    };
    let plain = (field == Field::Trigger)
        .then(|| Trigger::from(value).plain())
        .flatten();
    let plain = plain.map(|plain| format!(" ({plain})")).unwrap_or_default();
    format!("\"{}\"{plain}", sanitize(value))
}
