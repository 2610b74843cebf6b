//! A change as a block of lines.

use std::io::{self, Write};

use super::Style;
use super::difference;
use crate::diff::ChangeKind;
use crate::model::{Field, Trigger};
use crate::report::time::date;
use crate::report::{Action, Origin, ReportedChange, ReportedField};
use crate::source::{self, pad_to_width, pluralize, sanitize};

/// Returns the symbol of an action, as Terraform prints it.
pub(super) const fn symbol(action: Action) -> &'static str {
    match action {
        Action::Create => "+",
        Action::Replace => "-/+",
        Action::Delete => "-",
        Action::None => "",
    }
}

/// Writes a change.
pub(super) fn render(change: &ReportedChange, style: Style, to: &mut dyn Write) -> io::Result<()> {
    let bold = style.bold();
    let name = sanitize(&change.name);
    let (summary, place) = (describe(change), place(change));
    writeln!(
        to,
        "  {bold}# {}: \"{name}\" {summary}{bold:#}{place}",
        sanitize(&change.instance)
    )?;
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
    let paint = style.action(change.action());
    writeln!(
        to,
        "{paint}{:>3}{paint:#} rule \"{name}\" {{",
        symbol(change.action())
    )?;
    match change.action() {
        Action::Replace => write_differences(change, style, to)?,
        Action::Create | Action::Delete | Action::None => write_all_fields(change, style, to)?,
    }
    writeln!(to, "    }}\n")
}

/// Describes the origin of a difference.
pub(super) const fn describe_origin(origin: Origin) -> &'static str {
    match origin {
        Origin::Introduced => "introduced by this change",
        Origin::Drifted => "drifted before this change",
        Origin::Conflicting => "conflicting: changed both live and by this change",
    }
}

/// Returns the place of a change's declaration, in brackets behind a space.
pub(super) fn place(change: &ReportedChange) -> String {
    let declared = change
        .location
        .as_ref()
        .filter(|_| change.action() != Action::Delete);
    declared
        .map(|it| format!(" ({}:{})", sanitize(&it.file), it.line))
        .unwrap_or_default()
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

/// Writes a rule that is on one side only, or equal on both: its ends, and its fields without the default value.
fn write_all_fields(change: &ReportedChange, style: Style, to: &mut dyn Write) -> io::Result<()> {
    let ends = |field: Field| {
        matches!(
            field,
            Field::Name
                | Field::FromInstance
                | Field::FromRegion
                | Field::FromNamespace
                | Field::FromRepo
                | Field::ToInstance
                | Field::ToRegion
                | Field::ToNamespace
                | Field::ToRepo
        )
    };
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
        .filter(|it| !ends(it.field))
        .map(|it| (it.field, value(it)))
        .partition(|(field, value)| *field == Field::Trigger || !field.is_default(value));
    let mut lines = vec![
        ("from", format!("\"{}\"", sanitize(&change.from))),
        ("to", format!("\"{}\"", sanitize(&change.to))),
    ];
    lines.extend(
        shown
            .iter()
            .map(|(field, value)| (field.as_str(), quote_value(*field, Some(value)))),
    );
    let widest = lines
        .iter()
        .map(|(label, _)| label.len())
        .max()
        .unwrap_or_default();
    let symbol = symbol(change.action());
    let paint = style.action(change.action());
    for (label, value) in lines {
        writeln!(
            to,
            "      {paint}{symbol:1}{paint:#} {} = {value}",
            pad_to_width(label, widest)
        )?;
    }
    let fields = pluralize(hidden.len(), "field") + " with the default value";
    write_hidden(hidden.len(), &fields, style, to)
}

/// Writes the fields that differ, from live to desired.
fn write_differences(change: &ReportedChange, style: Style, to: &mut dyn Write) -> io::Result<()> {
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
        let notes: Vec<_> = accepted
            .then_some("accepted")
            .into_iter()
            .chain(origin)
            .collect();
        let notes = if notes.is_empty() {
            String::new()
        } else {
            format!(" # {}", notes.join(", "))
        };
        write!(to, "      {paint}~{paint:#} {label} =")?;
        match (live, desired) {
            (Some(live), Some(desired)) if difference::is_long(live, desired) => {
                write!(to, "{notes}")?;
                difference::render(live, desired, style, to)?;
            }
            (live, desired) => {
                let (live, desired) = (
                    quote_value(*field, live.as_deref()),
                    quote_value(*field, desired.as_deref()),
                );
                writeln!(to, " {live} {paint}->{paint:#} {desired}{notes}")?;
            }
        }
        if let Some(meaning) = meaning {
            let bold = style.bold();
            writeln!(
                to,
                "        {bold}# {}{bold:#}",
                source::sanitize_line(&meaning.summary)
            )?;
        }
    }
    let count = change.unchanged.len();
    write_hidden(count, &pluralize(count, "unchanged field"), style, to)
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
