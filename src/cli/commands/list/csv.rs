//! The CSV of a list: a row for each rule, a column for each field of the API, and a last column for unknown fields.

use std::borrow::Cow;
use std::io::{self, Write};

use acr_api::{WireField, WireRule};
use serde_json::{Map, Value};

use super::ListedInstance;
use crate::source::{escape_commands, is_unsafe};

pub(super) fn render(listed: &[ListedInstance<'_>], to: &mut dyn Write) -> io::Result<()> {
    let mut table = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(to);
    let fields = WireField::ALL.map(WireField::as_str);
    table.write_record(["instance"].into_iter().chain(fields).chain(["other"]))?;
    for (instance, rule) in listed
        .iter()
        .flat_map(|it| it.rules().map(move |rule| (&it.instance.name, rule)))
    {
        let fields = WireField::ALL.map(|field| rule.get(field).unwrap_or_default());
        let other = other(rule);
        let cells = [instance.as_str()]
            .into_iter()
            .chain(fields)
            .chain([other.as_str()]);
        table.write_record(cells.map(|cell| guarded(cell).into_owned()))?;
    }
    table.flush()
}

/// Returns the unknown fields as a JSON object; an empty text where there are none.
fn other(rule: &WireRule) -> String {
    if rule.unknown.is_empty() {
        return String::new();
    }
    let fields: Map<_, _> = rule
        .unknown
        .iter()
        .map(|(name, value)| (name.to_string(), value.clone()))
        .collect();
    Value::Object(fields).to_string()
}

/// Returns a cell that no spreadsheet takes for a formula: those begin with `=`, `+`, `-` or `@`, in full width too.
/// Control characters are escaped, so that neither a tab nor a line break can hide one.
fn guarded(value: &str) -> Cow<'_, str> {
    let mut cell = escape_commands(value, "\\u{23}");
    if cell.contains(is_unsafe) {
        let mut escaped = String::new();
        for character in cell.chars() {
            if is_unsafe(character) {
                escaped.extend(character.escape_unicode());
            } else {
                escaped.push(character);
            }
        }
        cell = escaped.into();
    }
    if cell.trim_start().starts_with("::")
        || cell.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠'])
    {
        cell.to_mut().insert(0, '\'');
    }
    cell
}

#[cfg(test)]
mod tests {
    use super::guarded;

    #[test]
    fn no_cell_calculates_anything() {
        let cases = [
            ("v.*", "v.*"),
            ("=1+1", "'=1+1"),
            ("+1", "'+1"),
            ("-1", "'-1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("＝1", "'＝1"),
            (" ::error::x", "' ::error::x"),
            ("x##vso[a", "x#\\u{23}vso[a"),
            ("\t=1", "\\u{9}=1"),
            ("\r\n=1", "\\u{d}\\u{a}=1"),
            ("\u{1b}[2J", "\\u{1b}[2J"),
            ("标签", "标签"),
        ];
        for (value, cell) in cases {
            assert_eq!(guarded(value), cell);
        }
    }
}
