//! The result as a table: a row for each differing field of a change, then a row for each finding, each the worst
//! first. Columns that do not apply are empty.
//!
//! Spreadsheets run a value that begins like a formula, so such a value gets an apostrophe in front. Only the result
//! document has the unchanged value.

use std::borrow::Cow;
use std::io::{self, Write};

use crate::finding::Severity;
use crate::model;
use crate::report::time::rfc3339;
use crate::report::{
    FindingStatus, Origin, Outcome, Report, ReportedChange, ReportedError, ReportedField,
    ReportedFinding, describe_who_briefly, findings_worst_first, worst_first,
};
use crate::source::{Location, sanitize_to};

/// The maximum number of characters of a value: the limit of a spreadsheet cell.
const CELL: usize = 32_000;

/// A row, with a field for each column.
#[derive(Default)]
struct CsvRow<'a> {
    record: &'a str,
    action: &'a str,
    kind: &'a str,
    code: &'a str,
    severity: &'a str,
    status: &'a str,
    instance: &'a str,
    rule: &'a str,
    live_name: &'a str,
    rule_id: &'a str,
    modified_at: String,
    origin: &'a str,
    from: &'a str,
    to: &'a str,
    field: &'a str,
    desired: &'a str,
    live: &'a str,
    message: &'a str,
    help: &'a str,
    file: &'a str,
    line: String,
    fingerprint: String,
    accepted_by: &'a str,
    accepted_until: &'a str,
    owner: &'a str,
    who: String,
}

pub(in crate::report) fn render(report: &Report, to: &mut dyn Write) -> io::Result<()> {
    let mut table = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(to);
    table
        .write_record(CsvRow::default().cells().map(|(column, _)| column))
        .map_err(write_error)?;
    let now_ms = report.started_ms;
    for change in worst_first(report) {
        if change.action() == crate::report::Action::Replace {
            change.fields.iter().try_for_each(|field| {
                write(&mut table, &change_row(change, Some(field), now_ms))
            })?;
        } else {
            write(&mut table, &change_row(change, None, now_ms))?;
        }
    }
    report
        .shown_errors()
        .iter()
        .try_for_each(|error| write(&mut table, &error_row(error)))?;
    findings_worst_first(report)
        .into_iter()
        .try_for_each(|finding| write(&mut table, &finding_row(finding, now_ms)))?;
    table.flush()
}

fn change_row<'a>(
    change: &'a ReportedChange,
    field: Option<&'a ReportedField>,
    now_ms: i64,
) -> CsvRow<'a> {
    CsvRow {
        record: "change",
        action: change.action().as_str(),
        kind: change.kind.as_str(),
        instance: &change.instance,
        rule: &change.name,
        live_name: change.live_name.as_deref().unwrap_or_default(),
        rule_id: change.rule_id.as_deref().unwrap_or_default(),
        modified_at: change.modified_ms.and_then(rfc3339).unwrap_or_default(),
        origin: change.origin.map(Origin::as_str).unwrap_or_default(),
        from: &change.from,
        to: &change.to,
        field: field.map(|it| it.field.as_str()).unwrap_or_default(),
        desired: field
            .and_then(|it| it.desired.as_deref())
            .unwrap_or_default(),
        live: field.and_then(|it| it.live.as_deref()).unwrap_or_default(),
        file: file(change.location.as_ref()),
        line: line(change.location.as_ref()),
        owner: change.owner.as_deref().unwrap_or_default(),
        who: change
            .who
            .as_deref()
            .map(|who| describe_who_briefly(change.into(), who, now_ms))
            .unwrap_or_default(),
        ..CsvRow::default()
    }
}

fn finding_row(finding: &ReportedFinding, now_ms: i64) -> CsvRow<'_> {
    let waiver = match &finding.status {
        FindingStatus::Waived(waiver) => Some(waiver),
        FindingStatus::Open | FindingStatus::Baselined => None,
    };
    CsvRow {
        record: "finding",
        code: finding.code.as_str(),
        severity: finding.severity.as_str(),
        status: finding.status.as_str(),
        instance: finding.instance.as_deref().unwrap_or_default(),
        rule: finding.rule.as_deref().unwrap_or_default(),
        field: finding.field.map(model::Field::as_str).unwrap_or_default(),
        message: &finding.message,
        help: &finding.help,
        file: file(finding.location.as_ref()),
        line: line(finding.location.as_ref()),
        fingerprint: finding.fingerprint.to_string(),
        accepted_by: waiver.map(|it| it.owner.as_str()).unwrap_or_default(),
        accepted_until: waiver.map(|it| it.expires.as_str()).unwrap_or_default(),
        owner: finding.owner.as_deref().unwrap_or_default(),
        who: finding
            .who
            .as_deref()
            .map(|who| describe_who_briefly(finding.into(), who, now_ms))
            .unwrap_or_default(),
        ..CsvRow::default()
    }
}

fn error_row(error: &ReportedError) -> CsvRow<'_> {
    CsvRow {
        record: "error",
        code: &error.code,
        severity: Severity::Error.as_str(),
        status: Outcome::Failed.as_str(),
        message: &error.message,
        help: error.help.as_deref().unwrap_or_default(),
        file: file(error.location.as_ref()),
        line: line(error.location.as_ref()),
        ..CsvRow::default()
    }
}

impl CsvRow<'_> {
    /// Returns every column with its value, in order.
    fn cells(&self) -> [(&'static str, &str); 26] {
        [
            ("record", self.record),
            ("action", self.action),
            ("kind", self.kind),
            ("code", self.code),
            ("severity", self.severity),
            ("status", self.status),
            ("instance", self.instance),
            ("rule", self.rule),
            ("live_name", self.live_name),
            ("rule_id", self.rule_id),
            ("modified_at", &self.modified_at),
            ("origin", self.origin),
            ("from", self.from),
            ("to", self.to),
            ("field", self.field),
            ("desired", self.desired),
            ("live", self.live),
            ("message", self.message),
            ("help", self.help),
            ("file", self.file),
            ("line", &self.line),
            ("fingerprint", &self.fingerprint),
            ("accepted_by", self.accepted_by),
            ("accepted_until", self.accepted_until),
            ("owner", self.owner),
            ("who", &self.who),
        ]
    }
}

fn write(table: &mut csv::Writer<&mut dyn Write>, row: &CsvRow<'_>) -> io::Result<()> {
    let cells = row.cells().map(|(_, value)| escape_formula(value));
    table
        .write_record(cells.iter().map(|cell| cell.as_bytes()))
        .map_err(write_error)
}

/// Returns the I/O error inside an error of the CSV writer, so that a closed pipe is recognized.
#[must_use]
pub fn write_error(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}

fn file(location: Option<&Location>) -> &str {
    location.map(|it| &*it.file).unwrap_or_default()
}

fn line(location: Option<&Location>) -> String {
    location.map(|it| it.line.to_string()).unwrap_or_default()
}

/// Returns a value that no spreadsheet evaluates as a formula: those begin with `=`, `+`, `-` or `@`, also in full width.
/// Control characters are made visible, so that neither a tab nor a line break can hide one, and no value begins like a
/// workflow command.
#[must_use]
pub fn escape_formula(value: &str) -> Cow<'_, str> {
    let value = sanitize_to(value, CELL);
    let is_command = value.trim_start().starts_with("::");
    if is_command || value.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']) {
        format!("'{value}").into()
    } else {
        value.into()
    }
}

#[cfg(test)]
mod tests {
    use super::escape_formula;
    use crate::report::sample::{drawn, hostile_texts, in_sync, sample, sample_with};
    use crate::report::{Format, Options, Report};

    fn rows(report: &Report) -> Vec<csv::StringRecord> {
        let text = drawn(report, Format::Csv, Options::default());
        let mut table = csv::ReaderBuilder::new()
            .has_headers(false)
            .from_reader(text.as_bytes());
        table
            .records()
            .map(|row| row.expect("as many cells as columns"))
            .collect()
    }

    #[test]
    fn the_table_of_the_sample() {
        insta::assert_snapshot!(drawn(&sample(), Format::Csv, Options::default()));
        assert_eq!(rows(&in_sync()).len(), 1, "the header alone");
    }

    #[test]
    fn values_stay_in_their_cells_and_calculate_nothing() {
        for text in hostile_texts() {
            let rows = rows(&sample_with(&text));
            assert_eq!(rows.len(), 17, "{text:?}");
            for cell in rows.iter().flatten() {
                assert!(
                    !cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']),
                    "{cell:?}"
                );
                assert!(!cell.chars().any(char::is_control), "{cell:?}");
            }
            let column = rows[0]
                .iter()
                .position(|it| it == "rule")
                .expect("a column");
            assert_eq!(rows[1].get(column), Some(&*escape_formula(&text)));
        }
    }
}
