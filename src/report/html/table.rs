//! Tables of results: long ones, written a row at a time, and short ones.
//!
//! A browser lays a table out as a whole, which takes minutes for 100,000 rows. So a long table is written as several
//! of them, of which only what is on the screen is laid out.

use std::io::{self, Write};

use maud::{Markup, html};

use super::put;

/// The number of rows a browser lays out at once. The script keeps to it too.
const BLOCK: usize = 500;

/// The most columns that a screen of 800 pixels has room for. The rows of a table with more stack on a wider one.
const FEW: usize = 5;

/// A column.
#[derive(Debug)]
pub struct TableColumn {
    head: &'static str,
    /// The class of its width; the columns of several tables in a row have to agree on that.
    width: Option<&'static str>,
}

impl TableColumn {
    /// Returns a column that takes the rest of the width.
    #[must_use]
    pub const fn new(head: &'static str) -> Self {
        Self { head, width: None }
    }

    /// Returns the column with the width of the subject of a row.
    #[must_use]
    pub const fn wide(self) -> Self {
        Self {
            width: Some("wide"),
            ..self
        }
    }

    /// Returns the column with the width of a name.
    #[must_use]
    pub const fn middle(self) -> Self {
        Self {
            width: Some("middle"),
            ..self
        }
    }
}

/// A table of many rows.
#[derive(Debug)]
pub struct RowTable<'a> {
    /// The id of the heading that labels it.
    pub label: &'a str,
    /// The columns.
    pub columns: &'a [TableColumn],
    /// True if the filter of the page selects its rows.
    pub is_filtered: bool,
}

impl RowTable<'_> {
    /// Writes the table.
    ///
    /// # Errors
    ///
    /// The error of the writer.
    pub fn write(&self, rows: impl Iterator<Item = Markup>, to: &mut dyn Write) -> io::Result<()> {
        let label = self.label;
        let is_fixed = self.columns.iter().any(|it| it.width.is_some());
        let has_many = self.columns.len() > FEW;
        let mut class = "rows".to_owned();
        for (name, holds) in [
            (" fixed", is_fixed),
            (" many", has_many),
            (" filtered", self.is_filtered),
        ] {
            class.push_str(if holds { name } else { "" });
        }
        let head = html! {
            thead { tr { @for it in self.columns { th scope="col" class=[it.width] { (it.head) } } } }
        };
        writeln!(
            to,
            "<div class=\"{class}\" role=\"group\" aria-labelledby=\"{label}\">"
        )?;
        let mut rows = rows.peekable();
        loop {
            writeln!(
                to,
                "<div class=\"block\"><table aria-labelledby=\"{label}\">"
            )?;
            put(&head, to)?;
            writeln!(to, "<tbody>")?;
            rows.by_ref()
                .take(BLOCK)
                .try_for_each(|row| put(&row, to))?;
            writeln!(to, "</tbody></table></div>")?;
            if rows.peek().is_none() {
                return writeln!(to, "</div>");
            }
        }
    }
}

/// Draws a short table under the heading whose id is `label`. The first cell of a row names it; each cell has the head
/// of its column, for narrow screens, where the cells of a row are one below the other.
pub fn short_table(label: &str, heads: &[&str], rows: &[Vec<Markup>]) -> Markup {
    html! {
        div class="scroll short" role="group" tabindex="0" aria-labelledby=(label) { table {
            thead { tr { @for head in heads { th scope="col" { (head) } } } }
            tbody { @for row in rows { tr {
                @for (index, (head, cell)) in heads.iter().zip(row).enumerate() {
                    @if index == 0 { th scope="row" { (cell) } } @else { td data-head=(head) { (cell) } }
                }
            } } }
        } }
    }
}

/// Draws a table of names and values under the heading whose id is `label`.
pub(super) fn value_table(label: &str, rows: &[(&str, Markup)]) -> Markup {
    html! {
        div class="scroll values" role="group" tabindex="0" aria-labelledby=(label) { table { tbody {
            @for (name, value) in rows { tr { th scope="row" { (name) } td { (value) } } }
        } } }
    }
}

#[cfg(test)]
mod tests {
    use maud::html;

    use super::{BLOCK, FEW, RowTable, TableColumn};

    #[test]
    fn a_long_table_is_several() {
        let columns = [
            TableColumn::new("number").middle(),
            TableColumn::new("word"),
        ];
        let table = RowTable {
            label: "it",
            columns: &columns,
            is_filtered: false,
        };
        for (rows, tables) in [
            (0, 1),
            (1, 1),
            (BLOCK, 1),
            (BLOCK + 1, 2),
            (2 * BLOCK + 1, 3),
        ] {
            let mut bytes = Vec::new();
            let all = (0..rows).map(|row| html! { tr { th scope="row" { (row) } td {} } });
            table.write(all, &mut bytes).expect("memory");
            let text = String::from_utf8(bytes).expect("UTF-8");
            assert_eq!(
                (
                    text.matches("<table ").count(),
                    text.matches("<tr>").count()
                ),
                (tables, rows + tables)
            );
            assert_eq!(text.matches("<div").count(), text.matches("</div>").count());
        }
    }

    #[test]
    fn a_table_of_many_columns_stacks_on_wider_screens() {
        for (count, class) in [
            (FEW, "\"rows filtered\""),
            (FEW + 1, "\"rows many filtered\""),
        ] {
            let columns: Vec<_> = (0..count).map(|_| TableColumn::new("word")).collect();
            let table = RowTable {
                label: "it",
                columns: &columns,
                is_filtered: true,
            };
            let mut bytes = Vec::new();
            table.write(std::iter::empty(), &mut bytes).expect("memory");
            let text = String::from_utf8(bytes).expect("UTF-8");
            assert!(text.contains(class), "{text}");
        }
    }
}
