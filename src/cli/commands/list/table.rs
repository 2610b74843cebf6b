//! The table of a list: a line for each rule, or a record where a line does not fit.

use std::io::{self, Write};

use acr_api::{WireField, WireRule};
use jiff::Timestamp;

use super::ListedInstance;
use crate::model::{Aliases, Endpoint, MATCH_ALL, Trigger};
use crate::report::Style;
use crate::source::{pad_to_width, sanitize, width};

/// A rule, with the names for its cells.
#[derive(Clone, Copy)]
struct ListRow<'a> {
    instance: &'a str,
    rule: &'a WireRule,
    aliases: &'a Aliases<'a>,
}

/// A title, and the cell of a rule below it.
type ListColumn = (&'static str, fn(ListRow<'_>) -> String);

/// The columns. An empty one is left out.
const COLUMNS: [ListColumn; 13] = [
    ("INSTANCE", |row| row.instance.to_owned()),
    ("NAME", |row| row.text(WireField::SyncRuleName)),
    ("DIRECTION", |row| row.text(WireField::SyncDirection)),
    ("FROM", |row| row.end(true)),
    ("TO", |row| row.end(false)),
    ("TRIGGER", |row| row.trigger()),
    ("TAG FILTER", |row| row.text(WireField::TagFilter)),
    ("REPO FILTER", |row| row.filter(WireField::RepoNameFilter)),
    ("NAMESPACE FILTER", |row| {
        row.filter(WireField::NamespaceNameFilter)
    }),
    ("PRIORITY", |row| row.text(WireField::Priority)),
    ("LINK", |row| row.text(WireField::LinkId)),
    ("MODIFIED (UTC)", |row| row.modified()),
    ("ID", |row| row.text(WireField::SyncRuleId)),
];

pub(super) fn render(
    listed: &[ListedInstance<'_>],
    aliases: &Aliases<'_>,
    style: Style,
    to: &mut dyn Write,
) -> io::Result<()> {
    let row = |instance, rule| ListRow {
        instance,
        rule,
        aliases,
    };
    let rows: Vec<_> = listed
        .iter()
        .flat_map(|it| it.rules().map(move |rule| row(&it.instance.name, rule)))
        .collect();
    if rows.is_empty() {
        return writeln!(to, "{}", nothing_listed(listed));
    }
    let mut columns = Vec::new();
    for (title, cell) in COLUMNS {
        let cells = rows.iter().map(|row| sanitize(&cell(*row)).into_owned());
        let cells: Vec<String> = cells.collect();
        let widest = cells.iter().map(|cell| width(cell)).max();
        let widest = widest.unwrap_or_default();
        if widest > 0 {
            let width = widest.max(width(title));
            columns.push(ColumnCells {
                title,
                cells,
                width,
            });
        }
    }
    let gaps = GAP.len() * columns.len().saturating_sub(1);
    let table_width = columns.iter().map(|column| column.width).sum::<usize>() + gaps;
    if style.columns.is_none_or(|columns| table_width <= columns) {
        write_table(&columns, rows.len(), style, to)
    } else {
        write_records(&columns, rows.len(), style, to)
    }
}

/// The space between two columns.
const GAP: &str = "  ";

/// A column that is not empty.
struct ColumnCells {
    title: &'static str,
    cells: Vec<String>,
    width: usize,
}

fn write_table(
    columns: &[ColumnCells],
    rows: usize,
    style: Style,
    to: &mut dyn Write,
) -> io::Result<()> {
    let line = |cell: &dyn Fn(&ColumnCells) -> String| {
        let cells = columns.iter();
        let cells: Vec<String> = cells
            .map(|column| pad_to_width(&cell(column), column.width))
            .collect();
        cells.join(GAP).trim_end().to_owned()
    };
    let bold = style.bold();
    let titles = line(&|column| column.title.to_owned());
    writeln!(to, "{bold}{titles}{bold:#}")?;
    for row in 0..rows {
        let cell = |column: &ColumnCells| column.cells.get(row).cloned().unwrap_or_default();
        writeln!(to, "{}", line(&cell))?;
    }
    Ok(())
}

/// Writes a record for each rule: a line for each value, and an empty line between two rules.
fn write_records(
    columns: &[ColumnCells],
    rows: usize,
    style: Style,
    to: &mut dyn Write,
) -> io::Result<()> {
    let widest = columns.iter().map(|column| width(column.title)).max();
    let widest = widest.unwrap_or_default();
    let bold = style.bold();
    for row in 0..rows {
        if row > 0 {
            writeln!(to)?;
        }
        for column in columns {
            let cell = column
                .cells
                .get(row)
                .map(String::as_str)
                .unwrap_or_default();
            if !cell.is_empty() {
                let title = pad_to_width(column.title, widest);
                writeln!(to, "{bold}{title}{bold:#}{GAP}{cell}")?;
            }
        }
    }
    Ok(())
}

/// Returns the line of an empty table, which claims nothing about incomplete instances or other pages.
fn nothing_listed(listed: &[ListedInstance<'_>]) -> String {
    let unread = listed
        .iter()
        .filter(|it| it.response.failure.is_some())
        .count();
    let total: u64 = listed.iter().filter_map(ListedInstance::total).sum();
    match (unread, total) {
        (0, 0) => "No sync rules.".to_owned(),
        (0, total) => format!("No sync rules on this page, of {total} in total."),
        (unread, _) if unread == listed.len() => {
            "No instance could be listed: the sync rules are unknown.".to_owned()
        }
        (unread, _) => {
            let verb = if unread == 1 { "is" } else { "are" };
            format!(
                "No sync rules listed; {unread} of {} instances {verb} incomplete.",
                listed.len()
            )
        }
    }
}

impl ListRow<'_> {
    fn text(self, field: WireField) -> String {
        self.rule.get(field).unwrap_or_default().to_owned()
    }

    /// Returns a filter; an empty text where it matches everything.
    fn filter(self, field: WireField) -> String {
        Some(self.text(field))
            .filter(|filter| filter != MATCH_ALL)
            .unwrap_or_default()
    }

    /// Returns the source or the target. Both instances of a rule list it, with the ends swapped.
    fn end(self, source: bool) -> String {
        use WireField as F;
        let incoming = self.rule.get(F::SyncDirection) == Some("TO");
        let [instance, namespace, repo] = if source == incoming {
            [
                F::TargetInstanceId,
                F::TargetNamespaceName,
                F::TargetRepoName,
            ]
        } else {
            [F::LocalInstanceId, F::LocalNamespaceName, F::LocalRepoName]
        };
        let text = |field: F| self.rule.get(field);
        self.aliases.end(&Endpoint {
            instance: text(instance).unwrap_or_default().into(),
            region: None,
            namespace: text(namespace).map(Into::into),
            repo: text(repo).map(Into::into),
        })
    }

    /// Returns the API's word and the plain one, such as `PASSIVE (automatic)`.
    fn trigger(self) -> String {
        let word = self.text(WireField::SyncTrigger);
        let plain = Trigger::from(word.as_str())
            .plain()
            .map(|plain| format!("{word} ({plain})"));
        plain.unwrap_or(word)
    }

    fn modified(self) -> String {
        let ms = self
            .rule
            .get(WireField::ModifiedTime)
            .and_then(|text| text.parse().ok());
        let time = ms.and_then(|ms| Timestamp::from_millisecond(ms).ok());
        time.map(|time| time.strftime("%Y-%m-%d %H:%M:%S").to_string())
            .unwrap_or_default()
    }
}
