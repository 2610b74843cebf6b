//! Answers as tables: for people, and for spreadsheets.

use std::io::{self, Write};

use crate::report::{Style, escape_formula, write_error};
use crate::source::{pad_to_width, sanitize_line, width};

/// A column of a table.
#[derive(Debug, Clone, Copy)]
pub(super) struct HistoryColumn {
    /// The name in a spreadsheet.
    pub(super) name: &'static str,
    /// The title for people; `None` for a column that only spreadsheets have.
    pub(super) title: Option<&'static str>,
}

/// A table of texts.
#[derive(Debug)]
pub(super) struct Table {
    pub(super) columns: Vec<HistoryColumn>,
    /// The cells of each row: for people, and for spreadsheets.
    pub(super) rows: Vec<Vec<TableCell>>,
    /// The line in place of an empty table.
    pub(super) empty: &'static str,
}

/// A cell.
#[derive(Debug, Clone)]
pub(super) struct TableCell {
    text: String,
    /// The value of a spreadsheet, where it differs.
    value: Option<String>,
}

impl TableCell {
    /// Returns a cell that reads differently in a spreadsheet.
    pub(super) const fn with_value(text: String, value: String) -> Self {
        Self {
            text,
            value: Some(value),
        }
    }
}

impl<T: ToString> From<Option<T>> for TableCell {
    fn from(value: Option<T>) -> Self {
        Self {
            text: value.map(|it| it.to_string()).unwrap_or_default(),
            value: None,
        }
    }
}

impl From<&str> for TableCell {
    fn from(text: &str) -> Self {
        Self::from(Some(text))
    }
}

impl From<usize> for TableCell {
    fn from(number: usize) -> Self {
        Self::from(Some(number))
    }
}

impl Table {
    /// Writes the table in aligned columns; an empty column is left out.
    pub(super) fn write_text(&self, style: Style, to: &mut dyn Write) -> io::Result<()> {
        if self.rows.is_empty() {
            return writeln!(to, "{}", self.empty);
        }
        let mut lines = vec![String::new(); self.rows.len() + 1];
        for (index, column) in self.columns.iter().enumerate() {
            let Some(title) = column.title else {
                continue;
            };
            let text = |row: &Vec<TableCell>| {
                let cell = row.get(index);
                cell.map_or_else(String::new, |it| sanitize_line(&it.text).into_owned())
            };
            let texts: Vec<String> = self.rows.iter().map(text).collect();
            let widest = texts.iter().map(|it| width(it)).max().unwrap_or_default();
            if widest == 0 {
                continue;
            }
            let widest = widest.max(width(title));
            let cells = std::iter::once(title).chain(texts.iter().map(String::as_str));
            for (line, cell) in lines.iter_mut().zip(cells) {
                if !line.is_empty() {
                    line.push_str("  ");
                }
                line.push_str(&pad_to_width(cell, widest));
            }
        }
        let bold = style.bold();
        for (number, line) in lines.iter().enumerate() {
            let line = line.trim_end();
            if number == 0 {
                writeln!(to, "{bold}{line}{bold:#}")?;
            } else {
                writeln!(to, "{line}")?;
            }
        }
        Ok(())
    }

    /// Writes the table for spreadsheets.
    pub(super) fn write_csv(&self, to: &mut dyn Write) -> io::Result<()> {
        let mut table = csv::WriterBuilder::new()
            .terminator(csv::Terminator::CRLF)
            .from_writer(to);
        table
            .write_record(self.columns.iter().map(|it| it.name))
            .map_err(write_error)?;
        for row in &self.rows {
            let cells = row
                .iter()
                .map(|cell| escape_formula(cell.value.as_ref().unwrap_or(&cell.text)).into_owned());
            table
                .write_record(cells.collect::<Vec<_>>())
                .map_err(write_error)?;
        }
        table.flush()
    }
}

/// Returns a column that people and spreadsheets have.
pub(super) const fn column(name: &'static str, title: &'static str) -> HistoryColumn {
    HistoryColumn {
        name,
        title: Some(title),
    }
}

/// Returns a column that only spreadsheets have.
pub(super) const fn data_column(name: &'static str) -> HistoryColumn {
    HistoryColumn { name, title: None }
}
